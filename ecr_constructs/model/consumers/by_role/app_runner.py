"""AWS App Runner: the access role, with which it reads the image of a service.

https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html
https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html
"""

from __future__ import annotations

from ...iam.actions import DESCRIBING_PULL
from .role_plan import RolePlan, service_trust

__all__ = ["app_runner_access_role"]


def app_runner_access_role() -> RolePlan:
    """App Runner reads images with it. What the program does is the instance role's.

    App Runner's pages document neither ``aws:SourceArn`` nor ``aws:SourceAccount`` for this role,
    so its trust has no condition: one that App Runner does not fill in would let it in never. A
    role is passed to a service in its own account alone:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return RolePlan(
        description="Reads the images of App Runner services",
        trust=(service_trust("build.apprunner.amazonaws.com"),),
        pull=DESCRIBING_PULL,
    )
