"""What is written by hand of each code: its meaning, an example and how it is put right."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from ..pages import ROOT

PAGES: Final = ROOT / "docs" / "codes"
SOURCES: Final = PAGES / "source"
ORDER: Final = (
    "repository",
    "repository_policy",
    "lifecycle_text",
    "lifecycle_rules",
    "lifecycle_traps",
    "registry",
    "registry_policy",
    "replication_signing",
    "pull_through",
    "creation_templates",
    "public",
    "changes",
)
"""The files, in the order of the table of all codes."""
ACCOUNT: Final = "111111111111"
_HERE: Final = "HERE"
_FRAMES: Final[Mapping[str, str]] = {
    "none": "HERE\n",
    "lifecycle": """\
Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: shop/api
      LifecyclePolicy:
        LifecyclePolicyText: |
          HERE
""",
    "statement": """\
Resources:
  Api:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: shop/api
      RepositoryPolicyText:
        Version: 2012-10-17
        Statement:
          HERE
""",
    "registry": """\
Resources:
  Registry:
    Type: AWS::ECR::RegistryPolicy
    Properties:
      PolicyText:
        Version: 2012-10-17
        Statement:
          HERE
""",
    "public": """\
Resources:
  Tools:
    Type: AWS::ECR::PublicRepository
    Properties:
      RepositoryName: shop-tools
      RepositoryPolicyText:
        Version: 2012-10-17
        Statement:
          HERE
""",
}
"""What stands around a part of a template, so that an example is no longer than its point."""
_EACH: Final = re.compile(r"<(?P<first>\d+)-(?P<last>\d+)>")
_LONG: Final = re.compile(r"<(?P<number>\d+) more characters>")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A template, or a part of one, as its page shows it."""

    written: str
    """With ``<1-50>`` in a line that is there for each number, and ``<700 more characters>``."""

    @property
    def shown(self) -> str:
        """What the page has: of many lines the first."""
        lines: list[str] = []
        for line in self.written.splitlines():
            numbers = _EACH.search(line)
            if numbers is None:
                lines.append(line)
                continue
            lines.append(line.replace(numbers[0], numbers["first"]))
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}# and so on, up to {numbers['last']}")
        return "\n".join(lines) + "\n"

    @property
    def whole(self) -> str:
        """Every line of it."""
        lines = [each for line in self.written.splitlines() for each in _repeated(line)]
        return _LONG.sub(lambda found: "x" * int(found["number"]), "\n".join(lines) + "\n")


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code, as somebody has written it."""

    code: str
    topic: str
    title: str
    means: str
    frame: str
    example: str
    fixed: str
    region: str | None
    """The Region that the check is told, where the rule asks for one."""
    fixed_region: str | None
    before: str | None
    """What is deployed, where the code is about a change."""
    severities: tuple[str, ...]
    """Where a code has more than that of its example."""

    def template(self, part: str) -> Text:
        """The part in what stands around it."""
        return Text(written=_framed(self.frame, part))

    @property
    def shown_fix(self) -> str:
        """How it is right, without what stands around it."""
        return Text(written=self.fixed).shown


@cache
def codes() -> tuple[Code, ...]:
    """Every code, in the order of the table."""
    return tuple(code for name in ORDER for code in _codes_of(name))


def _codes_of(name: str) -> Iterator[Code]:
    document = yaml.safe_load((SOURCES / f"{name}.yaml").read_text(encoding="utf-8"))
    for entry in document["codes"]:
        yield _code(entry, document)


def _code(entry: Mapping[str, Any], document: Mapping[str, Any]) -> Code:
    example = entry["example"]
    region = entry.get("region", document.get("region"))
    return Code(
        code=entry["code"],
        topic=document["topic"],
        title=entry["title"],
        means=entry["means"].strip(),
        frame=entry.get("frame", document.get("frame", "none")),
        example=example,
        fixed=entry.get("fixed") or _changed(example, entry.get("change", {}), entry["code"]),
        region=region,
        fixed_region=entry.get("fixed_region", region),
        before=entry.get("before"),
        severities=tuple(entry.get("severities", ())),
    )


def _changed(text: str, changes: Mapping[str, str], code: str) -> str:
    """The text with each change; further lines of it stand as far in as the line that it is in."""
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"{code}: {old!r} is {text.count(old)} times in its example")
        start = text.index(old)
        line = text[text.rfind("\n", 0, start) + 1 :]
        indent = line[: len(line) - len(line.lstrip())]
        text = text.replace(old, str(new).replace("\n", f"\n{indent}"))
    return text


def _framed(frame: str, part: str) -> str:
    around = _FRAMES[frame]
    (line,) = (line for line in around.splitlines() if line.strip() == _HERE)
    indent = line.removesuffix(_HERE)
    return around.replace(f"{line}\n", textwrap.indent(part, indent))


def _repeated(line: str) -> Iterator[str]:
    numbers = _EACH.search(line)
    if numbers is None:
        yield line
        return
    for number in range(int(numbers["first"]), int(numbers["last"]) + 1):
        yield line.replace(numbers[0], str(number))
