"""`default`, `hub` and versions by name: what torchvision and timm give, downloaded once."""

from __future__ import annotations

from workbench.core import catalogue, weights_cache
from workbench.core.errors import RequestError
from workbench.engine.model.download import fetch_version
from workbench.engine.model.sources.request import WeightsRequest
from workbench.engine.model.weights_report import WeightsJob, take


def from_library(request: WeightsRequest) -> WeightsJob:
    """Load a version of the weights of the backbone's library, from this computer where it is here.

    Raises:
        RequestError: there is no such version, or its file is refused.
        RunError: it could not be downloaded.
    """
    name = request.backbone.name
    version = catalogue.version_or_refuse(name, request.spec)
    path = yield from fetch_version(version, request.control)
    if path is None:
        return None
    try:
        return take(request.backbone, path, f"{catalogue.get(name).source}'s {version.name or 'weights'}")
    except RequestError as error:
        if path.parent != weights_cache.folder():
            raise
        fix = f"Remove the file with: workbench weights remove {path.name}. Then try again."
        raise RequestError(error.text, fix) from error
