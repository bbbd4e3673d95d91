"""What ECR answers when it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False)
class EcrError(Exception):
    """A refusal of the ECR API: the modelled exception's name and its sentence."""

    code: str
    message: str
    status: int = 400

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(eq=False)
class RegistryError(Exception):
    """A refusal of the registry protocol (`/v2/`): status, distribution error code, sentence."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.message}"


def repository_not_found(name: str, account: str) -> EcrError:
    return EcrError(
        "RepositoryNotFoundException",
        f"The repository with name '{name}' does not exist in the registry with id '{account}'",
    )
