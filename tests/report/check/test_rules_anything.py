"""No value anywhere in a template stops a topic of the check."""

from __future__ import annotations

from hypothesis import example, given

from ecr_constructs.report.check.collector import check_app
from ecr_constructs.report.template.app import App

from .anything import changed, changes
from .apps import source
from .rules import UNDECIDED, resource
from .test_rules_keys import key
from .test_rules_keys import repository as encrypted
from .test_rules_lifecycles import BY_AGE
from .test_rules_pulls import BUILD, BY_ROLE, EMR, FUNCTION, NOBODY, named, repository, task
from .test_rules_repositories import emptier, scanning

ALIAS = {"AliasName": "alias/images", "TargetKeyId": {"Ref": "Key"}}
TEMPLATE = {
    "Api": repository(named("lambda.amazonaws.com"), DeletionPolicy="Delete"),
    "Encrypted": encrypted(LifecyclePolicy=BY_AGE, ImageTagMutability="MUTABLE"),
    "Key": key(Enabled=True),
    "Alias": resource("AWS::KMS::Alias", ALIAS),
    "Scanning": scanning("shop"),
    "Who": NOBODY,
    "Task": task(),
    **emptier(),
    **{f"Pulls{number}": each for number, each in enumerate((*BY_ROLE, BUILD, EMR, FUNCTION))},
}


@given(changes(TEMPLATE, least=1))
# Both have the same list, which was one object.
@example(
    [
        (("Pulls1", "Properties", "ExecutionRoleArn", "Fn::GetAtt"), None),
        (("Pulls4", "Properties", "ServiceRole", "Fn::GetAtt", 0), None),
    ]
)
def test_any_value_at_any_place_is_checked(made):
    resources = changed(TEMPLATE, made)
    reported = check_app(App([source(resources, template=UNDECIDED)]))
    touched = {path[0] for path, _ in made}
    # What nobody changed is found as before.
    if not touched & {"Encrypted", "Key"}:
        assert ("Key", "key-not-retained") in {
            (each.resource.logical_id, each.finding.code) for each in reported
        }
