import pytest

from ecr_constructs.model.iam.actions import Access
from ecr_constructs.model.repository.options import (
    check_access,
    check_repository_list,
    check_selection,
)

from ..answers import only


@pytest.mark.parametrize("repositories", [None, [], (), "api", 7])
def test_something_to_do_it_to(repositories):
    finding = only(check_selection(repositories, verb="share"))
    assert finding.code == "repositories-missing"
    assert "to share" in finding.message
    assert check_selection([object()], verb="share") == ()


def test_a_name_is_no_repository():
    finding = only(check_repository_list("pulls_from", [object(), "shop/api"]))
    assert (finding.code, finding.property) == ("repository-by-name", "pulls_from")
    assert finding.fix.endswith("from_repository_name(self, 'Api', 'shop/api')")
    assert only(check_selection(["shop/api"], verb="share")).code == "repository-by-name"
    assert only(check_repository_list("pulls_from", "shop/api")).code == "option-type"
    assert check_repository_list("pulls_from", ()) == ()


def test_access_is_a_member():
    assert check_access(Access.PUSH) == ()
    assert only(check_access("push")).property == "access"
