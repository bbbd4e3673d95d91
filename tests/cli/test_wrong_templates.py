"""Templates and assemblies of the right form with wrong values in them: never a traceback."""

from __future__ import annotations

import json
import random

import pytest

from ecr_constructs.cli import main

TEXTS = [
    "*", "ecr:*", "arn:aws:iam::222222222222:root", "222222222222", "lambda.amazonaws.com", "o-a",
    "${aws:username}", "${", "arn:aws:ecr:eu-west-1:111111111111:repository/*", "true", "x", "/",
    "arn:aws:sts::1:assumed-role/a/b", "AIDAX", "\ue0000\ue002", "\ue0010\ue002", "\ud800", "\0",
    "",
]  # fmt: skip
WORDS = [
    "AWS", "Service", "Federated", "StringEquals", "StringLikeIfExists", "ForAllValues:StringLike",
    "Null", "Bool", "ArnLike", "IpAddress", "NumericLessThan", "DateGreaterThan",
    "aws:PrincipalOrgID", "aws:PrincipalArn", "aws:PrincipalAccount", "Key", "Value",
]  # fmt: skip
FORMS = ("table", "json", "sarif", "markdown")
STATEMENT = ("Sid", "NotPrincipal", "NotAction", "Resource", "NotResource", "Condition")


