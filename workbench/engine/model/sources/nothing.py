"""`none`: the backbone stays as it was drawn."""

from __future__ import annotations

from workbench.engine.model.sources.request import WeightsRequest
from workbench.engine.model.weights_report import WeightsJob, WeightsReport


def from_nothing(request: WeightsRequest) -> WeightsJob:
    """Leave it."""
    yield from ()
    return WeightsReport(source="random")
