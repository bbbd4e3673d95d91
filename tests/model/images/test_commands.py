import shlex

import pytest

from ecr_constructs.model.images.commands import Client, Commands, commands

REGISTRY = "111111111111.dkr.ecr.eu-west-1.amazonaws.com"
PASSWORD = "aws ecr get-login-password --region eu-west-1 | "


def of(client, repository="shop/api"):
    return commands(
        client, registry=REGISTRY, repository=repository, region="eu-west-1", tag="v1.2.3"
    )


@pytest.mark.parametrize("client", [Client.DOCKER, Client.PODMAN])
def test_clients_with_local_images(client):
    name = client.value
    assert of(client) == Commands(
        log_in=f"{PASSWORD}{name} login --username AWS --password-stdin {REGISTRY}",
        tag=f"{name} tag shop/api:v1.2.3 {REGISTRY}/shop/api:v1.2.3",
        push=f"{name} push {REGISTRY}/shop/api:v1.2.3",
        pull=f"{name} pull {REGISTRY}/shop/api:v1.2.3",
    )


def test_skopeo_copies_every_platform():
    lines = of(Client.SKOPEO)
    assert lines.tag is None
    assert lines.push == f"skopeo copy --all oci:api:v1.2.3 docker://{REGISTRY}/shop/api:v1.2.3"
    assert lines.pull == f"skopeo copy --all docker://{REGISTRY}/shop/api:v1.2.3 oci:api:v1.2.3"


@pytest.mark.parametrize(
    ("repository", "parent", "name"),
    [("shop/api", f"{REGISTRY}/shop", "api"), ("api", REGISTRY, "api"), ("a/b/c", None, "c")],
)
def test_helm_appends_the_name_of_the_chart(repository, parent, name):
    lines = of(Client.HELM, repository)
    parent = parent or f"{REGISTRY}/a/b"
    assert lines.push == f"helm push {name}-v1.2.3.tgz oci://{parent}"
    assert lines.pull == f"helm pull oci://{REGISTRY}/{repository} --version v1.2.3"
    assert lines.log_in.endswith(f"helm registry login --username AWS --password-stdin {REGISTRY}")


def test_oras_pushes_a_file():
    lines = of(Client.ORAS)
    assert lines.push == f"oras push {REGISTRY}/shop/api:v1.2.3 api"
    assert lines.pull == f"oras pull {REGISTRY}/shop/api:v1.2.3"


@pytest.mark.parametrize("client", Client)
def test_every_line_is_one_command_of_the_client(client):
    lines = of(client)
    for line in (lines.push, lines.pull, lines.tag or lines.push):
        assert shlex.split(line)[0] == client.value
        assert "\n" not in line
    assert shlex.split(lines.log_in.split(" | ")[1])[0] == client.value
