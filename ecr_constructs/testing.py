"""Fixtures for tests of your own app. pytest finds them by itself once the package is installed.

::

    def test_shop(ecr_app, ecr_snapshot):
        assert ecr_snapshot == Shop(ecr_app, "Shop")

The app has the flags of your ``cdk.json``, so that what is tested is what ``cdk deploy`` deploys.
The snapshot is the template of the stack, in a file that stays the same when CDK is updated::

    pip install 'ecr-constructs[testing]'
    pytest --snapshot-update        # write or renew the files, then review and commit them
    pytest                          # from then on a change of the template is a failure

Two functions hold what a deploy would do against what it should do, offline::

    assert_access(stack, "Shop/Runner", can="pull", cannot=["push", "delete"], on="shop/api")
    assert_keeps(policy, "images.json", keep=["v1.2.3"], at=datetime(2026, 1, 31, tzinfo=UTC))

Nothing but pytest is imported until one of them is used: this module is loaded in every run of
pytest wherever the package is installed.
"""

# ruff: noqa: PLC0415 - an import at the top would be one in every run of pytest
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import aws_cdk as cdk
    from aws_cdk import assertions
    from constructs import IConstruct
    from syrupy.assertion import SnapshotAssertion

    from .model.lifecycle import Image, LifecycleRule

__all__ = ["assert_access", "assert_keeps", "ecr_app", "ecr_snapshot"]


@pytest.fixture
def ecr_app(request: pytest.FixtureRequest, tmp_path: Path) -> cdk.App:
    """An App with the context of your ``cdk.json``, its output in the test's temporary folder.

    ``cdk.json``, and ``cdk.context.json`` beside it, are the nearest ones above the test; without
    one the app has no flags. CDK's validation of finished templates is off, for it would take most
    of the test's time; ``cdk synth`` still does it. Further context of a single test is
    ``ecr_app.node.set_context("github", "octo/shop")``, before the first stack is made.
    """
    import inspect

    import aws_cdk as cdk

    # The oldest versions have neither the validation nor the option. An environment variable would
    # turn it off as well, but too late: Node, which reads it, has been running since the import.
    quick: dict[str, Any] = {"builtin_cloud_formation_validation": False}
    known = inspect.signature(cdk.App.__init__).parameters
    return cdk.App(
        context=_context(request),
        outdir=str(tmp_path / "cdk.out"),
        **{option: value for option, value in quick.items() if option in known},
    )


@pytest.fixture
def ecr_snapshot(request: pytest.FixtureRequest) -> SnapshotAssertion:
    """Compares templates with snapshot files: ``assert ecr_snapshot == stack``.

    The right side is a Stack (a nested one as well), an ``aws_cdk.assertions.Template`` or the
    template as a dict. Several in one test are told apart by a name::

        assert ecr_snapshot(name="registry") == registry_stack
        assert ecr_snapshot(name="shop") == shop_stack

    Files lie in ``__snapshots__`` beside the test, one a comparison. It is the ``snapshot`` of
    syrupy but for how a template is written: hashes of assets are ``<asset>``, Lambda runtimes
    ``<nodejs>`` or ``<python>``, IAM's lists of actions are sorted, and the parameter, rule and
    metadata that CDK adds for itself are left out. Image digests, ids and all the rest stay.
    """
    try:
        from syrupy.assertion import SnapshotAssertion
    except ImportError:
        pytest.fail(
            "ecr_snapshot keeps its files with syrupy, which is not installed: "
            "pip install 'ecr-constructs[testing]'",
            pytrace=False,
        )
    from ._snapshot_files import TemplateSnapshotExtension

    snapshot = request.getfixturevalue("snapshot")
    if not isinstance(snapshot, SnapshotAssertion):
        pytest.fail(
            "ecr_snapshot keeps its files with syrupy, and the fixture 'snapshot' is of another "
            "plugin or of the project: rename or uninstall that one (pytest-snapshot, say)",
            pytrace=False,
        )
    return snapshot.use_extension(TemplateSnapshotExtension)


