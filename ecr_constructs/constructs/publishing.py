"""PublishedRepository: where images are, for stacks and tools that do not import ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Union

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from ..model.deferred import is_deferred
from ..model.publishing.parameters import (
    DIGEST_URI_PATTERN,
    check_digests,
    check_path,
    default_path,
    digest_name,
    image_name,
    uri_name,
)
from ..model.repository.options import check_grantee, check_repository
from ._jsii import check, refuse
from .roles.task_images import whereabouts_of

if TYPE_CHECKING:
    from .repository.types import RepositoryLike

__all__ = ["PublishedRepository"]


class PublishedRepository(Construct):
    """SSM parameters with the URI of a repository, and with the digests of images that have a name.

    Under the path stand ``uri``, the URI of the repository without a tag, and for each image
    ``NAME/uri``, its URI by digest, and ``NAME/digest``. A shell script, a Terraform module or a
    CDK app of another team read them; nobody needs to know this app.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository: RepositoryLike,
        path: str | None = None,
        digests: Mapping[str, str] | None = None,
    ) -> None:
        """Publish the repository.

        :param repository: the repository.
        :param path: the path of the parameters (``/images/shop/api``). Default: ``/images/`` and
            the name of the repository, which must be known.
        :param digests: names of images (``stable``) and their digests (``sha256:...``). An image
            that is published is one that the app refers to. Default: none.
        :raises InvalidInputError: for a path or a name that SSM would refuse, or what is no digest.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
        """
        check(check_repository("repository", repository), scope, id)
        _, _, name = whereabouts_of(repository)
        chosen = path if path is not None or is_deferred(name) else default_path(name)
        images = {} if digests is None else digests
        check([*check_path(chosen), *check_digests(images)], scope, id)
        super().__init__(scope, id)
        self._path = str(chosen)
        self._write(
            "Uri",
            uri_name(self._path),
            repository.repository_uri_for_tag(),
            f"The repository {name}, without a tag",
        )
        for image, digest in images.items():
            self._write(
                f"{image}-Uri",
                image_name(self._path, image),
                repository.repository_uri_for_digest(digest),
                f"The image {image}, by its digest",
                allowed_pattern=DIGEST_URI_PATTERN,
            )
            self._write(
                f"{image}-Digest",
                digest_name(self._path, image),
                digest,
                f"The digest of the image {image}",
            )

    @property
    def path(self) -> str:
        """The path of the parameters."""
        return self._path

    def grant_read(
        self, grantee: Union[iam.IGrantable, iam.Role, iam.User, iam.Group]
    ) -> iam.Grant:
        """Let a principal of the account read these parameters, by name or by path.

        Reading where an image is does not include pulling it.

        :param grantee: a role, user or group, or a construct that has a role.
        :raises InvalidInputError: for what is nobody, an ARN alone say.
        """
        refuse(check_grantee(grantee), self)
        stack = cdk.Stack.of(self)
        arn = f"arn:{stack.partition}:ssm:{stack.region}:{stack.account}:parameter{self._path}"
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
            resource_arns=[arn, f"{arn}/*"],
        )

    def _write(
        self,
        construct_id: str,
        name: str,
        value: str,
        description: str,
        *,
        allowed_pattern: str | None = None,
    ) -> None:
        # Imported here: only whoever publishes pays for the module.
        from aws_cdk import aws_ssm as ssm  # noqa: PLC0415

        ssm.CfnParameter(
            self,
            construct_id,
            type="String",
            name=name,
            value=value,
            description=description,
            allowed_pattern=allowed_pattern,
        )
