"""The rules of ``ecr-constructs check`` inside an app: a policy validation plugin of CDK.

https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import aws_cdk as cdk
import jsii

from .model.errors import raise_dangers
from .model.findings import Finding, Severity
from .model.version import VERSION
from .report.check.collector import SEVERITIES, Reported, check_place

if TYPE_CHECKING:
    from .report.template.stack import Stack

__all__ = ["EcrValidator"]

_NAME: Final = "ecr-constructs"
# The oldest CDK that we support has the interface by the name of its trial alone.
_IS_STABLE: Final = hasattr(cdk, "IPolicyValidationPlugin")
_INTERFACE: Final = cdk.IPolicyValidationPlugin if _IS_STABLE else cdk.IPolicyValidationPluginBeta1
_ATTRIBUTES: Final = ("DeletionPolicy", "UpdateReplacePolicy")
_OF_ATTRIBUTES: Final = "attribute-unknown"
# What CDK counts as a failure when it takes acknowledged ones away, and what it does not.
_FAILING: Final = "error"
_WORDS: Final = {Severity.DANGER: "warning", Severity.WARNING: "warning", Severity.NOTE: "info"}


@jsii.implements(_INTERFACE)
class EcrValidator:
    """Checks the templates of an app as ``ecr-constructs check`` does, whenever it is synthesized.

    Every resource of ECR is checked, whoever wrote it, with what in the app starts its images.
    A finding is CDK's to show and to acknowledge: ``Validations.of(repository).acknowledge(
    Acknowledgment(id="ecr-constructs::tags-mutable", reason="..."))``.

    https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
    """

    def __init__(self, *, fail_on: Severity = Severity.DANGER) -> None:
        """Check when the app is synthesized.

        :param fail_on: the least severe finding that fails the synthesis, ``danger``, ``warning``
            or ``note``. What is less severe is shown. Default: ``Severity.DANGER``.
        """
        raise_dangers(_check_fail_on(fail_on))
        self._failing = SEVERITIES[: SEVERITIES.index(Severity(fail_on)) + 1]

    @property
    def name(self) -> str:
        """What stands before the code where a finding is acknowledged."""
        return _NAME

    @property
    def version(self) -> str | None:
        """The version of this library."""
        return VERSION

    @property
    def rule_ids(self) -> list[str] | None:
        """None: the codes are documented one by one."""
        return None

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        """What is found in the templates that CDK hands over.

        :param context: CDK's own, with the paths of the templates.
        """
        templates = [os.path.realpath(path) for path in context.template_paths]
        reported = [
            each
            for directory in _assemblies(templates)
            for each in check_place(directory).findings
            if _template_of(_deployed(each.stack)) in templates and not _is_settled(each)
        ]
        failed = any(self._fails(each) for each in reported)
        violations = [self._violation(each) for each in reported]
        if _IS_STABLE:
            return cdk.PolicyValidationPluginReport(
                success=not failed, violations=violations, plugin_version=VERSION
            )
        former = cdk.PolicyValidationPluginReportBeta1(
            success=not failed,
            violations=cast("list[cdk.PolicyViolationBeta1]", violations),
            plugin_version=VERSION,
        )
        return cast("cdk.PolicyValidationPluginReport", former)

    def _fails(self, reported: Reported) -> bool:
        return reported.acknowledged is None and reported.finding.severity in self._failing

    def _violation(self, reported: Reported) -> cdk.PolicyViolation:
        finding, resource = reported.finding, reported.resource
        severity = _FAILING if self._fails(reported) else _WORDS[finding.severity]
        path = _template_of(reported.stack) or _template_of(_deployed(reported.stack))
        location = finding.property
        if location not in _ATTRIBUTES and finding.code != _OF_ATTRIBUTES:
            location = f"Properties.{location}"
        description = f"{finding.property} {finding.message}"
        metadata = {"severity": finding.severity.value, "docs": finding.docs}
        if not _IS_STABLE:
            at = cdk.PolicyViolatingResourceBeta1(
                resource_logical_id=resource.logical_id, template_path=path, locations=[location]
            )
            former = cdk.PolicyViolationBeta1(
                rule_name=finding.code,
                description=description,
                fix=finding.fix,
                severity=severity,
                rule_metadata=metadata,
                violating_resources=[at],
            )
            return cast("cdk.PolicyViolation", former)
        return cdk.PolicyViolation(
            rule_name=finding.code,
            description=description,
            fix=finding.fix,
            severity=severity,
            rule_metadata=metadata,
            violating_resources=[
                cdk.PolicyViolatingResource(
                    resource_logical_id=resource.logical_id,
                    construct_path=resource.construct_path,
                    template_path=path,
                    locations=[location],
                )
            ],
        )


def _check_fail_on(fail_on: object) -> tuple[Finding, ...]:
    known = [severity.value for severity in SEVERITIES]
    if isinstance(fail_on, str) and fail_on in known:
        return ()
    return (
        Finding(
            code="validator-severity",
            property="fail_on",
            message="is no severity",
            given=fail_on,
            allowed=", ".join(known),
            fix="give Severity.DANGER, Severity.WARNING or Severity.NOTE",
            docs="https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html",
        ),
    )


def _assemblies(templates: Iterable[str]) -> Iterator[Path]:
    """The outermost assemblies that hold some templates: those of a Stage lie inside."""
    found: dict[Path, None] = {}
    for template in templates:
        directory = Path(template).parent
        while (directory.parent / "manifest.json").is_file():
            directory = directory.parent
        found[directory] = None
    yield from found


def _deployed(stack: Stack) -> Stack:
    """The stack that is deployed: a nested one goes where the one around it goes."""
    while stack.parent is not None:
        stack = stack.parent
    return stack


def _template_of(stack: Stack) -> str:
    return os.path.realpath(stack.source.place) if stack.source.place is not None else ""


def _is_settled(reported: Reported) -> bool:
    """Whether a finding is acknowledged in a way that this CDK does not see.

    A reason given to a Removal, say. What CDK sees it takes away itself, and keeps the reason.
    """
    if reported.acknowledged is None or not _IS_STABLE:
        return reported.acknowledged is not None
    path = f"{reported.resource.construct_path or ''}/"
    known = f"{_NAME}::{reported.finding.code}"
    return not any(
        known in reasons and (not where or path.startswith(f"{where}/"))
        for where, reasons in reported.stack.source.acknowledged.items()
    )
