"""Using a repository from another stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from ..findings import Finding

__all__ = ["cycle_through_unnamed", "unnamed_over_environments"]

DOCS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"
_FIX = "give the repository a repository_name: then other stacks write its name, not a reference"


def cycle_through_unnamed(repository: str, user: str) -> Finding:
    """The stacks of an unnamed repository and of its user would need each other."""
    return Finding(
        code="repository-reference-cycle",
        property="repository_name",
        message=(
            f"{user} uses {repository}, whose stack needs the stack of {user} already, "
            "so neither stack could be deployed first"
        ),
        given=None,
        allowed="a repository with a name, or one whose stack does not need that other stack",
        fix=_FIX,
        docs=DOCS,
    )


def unnamed_over_environments(repository: str, user: str) -> Finding:
    """An unnamed repository cannot be written down in another environment or Stage."""
    return Finding(
        code="repository-unnamed",
        property="repository_name",
        message=(
            f"{user} uses {repository} from another environment or Stage, and CloudFormation "
            "has not made up its name yet when that template is written"
        ),
        given=None,
        allowed="a repository with a name",
        fix=_FIX,
        docs=DOCS,
    )
