"""IAM's policy evaluation, written a second time and word for word from AWS's pages.

It shares nothing with the product but the form of questions and answers, is slow and plain, and
exists to be compared with the product. Every function stands for one paragraph of a page and
names it:

- `IAM/` is the IAM User Guide (docs.aws.amazon.com/IAM/latest/UserGuide/...html),
- `ORG/` is the AWS Organizations User Guide (.../organizations/latest/userguide/...html),
- `ECR/` is the Amazon ECR User Guide (.../AmazonECR/latest/userguide/...html),
- `STS/` is the AWS STS API Reference (.../STS/latest/APIReference/...html),
- `SAR/` is the Service Authorization Reference.

Where a page leaves a case open, the function says "Open:" and takes the reading that leaves the
owner of a repository less sure that it is closed.
"""

from tests.reference.evaluator.decision import answer

__all__ = ["answer"]
