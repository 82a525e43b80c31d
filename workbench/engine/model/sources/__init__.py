"""Sources of weights: one file each, and one row in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable

from workbench.engine.model.sources.file import from_file
from workbench.engine.model.sources.library import from_library
from workbench.engine.model.sources.nothing import from_nothing
from workbench.engine.model.sources.request import WeightsRequest
from workbench.engine.model.sources.run import from_run
from workbench.engine.model.sources.starter import from_starter
from workbench.engine.model.weights_report import WeightsJob

__all__ = ["SOURCES", "WeightsRequest", "from_library"]

SOURCES: dict[str, Callable[[WeightsRequest], WeightsJob]] = {
    "none": from_nothing,
    "starter": from_starter,
    "file": from_file,
    "run": from_run,
}
"""By what stands before the colon of `backbone.weights`; anything else names weights of the backbone's library."""
