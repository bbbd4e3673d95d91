"""AWS's policy evaluation for ECR, in pure Python: who may do what, and which statement says so.

``compile_policy`` reads a document once; ``evaluate`` decides one request, ``ask`` a list of
questions in JSON, ``Matrix`` every principal against every repository.
"""

from __future__ import annotations

from .answers import Because, Decision, Outcome, Verdict
from .context import ContextValue
from .documents import ParsedPolicy, compile_policy, parse_policy
from .evaluate import evaluate
from .levels import LEVELS, Level
from .matrix import AccessRow, LevelVerdict, Matrix
from .policies import Policy, PolicySet
from .principals import Principal, PrincipalKind
from .questions import Known, ask
from .requests import Request
from .statements import Effect, PolicyKind
from .subjects import Subject, Target, policy_set

__all__ = [
    "LEVELS",
    "AccessRow",
    "Because",
    "ContextValue",
    "Decision",
    "Effect",
    "Known",
    "Level",
    "LevelVerdict",
    "Matrix",
    "Outcome",
    "ParsedPolicy",
    "Policy",
    "PolicyKind",
    "PolicySet",
    "Principal",
    "PrincipalKind",
    "Request",
    "Subject",
    "Target",
    "Verdict",
    "ask",
    "compile_policy",
    "evaluate",
    "parse_policy",
    "policy_set",
]
