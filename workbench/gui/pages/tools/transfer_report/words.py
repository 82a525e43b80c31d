"""A transfer report in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.project import Project
from workbench.core.text import signed
from workbench.core.transfer_ways import Planned, estimated_s
from workbench.core.verdict import is_error
from workbench.gui.numbers import count, duration, figure, percent
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.results.runs_panel import when
from workbench.gui.pages.results.verdict.plan import long_time
from workbench.gui.pages.results.verdict.words import score_name
from workbench.gui.pages.tools.domain.score_grid import Said
from workbench.project.runs import RunInfo
from workbench.project.trials import TrialsInfo

Document = Mapping[str, Any]
_TONES = {"better": "good", "worse": "bad", "noise": "secondary"}


def tr(text: str) -> str:
    return QCoreApplication.translate("TransferReport", text)


def way_title(way: str, freeze: int) -> str:
    """What a way is called."""
    return {
        "random": tr("random weights"),
        "frozen": tr("frozen"),
        "partly": tr("partly frozen (1 stage)") if freeze == 1 else tr("partly frozen ({0} stages)").format(freeze),
        "full": tr("fine-tuned"),
    }[way]


def headline(document: Document) -> str:
    """The report in a few words."""
    said = {task["conclusion"] for task in document["tasks"].values()}
    if "harms" in said:
        return tr("Pretraining harms")
    return tr("Pretraining helps") if "helps" in said else tr("No difference that exceeds noise")


def tone(document: Document) -> str:
    """Of the headline."""
    said = {task["conclusion"] for task in document["tasks"].values()}
    return "bad" if "harms" in said else "good" if "helps" in said else "text"


def explained(document: Document) -> str:
    """What the headline rests on, with the tasks named."""
    by = {
        said: [name for name, task in document["tasks"].items() if task["conclusion"] == said]
        for said in ("helps", "harms", "unclear")
    }
    parts = []
    if not by["helps"] and not by["harms"]:
        parts.append(tr("What differs is no more than chance would bring about."))
    if by["helps"]:
        parts.append(tr("Better than from random weights, beyond noise: {0}.").format(", ".join(by["helps"])))
    if by["harms"]:
        text = tr("Worse than from random weights, beyond noise: {0}. Try another backbone or other weights.")
        parts.append(text.format(", ".join(by["harms"])))
    if 0 < len(by["unclear"]) < len(document["tasks"]):
        parts.append(tr("Within noise: {0}.").format(", ".join(by["unclear"])))
    return " ".join([*parts, *_unfit(document)])


def _unfit(document: Document) -> list[str]:
    """Where the frozen backbone is worse than none though training it helps."""
    names = [
        name
        for name, task in document["tasks"].items()
        if task["ways"]["frozen"].get("conclusion") == "worse" and task["conclusion"] != "harms"
    ]
    text = tr("Frozen, the backbone is worse than none: {0}. Let stages train.")
    return [text.format(", ".join(names))] if names else []


def value(kind: str, score: float | None) -> str:
    """A score."""
    if score is None:
        return "–"
    return figure(score) if is_error(kind) else percent(score)


def with_interval(kind: str, found: Mapping[str, Any]) -> str:
    """91.2 % (86.0 to 95.1)."""
    text = value(kind, found["score"])
    if not found["interval"]:
        return text
    low, high = (value(kind, end).removesuffix(" %") for end in found["interval"])
    return tr("{0} ({1} to {2})").format(text, low, high)


def difference(kind: str, found: Mapping[str, Any]) -> Said:
    """+4.2 points (+1.0 to +7.3), better."""
    if "difference" not in found:
        return Said("")
    error = is_error(kind)
    values = (found["difference"], *(found["difference_interval"] or ()))
    said = [signed(each, ".3g") if error else signed(100 * each) for each in values]
    text, ends = said[0] if error else tr("{0} points").format(said[0]), said[1:]
    between = f" ({tr('{0} to {1}').format(*ends)})" if ends else ""
    worth = {"better": tr("better"), "worse": tr("worse"), "noise": tr("within noise")}[found["conclusion"]]
    return Said(f"{text}{between}, {worth}", _TONES[found["conclusion"]])


def scored_on(task: Document) -> str:
    """Right answers on 48 pictures of validation."""
    text = tr("{0} on {1} pictures, {2}")
    return text.format(score_name(task["kind"]), count(task["pictures"]), part_title(task["part"]).lower())


def basis(document: Document) -> str:
    """On what the report rests, and what it took."""
    seeds, epochs = len(document["seeds"]), document["epochs"]
    every = tr("{0}, every way {1} and {2}, keeping the last: no picture that scores it has chosen it.").format(
        document["backbone"],
        tr("1 seed") if seeds == 1 else tr("{0} seeds").format(seeds),
        tr("1 epoch") if epochs == 1 else tr("{0} epochs").format(epochs),
    )
    luck = [tr("One seed tells chance among pictures from effect, not the luck of a run.")] if seeds == 1 else []
    took = ", ".join(
        f"{way_title(way, document['freeze'])} {duration(seconds)}" for way, seconds in document["seconds"].items()
    )
    return " ".join([every, *luck, tr("Training took: {0}.").format(took)])


def about(shared: Project, runs: Sequence[Planned], like: RunInfo) -> str:
    """About how long all runs take, from a run of this recipe."""
    seconds = estimated_s(shared, runs, like.elapsed_s)
    return tr("About {0}, judging by run {1}.").format(long_time(seconds), like.run)


def name(info: TrialsInfo) -> str:
    """A report in a list: 002 · 25 Nov 04:10 · mobilenet_v2."""
    backbone = (info.document or {}).get("backbone", "")
    return " · ".join(part for part in (f"{info.number:03d}", when(info.plan.get("started", "")), backbone) if part)
