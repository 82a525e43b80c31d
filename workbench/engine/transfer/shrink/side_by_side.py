"""Several models that answer the same pictures in one pass, with how far they agree beside their answers."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.resolved import ResolvedTask
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.insight.answers import collect
from workbench.engine.insight.mask_judge import MaskJudge
from workbench.engine.insight.outputs import Outputs
from workbench.engine.training.amounts import piece
from workbench.engine.training.inputs import PixelInputs, as_they_are
from workbench.engine.transfer.shrink.agreement import alike, in_order_of
from workbench.engine.transfer.shrink.contender import Contender

Pair = tuple[str, str]
"""The names of two models."""
SCORING = "comparing the models"


@dataclass(frozen=True)
class Answered:
    """What the models said.

    Attributes:
        outputs: by the name of the model, of its tasks, with the classes of the one that is judged.
        agreement: by pair and task (n,) how far their answers to each readable picture are the same.
    """

    outputs: dict[str, Outputs]
    agreement: dict[Pair, dict[str, npt.NDArray[np.float64]]]


class SideBySide(PixelInputs):
    """Pixels through several models, on the CPU.

    Args:
        facts: the tasks of the model that is judged, in whose classes all answers are given.
        pairs: which models' answers are held against each other.
    """

    def __init__(
        self,
        contenders: Sequence[Contender],
        store: PixelStore,
        facts: Mapping[str, ResolvedTask],
        pairs: Sequence[Pair],
    ) -> None:
        judged = contenders[-1].model
        super().__init__(judged.network, store, judged.resolved, torch.device("cpu"), piece(judged.resolved), "none")
        self._contenders, self._facts = contenders, facts
        self._known = {each.name: _common(each, facts) for each in contenders}
        self._pairs = [
            (pair, task) for pair in pairs for task in facts if all(task in self._known[name] for name in pair)
        ]
        self.tasks = tuple(_key(name, task) for name, tasks in self._known.items() for task in tasks)
        self.beside = [_key(*pair, task) for pair, task in self._pairs]

    @torch.no_grad()
    def answers(self, x: Tensor) -> dict[str, Tensor]:
        """{model and task: answers}, and {both models and task: (B,) agreement}."""
        images = as_they_are(x).contiguous()
        found: dict[str, Tensor] = {}
        for each in self._contenders:
            said = each.answer(each.sized(images))
            for task in self._known[each.name]:
                answers = in_order_of(self._facts[task], each.model.facts[task], said[task])
                if answers.ndim == 4 and answers.shape[2:] != images.shape[2:]:
                    answers = torch.nn.functional.interpolate(answers, size=images.shape[2:], mode="bilinear")
                found[_key(each.name, task)] = answers
        for (one, other), task in self._pairs:
            kind = self._facts[task].kind
            found[_key(one, other, task)] = alike(kind, found[_key(one, task)], found[_key(other, task)])
        return found

    def collect(
        self, rows: npt.NDArray[np.int64], judges: Mapping[str, MaskJudge], control: Control
    ) -> Generator[Event, None, Answered | None]:
        """All answers to rows of the table; None where it was told to end."""
        by_key = {_key(name, task): self._facts[task] for name, tasks in self._known.items() for task in tasks}
        of_masks = {
            _key(name, task): judges[task] for name, tasks in self._known.items() for task in tasks if task in judges
        }
        found = yield from collect(self._network, self, rows, by_key, of_masks, control, SCORING, beside=self.beside)
        if found is None:
            return None
        outputs = {
            name: Outputs(rows, {task: found.answers[_key(name, task)] for task in tasks}, found.readable)
            for name, tasks in self._known.items()
        }
        agreement: dict[Pair, dict[str, npt.NDArray[np.float64]]] = {}
        for pair, task in self._pairs:
            values = found.beside[_key(*pair, task)][found.readable].astype(np.float64)
            agreement.setdefault(pair, {})[task] = values
        return Answered(outputs, agreement)


def _common(contender: Contender, facts: Mapping[str, ResolvedTask]) -> list[str]:
    theirs = contender.model.facts
    return [task for task, mine in facts.items() if task in theirs and theirs[task].kind == mine.kind]


def _key(*names: str) -> str:
    return "\0".join(names)
