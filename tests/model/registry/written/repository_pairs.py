"""What a template may say of a repository by CloudFormation's schema and ECR refuses: samples."""

from __future__ import annotations

import json

from tests.model.registry.effective.settings import template

from .pairs import ACCOUNT, ANYWHERE, REGION, ROLE, allow

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
UNTAGGED = {"tagStatus": "untagged"}
ANY = {"tagStatus": "any"}
PATTERN = {"tagStatus": "tagged", "tagPatternList": ["v*"]}
PREFIX = {"tagStatus": "tagged", "tagPrefixList": ["v"]}


def repository(**properties):
    return ("AWS::ECR::Repository", properties)


def public(name="shop", *statements):
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    written = {"RepositoryPolicyText": policy} if statements else {}
    return ("AWS::ECR::PublicRepository", {"RepositoryName": name, **written})


def encrypted(kind, key=None):
    written = {"EncryptionType": kind, **({} if key is None else {"KmsKey": key})}
    return {"EncryptionConfiguration": written}


def mutable(mode, *patterns):
    filters = [
        {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": pattern,
        }
        for pattern in patterns
    ]
    return {
        "ImageTagMutability": mode,
        **({"ImageTagMutabilityExclusionFilters": filters} if filters else {}),
    }


def rule(priority, selection, **action):
    """A rule that expires after 14 days but for what is said."""
    days = {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}
    return {
        "rulePriority": priority,
        "selection": {**days, **selection},
        "action": {"type": "expire", **action},
    }


def lifecycle(*rules):
    # The schema asks for a hundred characters, which white space is as well.
    return json.dumps({"rules": list(rules)}).ljust(100)


def numbered(*selections):
    return lifecycle(*(rule(number, each) for number, each in enumerate(selections, 1)))


ARCHIVING = {"type": "transition", "targetStorageClass": "archive"}
LIFECYCLES = {
    "lifecycle-not-json": "{" * 100,
    "lifecycle-policy-shape": numbered({**UNTAGGED, "countType": "imageCountMoreThan"}),
    "lifecycle-duplicate-key": numbered(UNTAGGED).replace(
        '"countNumber": 14', '"countNumber": 14, "countNumber": 1'
    ),
    "lifecycle-unknown-property": numbered({**UNTAGGED, "tagPattern": "v*"}),
    "lifecycle-null": numbered(UNTAGGED).replace('"days"', "null"),
    "lifecycle-no-rules": lifecycle(),
    "lifecycle-too-many-rules": numbered(
        *({"tagStatus": "tagged", "tagPatternList": [f"v{number}*"]} for number in range(51))
    ),
    "lifecycle-priority": lifecycle(rule(0, UNTAGGED)),
    "lifecycle-same-priority": lifecycle(rule(1, UNTAGGED), rule(1, PATTERN)),
    "lifecycle-any-not-last": numbered(ANY, UNTAGGED),
    "lifecycle-several-untagged": numbered(UNTAGGED, UNTAGGED),
    "lifecycle-same-selection": numbered(PREFIX, {**PREFIX, "countNumber": 7}),
    "lifecycle-tags-missing": numbered({"tagStatus": "tagged"}),
    "lifecycle-tags-not-taken": numbered({**UNTAGGED, "tagPatternList": ["v*"]}),
    "lifecycle-patterns-and-prefixes": numbered({**PATTERN, "tagPrefixList": ["v"]}),
    "lifecycle-too-many-wildcards": numbered({**PATTERN, "tagPatternList": ["*a*b*c*d*"]}),
    "lifecycle-tag-never-matches": numbered({**PATTERN, "tagPatternList": ["-*"]}),
    "lifecycle-count-not-positive": numbered({**UNTAGGED, "countNumber": 0}),
    "lifecycle-action": numbered({**UNTAGGED, "countType": "sinceImagePulled"}),
    "lifecycle-storage-class": numbered({**UNTAGGED, "storageClass": "archive"}),
    "lifecycle-archive-too-short": numbered(
        {**ANY, "storageClass": "archive", "countType": "sinceImageTransitioned"}
    ),
}
"""By the code of what is refused: the text of a lifecycle policy."""

