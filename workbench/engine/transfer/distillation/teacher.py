"""A run's model as a teacher of another network: its answers to the very views that the student sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.core.errors import RequestError, RunError
from workbench.core.resolved import Resolved, ResolvedTask, load_resolved
from workbench.core.run_weights import BEST, find_run_weights, fingerprint
from workbench.core.transfer import Transfer
from workbench.engine import device as devices
from workbench.engine.model.by_task import ByTask
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.inputs import Heard, heard_by
from workbench.engine.training.resolve import new_network
from workbench.engine.transfer.distillation.methods import METHODS, Method
from workbench.engine.transfer.distillation.soft import SOFT, NotTaught, SoftTarget


class Teacher:
    """The best checkpoint of a run in eval mode, without gradients, in the precision and layout of the student's run.

    Attributes:
        run: its name.
        tasks: the student's tasks that it teaches.
        left_out: those that it cannot teach, and classes that it does not know, in words.
        soft: for each task it teaches, how far answers are from its own.
        maps: from the student's features of a task to the teacher's, where features are matched.
        stored: its answers to the table's pictures as they are, (N, W) on the device, once they are needed.

    Raises:
        RequestError: it teaches none of the student's tasks.
        RunError: the run has kept no model that can be read.
    """

    def __init__(self, run_dir: Path, resolved: Resolved, student: MultiTaskNetwork, device: torch.device) -> None:
        facts, stored = load_resolved(run_dir), Checkpoints(run_dir).read("best")
        if stored is None:
            raise RunError(f"Run {run_dir.name} has kept no model.", "Choose another teacher: transfer.teacher.")
        self.run = run_dir.name
        self._device, self._resolved, self._view = device, resolved, facts.view
        self.network = new_network(facts.project, facts.tasks)
        self.network.load_state_dict(stored.weights)
        devices.place(self.network, device, resolved.layout)
        self.network.eval().requires_grad_(False)
        self.soft, self.left_out = _soft_targets(resolved, facts, device)
        self.tasks = tuple(self.soft)
        self.facts = {task.name: task for task in facts.tasks if task.name in self.soft}
        self.stored: dict[str, Tensor] = {}
        if not self.soft:
            raise RequestError(
                f"Run {self.run} cannot teach: it has none of this project's tasks with classes that both know.",
                "Choose another run as transfer.teacher.",
            )
        self.maps = _feature_maps(resolved, student, self).to(device)
        if facts.view.resize != resolved.view.resize:
            fit = f"{facts.view.resize}, not {resolved.view.resize}"
            self.left_out.append(f"it learned from pictures whose fit was {fit}, and sees this run's")

    @torch.no_grad()
    def hear(self, images: Tensor, tasks: Sequence[str]) -> Heard:
        """What it says of images (B, 3, S, S) float in [0, 1], at the size that it has learned from."""
        size = self._view.size
        if images.shape[-1] != size:  # without the smoothing that not every device has
            images = functional.interpolate(images, size=(size, size), mode="bilinear", align_corners=False)
        return heard_by(self.network, images, self._resolved, tasks)

    @property
    def sentence(self) -> str:
        """Who teaches what."""
        return f"Beside the labels, {', '.join(self.tasks)} learn{'s' * (len(self.tasks) == 1)} from run {self.run}."


def load_teacher(
    resolved: Resolved, student: MultiTaskNetwork, project_dir: Path, device: torch.device
) -> Teacher | None:
    """The teacher that a run asks for; None where it asks for none.

    Raises:
        RequestError: there is no such run, or it teaches none of the run's tasks.
        RunError: its model cannot be read, or is another one than when the run began.
    """
    folder = teacher_folder(resolved.project.transfer, project_dir)
    if folder is None:
        return None
    if resolved.teacher_sha256 and teacher_mark(folder) != resolved.teacher_sha256:
        raise RunError(
            f"The model of run {folder.name}, the teacher, is not the one that this run began with.",
            "Start a new run.",
        )
    return Teacher(folder, resolved, student, device)


def teacher_folder(asked: Transfer, project_dir: Path) -> Path | None:
    """The folder of the run that teaches; None where none does.

    Raises:
        RequestError: there is no such run, or it has kept no model.
    """
    return find_run_weights(asked.teacher, project_dir).folder if asked.teacher else None


def teacher_mark(folder: Path) -> str:
    """Changes whenever the model of the run in the folder is another one.

    Raises:
        RunError: it has kept none.
    """
    return fingerprint(folder / BEST)


def _soft_targets(
    resolved: Resolved, teacher: Resolved, device: torch.device
) -> tuple[dict[str, SoftTarget], list[str]]:
    """What each task learns, and what is left out and why."""
    asked = resolved.project.transfer
    method = METHODS.get(asked.distillation, METHODS["kd"])(asked)
    known = {task.name: task for task in teacher.tasks}
    found: dict[str, SoftTarget] = {}
    left: list[str] = []
    for task in resolved.tasks:
        try:
            soft = _soft(task, known, method)
        except NotTaught as why:
            left.append(f"it does not teach {why}")
            continue
        found[task.name] = soft.to(device)
        if soft.unknown:
            left.append(f"it does not know {soft.unknown} of the classes of {task.name}, which labels alone teach")
    return found, left


def _soft(task: ResolvedTask, known: Mapping[str, ResolvedTask], method: Method) -> SoftTarget:
    theirs = known.get(task.name)
    if theirs is None:
        raise NotTaught(f"{task.name} (it has no such task)")
    if theirs.kind != task.kind:
        raise NotTaught(f"{task.name} (there it is a {theirs.kind} task)")
    return SOFT[task.kind](method, task, theirs)


def _feature_maps(resolved: Resolved, student: MultiTaskNetwork, teacher: Teacher) -> ByTask[nn.Linear]:
    """A linear map for each task that sees features on both sides, where features are matched."""
    if not resolved.project.transfer.features:
        return ByTask({})
    tasks = [task for task in teacher.tasks if task in student.vector_tasks and task in teacher.network.vector_tasks]
    widths = student.backbone.out_features, teacher.network.backbone.out_features
    maps = {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(resolved.project.recipe.seed)
        for task in tasks:
            maps[task] = nn.Linear(*widths)
    return ByTask(maps)
