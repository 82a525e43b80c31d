"""What happens before a phase that learns from a teacher: what it says of stored pictures, and whom it teaches what."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Notice
from workbench.engine import device as devices
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.inputs import PixelInputs, as_they_are
from workbench.engine.training.pauses import rest_of
from workbench.engine.training.phases import Phase
from workbench.engine.training.state import State
from workbench.engine.training.together import answers_of_all
from workbench.engine.transfer.distillation.teacher import Teacher

ASKING = "asking the teacher"


class _AsTaught(PixelInputs):
    """Pixels through the teacher's network, as they are."""

    def __init__(self, work: Experiment, teacher: Teacher, tasks: tuple[str, ...]) -> None:
        super().__init__(teacher.network, work.store, work.resolved, work.device, work.chunk, "none")
        self._teacher, self.tasks = teacher, tasks

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        """The teacher's answers."""
        return self._teacher.hear(as_they_are(x.to(self._device)), self.tasks).answers


def remember_answers(
    work: Experiment, phase: Phase, state: State, control: Control
) -> Generator[Event, None, bool]:
    """Ask the teacher once about every training picture as it is, for phases whose features are stored as well.

    Returns:
        Whether all is there; not where it was told to end meanwhile.
    """
    teacher = work.teacher
    if teacher is None:
        return True
    tasks = tuple(task for task in teacher.tasks if task in phase.tasks and task not in teacher.stored)
    if not tasks:
        return True
    work.store.start(work.team.usually(work.rows))
    inputs = _AsTaught(work, teacher, tasks)
    outputs = yield from answers_of_all(
        work, inputs, work.rows, control, ASKING, facts=teacher.facts, resting=rest_of(state)
    )
    if outputs is None:
        return False
    for task in tasks:
        stored = np.zeros((len(work.table), outputs.answers[task].shape[1]), np.float32)
        stored[outputs.rows] = outputs.answers[task]
        teacher.stored[task] = devices.move(stored, work.device)
    return True


def note_teacher(work: Experiment) -> Iterator[Event]:
    """Say who teaches what, and what is left out."""
    assert work.teacher is not None
    yield Notice(level="info", text=work.teacher.sentence)
    for what in work.teacher.left_out:
        yield Notice(level="warning", text=f"Run {work.teacher.run} as a teacher: {what}.")
    unlabelled = _unlabelled(work)
    if unlabelled:
        text = (
            f"{unlabelled:,} pictures without a label learn" if unlabelled > 1 else "One picture without a label learns"
        )
        yield Notice(level="info", text=f"{text} from the teacher's answers alone.")


def _unlabelled(work: Experiment) -> int:
    """Training pictures without a label of any task."""
    labels = [targets[work.rows] >= 0 for targets in work.table.targets.values()]
    return int((~np.any(labels, axis=0)).sum())
