"""The command ``ecr-constructs``: what templates and policies mean, offline.

A verb loads what it needs when it runs, so that the command starts as fast as Python does.
"""

# ruff: noqa: PLC0415 - an import at the top would slow down every verb
from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NoReturn

from .model.version import VERSION

if TYPE_CHECKING:
    from .report.terminal import Style
    from .report.verbs.outcome import Outcome

__all__ = ["build_parser", "main"]

_UNUSABLE: Final = 2
_INTERRUPTED: Final = 130
_STANDARD: Final = "-"
_TEMPLATE: Final = "a template (JSON or YAML), a CDK assembly directory (cdk.out), or - for stdin"


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read more."""
        self.exit(_UNUSABLE, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code (0 answered, 1 the gate tripped, 2 unusable)."""
    options = build_parser().parse_args(arguments)
    try:
        outcome = _run(options)
        try:
            _write(outcome.text, options.out)
        except BrokenPipeError:
            # Whoever reads has read enough; a gate trips all the same. Python would complain once
            # more when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return outcome.code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # a user is never shown a traceback
        line = _line_of(error)
        if line is None:
            if os.environ.get("ECR_CONSTRUCTS_TRACEBACK"):
                raise
            line = (
                f"{type(error).__name__}: {' '.join(str(error).split())[:200]}; this is a fault "
                "of ecr-constructs: please report it with what ECR_CONSTRUCTS_TRACEBACK=1 shows"
            )
        _say(line)
        return _UNUSABLE
    for message in outcome.messages:
        _say(message)
    return outcome.code


def _run(options: argparse.Namespace) -> Outcome:
    from .report.terminal import Style

    style = Style() if options.out else Style.for_stream(sys.stdout)
    if options.verb == "schema":
        from .report.verbs.schema import run_schema

        return run_schema()
    if options.verb in ("check", "diff"):
        return _run_gate(options, style)
    if options.verb == "access":
        from .report.verbs.access import run_access

        return run_access(
            options.path,
            ask=options.ask,
            account=options.account,
            region=options.region,
            form=options.format,
            style=style,
        )
    if options.verb == "preview":
        from .report.verbs.preview import run_preview

        return run_preview(
            options.policy,
            options.images,
            repository=options.repository,
            at=options.at,
            manifests=options.manifests,
            in_use=options.in_use,
            fail_on_expire=options.fail_on_expire,
            form=options.format,
            style=style,
        )
    if options.verb == "effective":
        from .report.verbs.effective import run_effective

        return run_effective(
            options.path,
            options.name,
            via=options.via,
            account=options.account,
            region=options.region,
            form=options.format,
            style=style,
        )
    from .report.verbs.explain import run_explain

    return run_explain(
        options.policy,
        repository=options.repository,
        tag=options.tag,
        form=options.format,
        style=style,
    )


def _run_gate(options: argparse.Namespace, style: Style) -> Outcome:
    """The verbs that find something."""
    if options.verb == "check":
        from .report.verbs.check import run_check

        return run_check(
            options.path,
            fail_on=options.fail_on,
            account=options.account,
            region=options.region,
            form=options.format,
            style=style,
        )
    from .report.verbs.diff import run_diff

    return run_diff(
        options.old,
        options.new,
        fail_on=options.fail_on,
        account=options.account,
        region=options.region,
        form=options.format,
        style=style,
    )


def _line_of(error: Exception) -> str | None:
    """What to say of an input that cannot be used; None where the fault is ours."""
    from .report.reading.faults import UnusableInputError

    if isinstance(error, UnusableInputError):
        return error.line
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}; check the path"
    if isinstance(error, (RecursionError, MemoryError)):
        return "the input is nested too deep or too large; check that it is what it should be"
    return None


def _write(text: str, out: str | None) -> None:
    if out is None or out == _STANDARD:
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:
            # The terminal has not every character, and half of a surrogate pair nobody has.
            encoding = sys.stdout.encoding
            sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
        return
    with open(  # noqa: PTH123 - pathlib costs time
        out, "w", encoding="utf-8", errors="backslashreplace", newline="\n"
    ) as file:
        file.write(text)


