"""Mutants of the evaluator that no request can tell from the original, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SLOWER = "only what was worked out before is worked out again"
_SINGLETON = "the two wildcards are told apart by identity, nobody reads the sign"
_EMPTY = "a new layer without statements decides as EMPTY does; memos miss it, and nothing else"
_LONG_ENOUGH = "all callers have made sure before that the piece is as long as the chunk"
_NO_STATE = "no place reached stays no place reached: the loop ends with the same answer"
_LAST = "the function ends here, and answers None all the same"
_BRACES = "a closing brace is never found before the third letter"
_ASKED_BEFORE = "both callers ask lacks_a_value before"
_NOBODY = "who has no account, issuer or ARN is not found in any list of the element"
_WITH_ISSUER = "every session has its issuer, and no other kind that comes here has one"
_ANY_LONGEST = "whichever of the longest texts is looked for first, the chunk fits the same places"
_SPELLING = "only the warning of an operator's spelling follows from it, and no decision"
_NO_MORE_TRUE = "the function ends here, and what it answers then is no more true"
_DIRECT_ONLY = "who has no identity is named directly or not at all: nothing is filtered out"

EQUIVALENT: Mapping[str, str] = MappingProxyType(
    {
        "values.wildcards the module: '*' -> '*x'": _SINGLETON,
        "values.wildcards the module: '?' -> '?x'": _SINGLETON,
        "values.variables Template.__init__: if not self.variables: -> pass": _SLOWER,
        "values.variables Template.lacks_a_value: if not self.variables: -> pass": _SLOWER,
        "values.variables Template.lacks_a_value: return False -> pass": _SLOWER,
        "values.variables Template.literal: if filled.unresolved or filled.unknown: -> pass": (
            _ASKED_BEFORE
        ),
        "values.variables Template.literal: return None -> pass": _ASKED_BEFORE,
        "decision.layers layer: return EMPTY -> pass": _EMPTY,
        "decision.layers layer: if not allows and not denies: -> pass": _EMPTY,
        "requests.naming PrincipalElement.naming: if kind in (PrincipalKind.ANONYMOUS, "
        "PrincipalKind.ORGANIZATION): -> pass": _NOBODY,
        "requests.principals Principal.known: self.kind is PrincipalKind.SESSION and "
        "self.issuer_arn -> self.kind is PrincipalKind.SESSION or self.issuer_arn": _WITH_ISSUER,
        "values.wildcards SegmentPattern.matches: return False -> pass": _NO_STATE,
        "values.wildcards SegmentPattern.matches: if not state: -> pass": _NO_STATE,
        "values.wildcards _Chunk.fits: if len(piece) < len(self.text): -> pass": _LONG_ENOUGH,
        "statements.comparators network: return None -> pass": _LAST,
        "statements.comparators ArnValue.__init__: None if self._whole.variables else "
        "self._whole.components(Context()) -> self._whole.components(Context()) if "
        "self._whole.variables else None": _SLOWER,
        "decision.decide _granted: True -> False": _DIRECT_ONLY,
        "values.variables _parts: 0 -> 1": _BRACES,
        "requests.naming PrincipalElement._chain: return (False,) -> pass": _NOBODY,
        "requests.principals Principal._of_arn: return None -> pass": _LAST,
        "values.wildcards _chunk: len(token) > len(anchor) -> len(token) >= len(anchor)": (
            _ANY_LONGEST
        ),
        "statements.comparators _decoded: return None -> pass": _LAST,
        "values.variables _has_early_variable: return False -> pass": _NO_MORE_TRUE,
        "statements.operators Operator.parse: text == written -> text != written": _SPELLING,
        "statements.operators Operator.parse: '' -> 'x'": _SPELLING,
    }
)
