"""A pass over unlabelled pictures of a target in every step, whose gradient comes to that of the labelled ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.engine.data.batches import even_batches
from workbench.engine.data.drawing import epoch_order
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.gradients import leaving_no_trace
from workbench.engine.transfer.domains.class_confusion import class_confusion

Rows = npt.NDArray[np.int64]
Answer = Callable[[Tensor, Rows, int, list[str]], dict[str, Tensor]]
_TURN = 1_000_003
"""Lets a target picture be varied otherwise than the labelled one of the same row."""


@dataclass(frozen=True)
class TargetPictures:
    """The target of a run.

    Attributes:
        store: of its pictures.
        tasks: that are to confuse their classes less on it.
        weight: how much that counts beside the tasks' own losses.
        temperature: by which answers are softened.
    """

    store: PixelStore
    count: int
    tasks: tuple[str, ...]
    weight: float
    temperature: float


class TargetPass:
    """The gradient of the class confusion on a batch of target pictures.

    Which pictures a step sees hangs on the seed and the number of the step alone, so a run that is resumed sees the
    same. The confusion is that of the whole batch, also where it is worked on in pieces: the answers are worked out
    first, and the gradient on them is then carried back piece by piece.

    Args:
        answer: of pixels (B, 3, S, S) uint8 on the device, their rows, what to vary them by, and tasks: {task: logits}
            with a gradient.
        batch: target pictures in a step.
    """

    def __init__(
        self,
        target: TargetPictures,
        network: MultiTaskNetwork,
        answer: Answer,
        batch: int,
        seed: int,
        device: torch.device,
    ) -> None:
        self._target, self._network, self._answer = target, network, answer
        self._batch, self._seed, self._device = min(batch, target.count), seed, device

    def rows(self, step: int) -> Rows:
        """(B,) the target pictures of a step; every picture comes once before any comes again."""
        places = step * self._batch + np.arange(self._batch)
        turns, at = np.divmod(places, self._target.count)
        everything = np.arange(self._target.count, dtype=np.int64)
        orders = {turn: epoch_order(everything, self._seed + _TURN, turn) for turn in np.unique(turns).tolist()}
        return np.array([orders[turn][place] for turn, place in zip(turns.tolist(), at.tolist(), strict=True)])

    def backward(self, step: int, tasks: Sequence[str], scale: float, micro: int, control: Control) -> bool:
        """Add the gradient to that which lies in the parameters; False where `control.ending` came between.

        Args:
            tasks: that learn in this step.
            scale: what the gradient is multiplied by, for reduced precision.
            micro: pictures that are worked on at once, at most.
        """
        wanted = [task for task in self._target.tasks if task in tasks]
        rows = self.rows(step)
        records, readable = self._target.store.read(rows)
        if not wanted or readable.sum() < 2:
            return True
        rows = rows[readable]
        pixels = torch.from_numpy(records[readable]).permute(0, 3, 1, 2)
        pieces = even_batches(np.arange(len(rows)), micro)
        if len(pieces) == 1:
            answers = self._answers(pixels, rows, step, wanted)
            (self._confusion(answers) * scale).backward()  # type: ignore[no-untyped-call]
            return True
        with torch.no_grad(), leaving_no_trace(self._network, self._device):
            whole = self._in_pieces(pixels, rows, step, wanted, pieces, control)
        if whole is None:
            return False
        for each in whole.values():
            each.requires_grad_()
        (self._confusion(whole) * scale).backward()  # type: ignore[no-untyped-call]
        for piece in pieces:
            if control.ending:
                return False
            found = self._answers(pixels[piece], rows[piece], step, wanted)
            given = [whole[task].grad for task in wanted]
            here = torch.from_numpy(piece).to(self._device)
            torch.autograd.backward([found[task] for task in wanted], [g[here] for g in given if g is not None])
        return True

    def _confusion(self, answers: dict[str, Tensor]) -> Tensor:
        found = [class_confusion(each, self._target.temperature) for each in answers.values()]
        return self._target.weight * torch.stack(found).sum()

    def _in_pieces(
        self, pixels: Tensor, rows: Rows, step: int, tasks: list[str], pieces: list[Rows], control: Control
    ) -> dict[str, Tensor] | None:
        parts = []
        for piece in pieces:
            if control.ending:
                return None
            parts.append(self._answers(pixels[piece], rows[piece], step, tasks))
        return {task: torch.cat([part[task] for part in parts]) for task in tasks}

    def _answers(self, pixels: Tensor, rows: Rows, step: int, tasks: list[str]) -> dict[str, Tensor]:
        """{task: (B, C)} of the pictures as they are varied in a step."""
        return self._answer(pixels.to(self._device), rows, step + _TURN, tasks)
