"""The scanning configuration of a registry."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ecr as ecr
from constructs import Construct

from ...model.registry.scanning import (
    BasicScanning,
    EnhancedScanning,
    check_kind_of_scanning,
    check_scanning,
)
from .._jsii import check, show
from .singletons import claim

__all__ = ["RegistryScanning"]

_TYPE = "AWS::ECR::RegistryScanningConfiguration"


class RegistryScanning(Construct):
    """Which repositories of the account and Region are scanned, by whom and when.

    It decides in place of the ``scan_on_push`` of each repository. Deleting it sets basic scanning
    by hand.

    ECR refuses, and so does this construct, what CloudFormation's schema takes: continuous
    scanning by the basic scanner (which cannot be said), two rules of one frequency (likewise), a
    rule without filters, a filter with upper case or two separators in a row. It takes what would
    do nothing, which is refused here: enhanced scanning without a filter, a filter twice, and a
    second scanning configuration in the app. A filter for scanning on push that continuous
    scanning takes over is a warning.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        scanning: BasicScanning | EnhancedScanning,
    ) -> None:
        """Set how the registry scans.

        :param scanning: ``BasicScanning(...)`` or ``EnhancedScanning(...)`` with the filters of the
            repositories.
        :raises InvalidInputError: where ECR would refuse the filters, or the app sets the scanning
            of this registry already.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
        """
        check(check_kind_of_scanning(scanning), scope, id)
        properties = scanning.properties()
        findings = check_scanning(properties)
        check(findings, scope, id)
        super().__init__(scope, id)
        claim(self, _TYPE)
        show(findings, self)
        ecr.CfnRegistryScanningConfiguration(
            self,
            "Resource",
            scan_type=properties["ScanType"],
            rules=[_rule(rule) for rule in properties["Rules"]],
        )


def _rule(
    properties: dict[str, Any],
) -> ecr.CfnRegistryScanningConfiguration.ScanningRuleProperty:
    return ecr.CfnRegistryScanningConfiguration.ScanningRuleProperty(
        scan_frequency=properties["ScanFrequency"],
        repository_filters=[
            ecr.CfnRegistryScanningConfiguration.RepositoryFilterProperty(
                filter=entry["Filter"], filter_type=entry["FilterType"]
            )
            for entry in properties["RepositoryFilters"]
        ],
    )
