"""A run's best model, loaded once and kept warm for the next question."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.errors import RequestError, RunError
from workbench.core.resolved import Resolved, ResolvedTask, load_resolved
from workbench.core.run_weights import fingerprint
from workbench.engine import device as devices
from workbench.engine.data.unreadable import UnreadableImage
from workbench.engine.data.view import decode
from workbench.engine.insight.confidence.neighbours import Neighbours
from workbench.engine.insight.confidence.stored import confidence_mark, read_confidence
from workbench.engine.insight.embedding.nearest import Known
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.inputs import view_answers_and_features
from workbench.engine.training.resolve import new_network

_KEPT = 2
"""Models that stay in memory."""


@dataclass(frozen=True)
class Answer:
    """One picture's answers.

    Attributes:
        error: why there are none; None where there are.
        answers: for each task what its head gave: (W,) float32, or (K, S, S) for a mask.
        distance: from the training pictures; None where the run has no detector.
        features: (C,) by the shared backbone; None where there is no answer.
    """

    error: str | None
    answers: dict[str, Tensor]
    distance: float | None = None
    features: Tensor | None = None


class Predictor:
    """The best checkpoint of a run, in eval mode on a device, with the temperatures that it was calibrated to.

    Attributes:
        confidence: what was fitted to make its answers believable; None where nothing was.
        known: the training pictures, once somebody has asked for those like another; else None.

    Raises:
        RunError: the run has kept no intact model.
    """

    def __init__(self, run_dir: Path) -> None:
        resolved = load_resolved(run_dir)
        stored = Checkpoints(run_dir).read("best")
        if stored is None:
            raise RunError(f"Run {run_dir.name} has kept no model.", "Train again, or choose another run.")
        self.resolved = here(resolved)
        self.device = devices.pick(self.resolved.device)
        self.network: MultiTaskNetwork = new_network(resolved.project, resolved.tasks)
        self.network.load_state_dict(stored.weights)
        devices.place(self.network, self.device, resolved.layout)
        self.network.eval()
        self.confidence = read_confidence(run_dir)
        if self.confidence is not None:
            self.network.temperatures = {task: self.confidence.temperature(task) for task in self.network.tasks}
        self.known: Known | None = None
        self._lock = threading.Lock()

    @property
    def facts(self) -> dict[str, ResolvedTask]:
        """The tasks by name, as the run took them."""
        return {task.name: task for task in self.resolved.tasks}

    @property
    def detector(self) -> Neighbours | None:
        """What tells how far a picture lies from the training pictures; None where nothing was fitted."""
        return None if self.confidence is None else self.confidence.neighbours

    def predict(self, images: Sequence[Path], pool: ThreadPoolExecutor | None = None) -> list[Answer]:
        """Answer pictures, all in one batch, in the order given; one that cannot be read is said so."""
        decoded = list(pool.map(self._decode, images) if pool else map(self._decode, images))
        pixels = [record for record in decoded if not isinstance(record, str)]
        answers = iter(self._answer(np.stack(pixels)) if pixels else [])
        return [Answer(record, {}) if isinstance(record, str) else next(answers) for record in decoded]

    def _decode(self, path: Path) -> npt.NDArray[np.uint8] | str:
        try:
            return decode(path, self.resolved.view)
        except UnreadableImage as error:
            return error.reason

    def _answer(self, pixels: npt.NDArray[np.uint8]) -> list[Answer]:
        """Answers to (B, S, S, 3) uint8."""
        with self._lock, torch.no_grad():
            images = devices.move(pixels, self.device).permute(0, 3, 1, 2)
            answers, features = view_answers_and_features(self.network, images, self.resolved)
        kept = {task: values.float().cpu() for task, values in answers.items()}
        detector = self.detector
        features = features.cpu()
        distances = [None] * len(pixels) if detector is None else detector.distance(features).tolist()
        return [
            Answer(None, {task: values[at] for task, values in kept.items()}, distances[at], features[at])
            for at in range(len(pixels))
        ]


_warm: OrderedDict[tuple[Path, str, str], Predictor] = OrderedDict()
_warm_lock = threading.Lock()


def warm_predictor(run_dir: Path) -> Predictor:
    """The run's predictor, loaded only where its checkpoint, as it is calibrated now, is not already in memory.

    Raises:
        RunError: the run has kept no model.
    """
    key = (run_dir.resolve(), fingerprint(Checkpoints(run_dir).folder("best")), confidence_mark(run_dir))
    with _warm_lock:
        if key not in _warm:
            _warm[key] = Predictor(run_dir)
        _warm.move_to_end(key)
        while len(_warm) > _KEPT:
            _warm.popitem(last=False)
        return _warm[key]


def forget() -> None:
    """Let go of every model, and give the device its memory back."""
    with _warm_lock:
        kept = {predictor.device for predictor in _warm.values()}
        _warm.clear()
    for device in kept:
        devices.give_back_memory(device)


def here(resolved: Resolved) -> Resolved:
    """The facts of a run for this machine: where its device is not here, the best one that is, in fp32, which every
    device has."""
    try:
        devices.pick(resolved.device)
    except RequestError:
        device = devices.pick("auto")
        return resolved.model_copy(update={"device": str(device), "precision": "fp32"})
    return resolved
