"""Mutants of the evaluator that no request can tell from the original, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EQUIVALENT: Mapping[str, str] = MappingProxyType({})
