"""The check that answers have not changed: two models are asked about the same pictures and compared bit by bit."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Progress
from workbench.engine import device as devices
from workbench.engine.data.batches import row_batches
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.training.amounts import piece
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.inputs import PixelInputs
from workbench.engine.transfer.derived import Origin

CHECKING = "checking that the old answers are the same"
_UNREADABLE = "Not one picture of run {} can be read any more, so its answers cannot be compared."
_BACK = "Put some of its pictures back."
MOST = 256
"""Pictures that both models are asked about."""


@dataclass(frozen=True)
class Proof:
    """What was compared.

    Attributes:
        pictures: that both models answered.
        tasks: whose answers were compared.
        answers: numbers that were compared.
        different: of them that are not the same bits.
        weights: tensors of the old model that were compared as well.
        changed: of them that are not the same bits.
    """

    pictures: int
    tasks: list[str]
    answers: int
    different: int
    weights: int
    changed: int

    @property
    def identical(self) -> bool:
        return not self.different and not self.changed

    def document(self) -> dict[str, Any]:
        return {**vars(self), "identical": self.identical}


def same_answers(
    origin: Origin, made: Origin, project_dir: Path, tasks: Sequence[str], control: Control
) -> Generator[Event, None, Proof | None]:
    """Ask the model of a run and that of one that was made of it, as both lie on the disk, about the same pictures.

    Their weights are compared, too: a bit that happens to change no answer to these pictures is found there. Where not
    one picture of the run is left, those that came later are asked about.

    Args:
        tasks: whose answers are to be the same.

    Yields:
        Progress.

    Returns:
        None where it was told to end.

    Raises:
        RunError: the answers differ, or not one picture can be read.
    """
    table = made.table  # with those of the run first
    left = np.flatnonzero([path.exists() for path in table.paths])
    rows = left[left < len(origin.table)]
    rows = rows if len(rows) else left
    if not len(rows):
        raise RunError(_UNREADABLE.format(origin.run), _BACK)
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, min(MOST, len(rows))).round().astype(np.int64))]
    device, size = devices.pick(origin.resolved.device), piece(origin.resolved)
    pictures = answers = different = 0
    pixels = project_dir / "cache" / "pixels"
    with PixelStore(pixels, table.paths, origin.resolved.view, PIXEL_LIMIT_BYTES, devices.cores()) as store:
        store.start(rows)
        before, after = (
            PixelInputs(each.network(), store, origin.resolved, device, size, "none") for each in (origin, made)
        )
        with closing(before.batches(row_batches(rows, size))) as gathered:
            for at, batch in enumerate(gathered):
                said, now = before.answers(batch.x), after.answers(batch.x)
                there = torch.from_numpy(batch.readable).to(device)
                for task in tasks:
                    one, other = said[task][there], now[task][there]
                    answers += one.numel()
                    different += one.numel() if one.shape != other.shape else int((~_same(one, other)).sum())
                pictures += int(batch.readable.sum())
                yield Progress(what=CHECKING, done=min((at + 1) * size, len(rows)), total=len(rows))
                control.wait_while_paused()
                if control.ending:
                    return None
    old, new = origin.stored.weights, made.stored.weights
    changed = sum(name not in new or not _same_bytes(value, new[name]) for name, value in old.items())
    proof = Proof(pictures, list(tasks), answers, different, len(old), changed)
    _hold(proof, origin.run)
    return proof


def _same(one: Tensor, other: Tensor) -> Tensor:
    """Where two float32 tensors hold the same bits: what is no number equals itself, and 0 is not -0."""
    return one.contiguous().view(torch.int32) == other.contiguous().view(torch.int32)


def _same_bytes(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors on the processor hold the same bits."""
    same = one.shape == other.shape and one.dtype == other.dtype
    return same and one.numpy().tobytes() == other.numpy().tobytes()


def _hold(proof: Proof, run: str) -> None:
    if not proof.pictures:
        raise RunError(_UNREADABLE.format(run), _BACK)
    if not proof.identical:
        raise RunError(
            f"{proof.different} of {proof.answers} answers to the old tasks and {proof.changed} of {proof.weights} old "
            "weights are not the same bits as before, so the new run was not kept.",
            "This is a mistake in the program, or the device does not compute alike twice; on a processor it does.",
        )
