"""Values that CDK fills in when it writes a template, in resources that it does not write.

https://docs.aws.amazon.com/cdk/v2/guide/tokens.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from ...findings import Finding
from .findings import tokens_inside
from .resources import Resource

__all__ = ["check_tokens"]

# The three forms that CDK gives a token in a text, a list and a number.
_TOKEN: Final = re.compile(r"[$#]\{Token\[[^\]]*\]\}|-1\.888[0-9]*e\+289")


def check_tokens(resources: Mapping[str, Resource]) -> Iterator[Finding]:
    """What of the resources is a token."""
    # What many resources have in common is one object, and looked at once.
    clean: set[int] = set()
    for resource in resources.values():
        properties = resource["Properties"]
        for option, value in properties.items():
            if id(value) in clean:
                continue
            token = _TOKEN.search(value if isinstance(value, str) else json.dumps(value))
            if token:
                name = properties.get("RepositoryName", properties.get("RoleName", "a role"))
                yield tokens_inside(f"of {name!r}", option, token[0])
            else:
                clean.add(id(value))
