"""What the registry really does with an image for a caller: pull, push, list and delete."""

from __future__ import annotations

from collections.abc import Mapping

from embedded_aws.registry_client import BuiltImage, PushRefused, RegistryClient, image

from .callers import Caller
from .operations import Target

# What each road needs on the repository, as ECR's pages on pushing and pulling have it.
NEEDS: Mapping[str, frozenset[str]] = {
    "pull": frozenset({"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}),
    "list referrers": frozenset({"ecr:BatchGetImage"}),
    "list tags": frozenset({"ecr:ListImages"}),
    "push": frozenset(
        {
            "ecr:BatchCheckLayerAvailability",
            "ecr:InitiateLayerUpload",
            "ecr:UploadLayerPart",
            "ecr:CompleteLayerUpload",
            "ecr:PutImage",
        }
    ),
    "delete": frozenset({"ecr:BatchDeleteImage"}),
}
DELETE_BY_API = "delete by the API"
ALL_ROADS = frozenset({*NEEDS, DELETE_BY_API})


def open_roads(actions: frozenset[str], *, token: bool) -> frozenset[str]:
    """The roads that these actions open; all but the API's need a login."""
    by_registry = {road for road, needed in NEEDS.items() if token and needed <= actions}
    by_api = {DELETE_BY_API} if NEEDS["delete"] <= actions else set()
    return frozenset(by_registry | by_api)


class Stock:
    """Images that the owner keeps in a repository, and a look at what is in it."""

    def __init__(self, registry: RegistryClient, target: Target) -> None:
        self.target = target
        self._registry = registry
        self._there: set[str] = set()

    def put(self, tag: str) -> BuiltImage:
        """An image of its own for each tag; all have the same layers."""
        built = image("stock", annotations={"tag": tag})
        if built.digest not in self._there:
            self._registry.push_image(built, tag)
            self._there.add(built.digest)
        return built

    def has(self, built: BuiltImage) -> bool:
        """Whether the repository has the image now."""
        there = self._registry.call("HEAD", f"manifests/{built.digest}").status == 200
        if not there:
            self._there.discard(built.digest)
        return there


class Roads:
    """The roads of one caller, travelled with real images."""

    def __init__(self, caller: Caller, stock: Stock) -> None:
        self._caller = caller
        self._stock = stock
        self._travellers = {
            "pull": self._pull,
            "list referrers": self._list_referrers,
            "list tags": self._list_tags,
            "push": self._push,
            "delete": self._delete,
        }

    def open_among(self, tried: frozenset[str]) -> frozenset[str]:
        """Those of the roads tried that the caller came to the end of."""
        found = {DELETE_BY_API} if DELETE_BY_API in tried and self._delete_by_api() else set()
        by_registry = sorted(tried - {DELETE_BY_API})
        registry = self._caller.log_in(self._stock.target) if by_registry else None
        if registry is not None:
            found.update(road for road in by_registry if self._travellers[road](registry))
        return frozenset(found)

    def _pull(self, registry: RegistryClient) -> bool:
        kept = self._stock.put("kept")
        try:
            return registry.pull_image("kept") == kept
        except PushRefused as refused:
            return _denied(refused)

    def _list_referrers(self, registry: RegistryClient) -> bool:
        kept = self._stock.put("kept")
        return registry.call("GET", f"referrers/{kept.digest}").status == 200

    def _list_tags(self, registry: RegistryClient) -> bool:
        return registry.call("GET", "tags/list").status == 200

    def _push(self, registry: RegistryClient) -> bool:
        pushed = image(f"pushed by {self._caller.name}")
        try:
            registry.push_image(pushed)
        except PushRefused as refused:
            return _denied(refused)
        return self._stock.has(pushed)

    def _delete(self, registry: RegistryClient) -> bool:
        doomed = self._stock.put("doomed")
        registry.call("DELETE", f"manifests/{doomed.digest}")
        return not self._stock.has(doomed)

    def _delete_by_api(self) -> bool:
        doomed, target = self._stock.put("doomed"), self._stock.target
        request = {
            "registryId": target.account,
            "repositoryName": target.name,
            "imageIds": [{"imageDigest": doomed.digest}],
        }
        self._caller.answer("BatchDeleteImage", request)
        return not self._stock.has(doomed)


def _denied(refused: PushRefused) -> bool:
    """False: the road is closed. A step that failed for another reason is an error."""
    if refused.answer.code != "DENIED":
        raise refused
    return False
