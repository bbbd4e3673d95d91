import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_constructs.model.errors import InvalidInputError
from ecr_constructs.model.findings import Severity
from ecr_constructs.model.registry.public.access import PUSH, outside_account, token_statement
from ecr_constructs.model.registry.public.catalog import (
    GalleryArchitecture,
    GalleryOperatingSystem,
    RepositoryCatalogData,
)
from ecr_constructs.model.registry.public.repository import (
    check_public_name,
    check_public_region,
    check_public_removal,
)
from ecr_constructs.model.repository.removal import Removal

from ...answers import DEFERRED_TEXTS, NOT_TEXTS, STRING_TOKEN, complete, only

# The pattern of CreateRepository of ECR Public.
PAGE = re.compile(r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*")


@given(st.text(st.sampled_from("a0._-/A"), max_size=9))
def test_names_as_the_page_has_them(name):
    expected = bool(PAGE.fullmatch(name)) and len(name) >= 2
    assert (check_public_name(name) == ()) is expected


@pytest.mark.parametrize("name", ["ab", "shop/agent", "x" * 205, *DEFERRED_TEXTS])
def test_names(name):
    assert check_public_name(name) == ()


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("shop--agent", "use 'shop-agent'"),
        ("shop__agent", "use 'shop_agent'"),
        ("Shop", "use 'shop'"),
        ("x" * 206, "choose a name of that form"),
    ],
)
def test_names_that_a_private_registry_may_have(name, fix):
    finding = only(check_public_name(name))
    assert finding.code == "public-repository-name-invalid"
    assert finding.fix == fix


@pytest.mark.parametrize("name", NOT_TEXTS)
def test_what_is_no_name(name):
    assert only(check_public_name(name)).code == "public-repository-name-invalid"


@pytest.mark.parametrize("region", ["us-east-1", "eusc-de-east-1", "us-iso-east-1"])
def test_where_it_is(region):
    assert check_public_region(region) == ()


@pytest.mark.parametrize("region", ["eu-west-1", "us-west-2", "cn-north-1", "us-gov-west-1"])
def test_where_it_is_not(region):
    finding = only(check_public_region(region))
    assert finding.severity is Severity.DANGER
    assert finding.given == region


@pytest.mark.parametrize("region", [None, STRING_TOKEN])
def test_where_nobody_knows(region):
    assert only(check_public_region(region)).severity is Severity.WARNING


def test_images_are_not_deleted():
    assert check_public_removal(Removal.retain()) == ()
    assert check_public_removal(Removal.delete_when_empty(reason="moved elsewhere")) == ()
    with_images = Removal.delete_with_images(reason="moved elsewhere")
    assert only(check_public_removal(with_images)).code == "public-repository-removal"


def test_what_the_template_says():
    assert RepositoryCatalogData().to_json() == {}
    data = RepositoryCatalogData(
        description="d" * 1024,
        about_text="a" * 10_240,
        usage_text=STRING_TOKEN,
        architectures=[GalleryArchitecture.ARM_64],
        operating_systems=(GalleryOperatingSystem.LINUX,),
    )
    assert data.to_json() == {
        "RepositoryDescription": "d" * 1024,
        "AboutText": "a" * 10_240,
        "UsageText": STRING_TOKEN,
        "Architectures": ["ARM 64"],
        "OperatingSystems": ["Linux"],
    }
    assert hash(data)


@pytest.mark.parametrize(
    "options",
    [
        {"description": "x" * 1025},
        {"about_text": "x" * 10_241},
        {"usage_text": 7},
        {"architectures": ["ARM 64"]},
        {"architectures": GalleryArchitecture.ARM},
        {"operating_systems": [GalleryOperatingSystem.LINUX] * 2},
    ],
)
def test_what_the_gallery_refuses_or_does_not_show(options):
    with pytest.raises(InvalidInputError) as caught:
        RepositoryCatalogData(**options)
    finding = only(caught.value.findings)
    assert finding.code == "public-catalog-data-invalid"
    assert [finding.property] == list(options)


def test_who_pushes():
    assert set(PUSH) == {
        "ecr-public:BatchCheckLayerAvailability",
        "ecr-public:CompleteLayerUpload",
        "ecr-public:InitiateLayerUpload",
        "ecr-public:PutImage",
        "ecr-public:UploadLayerPart",
    }
    assert set(token_statement().actions) == {
        "ecr-public:GetAuthorizationToken",
        "sts:GetServiceBearerToken",
    }
    complete(outside_account("somebody"))
