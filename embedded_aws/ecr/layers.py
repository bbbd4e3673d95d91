"""The operations on layers: the API's own way to upload and look at them."""

from __future__ import annotations

import base64

from . import storage
from .errors import EcrError
from .model import Repository
from .requests import Answer, EcrRequest, Operation

PART_SIZE = 10 * 1024 * 1024


class LayerOperations:
    """The part of the API that is about layers."""

    def operations(self) -> dict[str, Operation]:
        return {
            "BatchCheckLayerAvailability": self.check_availability,
            "GetDownloadUrlForLayer": self.download_url,
            "InitiateLayerUpload": self.initiate,
            "UploadLayerPart": self.upload_part,
            "CompleteLayerUpload": self.complete,
        }

    def check_availability(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        layers, failures = [], []
        for digest in request.data["layerDigests"]:
            layer = repository.layers.get(digest)
            if layer is None:
                failures.append(
                    {
                        "layerDigest": digest,
                        "failureCode": "MissingLayerDigest",
                        "failureReason": "The layer does not exist in the repository",
                    }
                )
                continue
            layers.append(
                {
                    "layerDigest": digest,
                    "layerAvailability": "AVAILABLE",
                    "layerSize": len(layer.content),
                    "mediaType": layer.media_type,
                }
            )
        return {"layers": layers, "failures": failures}

    def download_url(self, request: EcrRequest) -> Answer:
        repository = self._repository(request)
        digest = str(request.data["layerDigest"])
        if digest not in repository.layers:
            raise EcrError(
                "LayersNotFoundException",
                f"Layer with digest '{digest}' does not exist in the repository with name "
                f"'{repository.name}'",
            )
        url = f"https://{repository.registry.host}/v2/{repository.name}/blobs/{digest}"
        return {"downloadUrl": url, "layerDigest": digest}

    def initiate(self, request: EcrRequest) -> Answer:
        return {"uploadId": self._repository(request).begin_upload(), "partSize": PART_SIZE}

    def upload_part(self, request: EcrRequest) -> Answer:
        repository, data = self._repository(request), request.data
        upload = str(data["uploadId"])
        content = repository.uploads.get(upload)
        if content is None:
            raise EcrError(
                "UploadNotFoundException", f"The upload with id '{upload}' does not exist"
            )
        part = base64.b64decode(data["layerPartBlob"])
        first, last = int(data["partFirstByte"]), int(data["partLastByte"])
        if first != len(content) or last - first + 1 != len(part):
            raise EcrError(
                "InvalidLayerPartException",
                f"The part from byte {first} to byte {last} does not follow the "
                f"{len(content)} bytes received so far",
            )
        content.extend(part)
        return {
            "registryId": repository.registry.account,
            "repositoryName": repository.name,
            "uploadId": upload,
            "lastByteReceived": last,
        }

    def complete(self, request: EcrRequest) -> Answer:
        repository, data = self._repository(request), request.data
        digest = str(data["layerDigests"][0])
        if digest in repository.layers:
            raise EcrError(
                "LayerAlreadyExistsException",
                f"Layer with digest '{digest}' already exists in the repository with name "
                f"'{repository.name}'",
            )
        storage.finish_upload(repository, str(data["uploadId"]), digest)
        return {
            "registryId": repository.registry.account,
            "repositoryName": repository.name,
            "uploadId": data["uploadId"],
            "layerDigest": digest,
        }

    def _repository(self, request: EcrRequest) -> Repository:
        return request.registry.repository(str(request.data["repositoryName"]))
