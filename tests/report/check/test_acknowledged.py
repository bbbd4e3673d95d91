"""Findings that stay: by whom it is said, where, and in what form CDK writes it down."""

from __future__ import annotations

import subprocess
import sys

import aws_cdk as cdk
import pytest

from ecr_constructs.model.findings import Severity
from ecr_constructs.report.check.collector import check_place

from .apps import REFUSED, assembly, checked, repository, source

API = {
    "Api": {**repository(**REFUSED), "Metadata": {"aws:cdk:path": "Shop/Team/Api/Resource"}},
    "Other": {**repository(**REFUSED), "Metadata": {"aws:cdk:path": "Shop/TeamTwo/Api/Resource"}},
}
CODE = "repository-policy-open"


def said(*ids, reason="everybody may read"):
    return {"type": "aws:cdk:acknowledged-rules", "data": dict.fromkeys(ids, reason)}


def reasons(report, code=CODE):
    """Who has the finding, and why it stays."""
    return {
        each.resource.logical_id: each.acknowledged
        for each in report.findings
        if each.finding.code == code
    }


@pytest.mark.parametrize("own_file", [True, False], ids=["own file", "manifest"])
@pytest.mark.parametrize(
    "key",
    [
        CODE,
        f"ecr-constructs::{CODE}",
        f"Annotation::{CODE}",
        f"annotation::{CODE}",
        f"Construct-Annotations::{CODE}",
    ],
)
def test_both_forms_of_an_assembly_and_of_an_id(tmp_path, own_file, key):
    metadata = {"/Shop/Team/Api": [said(key)]}
    report = check_place(assembly(tmp_path, {"Shop": API}, metadata=metadata, own_file=own_file))
    assert reasons(report) == {"Api": "everybody may read", "Other": None}
    assert set(reasons(report, "repository-name-invalid").values()) == {None}


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        ("/Shop/Team/Api/Resource", ["Api"]),
        ("/Shop/Team/Api", ["Api"]),
        ("/Shop/Team", ["Api"]),
        ("/Shop", ["Api", "Other"]),
        ("/", ["Api", "Other"]),
        ("/Shop/Te", []),
        ("/Shop/Team/Api/Resource/Below", []),
    ],
)
def test_what_is_said_above_holds_below(tmp_path, path, covered):
    found = reasons(check_place(assembly(tmp_path, {"Shop": API}, metadata={path: [said(CODE)]})))
    assert [name for name, reason in found.items() if reason] == covered


def test_the_nearest_reason_is_the_one(tmp_path):
    metadata = {
        "/Shop": [said(CODE, reason="far")],
        "/Shop/Team/Api": [said("tags-mutable"), said(CODE, reason="near")],
    }
    report = check_place(assembly(tmp_path, {"Shop": API}, metadata=metadata))
    assert reasons(report) == {"Api": "near", "Other": "far"}


@pytest.mark.parametrize(
    "entry",
    [
        said(f"other-plugin::{CODE}"),
        said(f"ecr-constructs::{CODE}-not"),
        said(f"ecr_constructs::{CODE}"),
        {**said(CODE), "type": "aws:cdk:warning"},
        {**said(CODE), "data": CODE},
        {**said(CODE), "data": {CODE: {"reason": "x"}}},
        None,
    ],
)
def test_what_acknowledges_nothing(tmp_path, entry):
    metadata = {"/Shop/Team/Api": [entry]}
    report = check_place(assembly(tmp_path, {"Shop": API}, metadata=metadata))
    assert reasons(report) == {"Api": None, "Other": None}


def test_a_template_without_constructs_says_it_in_the_metadata_of_the_resource():
    metadata = {"aws:cdk:acknowledged-rules": {CODE: "everybody may read"}}
    report = checked(source({"Api": {**repository(**REFUSED), "Metadata": metadata}}))
    assert reasons(report) == {"Api": "everybody may read"}


@pytest.mark.parametrize(
    ("properties", "code"),
    [({"EmptyOnDelete": True}, "empty-on-delete"), ({}, "repository-not-retained")],
)
def test_the_reason_of_a_removal_acknowledges_it(properties, code):
    resource = {**repository(RepositoryName="shop", **properties), "DeletionPolicy": "Delete"}
    metadata = {"ecr_constructs:removal": {"reason": "a preview, rebuilt nightly"}}
    assert reasons(checked(source({"Api": resource})), code) == {"Api": None}
    report = checked(source({"Api": {**resource, "Metadata": metadata}}))
    assert reasons(report, code) == {"Api": "a preview, rebuilt nightly"}
    assert set(reasons(report, "tags-mutable").values()) == {None}


def test_the_gate_lets_pass_what_is_acknowledged():
    metadata = {"aws:cdk:acknowledged-rules": dict.fromkeys([CODE, "scan-off"], "known")}
    api = repository(RepositoryName="shop", RepositoryPolicyText=REFUSED["RepositoryPolicyText"])
    opened = checked(source({"Api": api}))
    known = checked(source({"Api": {**api, "Metadata": metadata}}))
    assert len(opened.findings) == len(known.findings)
    assert [opened.trips(gate) for gate in Severity] == [True, True, True]
    assert [known.trips(gate) for gate in Severity] == [False, True, True]


PROGRAM = """
import sys

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr


def known(construct, code, reason):
    acknowledged = cdk.Acknowledgment(id=code, reason=reason)
    cdk.Validations.of(construct).acknowledge(acknowledged)


app = cdk.App(outdir=sys.argv[1])
stack = cdk.Stack(app, "Shop")
known(stack, "scan-off", "scanned elsewhere")
api = ecr.Repository(stack, "Api")
known(api, "ecr-constructs::tags-mutable", "latest moves")
nested = cdk.NestedStack(stack, "Nested")
known(ecr.Repository(nested, "Deep"), "tags-mutable", "deep")
inner = cdk.Stack(cdk.Stage(app, "Prod"), "Shop")
known(ecr.Repository(inner, "Api"), "ecr-constructs::lifecycle-missing", "few images")
app.synth()
"""


@pytest.mark.skipif(not hasattr(cdk, "Validations"), reason="this version acknowledges nothing")
def test_what_cdk_writes_is_read(tmp_path):
    out = tmp_path / "cdk.out"
    subprocess.run([sys.executable, "-c", PROGRAM, out], check=True)
    found = {
        (each.resource.construct_path, each.finding.code): each.acknowledged
        for each in check_place(out).findings
    }
    assert {key: reason for key, reason in found.items() if reason is not None} == {
        ("Shop/Api/Resource", "scan-off"): "scanned elsewhere",
        ("Shop/Api/Resource", "tags-mutable"): "latest moves",
        ("Shop/Nested/Deep/Resource", "scan-off"): "scanned elsewhere",
        ("Shop/Nested/Deep/Resource", "tags-mutable"): "deep",
        ("Prod/Shop/Api/Resource", "lifecycle-missing"): "few images",
    }
    assert ("Prod/Shop/Api/Resource", "tags-mutable") in found
