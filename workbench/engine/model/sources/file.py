"""`file:PATH`: a state dict of the user's."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import RequestError
from workbench.engine.model.sources.request import WeightsRequest
from workbench.engine.model.weights_report import WeightsJob, take


def from_file(request: WeightsRequest) -> WeightsJob:
    """Load the file; its path is relative to the project.

    Raises:
        RequestError: no file is named, or it is refused.
    """
    yield from ()
    if not request.rest:
        raise RequestError("The weights file: name no file.", "Write file: and the path of the file.")
    return take(request.backbone, request.project_dir / Path(request.rest).expanduser(), request.rest)
