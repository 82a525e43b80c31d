"""Every kind of weights that a backbone can begin with, each with a line that says what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from workbench.core import catalogue
from workbench.core.backbone_facts import BackboneFacts, WeightsFacts
from workbench.gui.pages.model.weight_words import in_a_row
from workbench.gui.pages.results.metric_words import short_score
from workbench.gui.pages.run_list import ANSWERING
from workbench.project.runs import RunInfo

FILE = "file:"
RUN = "run:"
ASK = "ask"
"""A choice that asks for a file."""


@dataclass(frozen=True)
class WeightsChoice:
    """One choice.

    Attributes:
        value: for `backbone.weights`.
        title: what it is called.
        meaning: one line on what it is.
        licence: of the weights; empty where there is nothing to say.
        megabytes: size of its download; 0 where there is none.
    """

    value: str
    title: str
    meaning: str
    licence: str = ""
    megabytes: float = 0.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("WeightsChoices", text)


def weights_choices(facts: BackboneFacts, chosen: str, runs: Sequence[RunInfo]) -> list[WeightsChoice]:
    """All choices for a backbone, the one that the project has among them.

    Args:
        chosen: the project's `backbone.weights`.
        runs: of the project, newest first.
    """
    found = [*_starter(facts), *_versions(facts, chosen), *(_run(run) for run in _fitting(facts, runs))]
    if chosen.startswith(FILE):
        path = chosen.removeprefix(FILE)
        found.append(WeightsChoice(chosen, Path(path).name, _tr("a file of yours: {0}").format(path)))
    found += [
        WeightsChoice(ASK, _tr("from a file…"), _tr("a state dict of yours: .pt, .pth or .safetensors")),
        WeightsChoice("none", _tr("random"), _tr("nothing is learned yet; for very many pictures, or to compare")),
    ]
    if all(choice.value != chosen for choice in found):
        title = chosen.removeprefix(RUN)
        found.insert(0, WeightsChoice(chosen, title, _tr("not known for this backbone: choose others")))
    return found


def _starter(facts: BackboneFacts) -> list[WeightsChoice]:
    if catalogue.starter(facts.name) is None:
        return []
    meaning = _tr("ships with the program; learned from pictures drawn from formulas, not from photographs")
    return [WeightsChoice("starter", _tr("starter"), meaning, "Apache-2.0")]


def _versions(facts: BackboneFacts, chosen: str) -> list[WeightsChoice]:
    """The default ones under the name that means them, the others under their own."""
    if not facts.versions:
        return []
    default, *others = facts.versions
    unasked = "hub" if facts.source == "timm" else "default"
    unasked = chosen if chosen in ("default", "hub") else unasked  # they mean the same for every backbone
    found = [_version(unasked, _tr("default: {0}").format(default.name), default)]
    found += [_version(default.name, default.name, default)] if chosen == default.name else []
    return found + [_version(version.name, version.name, version) for version in others]


def _version(value: str, title: str, version: WeightsFacts) -> WeightsChoice:
    known = [] if version.accuracy is None else [_tr("{0:.1f} % on ImageNet").format(version.accuracy)]
    meaning = in_a_row([*known, _tr("{0} px").format(version.input_size)])
    return WeightsChoice(value, title, meaning, version.licence, version.download_mb)


def _fitting(facts: BackboneFacts, runs: Sequence[RunInfo]) -> list[RunInfo]:
    """Runs that have a model of this backbone."""
    same = [run for run in runs if run.settings.get("backbone", {}).get("name") == facts.name]
    return [run for run in same if run.status in ANSWERING]


def _run(run: RunInfo) -> WeightsChoice:
    scores = [f"{task} {text}" for task, metrics in run.metrics.items() if (text := short_score(metrics))]
    meaning = _tr("goes on from what this run learned")
    return WeightsChoice(f"{RUN}{run.run}", _tr("run {0}").format(run.run), in_a_row([meaning, *scores[:3]]))
