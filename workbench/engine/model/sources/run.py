"""`run:NAME`: what a run of one's own has learned."""

from __future__ import annotations

from workbench.core.run_weights import find_run_weights
from workbench.engine.model.sources.request import WeightsRequest
from workbench.engine.model.weights_report import WeightsJob, take


def from_run(request: WeightsRequest) -> WeightsJob:
    """Load the backbone of its best model; heads come along elsewhere (`engine.model.run_heads`).

    Raises:
        RequestError: there is no such run, it has kept no model, or its backbone is another one.
    """
    yield from ()
    found = find_run_weights(request.rest, request.project_dir)
    return take(request.backbone, found.file, f"run {found.folder.name}")
