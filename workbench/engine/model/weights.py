"""Where a backbone's weights come from: `default`, `none`, `file:PATH`, or a name of torchvision's."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.engine.model import zoo
from workbench.engine.model.backbones import Backbone
from workbench.engine.model.download import checkpoints_folder, download, sha256_of
from workbench.engine.model.matching import Match, apply_match, likely_backbone, match_state
from workbench.engine.model.staged import BatchNorm
from workbench.engine.model.state_file import read_state


@dataclass(frozen=True)
class WeightsReport:
    """What became of the request for weights.

    Attributes:
        source: where they came from, in words.
        sha256: of the file, in hex; empty for random weights.
        matched: how many of the backbone's `total` tensors the file gave.
        missing: tensors that the file does not have; they stay random.
        mismatched: tensors that the file has in another shape; they stay random.
        unexpected: tensors of the file that are neither the backbone's nor its class head's.
        pretrained: whether anything was loaded.
    """

    source: str
    sha256: str = ""
    matched: int = 0
    total: int = 0
    missing: tuple[str, ...] = ()
    mismatched: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    pretrained: bool = False

    @property
    def complete(self) -> bool:
        """Whether file and backbone fit in every tensor."""
        return not (self.missing or self.mismatched or self.unexpected)

    def sentence(self, backbone: str) -> str:
        """What became of it, in one sentence."""
        if not self.pretrained:
            return f"{backbone} starts from random weights: nothing is pretrained."
        clauses = [f"{backbone} takes its weights from {self.source}: {self.matched} of {self.total} tensors fit"]
        clauses += [f"{_listed(self.missing)} missing in the file and left random"] if self.missing else []
        clauses += [f"{_listed(self.mismatched)} of another shape and left random"] if self.mismatched else []
        clauses += [f"{_listed(self.unexpected)} not used"] if self.unexpected else []
        return "; ".join(clauses) + "."


Job = Generator[Event, None, WeightsReport | None]


def load_weights(backbone: Backbone, spec: str, project_dir: Path, control: Control | None = None) -> Job:
    """Load the weights that `spec` names into the backbone; the class head is dropped.

    `default` and torchvision's names (IMAGENET1K_V1) are downloaded once, `file:PATH` is relative to the
    project, `none` leaves the backbone as it is. Yields Progress and one Notice; returns None when told to
    end.

    Raises:
        RequestError: there are no such weights, or the file is refused; the backbone is unchanged.
        RunError: they could not be downloaded.
    """
    kind, _, rest = spec.partition(":")
    source = _SOURCES.get(kind, _from_torchvision)
    report = yield from source(_Request(backbone, spec, rest, project_dir, control or Control()))
    if report is not None:
        level: Literal["info", "warning"] = "info" if report.complete else "warning"
        yield Notice(level=level, text=report.sentence(backbone.name))
    return report


def batch_norm_mode(setting: Literal["auto", "eval", "train"], spec: str) -> BatchNorm:
    """What the setting means for weights from `spec`: auto keeps pretrained statistics, else learns them."""
    if setting == "auto":
        return "train" if spec == "none" else "eval"
    return setting


@dataclass(frozen=True)
class _Request:
    backbone: Backbone
    spec: str
    rest: str
    project_dir: Path
    control: Control


def _from_nothing(request: _Request) -> Job:
    yield from ()
    return WeightsReport(source="random")


def _from_file(request: _Request) -> Job:
    yield from ()
    if not request.rest:
        raise RequestError("The weights file: name no file.", "Write file: and the path of the file.")
    path = request.project_dir / Path(request.rest).expanduser()
    return _load(request.backbone, path, request.rest)


def _from_default(request: _Request) -> Job:
    return (yield from _fetch(request, zoo.default_weights(request.backbone.name)))


def _from_starter(request: _Request) -> Job:
    yield from ()
    raise RequestError(
        f"No starter weights ship for {request.backbone.name}.",
        "Choose default (a download), file:PATH (a file of yours) or none (random).",
    )


def _from_torchvision(request: _Request) -> Job:
    names = zoo.weights_by_name(request.backbone.name)
    if request.spec not in names:
        raise RequestError(
            f"{request.spec} is no source of weights for {request.backbone.name}.",
            f"Choose default, none, file:PATH or {', '.join(names)}.",
        )
    return (yield from _fetch(request, names[request.spec]))


def _fetch(request: _Request, weights: Any) -> Job:
    path = yield from download(weights.url, checkpoints_folder(), request.control)
    if path is None:
        return None
    return _load(request.backbone, path, f"torchvision's {weights.name}")


_SOURCES: dict[str, Callable[[_Request], Job]] = {
    "default": _from_default,
    "none": _from_nothing,
    "file": _from_file,
    "starter": _from_starter,
}


def _load(backbone: Backbone, path: Path, source: str) -> WeightsReport:
    state = read_state(path)
    match = match_state(backbone, state)
    try:
        apply_match(backbone, match, source)
    except RequestError as error:
        likely = likely_backbone(state)
        if not likely or likely == backbone.name:
            raise
        raise RequestError(error.text, f"It fits {likely}: choose that backbone, or other weights.") from error
    return _report(match, source, sha256_of(path))


def _report(match: Match, source: str, sha256: str) -> WeightsReport:
    return WeightsReport(
        source=source,
        sha256=sha256,
        matched=match.matched,
        total=match.total,
        missing=match.missing,
        mismatched=match.mismatched,
        unexpected=match.unexpected,
        pretrained=True,
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
