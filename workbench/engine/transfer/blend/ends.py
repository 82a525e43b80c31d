"""Both ends of a run's way back to its pretrained weights, kept in memory for the next question about it."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.run_weights import fingerprint
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.interpolation import between, pretrained_end
from workbench.engine.training.state import Probed
from workbench.engine.transfer.blend.scorer import Documents, Ground, Scorer, beside
from workbench.engine.transfer.derived import Origin, read_origin


@dataclass
class Ends:
    """A run between its ends.

    Attributes:
        origin: the run, whose best checkpoint is the trained end.
        pretrained: the state dict at the other end.
        scored: what was found already, by the pictures and the share.
        reference: what `evaluate` says of the trained end, by the pictures.
    """

    origin: Origin
    pretrained: Mapping[str, Tensor]
    scorer: Scorer
    scored: dict[tuple[str, float], dict[str, Any]] = field(default_factory=dict)
    reference: dict[str, Documents] = field(default_factory=dict)

    def weights(self, share: float) -> dict[str, Tensor]:
        """The state dict with that share of the trained weights."""
        return between(self.pretrained, self.origin.stored.weights, share)

    def point(self, share: float, ground: Ground, control: Control) -> Generator[Event, None, dict[str, Any] | None]:
        """The score of a share on some pictures, beside the trained end's; None where it was told to end."""
        key = ground.key(self.origin.resolved.view)
        if key not in self.reference:
            found = yield from self.scorer.documents(self.weights(1.0), ground, control)
            if found is None:
                return None
            self.reference[key] = found
            self.scored[key, 1.0] = {"share": 1.0, **beside(found, found)}
        if (key, share) not in self.scored:
            found = yield from self.scorer.documents(self.weights(share), ground, control)
            if found is None:
                return None
            self.scored[key, share] = {"share": share, **beside(found, self.reference[key])}
        return self.scored[key, share]


_kept: dict[tuple[Path, str], Ends] = {}
_lock = threading.Lock()


def ends_of(run_dir: Path, project_dir: Path, control: Control) -> Generator[Event, None, Ends | None]:
    """The ends of a run, read only where they are not in memory already; None where it was told to end.

    Raises:
        RequestError: there is no way between: nothing was pretrained, or only heads have trained.
        WorkbenchError: the run has kept no model, or its pretrained weights are not there any more.
    """
    key = (run_dir.resolve(), fingerprint(Checkpoints(run_dir).folder("best")))
    with _lock:
        if key in _kept:
            return _kept[key]
    origin = read_origin(run_dir, project_dir)
    if not origin.resolved.weights_sha256:
        raise RequestError(
            f"Run {origin.run} began with random weights, so there is nothing to blend with.",
            "Choose a run that was trained from pretrained weights.",
        )
    pretrained = yield from pretrained_end(
        origin.resolved, origin.stored.weights, _probed(run_dir), project_dir, control
    )
    if pretrained is None:
        return None
    if not _moved(pretrained, origin.stored.weights):
        raise RequestError(
            f"The best model of run {origin.run} has the pretrained backbone: only heads had trained by then.",
            "Choose a run whose best model has trained stages, such as one of the preset full.",
        )
    found = Ends(origin, pretrained, Scorer(run_dir, project_dir))
    with _lock:
        _kept.clear()
        _kept[key] = found
    return found


def _probed(run_dir: Path) -> Probed:
    """What the run's heads were before stages trained; nothing where its last checkpoint is gone."""
    last = Checkpoints(run_dir).read("last")
    return {} if last is None else dict(last.state.get("probed", {}))


def _moved(pretrained: Mapping[str, Tensor], trained: Mapping[str, Tensor]) -> bool:
    """Whether anything but heads has changed."""
    return any(
        not torch.equal(pretrained[name], value) for name, value in trained.items() if not name.startswith("heads.")
    )
