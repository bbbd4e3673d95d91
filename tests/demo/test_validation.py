"""What CloudFormation would refuse is found before it is deployed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from demo.validation import InvalidTemplateError, validate

REGION = "eu-west-1"


def write(directory: Path, properties: Mapping[str, object]) -> None:
    resource = {"Type": "AWS::ECR::Repository", "Properties": properties}
    resource |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    template = {"Resources": {"Api": resource}}
    (directory / "Shop.template.json").write_text(json.dumps(template))


def test_a_good_template_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"RepositoryName": "shop/api", "ImageTagMutability": "IMMUTABLE"})
    names = validate([tmp_path], region=REGION, environment=os.environ)
    assert names == [f"{tmp_path.name}/Shop.template.json"]


def test_both_validators_see_a_bad_one(tmp_path: Path) -> None:
    write(tmp_path, {"RepositoryName": "shop/api", "ImageTagMutability": "NONSENSE"})
    with pytest.raises(InvalidTemplateError, match="NONSENSE") as raised:
        validate([tmp_path], region=REGION, environment=os.environ)
    assert len({fault.rule for fault in raised.value.faults}) >= 2


def test_an_assembly_without_templates_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        validate([tmp_path], region=REGION, environment=os.environ)
