"""Mutants of the evaluator that no request can tell from the original, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SLOWER = "only what was worked out before is worked out again"
_SINGLETON = "the two wildcards are told apart by identity, nobody reads the sign"
_EMPTY = "a new layer without statements decides as EMPTY does; memos miss it, and nothing else"
_NO_STATE = "no place reached stays no place reached: the loop ends with the same answer"
_LAST = "the function ends here, and answers None all the same"
_BRACES = "a closing brace is never found before the third letter"
_WITH_ISSUER = "every session has its issuer, and no other kind that comes here has one"
_ANY_LONGEST = "whichever of the longest texts is looked for first, the chunk fits the same places"
_NO_ANCHOR = "where no text is looked for first every place is tried, which takes longer"
_NULL = "a test of Null is answered before anybody asks for its IfExists"
_SPELLING = "only the warning of an operator's spelling follows from it, and no decision"
_NO_MORE_TRUE = "the function ends here, and what it answers then is no more true"
_DIRECT_ONLY = "who has no identity is named directly or not at all: nothing is filtered out"
_SIX = "both have six parts: what has fewer was answered before"
_NO_VARIABLE = "it is only asked for the values of variables by texts that have none"
_AS_FALSE = "nothing is as false as False"
_NO_MORE_SO = "what one test denies no other test makes true: they are only asked for nothing"
_VARIABLES_ONLY = "of this template only the variables are looked at"
_FIRST_LETTER = "of what follows the last wildcard only the first letter is looked at"
_NOT_FOUND = "-2 says as well as -1 that nothing was found"
_SOME = "neither the request's values nor the policy's are none where it is asked of them"
_NOT_GIVEN = "nobody gives the memo, and nobody prints it"
_LOWERED = "a sure statement lowers nothing, and of policies that name nobody only its truth counts"
_BOTH_SIDES = "both ARNs that are compared are shortened by the same function"

EQUIVALENT: Mapping[str, str] = MappingProxyType(
    {
        "values.wildcards the module: '*' -> '*x'": _SINGLETON,
        "values.wildcards the module: '?' -> '?x'": _SINGLETON,
        "values.variables Template.__init__: if not self.variables: -> pass": _SLOWER,
        "values.variables Template.lacks_a_value: if not self.variables: -> pass": _SLOWER,
        "values.variables Template.lacks_a_value: return False -> pass": _SLOWER,
        "decision.layers layer: return EMPTY -> pass": _EMPTY,
        "decision.layers layer: if not allows and not denies: -> pass": _EMPTY,
        "requests.principals Principal.known: self.kind is PrincipalKind.SESSION and "
        "self.issuer_arn -> self.kind is PrincipalKind.SESSION or self.issuer_arn": _WITH_ISSUER,
        "values.wildcards SegmentPattern.__init__: ':' -> ':x'": _FIRST_LETTER,
        "values.wildcards SegmentPattern.matches: return False -> pass": _NO_STATE,
        "values.wildcards SegmentPattern.matches: if not state: -> pass": _NO_STATE,
        "statements.comparators network: return None -> pass": _LAST,
        "statements.comparators ArnValue.__init__: None if self._whole.variables else "
        "self._whole.components(_NO_CONTEXT) -> self._whole.components(_NO_CONTEXT) if "
        "self._whole.variables else None": _SLOWER,
        "statements.comparators ArnValue.matches: True -> False": _SIX,
        "statements.comparators the module: False -> True": _NO_VARIABLE,
        "statements.comparators _Certain.doubtful: return False -> pass": _AS_FALSE,
        "statements.conditions Condition.holds: if truth is Truth.NO: -> pass": _NO_MORE_SO,
        "statements.conditions Condition.holds: break -> pass": _NO_MORE_SO,
        "statements.conditions ConditionTest.asked_keys: False -> True": _VARIABLES_ONLY,
        "statements.policies Policy: False -> True": _NOT_GIVEN,
        "values.truth any_of: Truth.NO -> Truth.YES": _SOME,
        "values.truth any_of: Truth.NO -> Truth.OPEN": _SOME,
        "decision.layers applied: truth is Truth.OPEN and naming is not PLAINLY -> "
        "truth is Truth.OPEN or naming is not PLAINLY": _LOWERED,
        "values.arns without_path: '/' -> '/x'": _BOTH_SIDES,
        "values.variables Template.fits: if self._fixed is not None: -> pass": _SLOWER,
        "values.variables Template.fits: return Truth.YES if narrow is None or "
        "narrow.matches(text) else Truth.OPEN -> pass": _SLOWER,
        "statements.statement ResourceElement.__init__: '*' -> '*x'": _SLOWER,
        "values.wildcards _Chunk.fits: if not self.holes: -> pass": _SLOWER,
        "values.wildcards _Chunk.fits: return candidate.startswith(self.text, start) -> pass": (
            _SLOWER
        ),
        "decision.decide _granted: True -> False": _DIRECT_ONLY,
        "values.variables _parts: 0 -> 1": _BRACES,
        "values.variables _parts: end < 0 -> end <= 0": _BRACES,
        "values.variables _parts: 1 -> 2": _NOT_FOUND,
        "values.wildcards _Chunk.find: 1 -> 2": _NOT_FOUND,
        "requests.principals Principal._of_arn: return None -> pass": _LAST,
        "values.wildcards _chunk: if len(token) > len(anchor): -> "
        "if not len(token) > len(anchor):": _NO_ANCHOR,
        "values.wildcards _chunk: if len(token) > len(anchor): -> pass": _NO_ANCHOR,
        "values.wildcards _chunk: len(token) > len(anchor) -> len(token) < len(anchor)": _NO_ANCHOR,
        "values.wildcards _chunk: len(token) > len(anchor) -> len(token) >= len(anchor)": (
            _ANY_LONGEST
        ),
        "statements.comparators _decoded: return None -> pass": _LAST,
        "values.variables _has_early_variable: return False -> pass": _NO_MORE_TRUE,
        "statements.operators Operator.parse: text == written -> text != written": _SPELLING,
        "statements.operators Operator.parse: '' -> 'x'": _SPELLING,
        "statements.operators Operator.parse: False -> True": _NULL,
        "requests.principals Principal._user_id: return None -> pass": _LAST,
    }
)
