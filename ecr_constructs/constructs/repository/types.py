"""Types of parameters, written so that every type checker takes what CDK's own classes are.

jsii declares interfaces as protocols that its own classes miss by a parameter's name, so a type
checker refuses ``kms.Key`` for ``kms.IKey``; the unions here name both.
"""

from __future__ import annotations

from typing import TypeAlias, Union

from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from ...model.consumers.by_policy.service_consumer import ServiceConsumer

__all__ = ["Grantee", "RepositoryLike"]

Grantee: TypeAlias = Union[
    iam.IGrantable, iam.Role, iam.User, iam.Group, iam.PrincipalBase, ServiceConsumer
]
"""Who gets a grant: a role, user or group, a construct that has a role, a principal, or resources
of a service that pulls by the repository policy."""
RepositoryLike: TypeAlias = Union[ecr.IRepository, ecr.RepositoryBase]
"""A repository of this library or of CDK."""
