"""The kinds of principals that a picture tells apart."""

from __future__ import annotations

import enum

from ..model import PrincipalRow

__all__ = ["Kind", "kind_of"]


class Kind(enum.Enum):
    """A kind of principal, by the mark that stands for it; who is farthest away comes first."""

    EVERYBODY = "everybody"
    ORGANIZATION = "organization"
    ACCOUNT = "account"
    FEDERATED = "federated"
    WILDCARD = "wildcard"
    SERVICE = "service"
    OWN = "own"

    @property
    def heading(self) -> str:
        """The kind in words."""
        return _HEADINGS[self]


_HEADINGS = {
    Kind.EVERYBODY: "Everybody",
    Kind.ORGANIZATION: "Organizations",
    Kind.ACCOUNT: "Other accounts",
    Kind.FEDERATED: "Federated identities",
    Kind.WILDCARD: "Own account, with policies that reach every repository",
    Kind.SERVICE: "AWS services",
    Kind.OWN: "Own account",
}
_OF_ROW = {
    "public": Kind.EVERYBODY,
    "organization": Kind.ORGANIZATION,
    "federated": Kind.FEDERATED,
    "service": Kind.SERVICE,
}


def kind_of(row: PrincipalRow) -> Kind:
    """The kind of a principal."""
    known = _OF_ROW.get(row.kind)
    if known is not None:
        return known
    if row.external:
        return Kind.ACCOUNT
    return Kind.WILDCARD if row.wildcard else Kind.OWN
