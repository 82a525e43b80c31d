"""From the facts of a run to the blocks of its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.core.differences import differing, flat_settings, setting_title
from workbench.core.kinds import KINDS
from workbench.core.project import Project
from workbench.core.resolved import Resolved
from workbench.core.text import duration, several
from workbench.project.history import RunHistory
from workbench.project.report.blocks import Block, Cards, Charts, Code, Heading, More, Paragraph, Table
from workbench.project.report.charts import Line, curves
from workbench.project.report.repeat import repeating
from workbench.project.report.tasks import card, task_blocks
from workbench.project.report.words import PARTS, metric_title
from workbench.project.store import project_text

_WARNINGS = 12


@dataclass(frozen=True)
class Facts:
    """Everything that a report says.

    Attributes:
        folder: the name of the project's folder.
        document: the Result of the `report` job.
        lost: runs that it was made of and that are not there any more.
    """

    folder: str
    resolved: Resolved
    history: RunHistory
    document: Mapping[str, Any]
    lost: tuple[str, ...] = ()


def blocks_of(facts: Facts) -> list[Block]:
    """The report from its title to the command that repeats the run."""
    evaluation, resolved = facts.document["evaluation"], facts.resolved
    tasks = evaluation["tasks"]
    name = resolved.project.name or facts.folder
    where = _scored_on(evaluation["part"], facts.document.get("sources", {}))
    blocks: list[Block] = [
        Heading(f"{name}: run {evaluation['run']}", 1),
        Paragraph(f"{_made(facts)} {where}"),
        Cards([card(task, each) for task, each in tasks.items()]),
        *_data(facts),
    ]
    for task, each in tasks.items():
        fitted = facts.document["confidence"].get(task)
        blocks += task_blocks(task, each, resolved.task(task), facts.document["pictures"][task], fitted)
    return blocks + _training(facts) + _repeat(facts)


def _scored_on(part: str, sources: Mapping[str, str]) -> str:
    """Which pictures the scores are of."""
    if part == "data":
        named = "; ".join(f"{task} from {source}" for task, source in sources.items())
        return f"Scores are of other labelled pictures: {named}."
    words = f"Scores are of the {PARTS[part]} pictures."
    if part == "validation":
        words += " They have chosen the best state of the model, so its scores lean a little upwards."
    return words


def title_of(facts: Facts) -> str:
    """What the file is called inside."""
    return f"{facts.resolved.project.name or facts.folder}, run {facts.document['evaluation']['run']}"


def _made(facts: Facts) -> str:
    resolved, ended = facts.resolved, facts.history.ended
    took = f" in {duration(ended.elapsed_s)}" if ended is not None else ""
    weights = resolved.weights.replace("\\", "/").rpartition("/")[2]
    backbone = f"{resolved.project.backbone.name} ({weights})"
    on = f"on {resolved.device} in {resolved.precision}."
    if resolved.derived is not None:
        return f"{backbone}, made {resolved.started[:10]} {resolved.derived.words} {on}"
    return f"{backbone}, trained {resolved.started[:10]}{took} {on}"


def _data(facts: Facts) -> list[Block]:
    rows = [
        [task.name, KINDS[task.kind].title, task.head, f"{len(task.classes) or '–'}"]
        + [f"{task.counts.get(part, 0)}" for part in ("train", "validation", "test")]
        for task in facts.resolved.tasks
    ]
    split = facts.resolved.project.split
    if split.folds:
        words = f"Fold {split.fold} of {split.folds} validates, {split.test:.0%} are for testing"
    else:
        words = f"{split.validation:.0%} were asked for validation, {split.test:.0%} for testing"
    words += f", drawn with seed {split.seed}"
    words += f"; pictures of one group share a part ({split.group})." if split.group else "; copies share a part."
    titles = ["task", "kind", "head", "classes", "training", "validation", "test"]
    blocks: list[Block] = [Heading("Data"), Table(titles, rows, 3), Paragraph(words)]
    warnings = [notice.text for notice in facts.history.notices if notice.level == "warning"]
    if warnings:
        blocks.append(More("Warnings while it trained", [Paragraph(text) for text in warnings[:_WARNINGS]]))
    return blocks


def _training(facts: Facts) -> list[Block]:
    project, history = facts.resolved.project, facts.history
    blocks: list[Block] = [Heading("Training")]
    if facts.resolved.derived is not None:
        first = facts.resolved.derived.origins[0]
        where = "which has been deleted since" if first in facts.lost else "whose report has curves"
        blocks.append(Paragraph(f"It was not trained itself. Settings are those of {first}, {where}."))
    phases = [
        f"{phase.name}: {several(phase.epochs, 'epoch')}, {phase.trainable_parameters:,} parameters"
        for phase in history.phases
    ]
    if phases:
        blocks.append(Paragraph("; ".join(phases) + f". Batches of {facts.resolved.batch_size} pictures."))
    plain = Project.model_validate(
        {
            "tasks": [{"name": t.name, "kind": t.kind, "source": t.source} for t in project.tasks],
            "recipe": {"preset": project.recipe.preset},
        }
    ).effective()
    own = flat_settings(project.written())
    rows = [[setting_title(key), key, _value(own.get(key))] for key in differing([plain.written(), project.written()])]
    if rows:
        blocks.append(Table(["setting other than its default", "key", "value"], rows, 3))
    if history.changes:
        lines = [
            f"after step {change.step}: " + ", ".join(f"{k} = {v}" for k, v in change.settings.items())
            for change in history.changes
        ]
        blocks.append(Paragraph("Changed while it trained: " + "; ".join(lines) + "."))
    blocks.append(Charts([chart for task in facts.resolved.tasks for chart in _curves(facts, task.name, task.kind)]))
    return blocks


def _curves(facts: Facts, task: str, kind: str) -> list[Any]:
    history = facts.history
    losses = [
        Line(name, list(curve.x), list(curve.y), dots)
        for name, curve, dots in (
            ("training", history.train_loss.get(task), False),
            ("validation", history.validation_loss.get(task), True),
        )
        if curve is not None and len(curve.x)
    ]
    charts = [curves(f"{task}: loss", losses, ("step", "loss"))] if losses else []
    metric = KINDS[kind].metric
    score = history.metrics.get(task, {}).get(metric)
    if score is not None and len(score.x):
        line = Line("validation", list(score.x), list(score.y), dots=True)
        title = f"{task}: {metric_title(metric)} on validation pictures"
        charts.append(curves(title, [line], ("step", metric_title(metric)), share=metric != "r2"))
    return charts


def _repeat(facts: Facts) -> list[Block]:
    resolved = facts.resolved
    run = facts.document["evaluation"]["run"]
    versions = [[name, version] for name, version in resolved.versions.items()]
    words, command = repeating(facts.folder, run, resolved, facts.lost)
    return [
        Heading("To repeat it"),
        Paragraph(words),
        *([Code(command)] if command else []),
        Table(
            ["fact", "value"],
            [["data (sha256)", resolved.data_hash], ["seed", f"{resolved.project.recipe.seed}"], *versions],
            2,
        ),
        More("All settings (project.toml)", [Code(project_text(resolved.project))]),
    ]


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else "–" if value in (None, "", []) else str(value)