def assert_access(
    template: Mapping[str, Any] | assertions.Template | cdk.Stack | str | os.PathLike[str],
    principal: str | IConstruct,
    *,
    can: str | Sequence[str] = (),
    cannot: str | Sequence[str] = (),
    on: str | IConstruct | Sequence[str | IConstruct] = (),
    context: Mapping[str, str | bool | int | float | Sequence[str]] | None = None,
) -> None:
    """Fail where a principal can do less, or more, than is said.

    :param template: a template, an ``aws_cdk.assertions.Template``, a Stack (the whole app is
        looked at then), or the path of a template or of a ``cdk.out``.
    :param principal: a role, user or group by its construct, construct path, logical id, name or
        ARN; a service, an account, an organization, or ``*`` for anybody.
    :param can: levels (``pull``, ``push``, ``read``, ``delete``, ``admin``) or single actions
        (``ecr:PutImage``) that are allowed, whatever a condition may say.
    :param cannot: levels or actions that are not allowed, not even under a condition, nor perhaps
        by a policy of the principal that is not in the template.
    :param on: repositories, by construct, construct path, logical id, name or ARN; by default
        those of the stack, and of a template all.
    :param context: what is known of the request, such as
        ``{"aws:PrincipalOrgID": "o-a1b2c3d4e5"}``.
    :raises AssertionError: with the statements that decide.
    :raises InvalidInputError: where a name is none of the template's.
    """
    __tracebackhide__ = True
    from .report.asserts.access import AccessQuestion, failures

    question = AccessQuestion(
        principal=principal,
        can=(can,) if isinstance(can, str) else tuple(can),
        cannot=(cannot,) if isinstance(cannot, str) else tuple(cannot),
        on=tuple(on) if isinstance(on, (list, tuple)) else (on,),
        context=context or {},
    )
    found = failures(template, question)
    if found:
        raise AssertionError("\n".join(found))


def assert_keeps(
    policy: Mapping[str, Any] | Iterable[LifecycleRule] | str | os.PathLike[str],
    images: Mapping[str, Any]
    | Sequence[Mapping[str, Any]]
    | Sequence[Image]
    | str
    | os.PathLike[str],
    *,
    keep: str | Sequence[str] | None = None,
    at: datetime | None = None,
    manifests: Mapping[str, Iterable[str]] | None = None,
) -> None:
    """Fail where a lifecycle policy deletes or archives what should stay.

    :param policy: rules, the document or its text, or the path of a file with it.
    :param images: what ``aws ecr describe-images`` or boto3 gives, its text, or the path of a file
        with it.
    :param keep: tags, digests or image URIs that must stay; by default every image.
    :param at: when the policy runs, with a time zone; by default now.
    :param manifests: for each manifest list the digests in it.
    :raises AssertionError: with the rule that acts on each image that is lost.
    """
    __tracebackhide__ = True
    from .report.asserts.lifecycle import lost_images

    wanted = (keep,) if isinstance(keep, str) else keep
    lost = lost_images(policy, images, keep=wanted, at=at, manifests=manifests)
    if lost:
        raise AssertionError("\n".join(lost))


def _context(request: pytest.FixtureRequest) -> dict[str, object]:
    """The context that ``cdk`` would hand to the app."""
    import json

    for directory in request.path.parents:
        settings = directory / "cdk.json"
        if not settings.is_file():
            continue
        looked_up = directory / "cdk.context.json"
        found: dict[str, object] = {}
        for file in (looked_up, settings) if looked_up.is_file() else (settings,):
            try:
                content = json.loads(file.read_text(encoding="utf-8"))
            except ValueError as fault:
                pytest.fail(f"{file} is not JSON: {fault}", pytrace=False)
            found |= content if file == looked_up else content.get("context", {})
        return found
    return {}
