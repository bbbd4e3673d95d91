"""The template of ``cdk bootstrap``, with a safer repository for image assets.

An app cannot change that repository: it belongs to the bootstrap stack. What can be changed is the
template that the stack is made from.
https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Final

from ..account.identifiers import check_account_id
from ..deferred import is_deferred
from ..errors import raise_dangers
from ..findings import Finding
from ..iam.actions import Access
from ..lifecycle import expire_untagged
from ..repository.lifecycle import lifecycle_text
from ..repository.options import check_flag, check_listed

__all__ = ["LAMBDA", "hardened_bootstrap_template"]

BOOTSTRAP_DOCS: Final = "https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html"
LAMBDA: Final = "lambda.amazonaws.com"
_REPOSITORY = "ContainerAssetsRepository"
_VARIANT = "AWS CDK: Default Resources, hardened image assets"
_MOST_DAYS = 365


def hardened_bootstrap_template(
    template: Mapping[str, object],
    *,
    scan_on_push: bool = True,
    expire_untagged_after: int | None = None,
    services: Sequence[str] = (LAMBDA,),
    pulled_by: Sequence[str] = (),
) -> dict[str, object]:
    """The template of ``cdk bootstrap`` with a safer repository for image assets.

    Tags stay immutable, as AWS's template has them. Images with a tag never expire by a rule:
    CloudFormation may need any of them for a rollback, and ``cdk gc`` knows which it does not.

    :param template: what ``cdk bootstrap --show-template --json`` prints, loaded.
    :param scan_on_push: whether images are scanned when they are pushed, which AWS's template
        leaves to the registry. Default: they are.
    :param expire_untagged_after: days after which images without a tag expire, 1 to 365. Default:
        the rule of the template, which is a year.
    :param services: the services that keep the pull that the template gives them. Default: Lambda
        alone; AWS's template has EMR Serverless as well.
    :param pulled_by: ids of other accounts whose roles may pull assets. Default: none.
    :raises InvalidInputError: where it is no such template, or an option is out of its range.

    https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
    """
    raise_dangers(
        [
            *check_flag("scan_on_push", scan_on_push),
            *_check_days(expire_untagged_after),
            *check_listed("services", services),
            *check_listed("pulled_by", pulled_by),
            *(
                finding
                for account in (pulled_by if not isinstance(pulled_by, str) else ())
                for finding in _check_account(account)
            ),
            *_check_template(template, services),
        ]
    )
    made: dict[str, object] = copy.deepcopy(dict(template))
    _part(_part(made, "Parameters"), "BootstrapVariant")["Default"] = _VARIANT
    properties = _repository_of(made)
    properties["ImageTagMutability"] = "IMMUTABLE"
    properties["ImageScanningConfiguration"] = {"ScanOnPush": scan_on_push}
    if expire_untagged_after is not None:
        rule = expire_untagged(after_days=expire_untagged_after)
        properties["LifecyclePolicy"] = {"LifecyclePolicyText": lifecycle_text([rule])}
    policy = _part(properties, "RepositoryPolicyText")
    statements = [
        *(entry for entry in _statements(policy) if _service_of(entry) in (None, *services)),
        # Each once: two statements of one policy cannot have the same Sid.
        *(_pull_of(account) for account in dict.fromkeys(pulled_by)),
    ]
    if statements:
        policy["Statement"] = statements
    else:
        # ECR takes no policy without a statement.
        properties.pop("RepositoryPolicyText", None)
    return made


def _pull_of(account: str) -> dict[str, object]:
    root = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{account}:root"}
    return {
        "Sid": f"PullOf{account}",
        "Effect": "Allow",
        "Principal": {"AWS": root},
        "Action": list(Access.PULL.actions),
    }


def _check_template(template: object, services: object) -> tuple[Finding, ...]:
    properties = _repository_of(template)
    variant = _part(_part(template, "Parameters"), "BootstrapVariant")
    if not properties or not variant:
        return (
            _finding(
                "bootstrap-template-unknown",
                "template",
                f"has no {_REPOSITORY} or no BootstrapVariant",
                sorted(template) if isinstance(template, Mapping) else template,
                "the template of cdk bootstrap",
                "take it from 'cdk bootstrap --show-template --json'",
            ),
        )
    known = [_service_of(entry) for entry in _statements(_part(properties, "RepositoryPolicyText"))]
    return tuple(
        _finding(
            "bootstrap-service-unknown",
            "services",
            "has no pull in the template that it could keep",
            service,
            ", ".join(sorted(str(name) for name in known if name)),
            "leave it out; its role gets the pull, or a later template has it",
        )
        for service in (services if isinstance(services, (list, tuple)) else ())
        if service not in known
    )


def _check_account(account: object) -> tuple[Finding, ...]:
    """What is no account id: the template is a file of its own, in which no token is filled in."""
    if not is_deferred(account):
        return check_account_id(account, option="pulled_by")
    return (
        _finding(
            "bootstrap-account-deferred",
            "pulled_by",
            "is known only at deployment of an app, and this template is of none",
            account,
            "a string of 12 digits",
            "write the digits",
        ),
    )


def _check_days(days: object) -> tuple[Finding, ...]:
    whole = isinstance(days, int) and not isinstance(days, bool)
    if days is None or (whole and isinstance(days, int) and 1 <= days <= _MOST_DAYS):
        return ()
    return (
        _finding(
            "bootstrap-untagged-days",
            "expire_untagged_after",
            "is not a number of days",
            days,
            f"1 to {_MOST_DAYS}",
            "write expire_untagged_after=14, say",
        ),
    )


def _repository_of(template: object) -> dict[str, object]:
    resource = _part(_part(template, "Resources"), _REPOSITORY)
    return _part(resource, "Properties") if resource.get("Type") == "AWS::ECR::Repository" else {}


def _part(value: object, key: str) -> dict[str, object]:
    """A part of the template that is an object; an empty one where there is none."""
    part = value.get(key) if isinstance(value, Mapping) else None
    return part if isinstance(part, dict) else {}


def _statements(policy: Mapping[str, object]) -> list[object]:
    statements = policy.get("Statement")
    return statements if isinstance(statements, list) else []


def _service_of(statement: object) -> object:
    return _part(statement, "Principal").get("Service")


def _finding(
    code: str, option: str, message: str, given: object, allowed: str, fix: str
) -> Finding:
    return Finding(
        code=code,
        property=option,
        message=message,
        given=given,
        allowed=allowed,
        fix=fix,
        docs=BOOTSTRAP_DOCS,
    )
