"""From what was asked to what a run resolves to, and to a network that is ready to train."""

from __future__ import annotations

import platform
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import torch

from workbench.core import catalogue
from workbench.core.control import Control
from workbench.core.corrections import read_corrections
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, RunStarted, StageFact, TaskFacts
from workbench.core.fitting import check_backbone
from workbench.core.parsing import check_resize
from workbench.core.project import Project, Task
from workbench.core.resolved import Resolved, ResolvedTask, ViewParameters
from workbench.core.specs import PARTS, TrainSpec
from workbench.core.timeline import trains_stages
from workbench.engine import device as devices
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.distributed import ALONE, Team
from workbench.engine.model.heads import HeadSettings, NumberHead
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.model.run_heads import go_on_from_run
from workbench.engine.model.weights import WeightsReport, batch_norm_mode, load_weights
from workbench.engine.training.amounts import automatic_batch, piece
from workbench.engine.training.dry_step import dry_step
from workbench.engine.training.measure import measure, without_measuring
from workbench.engine.training.phases import Phase

_PACKAGES = ("torch", "torchvision", "timm", "numpy", "pillow", "finetune-workbench")
_JPEG = (".jpg", ".jpeg")
_REDUCED = "JPEG files are decoded at the smallest scale that is at least twice the network's: it is faster."


def check_request(project: Project, team: Team = ALONE) -> torch.device:
    """Refuse, before any picture is read, what could not be trained; this process's device otherwise.

    Raises:
        RequestError: backbone, freeze depth, kinds of task, picture size, fit, device or precision do not go together.
    """
    check_backbone(project)
    catalogue.check_library(project.backbone.name)
    check_resize(project)
    device = team.device(project.recipe.device)
    devices.check_precision(device, project.recipe.precision)
    return device


def new_network(project: Project, tasks: Sequence[ResolvedTask]) -> MultiTaskNetwork:
    """The project's network with random weights, frozen as asked; its heads know the units of their tasks."""
    recipe, backbone = project.recipe, project.backbone
    network = build_network(
        backbone.name,
        {task.name: _head_choice(project.task(task.name), len(task.classes)) for task in tasks},
        freeze=backbone.freeze,
        batch_norm=batch_norm_mode(recipe.batch_norm, backbone.weights),
        seed=recipe.seed,
        weights=backbone.weights,
    )
    for task in tasks:
        head = network.heads[task.name]
        if isinstance(head, NumberHead):
            head.set_scale(task.mean, task.deviation)
    return network


def load_into(
    network: MultiTaskNetwork, project: Project, tasks: Sequence[ResolvedTask], project_dir: Path, control: Control
) -> Generator[Event, None, WeightsReport | None]:
    """Load the project's weights into a new network, heads of a run that it goes on from among them.

    Returns None when told to end meanwhile.

    Raises:
        RequestError: the weights do not fit.
        RunError: they could not be fetched.
    """
    report = yield from load_weights(network.backbone, project.backbone.weights, project_dir, control)
    if report is not None:
        network.copy_stages()
        yield from go_on_from_run(network, project, tasks, project_dir)
    return report


def _head_choice(task: Task, classes: int) -> HeadChoice:
    return HeadChoice(task.head, classes, HeadSettings(task.dropout, task.hidden), task.own_stages)


