"""ImageCommands: the commands of the ECR console, as outputs of the stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from constructs import Construct

from ..model.images.commands import Client, commands
from ..model.images.reference import check_tag
from ..model.repository.options import check_instances, check_repository
from ._jsii import check
from .roles.task_images import whereabouts_of

if TYPE_CHECKING:
    from .repository.types import RepositoryLike

__all__ = ["ImageCommands"]


class ImageCommands(Construct):
    """The commands that log in, tag, push and pull, as ``cdk deploy`` prints them.

    Each step is an output whose name ends in the client and the step (``DockerPush``); their text
    has the account, Region and domain of the deployed stack, in every partition.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository: RepositoryLike,
        tag: str = "v1",
        clients: Sequence[Client] = (Client.DOCKER,),
    ) -> None:
        """Make the outputs.

        :param repository: where the image goes.
        :param tag: the tag in the commands. Default: ``v1``.
        :param clients: one set of outputs for each. Default: docker.
        :raises InvalidInputError: where no client could push such a tag.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/getting-started-cli.html
        """
        check(
            [
                *check_repository("repository", repository),
                *check_tag(tag),
                *check_instances("clients", clients, Client),
            ],
            scope,
            id,
        )
        super().__init__(scope, id)
        # As literal as they are known: people read these lines.
        account, region, name = whereabouts_of(repository)
        registry = f"{account}.dkr.ecr.{region}.{cdk.Aws.URL_SUFFIX}"
        for client in clients:
            lines = commands(client, registry=registry, repository=name, region=region, tag=tag)
            steps = {
                "LogIn": lines.log_in,
                "Tag": lines.tag,
                "Push": lines.push,
                "Pull": lines.pull,
            }
            for step, line in steps.items():
                if line is not None:
                    cdk.CfnOutput(self, f"{client.value.capitalize()}{step}", value=line)
