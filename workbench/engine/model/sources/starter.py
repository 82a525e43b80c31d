"""`starter`: the weights that ship with the program."""

from __future__ import annotations

from workbench.core import catalogue
from workbench.engine.model.sources.request import WeightsRequest
from workbench.engine.model.weights_report import WeightsJob, take


def from_starter(request: WeightsRequest) -> WeightsJob:
    """Load them; they are stored in half precision and without a class head.

    Raises:
        RequestError: none ship for the backbone.
    """
    yield from ()
    return take(request.backbone, catalogue.starter_or_refuse(request.backbone.name), "the starter that ships")