class Chance:
    """Values of every form, as templates have them."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self.choice = self._random.choice

    def leaf(self):
        return self.choice([*TEXTS, None, True, 1, 1.5, 222222222222])

    def function(self, depth):
        return self.choice(
            [
                {"Ref": self.choice(["P", "Api", "Role", "AWS::AccountId", "AWS::NoValue", "L"])},
                {"Fn::GetAtt": ["Role", "Arn"]},
                {"Fn::GetAtt": "Api.Arn"},
                {"Fn::If": ["C", self.value(depth + 1), {"Ref": "AWS::NoValue"}]},
                {"Fn::Sub": "${P}-${AWS::Region}${!x}"},
                {"Fn::Sub": ["${a}", {"a": self.leaf()}]},
                {"Fn::Join": [",", [self.leaf(), self.leaf()]]},
                {"Fn::Split": [",", self.leaf()]},
                {"Fn::Select": [self.leaf(), {"Ref": "L"}]},
                {"Fn::FindInMap": ["M", self.leaf(), self.leaf()]},
                {"Fn::ToJsonString": {"a": self.leaf()}},
                {"Fn::Base64": self.leaf()},
                {"Fn::ImportValue": self.leaf()},
                {"Fn::Unknown": self.leaf()},
            ]
        )

    def value(self, depth=0):
        kind = self._random.random()
        if kind < 0.4 or depth > 2:
            return self.leaf()
        if kind < 0.6:
            return self.function(depth)
        amount = self._random.randint(0, 3)
        if kind < 0.8:
            return [self.value(depth + 1) for _ in range(amount)]
        return {self.choice(WORDS): self.value(depth + 1) for _ in range(amount)}

    def statement(self):
        made = {"Effect": self.choice(["Allow", "Deny"]), "Principal": self.value()}
        made["Action"] = self.value()
        made |= {key: self.value() for key in STATEMENT if self._random.random() < 0.3}
        return self.choice([made, made, made, self.value()])

    def document(self):
        whole = {"Version": "2012-10-17", "Statement": [self.statement() for _ in range(3)]}
        under = {"Fn::If": ["C", {"Statement": self.statement()}, {"Ref": "AWS::NoValue"}]}
        return self.choice([whole, whole, under, json.dumps(whole), self.value()])

    def template(self):
        resources = {
            "Api": ("AWS::ECR::Repository", "RepositoryName", "Tags", "LifecyclePolicy",
                    "EncryptionConfiguration", "ImageTagMutabilityExclusionFilters"),
            "Registry": ("AWS::ECR::RegistryPolicy",),
            "Role": ("AWS::IAM::Role", "RoleName", "Path", "Tags", "PermissionsBoundary",
                     "ManagedPolicyArns", "Groups"),
            "Managed": ("AWS::IAM::ManagedPolicy", "Roles", "Users", "Path"),
            "User": ("AWS::IAM::User", "Groups", "PermissionsBoundary", "UserName"),
            "Group": ("AWS::IAM::Group", "GroupName", "Path"),
            "Addition": ("AWS::IAM::UserToGroupAddition", "GroupName", "Users"),
            "Task": ("AWS::ECS::TaskDefinition", "ExecutionRoleArn", "ContainerDefinitions"),
            "Nested": ("AWS::CloudFormation::Stack", "TemplateURL", "Parameters"),
            "Public": ("AWS::ECR::PublicRepository", "RepositoryName", "Tags"),
            "Scanning": ("AWS::ECR::RegistryScanningConfiguration", "ScanType", "Rules"),
            "Copies": ("AWS::ECR::ReplicationConfiguration", "ReplicationConfiguration"),
            "Signing": ("AWS::ECR::SigningConfiguration", "Rules"),
            "Excluded": ("AWS::ECR::PullTimeUpdateExclusion", "PrincipalArn"),
            "Cache": ("AWS::ECR::PullThroughCacheRule", "EcrRepositoryPrefix", "CredentialArn",
                      "UpstreamRegistryUrl", "UpstreamRegistry", "UpstreamRepositoryPrefix"),
            "Made": ("AWS::ECR::RepositoryCreationTemplate", "Prefix", "AppliedFor", "ResourceTags",
                     "LifecyclePolicy", "RepositoryPolicy", "CustomRoleArn",
                     "EncryptionConfiguration", "ImageTagMutability"),
        }  # fmt: skip
        documents = {
            "Api": lambda: {"RepositoryPolicyText": self.document()},
            "Registry": lambda: {"PolicyText": self.document()},
            "Role": lambda: {"Policies": [{"PolicyName": "p", "PolicyDocument": self.document()}]},
            "Managed": lambda: {"PolicyDocument": self.document()},
            "Group": lambda: {"Policies": [{"PolicyDocument": self.document()}]},
        }
        return {
            "Parameters": {
                "P": {"Type": "String"},
                "L": {"Type": "CommaDelimitedList", "Default": "a,b"},
            },
            "Mappings": {"M": {"x": {"x": ["a"], "true": "b"}}},
            "Conditions": {"C": self.choice([{"Fn::Equals": [{"Ref": "P"}, "x"]}, self.value()])},
            "Resources": {
                name: {
                    "Type": kind,
                    "Condition": self.choice(["C", self.leaf()]),
                    "Metadata": {
                        "aws:asset:path": self.leaf(),
                        "aws:cdk:path": self.leaf(),
                        "aws:cdk:acknowledged-rules": self.value(),
                        "ecr_constructs:removal": self.value(),
                    },
                    "Properties": {
                        **{key: self.value() for key in options if self._random.random() < 0.7},
                        **documents.get(name, dict)(),
                    },
                }
                for name, (kind, *options) in resources.items()
            },
        }

    def artifact(self):
        properties = {
            "templateFile": self.choice(["t.template.json", self.value()]),
            "directoryName": self.choice(["inner", self.value()]),
            "file": self.choice(["assets.json", self.value()]),
            "tags": self.value(),
            "stackName": self.value(),
        }
        kinds = ["aws:cloudformation:stack", "cdk:cloud-assembly", "cdk:asset-manifest"]
        made = {
            "type": self.choice([*kinds, self.value()]),
            "properties": self.choice([properties, properties, self.value()]),
            "environment": self.choice(["aws://111111111111/eu-west-1", self.value()]),
            "metadata": self.value(),
        }
        if self._random.random() < 0.3:
            made["additionalMetadataFile"] = self.choice(["assets.json", self.value()])
        return made

    def manifest(self):
        artifacts = {name: self.artifact() for name in "ABC"}
        return self.choice([{"version": "48.0.0", "artifacts": artifacts}] * 4 + [self.value()])


@pytest.mark.parametrize("seed", range(60))
def test_no_template_of_the_right_form_brings_a_traceback(seed, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ECR_CONSTRUCTS_TRACEBACK", "1")
    chance = Chance(seed)
    file, questions = str(tmp_path / "t.json"), str(tmp_path / "q.json")
    for form in (*FORMS, "table"):
        (tmp_path / "t.json").write_text(json.dumps(chance.template()))
        question = {"principal": chance.choice(TEXTS), "action": "ecr:PutImage"}
        question |= {"repository": "Api", "repository_policy": chance.document()}
        (tmp_path / "q.json").write_text(json.dumps([question]))
        for arguments in (
            ["access", file],
            ["access", file, "--format", "json", "--account", "111111111111"],
            ["access", file, "--ask", questions],
            ["explain", file, "--repository", "Api"],
            ["check", file, "--format", form],
        ):
            code = main(arguments)
            shown = capsys.readouterr()
            assert code in (0, 1, 2)
            assert code == 0 or shown.out or shown.err


@pytest.mark.parametrize("seed", range(20))
def test_no_assembly_of_the_right_form_brings_a_traceback(seed, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ECR_CONSTRUCTS_TRACEBACK", "1")
    chance = Chance(seed)
    (tmp_path / "inner").mkdir()
    for _ in range(5):
        files = {"source": {"path": chance.value()}}
        for name, value in (
            ("manifest.json", chance.manifest()),
            ("inner/manifest.json", chance.manifest()),
            ("assets.json", chance.choice([{"files": {"h": files}}, chance.value()])),
            ("t.template.json", chance.choice([chance.template(), chance.value()])),
        ):
            (tmp_path / name).write_text(json.dumps(value))
        for arguments in (["access"], ["explain", "--repository", "Api"], ["check"]):
            code = main([arguments[0], str(tmp_path), *arguments[1:]])
            shown = capsys.readouterr()
            assert code in (0, 1, 2)
            assert code != 2 or shown.err.count("\n") == 1
