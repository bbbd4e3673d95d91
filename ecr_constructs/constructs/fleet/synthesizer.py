"""The synthesizer of a stack in fast mode: what CDK wrote, with all resources of the shard in it.

It stands before any synthesizer of CDK or of the app, so roles, buckets and qualifiers are theirs.
https://docs.aws.amazon.com/cdk/v2/guide/customize-synth.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import aws_cdk as cdk

if TYPE_CHECKING:
    _Base = cdk.DefaultStackSynthesizer
else:
    _Base = object

__all__ = ["Merge", "Merging", "can_merge", "merging"]

Merge: TypeAlias = Callable[[bytes], bytes]
"""Takes the template as CDK wrote it, gives the whole one."""


class Merging(_Base):
    """Puts the resources of a shard into the template between its writing and its upload."""

    _merge: Merge
    _outdir: Path

    def merges(self, merge: Merge, outdir: Path) -> None:
        """Say what to do with the template once it is written, and where it is written."""
        self._merge = merge
        # A session could be asked as well, once a stack.
        self._outdir = outdir

    def reusable_bind(self, stack: cdk.Stack) -> cdk.IBoundStackSynthesizer:
        """Bind this very object: CDK would bind a copy, whose calls Python never gets."""
        self.bind(stack)
        return self

    def _synthesize_template(
        self,
        session: cdk.ISynthesisSession,
        lookup_role_arn: str | None = None,
        lookup_role_external_id: str | None = None,
        lookup_role_additional_options: Any = None,
    ) -> cdk.FileAssetSource:
        asset = super()._synthesize_template(
            session, lookup_role_arn, lookup_role_external_id, lookup_role_additional_options
        )
        file = self._outdir / str(asset.file_name)
        body = self._merge_into(file)
        return cdk.FileAssetSource(
            source_hash=hashlib.sha256(body).hexdigest(),
            file_name=file.name,
            packaging=cdk.FileAssetPackaging.FILE,
            deploy_time=True,
            display_name=asset.display_name,
        )

    def _synthesize_stack_template(self, stack: cdk.Stack, session: cdk.ISynthesisSession) -> None:
        # The way of the BootstraplessSynthesizer, whose template is no asset.
        super()._synthesize_stack_template(stack, session)
        self._merge_into(self._outdir / stack.template_file)

    def _merge_into(self, file: Path) -> bytes:
        try:
            body = self._merge(file.read_bytes())
        except BaseException:
            # Nobody may deploy the few resources that CDK has written.
            file.unlink()
            raise
        file.write_bytes(body)
        return body


@cache
def merging(base: type[cdk.StackSynthesizer]) -> type[Merging]:
    """A synthesizer that merges, and is in all else the given one.

    :param base: a class that takes no arguments.
    """
    return type(f"Merging{base.__name__}", (Merging, base), {})


def can_merge(synthesizer: type[cdk.StackSynthesizer]) -> bool:
    """Whether a class writes its template in one of the two ways that Merging takes part in.

    Those of CDK do; one of another library, or that synthesizes by itself, may not.
    """
    for each in synthesizer.__mro__:
        name = each.__dict__.get("__jsii_type__")
        if isinstance(name, str):
            return name.startswith("aws-cdk-lib.") and each is not cdk.StackSynthesizer
        if "synthesize" in each.__dict__:
            return False
    return False
