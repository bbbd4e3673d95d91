"""The verb ``check``."""

from __future__ import annotations

from ...model.findings import Severity
from ..check.collector import Checked, check_place
from ..terminal import Style
from .outcome import Outcome

__all__ = ["run_check", "said", "written"]


def run_check(
    path: str,
    *,
    fail_on: str,
    account: str | None,
    region: str | None,
    form: str,
    style: Style,
) -> Outcome:
    """Every finding about a template or an assembly; exit code 1 where one trips the gate."""
    checked = check_place(path, account=account, region=region)
    code = int(checked.trips(Severity(fail_on)))
    text = written(checked, path, form, style)
    return Outcome(text, code, said(checked, text, form))


def said(checked: Checked, text: str, form: str) -> tuple[str, ...]:
    """The messages beside the findings: what could not be read here, or will not be elsewhere."""
    if form != "sarif":
        return checked.notes
    from ..check.formats.sarif import said_of_limits  # noqa: PLC0415

    return (*checked.notes, *said_of_limits(text, checked))


def written(
    checked: Checked, path: str, form: str, style: Style, *, title: str = "ECR check"
) -> str:
    """The findings in a form.

    :param path: what they are about, to find the lines where it was made.
    :param title: what stands above them, in the forms that have a title.
    """
    # Each form is loaded where it is asked for.
    if form == "json":
        from ..check.formats.json_form import render_json  # noqa: PLC0415

        return render_json(checked)
    if form == "markdown":
        from ..check.formats.markdown import render_markdown  # noqa: PLC0415

        return render_markdown(checked, title=title)
    if form == "html":
        from ..check.formats.html import render_html  # noqa: PLC0415

        return render_html(checked, title=title)
    if form == "sarif":
        from ..check.formats.places import Places  # noqa: PLC0415
        from ..check.formats.sarif import render_sarif  # noqa: PLC0415

        return render_sarif(checked, Places(path))
    from ..check.formats.table import render_table  # noqa: PLC0415

    return render_table(checked, style)
