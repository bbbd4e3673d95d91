"""Which principals a statement may name, of thousands of either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ....model.iam.evaluator import Principal, PrincipalKind
from ....model.iam.evaluator.requests.naming import PrincipalElement
from ....model.iam.evaluator.values.arns import arn_fields
from ....model.iam.evaluator.values.truth import Truth

__all__ = ["Named"]

_OF_NO_ACCOUNT = (PrincipalKind.SERVICE, PrincipalKind.FEDERATED)


class Named:
    """Principals by their accounts: most elements name accounts, and nobody of any other."""

    def __init__(self, principals: Mapping[str, Principal]) -> None:
        self._principals = principals
        self._by_account: dict[str | None, list[str]] = {}
        for text, principal in principals.items():
            self._by_account.setdefault(_account_of(principal), []).append(text)
        self._places = {text: place for place, text in enumerate(principals)}
        self._known: dict[PrincipalElement, tuple[str, ...]] = {}

    def by(self, element: PrincipalElement) -> tuple[str, ...]:
        """Those that an element may name, in their order."""
        found = self._known.get(element)
        if found is None:
            named = (text for text in self._asked(element) if self._names(element, text))
            found = self._known[element] = tuple(sorted(named, key=self._places.__getitem__))
        return found

    def _asked(self, element: PrincipalElement) -> Iterator[str]:
        if element.inverted or element.everyone:
            yield from self._principals
            return
        fields = map(arn_fields, element.arns)
        accounts = {each[4] for each in fields if each is not None} | element.accounts
        for account in (*accounts, None):
            yield from self._by_account.get(account, ())

    def _names(self, element: PrincipalElement, text: str) -> bool:
        principal = self._principals[text]
        return any(
            element.naming(principal, bounded=bounded, settled=False).any is not Truth.NO
            for bounded in (False, True)
        )


def _account_of(principal: Principal) -> str | None:
    """The account by which alone it can be named; None where it may be named otherwise."""
    if principal.kind in _OF_NO_ACCOUNT or principal.unique_id:
        return None
    return principal.account or None
