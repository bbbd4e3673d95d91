"""AWS's policy evaluation for ECR, in pure Python: who may do what, and which statement says so.

``compile_policy`` reads a document once; ``evaluate`` decides one request, ``ask`` a list of
questions in JSON, ``Matrix`` every principal against every repository.
"""

from __future__ import annotations

from .decision.answers import Because, Decision, Outcome, Verdict
from .decision.evaluate import evaluate
from .decision.questions import Known, ask
from .matrix.levels import LEVELS, Level
from .matrix.table import AccessRow, LevelVerdict, Matrix
from .requests.principals import Principal, PrincipalKind
from .requests.request import Request
from .requests.subjects import Subject, Target, policy_set
from .statements.documents import ParsedPolicy, compile_policy, parse_policy
from .statements.policies import Policy, PolicySet
from .statements.statement import Effect, PolicyKind
from .values.context import ContextValue

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