STATEMENTS = {
    "repository-policy-resource": allow("ecr:BatchGetImage"),
    "repository-policy-principal-missing": allow(
        "ecr:BatchGetImage", Resource=None, Principal=None
    ),
    "repository-policy-principal-invalid": allow(
        "ecr:BatchGetImage", Resource=None, Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci-*"}
    ),
    "repository-policy-principal-kind": allow(
        "ecr:BatchGetImage", Resource=None, Principal={"Federated": "accounts.google.com"}
    ),
    "repository-policy-action-missing": allow(Action=[], Resource=None),
    "repository-policy-action-without-effect": allow("ecr:GetAuthorizationToken", Resource=None),
    "repository-policy-action-unknown": allow("ecr:PullImage", Resource=None),
    "repository-policy-effect": allow("ecr:BatchGetImage", Resource=None, Effect="allow"),
    "repository-policy-element-unknown": allow("ecr:BatchGetImage", Resource=None, Actions="*"),
    "repository-policy-open": allow("ecr:BatchGetImage", Resource=None, Principal="*"),
}
"""By the code of what is refused: a statement of a repository policy."""

SETTINGS = {
    "encryption-dual-layer-region": encrypted("KMS_DSSE"),
    "encryption-key-region": encrypted("KMS", KEY.replace(REGION, "us-east-1")),
    "encryption-key-unused": encrypted("AES256", KEY),
    "encryption-key-invalid": encrypted("KMS", ROLE),
    "mutable-tags-invalid": mutable("IMMUTABLE_WITH_EXCLUSION", "a*b*c*"),
    "mutable-tags-mode": mutable("IMMUTABLE", "latest"),
}
"""By the code of what is refused: properties that a repository and a creation template share."""


def of_both(properties, *, policy=None, text=None):
    """A repository, and a creation template, with the same settings."""
    document = {"Version": "2012-10-17", "Statement": policy}
    own = {
        **({} if policy is None else {"RepositoryPolicyText": document}),
        **({} if text is None else {"LifecyclePolicy": {"LifecyclePolicyText": text}}),
    }
    of_template = {
        **({} if policy is None else {"RepositoryPolicy": json.dumps(document)}),
        **({} if text is None else {"LifecyclePolicy": text}),
    }
    made_by_ecr = template("prod", CustomRoleArn=ROLE, **properties, **of_template)
    return repository(**properties, **own), made_by_ecr


BOTH = {
    **{code: of_both(properties) for code, properties in SETTINGS.items()},
    **{code: of_both({}, text=text) for code, text in LIFECYCLES.items()},
    **{code: of_both({}, policy=[statement]) for code, statement in STATEMENTS.items()},
}
"""By the code of what is refused: a repository and a creation template that say it."""

MANY = [f"arn:aws:iam::{number:012}:root" for number in range(1, 400)]
ALONE = {
    "resource-tags-invalid": repository(Tags=[{"Key": "aws:team", "Value": "shop"}]),
    "repository-policy-too-long": repository(
        RepositoryPolicyText={
            "Statement": [allow("ecr:BatchGetImage", Resource=None, Principal={"AWS": MANY})]
        }
    ),
    "public-repository-name-invalid": public("shop" * 52),
    "public-policy-resource": public("shop", allow("ecr-public:PutImage", Resource=ANYWHERE)),
    "public-policy-principal-missing": public(
        "shop", allow("ecr-public:PutImage", Resource=None, Principal=None)
    ),
    "public-policy-action-unknown": public("shop", allow("ecr:PutImage", Resource=None)),
    "public-policy-open": public(
        "shop", allow("ecr-public:PutImage", Resource=None, Principal="*")
    ),
}
"""By the code of what is refused: the one type that can say it."""

REPOSITORIES_TAKEN = [
    *of_both(mutable("MUTABLE_WITH_EXCLUSION", "v*"), text=numbered(UNTAGGED, PATTERN, ANY)),
    *of_both(encrypted("KMS", KEY), policy=[allow("ecr:BatchGetImage", Resource=None)]),
    *of_both({**encrypted("KMS", "alias/images"), **mutable("IMMUTABLE")}),
    *of_both({}, text=lifecycle(rule(1, {**ANY, "countType": "sinceImagePulled"}, **ARCHIVING))),
    repository(RepositoryName="a--b/c__d", Tags=[{"Key": "team", "Value": "shop"}]),
    public("shop", allow("ecr-public:PutImage", Resource=None)),
]
"""What nobody refuses."""