def _say(line: str) -> None:
    printable = "".join(each if each.isprintable() else "?" for each in line)
    sys.stderr.write(f"ecr-constructs: {printable}\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser: every verb with its options."""
    parser = _Parser(
        prog="ecr-constructs",
        description="What templates and lifecycle policies mean for Amazon ECR, offline.",
        epilog="Exit codes: 0 answered, 1 the gate tripped, 2 command or input cannot be used.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)

    check = _verb(
        verbs,
        "check",
        "what ECR refuses, ignores or does to your surprise of a template",
        forms=("table", "json", "sarif", "markdown"),
    )
    check.add_argument("path", metavar="PATH", help=_TEMPLATE)
    _add_gate(check)

    diff = _verb(
        verbs,
        "diff",
        "what a deploy would lose, replace, widen or expire of what is deployed",
        forms=("table", "json", "sarif", "markdown", "html"),
    )
    diff.add_argument("old", metavar="OLD", help=f"what is deployed: {_TEMPLATE}")
    diff.add_argument("new", metavar="NEW", help="what would be deployed, in any of these forms")
    _add_gate(diff)

    access = _verb(
        verbs,
        "access",
        "who can pull, push, read, delete, administer what, and why",
        forms=("table", "json", "markdown", "svg", "html"),
    )
    access.add_argument("path", nargs="?", metavar="PATH", help=_TEMPLATE)
    access.add_argument("--ask", metavar="FILE", help="answer the questions of a JSON file")
    access.add_argument(
        "--account", metavar="ID", type=_account_id, help="the account, where it is left open"
    )
    access.add_argument(
        "--region", metavar="NAME", type=_region, help="the Region, where it is left open"
    )

    policy = "a lifecycle policy document, or with --repository " + _TEMPLATE
    preview = _verb(
        verbs,
        "preview",
        "what a lifecycle policy does to these images",
        forms=("table", "json", "svg", "html"),
    )
    preview.add_argument("policy", metavar="POLICY", help=policy)
    preview.add_argument(
        "images", metavar="IMAGES", help="what aws ecr describe-images prints, or - for stdin"
    )
    preview.add_argument("--repository", metavar="NAME", help="the repository in the template")
    preview.add_argument("--at", metavar="TIME", help="when the policy runs (default: now)")
    preview.add_argument(
        "--manifests", metavar="FILE", help="JSON: {index digest: [child digests]}"
    )
    preview.add_argument(
        "--in-use", metavar="FILE", help="digests, tags or image URIs that something runs"
    )
    preview.add_argument("--fail-on-expire", action="store_true", help="exit 1 on any expiry")

    explain = _verb(verbs, "explain", "what a lifecycle policy can and cannot do to any image")
    explain.add_argument("policy", metavar="POLICY", help=policy)
    explain.add_argument("--repository", metavar="NAME", help="the repository in the template")
    explain.add_argument("--tag", metavar="TAG", help="also: can an image with this tag expire?")

    effective = _verb(
        verbs, "effective", "the registry configuration that holds for a repository name"
    )
    effective.add_argument("path", metavar="PATH", help=_TEMPLATE)
    effective.add_argument("name", metavar="NAME", help="a repository name, declared or not")
    effective.add_argument(
        "--via",
        choices=("replication", "pull-through-cache", "create-on-push"),
        help="how ECR makes the repository, which decides about its creation template",
    )
    effective.add_argument(
        "--account", metavar="ID", type=_account_id, help="the account, where there are several"
    )
    effective.add_argument(
        "--region", metavar="NAME", type=_region, help="the Region, where there are several"
    )

    schema = verbs.add_parser(
        "schema",
        help="the JSON Schema of the fleet manifest",
        description="The JSON Schema of the fleet manifest, for editors.",
    )
    schema.add_argument("--format", choices=("json",), default="json", help="default: json")
    schema.add_argument("--out", metavar="FILE", help="write to a file in place of stdout")
    return parser


def _verb(
    verbs: argparse._SubParsersAction[_Parser],
    name: str,
    summary: str,
    *,
    forms: Sequence[str] = ("table", "json"),
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    parser.add_argument("--format", choices=forms, default="table", help="default: table")
    parser.add_argument("--out", metavar="FILE", help="write to a file in place of stdout")
    return parser


def _add_gate(parser: argparse.ArgumentParser) -> None:
    """The options of the verbs that find something."""
    parser.add_argument(
        "--fail-on",
        choices=("danger", "warning", "note"),
        default="danger",
        help="exit 1 where a finding is as severe and not acknowledged (default: danger)",
    )
    parser.add_argument(
        "--account", metavar="ID", type=_account_id, help="the account, where it is left open"
    )
    parser.add_argument(
        "--region", metavar="NAME", type=_region, help="the Region, where it is left open"
    )


def _account_id(text: str) -> str:
    if re.fullmatch("[0-9]{12}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no account id, which has 12 digits")
    return text


def _region(text: str) -> str:
    if re.fullmatch("[a-z]{2,}(?:-[a-z]+)+-[0-9]+", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no Region, such as eu-west-1")
    return text


class _Version(argparse.Action):
    """Prints the version."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"ecr-constructs {VERSION}\n")
        parser.exit(0)


if __name__ == "__main__":
    sys.exit(main())
