"""What stands in the way of templates, where CDK writes them."""

from __future__ import annotations

from ...findings import Finding
from .findings import FULL_TREE

__all__ = [
    "hooks_beside",
    "stack_removed",
    "stamp_lost",
    "synthesizer_apart",
    "synthesizer_of_app",
    "synthesizer_unusable",
    "template_missing",
    "unfinished",
]

SYNTHESIZERS = "https://docs.aws.amazon.com/cdk/v2/guide/customize-synth.html"


def hooks_beside(names: list[str]) -> Finding:
    """A stack of the fleet has hooks of the app."""
    return Finding(
        code="fleet-hooks",
        property="mode",
        message="has hooks of the app, among which fast mode notes something",
        given=", ".join(names),
        allowed="stacks without hooks",
        fix=f"give the hooks a stack of their own, or {FULL_TREE}",
        docs="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/hooks-section-structure.html",
    )


def stack_removed(path: str) -> Finding:
    """The stack whose synthesizer completes the templates of all."""
    return Finding(
        code="fleet-stack-removed",
        property="mode",
        message="lost its last stack from the tree, with which the templates of all are completed",
        given=path,
        allowed="the stacks of the manifest in their place",
        fix=f"leave its entries out of the manifest, or {FULL_TREE}",
        docs="https://docs.aws.amazon.com/cdk/v2/guide/stacks.html",
    )


def stamp_lost(given: object) -> Finding:
    """What fast mode noted in a template is gone."""
    return Finding(
        code="fleet-stamp-lost",
        property="mode",
        message="has a template without what fast mode noted in it: it was taken out of the stack, "
        "or another stack writes a template of this name",
        given=given,
        allowed="constructs of the fleet that are left in their place",
        fix=FULL_TREE,
        docs=SYNTHESIZERS,
    )


def synthesizer_apart(name: str) -> Finding:
    """A synthesizer that writes templates in a way of its own."""
    return Finding(
        code="fleet-synthesizer",
        property="synthesizer",
        message="synthesizes in a way of its own, into which fast mode could not put resources",
        given=name,
        allowed="a class of aws-cdk-lib, or a subclass that does not override synthesize",
        fix=FULL_TREE,
        docs=SYNTHESIZERS,
    )


def synthesizer_of_app(name: str) -> Finding:
    """The app has a synthesizer for its stacks, which a fleet could not take over."""
    return Finding(
        code="fleet-synthesizer",
        property="synthesizer",
        message="is not given, and the app has a default_stack_synthesizer, which a fleet cannot "
        "take over",
        given=name,
        allowed="a class of synthesizers, named at the fleet as well",
        fix=f"write synthesizer=cdk.{name}, or a subclass that sets its options",
        docs=SYNTHESIZERS,
    )


def synthesizer_unusable(given: object) -> Finding:
    """Not a class of synthesizers: each stack needs one of its own."""
    return Finding(
        code="fleet-synthesizer",
        property="synthesizer",
        message="is no class of synthesizers, and each stack of the fleet needs one of its own",
        given=given,
        allowed="a subclass of cdk.StackSynthesizer that takes no arguments",
        fix="write a class: its __init__ calls super().__init__(qualifier='acme'), say",
        docs=SYNTHESIZERS,
    )


def template_missing(file: object) -> Finding:
    """CDK wrote the template of a stack somewhere else, or not at all."""
    return Finding(
        code="fleet-template-missing",
        property="outdir",
        message="of the app holds no template of this stack: it was removed, or the "
        "program went to another working directory",
        given=str(file),
        allowed="a path that Python and Node understand alike",
        fix="write cdk.App(outdir=os.path.abspath('cdk.out')) and leave the stacks in their place, "
        f"or {FULL_TREE}",
        docs=SYNTHESIZERS,
    )


def unfinished() -> Finding:
    """A fleet whose making ended with an error, which the app passed over."""
    return Finding(
        code="fleet-unfinished",
        property="mode",
        message="was not made to its end, and the templates of its stacks would not be completed",
        given=None,
        allowed="a fleet whose making raised no error",
        fix=f"let the error end the program, or {FULL_TREE}",
        docs=SYNTHESIZERS,
    )
