"""The ARNs on which requests to other services are authorized, where ministack is coarser than AWS.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

ResourceArn = Callable[..., str]


class ResourceArns:
    """Finds the ARN of a request; ministack's own answer where nothing is known to be amiss."""

    def __init__(self, plain: ResourceArn) -> None:
        self._plain = plain

    def find(
        self,
        service: str,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        query_params: Mapping[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        """The ARN of the resource, or `*`."""
        plain = self._plain(service, method, path, headers, body, query_params, region, account_id)
        data = request_document(body)
        if service == "logs" and data.get("logGroupName") and ":log-stream:" not in plain:
            return f"{plain}:log-stream:{data.get('logStreamName', '')}"
        names = data.get("Names")
        if service == "ssm" and isinstance(names, list) and len(names) == 1:
            # Of several parameters only "*" is asked for: more than AWS asks, and never less.
            return f"arn:aws:ssm:{region}:{account_id}:parameter/{str(names[0]).lstrip('/')}"
        return plain


def request_document(body: bytes) -> dict[str, Any]:
    """The JSON object that a request carries, if it does."""
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
