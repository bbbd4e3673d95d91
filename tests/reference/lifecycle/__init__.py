"""ECR's lifecycle evaluation, written a second time and word for word from AWS's pages.

It shares nothing with the product but the form of questions and answers, is slow and plain, and
exists to be compared with the product. Every function stands for a sentence of a page and names it
(Amazon ECR User Guide, docs.aws.amazon.com/AmazonECR/latest/userguide/...html, but for the last):

- `LP` is LifecyclePolicies, the section "Lifecycle policy evaluation rules",
- `PROP` is lifecycle_policy_parameters, `EX` is lifecycle_policy_examples,
- `ARCH` is archive-image, `RESTORE` is restore-image, `STORE` is archive_restore_image,
- `SIGN` is image-signing, `QUOTA` is service-quotas,
- `API` is the Amazon ECR API Reference.

Where a page leaves a case open there is a `Reading`: the one that warns of more loss is the
default, and the others can be asked for by name.
"""

from tests.reference.lifecycle.evaluation import Allowed, acted_on, allowed
from tests.reference.lifecycle.readings import Reading
from tests.reference.lifecycle.validity import Judgement, judge

__all__ = ["Allowed", "Judgement", "Reading", "acted_on", "allowed", "judge"]
