"""Loading what `backbone.weights` says into a backbone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from workbench.core.control import Control
from workbench.core.events import Notice
from workbench.engine.model.backbones import Backbone
from workbench.engine.model.sources import SOURCES, WeightsRequest, from_library
from workbench.engine.model.staged import BatchNorm
from workbench.engine.model.weights_report import WeightsJob, WeightsReport

__all__ = ["WeightsReport", "batch_norm_mode", "load_weights", "of_photographs"]


def load_weights(backbone: Backbone, spec: str, project_dir: Path, control: Control | None = None) -> WeightsJob:
    """Load the weights that `spec` names into the backbone; the class head is dropped.

    `starter` ships with the program; `default`, `hub` and names of versions (IMAGENET1K_V1, a1_in1k) are downloaded
    once; `file:PATH` is relative to the project, as is `run:NAME`; `none` leaves the backbone as it is. Yields Progress
    and one Notice; returns None when told to end.

    Raises:
        RequestError: there are no such weights, or the file is refused; the backbone is unchanged.
        RunError: they could not be downloaded.
    """
    kind, _, rest = spec.partition(":")
    source = SOURCES.get(kind, from_library)
    report = yield from source(WeightsRequest(backbone, spec, rest, project_dir, control or Control()))
    if report is not None:
        level: Literal["info", "warning"] = "info" if report.complete else "warning"
        yield Notice(level=level, text=report.sentence(backbone.name))
    return report


def batch_norm_mode(setting: Literal["auto", "eval", "train"], spec: str) -> BatchNorm:
    """What the setting means for weights from `spec`: auto keeps statistics of photographs, else learns them."""
    if setting == "auto":
        return "eval" if of_photographs(spec) else "train"
    return setting


def of_photographs(spec: str) -> bool:
    """Whether weights from `spec` may know photographs: a starter knows drawn pictures only, `none` nothing."""
    return spec not in ("none", "starter")