def resolve(
    spec: TrainSpec,
    project: Project,
    table: SampleTable,
    device: torch.device,
    control: Control,
    team: Team = ALONE,
) -> Generator[Event, None, tuple[Resolved, MultiTaskNetwork] | None]:
    """Build the network, load its weights, choose precision and layout; None when told to end meanwhile.

    Raises:
        RequestError: the weights do not fit, or there is nothing to train on.
        RunError: the weights could not be fetched.
    """
    _check_table(table)
    tasks = [_resolved_task(project, table, name) for name in table.tasks]
    network = new_network(project, tasks)
    report = yield from load_into(network, project, tasks, spec.project_dir, control)
    if report is None:
        return None
    network.to(device)
    asked, size = project.recipe.precision, project.recipe.image_size
    resolved = _resolved(spec, project, table, tasks, device, report)
    if asked == "auto":
        at_once = min(piece(resolved), -(-resolved.batch_size // team.size))
        choice = yield from measure(network, size, device, control, at_once=at_once)
        # Heads that train before stages do are scored as the stages will be, so that their epochs can be compared.
        frozen = choice
        if not trains_stages(project):
            frozen = yield from measure(network, size, device, control, forwards=True)
    else:
        choice = frozen = without_measuring(asked)
    if control.ending:
        return None
    resolved = resolved.model_copy(
        update={
            "precision": choice.precision,
            "layout": choice.layout,
            "convolutions": choice.convolutions or resolved.convolutions,
            "feature_precision": frozen.precision,
            "feature_layout": frozen.layout,
            "batch_norm": network.backbone.batch_norm,
            "devices": team.size,
        }
    )
    if resolved.view.reduced and any(path.suffix.lower() in _JPEG for path in table.paths):
        yield Notice(level="info", text=_REDUCED)
    resolved = yield from dry_step(network, resolved, device, len(table))
    return resolved, network


def _resolved(
    spec: TrainSpec,
    project: Project,
    table: SampleTable,
    tasks: list[ResolvedTask],
    device: torch.device,
    report: WeightsReport,
) -> Resolved:
    batch, dense = project.recipe.batch_size, all(task.kind == "mask" for task in tasks)
    return Resolved(
        run=spec.run,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        project=project,
        tasks=tasks,
        view=ViewParameters.of(project.recipe),
        weights=report.source,
        weights_sha256=report.sha256,
        data_hash=table.digest(),
        corrections=read_corrections(spec.project_dir).digest([task.name for task in tasks]),
        fold_hash=table.digest(parts=False) if project.split.folds else "",
        device=str(device),
        precision="fp32",
        layout="channels_last",
        batch_norm="eval",
        threads=devices.threads(),
        batch_size=automatic_batch(device.type, len(table.rows("train")), dense) if batch == "auto" else batch,
        versions={
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES if _installed(name)},
        },
    )


def _resolved_task(project: Project, table: SampleTable, name: str) -> ResolvedTask:
    task = project.task(name)
    mean, deviation = _moments(table, name) if task.kind == "number" else (0.0, 1.0)
    return ResolvedTask(
        name=name,
        kind=task.kind,
        head=task.head,
        classes=table.classes[name],
        counts={part: len(table.rows(part, name)) for part in PARTS},
        class_counts=table.class_counts(name, "train").tolist(),
        mean=mean,
        deviation=deviation,
        mask_values=table.mask_values.get(name, []),
    )


def _moments(table: SampleTable, name: str) -> tuple[float, float]:
    """Mean and standard deviation of the numbers to train on; the deviation is 1 where they are all the same."""
    values = table.encoded(name)[table.rows("train", name)]
    if not len(values):
        return 0.0, 1.0
    return float(values.mean()), float(values.std()) or 1.0


def _check_table(table: SampleTable) -> None:
    for task in table.tasks:
        if not len(table.rows("train", task)):
            raise RequestError(
                f"Task {task} has no picture in the training part.",
                "Lower split.validation and split.test, or add pictures.",
            )


def _installed(name: str) -> bool:
    try:
        version(name)
    except ModuleNotFoundError:
        return False
    return True


def run_started(
    resolved: Resolved,
    network: MultiTaskNetwork,
    phases: list[Phase],
    device: torch.device,
    count: int = 1,
    *,
    keeps_last: bool = False,
) -> RunStarted:
    """The event that opens a run on a device, or on `count` of which it is the first."""
    network.freeze(resolved.project.backbone.freeze)
    stages = network.backbone.stages
    return RunStarted(
        tasks={
            task.name: TaskFacts(kind=task.kind, head=task.head, classes=task.classes, counts=task.counts)
            for task in resolved.tasks
        },
        backbone=resolved.project.backbone.name,
        stages=[
            StageFact(
                name=stage.name,
                parameters=sum(p.numel() for p in stage.parameters.values()),
                frozen=index < network.backbone.frozen_stages,
            )
            for index, stage in enumerate(stages)
        ],
        trainable_parameters=sum(p.numel() for p in network.parameters() if p.requires_grad),
        total_parameters=sum(p.numel() for p in network.parameters()),
        device=devices.describe(device) if count == 1 else f"{count} devices, first {devices.describe(device)}",
        precision=resolved.precision,
        batch_size=resolved.batch_size,
        epochs=sum(phase.epochs for phase in phases),
        keeps_last=keeps_last,
    )
