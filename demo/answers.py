"""Asks the cloud something and keeps what it answered: a value, or a refusal in its own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from botocore.exceptions import ClientError

from demo.registry import RegistryRefusedError
from demo.toolkit import CommandFailedError
from embedded_aws.server import ServiceRefused

T = TypeVar("T")


@dataclass(frozen=True)
class Granted(Generic[T]):
    """The action was done."""

    value: T


@dataclass(frozen=True)
class Refused:
    """The action was not done, and the answer says why."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.message else self.code


def ask(action: Callable[[], T]) -> Granted[T] | Refused:
    """Runs an action.

    Only what AWS, the registry or `cdk` answered counts as a refusal: a broken connection or a
    fault of our own is raised, for neither says anything about a permission.
    """
    try:
        return Granted(action())
    except ClientError as error:
        told = error.response.get("Error", {})
        return Refused(str(told.get("Code", "unknown")), str(told.get("Message", "")))
    except RegistryRefusedError as error:
        return Refused(f"{error.status} {error.code}", error.message)
    except ServiceRefused as error:
        return Refused("AccessDenied", str(error))
    except CommandFailedError as error:
        return Refused(f"cdk exited with {error.result.code}", error.result.reason)
