"""The registries of AWS from which nodes pull what every node needs: pause, network, proxy, DNS.

Its own policies let every AWS account pull, but the node's role must allow it, too: a role that
names your repositories alone leaves a node that never becomes ready. The page has the Regions of
the commercial partition, China and GovCloud; those of the isolated partitions are the ones from
which the nodes of EKS's own machine images start.
https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
https://github.com/awslabs/amazon-eks-ami
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...deferred import is_deferred
from ...iam.actions import Access
from ...iam.statement import Statement
from ..home import Home

__all__ = ["add_on_accounts", "add_on_pull"]

_USUAL: Final = "602401143452"
_ELSEWHERE: Final[Mapping[str, str]] = {
    "af-south-1": "877085696533",
    "ap-east-1": "800184023465",
    "ap-east-2": "533267051163",
    "ap-south-2": "900889452093",
    "ap-southeast-3": "296578399912",
    "ap-southeast-4": "491585149902",
    "ap-southeast-5": "151610086707",
    "ap-southeast-6": "333609536671",
    "ap-southeast-7": "121268973566",
    "ca-west-1": "761377655185",
    "cn-north-1": "918309763551",
    "cn-northwest-1": "961992271922",
    "eu-central-2": "900612956339",
    "eu-isoe-west-1": "249663109785",
    "eu-south-1": "590381155156",
    "eu-south-2": "455263428931",
    "il-central-1": "066635153087",
    "me-central-1": "759879836304",
    "me-south-1": "558608220178",
    "mx-central-1": "730335286997",
    "us-gov-east-1": "151742754352",
    "us-gov-west-1": "013241004608",
    "us-iso-east-1": "725322719131",
    "us-iso-west-1": "608367168043",
    "us-isob-east-1": "187977181151",
    "us-isof-south-1": "676585237158",
}


def add_on_accounts(region: str) -> tuple[str, ...]:
    """The accounts of AWS with the images of add-ons in a Region; all where it is not known."""
    if is_deferred(region):
        return (_USUAL, *sorted(set(_ELSEWHERE.values())))
    return (_ELSEWHERE.get(region, _USUAL),)


def add_on_pull(home: Home) -> tuple[Statement, ...]:
    """Pulling the images of add-ons in this Region."""
    resources = tuple(
        f"arn:{home.partition}:ecr:{home.region}:{account}:repository/*"
        for account in add_on_accounts(home.region)
    )
    return (
        Statement(actions=("ecr:GetAuthorizationToken",), resources=("*",)),
        Statement(actions=Access.PULL.actions, resources=resources),
    )
