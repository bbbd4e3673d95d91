"""What starts an image of a repository, and is not let in by the policies of a template.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-pull-iam.html
"""

from __future__ import annotations

from collections.abc import Sequence

from ..findings import Finding
from ..iam.actions import GET_AUTHORIZATION_TOKEN, Access

__all__ = ["check_no_role", "check_pull"]

DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html"
POLICY_DOCS = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html"


def check_pull(
    *,
    at: str,
    image: str,
    repository: str,
    puller: str,
    by_role: bool,
    missing: Sequence[str],
    denied: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Whether somebody lacks what a pull takes.

    :param at: the property that holds the image.
    :param repository: and ``puller``, a role or a service, as people call them.
    :param by_role: whether a role pulls; a service pulls by the repository policy.
    :param missing: the actions that nothing allows; none where the pull works.
    :param denied: the policies that deny some of them.
    """
    if not missing:
        return ()
    actions = ", ".join(missing)
    needed = (*Access.PULL.actions, *((GET_AUTHORIZATION_TOKEN,) if by_role else ()))
    who = f"the role {puller}" if by_role else puller
    why = f"{', '.join(denied)} denies {actions}" if denied else f"nothing allows {actions}"
    if denied:
        fix = "take the Deny back, or make an exception of it"
    elif by_role:
        fix = f"allow the role {actions}"
    else:
        fix = f"allow {puller} {actions} in the repository's policy"
    return (
        Finding(
            code="consumer-cannot-pull",
            property=at,
            message=f"is an image of {repository} that {who} cannot pull: {why}",
            given=image,
            allowed=f"{', '.join(needed)} for whoever pulls",
            fix=fix,
            docs=DOCS if by_role else POLICY_DOCS,
        ),
    )


def check_no_role(*, at: str, image: str, repository: str, docs: str) -> tuple[Finding, ...]:
    """What is said where no role is named and AWS starts nothing without one.

    :param at: the property that would hold the role.
    :param docs: the page that says so.
    """
    return (
        Finding(
            code="consumer-cannot-pull",
            property=at,
            message=f"is not given, and nothing else pulls the image of {repository}",
            given=image,
            allowed="the ARN of a role that may pull",
            fix="name a role that may pull",
            docs=docs,
        ),
    )
