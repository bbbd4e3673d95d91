"""Policy variables: ``${aws:username}``, ``${aws:PrincipalTag/team, 'none'}``, ``${*}``.

Page of the IAM user guide: "IAM policy elements: Variables and tags". The language version
2012-10-17 has them; in 2008-10-17 "variables like ${aws:username} are treated as literal strings".

Every context key has a prefix and a colon. ``${Api}`` without one is no variable: it stands for
a name that CloudFormation fills in, and is compared as the text that it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from .arns import ARN_FIELDS
from .context import UNKNOWN, Context, Unknown
from .truth import Truth
from .wildcards import ANY_RUN, Pattern, SegmentPattern, Token, tokens_of

__all__ = ["Template", "Variable"]

_SPECIAL = ("*", "?", "$")
# "Principal key values": of these the page says that where they are "not present", "any attempt
# to match it fails and causes the statement to be invalid".
_PRINCIPAL_KEY_VALUES = ("aws:principaltype", "aws:userid", "aws:username")


@dataclass(frozen=True)
class Variable:
    """One ``${key}`` or ``${key, 'default'}``."""

    key: str
    """As written."""
    default: str | None = None

    @property
    def name(self) -> str:
        """The key as a context holds it."""
        return self.key.lower()


Part = Token | Variable


@dataclass(frozen=True)
class _Filled:
    """A template with its variables replaced."""

    tokens: tuple[Token, ...]
    # A variable had no value: "There is no equal or like value".
    unresolved: bool
    # Nobody knows a variable's value, so a wildcard stands in for it.
    unknown: bool
    # AWS may hold the whole statement for invalid.
    doubtful: bool


class Template:
    """A text of a policy, cut once into literals, wildcards and variables."""

    __slots__ = ("_fixed", "_narrow", "_parts", "early", "text", "variables")

    def __init__(
        self, text: str, *, variables: bool, wildcards: bool, segments: bool = False
    ) -> None:
        self.text = text
        self._parts = _parts(text, variables=variables, wildcards=wildcards)
        self.variables = tuple(part for part in self._parts if isinstance(part, Variable))
        self.early = segments and _has_early_variable(self._parts)
        """Whether a variable stands before the fifth colon, where AWS knows none."""
        self._fixed: Pattern | None = None
        self._narrow: SegmentPattern | None = None
        if not self.variables:
            tokens = tuple(part for part in self._parts if not isinstance(part, Variable))
            self._fixed = Pattern(tokens)
            if segments:
                narrow = SegmentPattern(tokens)
                self._narrow = narrow if narrow.narrower else None

    def literal(self, context: Context) -> str | Unknown | None:
        """The text with its variables replaced; None where one has no value.

        UNKNOWN where nobody knows the value of one.
        """
        filled = self._fill(context)
        if filled.unresolved:
            return None
        if filled.unknown:
            return UNKNOWN
        return "".join(token for token in filled.tokens if isinstance(token, str))

    def lacks_a_value(self, context: Context) -> bool:
        """Whether a variable has no value, or none that anybody knows."""
        if not self.variables:
            return False
        filled = self._fill(context)
        return filled.unresolved or filled.unknown

    def doubtful(self, context: Context) -> bool:
        """Whether a variable without a value may make the whole statement invalid.

        "If AWS cannot resolve a variable this might cause the entire statement to be invalid."
        "Policy variables with no value" settles it for tags: inverted operators match, and access
        "is explicitly denied" by the page's example. What remains is open.
        """
        return bool(self.variables) and self._fill(context).doubtful

    def components(self, context: Context) -> tuple[Pattern, ...] | None:
        """The pattern's parts between the first five colons, its variables replaced first.

        None where a variable has no value, or none that anybody knows.
        """
        filled = self._fill(context)
        if filled.unresolved or filled.unknown:
            return None
        return tuple(Pattern(part) for part in _cut_at_colons(filled.tokens))

    def fits(self, text: str, context: Context, *, segments: bool = False) -> Truth:
        """Whether the whole text fits the pattern.

        OPEN where a variable's value is unknown and some value would do, and (with ``segments``)
        where only one of the two readings of a wildcard over colons matches. A variable that the
        request lacks makes the pattern match nothing: "any attempt to match it fails".
        """
        if self._fixed is not None:
            if not self._fixed.matches(text):
                return Truth.NO
            narrow = self._narrow if segments else None
            return Truth.YES if narrow is None or narrow.matches(text) else Truth.OPEN
        filled = self._fill(context)
        if filled.unresolved or not Pattern(filled.tokens).matches(text):
            return Truth.NO
        if filled.unknown or self.early:
            return Truth.OPEN
        narrow = SegmentPattern(filled.tokens) if segments else None
        return Truth.YES if narrow is None or narrow.matches(text) else Truth.OPEN

    def _fill(self, context: Context) -> _Filled:
        tokens: list[Token] = []
        unresolved = unknown = doubtful = False
        for part in self._parts:
            if not isinstance(part, Variable):
                tokens.append(part)
                continue
            value = context.value(part.name)
            if isinstance(value, Unknown):
                unknown = True
                tokens.append(ANY_RUN)
            elif value is not None and len(value) == 1:
                tokens.append(value[0])
            elif not value and part.default is not None:
                tokens.append(part.default)
            else:
                # "You cannot use a multivalued condition key as a policy variable."
                unresolved = True
            lacks = isinstance(value, Unknown) or unresolved
            doubtful = doubtful or (lacks and part.name in _PRINCIPAL_KEY_VALUES)
        # What an empty value leaves side by side stands side by side.
        filled = tuple(token for token in tokens if token)
        return _Filled(filled, unresolved, unknown, doubtful)


def _parts(text: str, *, variables: bool, wildcards: bool) -> tuple[Part, ...]:
    parts: list[Part] = []
    literal: list[str] = []
    start = 0
    while variables:
        begin = text.find("${", start)
        end = text.find("}", begin + 2) if begin >= 0 else -1
        if end < 0:
            break
        inner = text[begin + 2 : end]
        literal.append(text[start:begin])
        start = end + 1
        key = inner.partition(",")[0]
        if inner not in _SPECIAL and (":" not in key or "::" in key):
            # A name that CloudFormation fills in, a pseudo parameter included.
            literal.append(text[begin:start])
            continue
        parts.extend(_plain("".join(literal), wildcards=wildcards))
        parts.append(inner if inner in _SPECIAL else _variable(inner))
        literal.clear()
    parts.extend(_plain("".join(literal) + text[start:], wildcards=wildcards))
    return tuple(parts)


def _plain(text: str, *, wildcards: bool) -> tuple[Token, ...]:
    if wildcards:
        return tokens_of(text)
    return (text,) if text else ()


def _variable(inner: str) -> Variable:
    key, comma, default = inner.partition(",")
    quoted = default.strip()
    if comma and len(quoted) > 1 and quoted[0] == quoted[-1] == "'":
        return Variable(key.strip(), quoted[1:-1])
    return Variable(inner)


def _cut_at_colons(tokens: tuple[Token, ...]) -> list[list[Token]]:
    fields: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            fields[-1].append(token)
            continue
        first, *others = token.split(":", ARN_FIELDS - len(fields))
        fields[-1].append(first)
        fields.extend([other] for other in others)
    return fields


def _has_early_variable(parts: tuple[Part, ...]) -> bool:
    colons = 0
    for part in parts:
        if isinstance(part, Variable):
            if colons < ARN_FIELDS - 1:
                return True
        elif isinstance(part, str):
            colons += part.count(":")
    return False
