import pytest

from ecr_constructs.model.iam.actions import Access
from ecr_constructs.model.repository.options import check_access, check_selection

from ..answers import only


@pytest.mark.parametrize("repositories", [None, [], (), "api", 7])
def test_something_to_do_it_to(repositories):
    finding = only(check_selection(repositories, verb="share"))
    assert finding.code == "repositories-missing"
    assert "to share" in finding.message
    assert check_selection([object()], verb="share") == ()


def test_access_is_a_member():
    assert check_access(Access.PUSH) == ()
    assert only(check_access("push")).property == "access"
