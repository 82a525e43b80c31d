"""A comparison in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.differences import MADE
from workbench.core.text import signed
from workbench.core.verdict import is_error
from workbench.gui.numbers import count, figure
from workbench.gui.pages.results.comparison.table import setting_name, setting_text
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.results.metric_words import metric_text, metric_title
from workbench.gui.pages.results.verdict.words import score_name

Document = Mapping[str, Any]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Comparison", text)


def differences(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
    """Every pair of every task, with the task's name."""
    return [(name, pair) for name, task in document["tasks"].items() for pair in task["pairs"]]


def headline(document: Document) -> str:
    """What the comparison comes to, in a few words."""
    pairs = [pair for _, pair in differences(document)]
    if not pairs:
        return _tr("One recipe, several times")
    if not any(pair["pictures"] for pair in pairs):
        return _tr("No picture in common")
    if any(pair["conclusion"] != "noise" for pair in pairs):
        return _tr("They differ by more than noise")
    return _tr("Any difference is within noise")


def explained(document: Document) -> str:
    """What the headline rests on."""
    said = [_conclusion(document)]
    if document["other_data"]:
        words = _tr("Other pictures, labels or parts than in the first run on these sources: {0}.")
        said.append(words.format(", ".join(document["other_data"])))
    if any(group["repeats"] == "seeds" and len(group["runs"]) == 2 for group in document["groups"]):
        said.append(_tr("Two seeds tell little about chance; three or more tell more."))
    return " ".join(said)


def _conclusion(document: Document) -> str:
    pairs = differences(document)
    if not pairs:
        return _tr("These runs differ in their seed or their fold alone; how far their scores spread is chance.")
    if not any(pair["pictures"] for _, pair in pairs):
        return _tr("These runs kept other pictures aside, so that none can tell which of them is better.")
    beyond = [(name, pair) for name, pair in pairs if pair["conclusion"] != "noise"]
    if not beyond:
        return _tr("Other pictures, or other seeds, could turn what differs around.")
    words = _tr("{0}: {1} is better than {2}.")
    return " ".join(words.format(name, *_better(pair)) for name, pair in beyond)


def _better(pair: Mapping[str, Any]) -> tuple[str, str]:
    second = pair["conclusion"] == "second"
    return (pair["second"], pair["first"]) if second else (pair["first"], pair["second"])


def basis(document: Document) -> str:
    """On what the comparison rests."""
    words = _tr("Pictures of this part, scored by all compared runs: {0}. The intervals hold all at once with 95 %.")
    return words.format(part_title(document["part"]).lower())


def settings(document: Document) -> str:
    """Each setting that differs on a line of its own: its values, and which runs have them."""
    return "\n".join(f"{setting_name(row['key'])}: {_values(_said(row))}" for row in document["settings"])


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a setting by run; where runs were made of others, how the rest came about, too."""
    trained = _tr("by training") if row["key"] == MADE else None
    return {run: trained if value is None else value for run, value in row["values"].items()}


def _values(by_run: Mapping[str, Any]) -> str:
    runs: dict[str, list[str]] = {}
    for run, value in by_run.items():
        runs.setdefault(setting_text(value), []).append(run)
    return " · ".join(f"{value} ({', '.join(names)})" for value, names in runs.items())


def group_name(group: Mapping[str, Any]) -> str:
    """A run, or what stands for several of one recipe."""
    others = len(group["runs"]) - 1
    if not others:
        return str(group["name"])
    words = {"seeds": _tr("{0} and {1} with other seeds"), "folds": _tr("{0} and {1} of other folds")}
    return words.get(group["repeats"], _tr("{0} and {1} alike")).format(group["name"], others)


def score(task: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    """94.1 % (90.8 % to 97.0 %), or of several runs their mean and deviation."""
    found, metric = task["groups"].get(group["name"]), task["metric"]
    if found is None:
        return "–"
    text = metric_text(metric, found["mean"])
    if found["deviation"] is not None:
        text += f" ± {metric_text(metric, found['deviation'])}"
        interval = found["interval"]
    else:
        interval = task["runs"][group["name"]]["metrics"].get(f"{metric}_interval")
    if not interval or None in interval:
        return text
    return text + f" ({_tr('{0} to {1}').format(*(metric_text(metric, end) for end in interval))})"


def score_help(group: Mapping[str, Any]) -> str:
    """What `score` says of a group."""
    if len(group["runs"]) > 1:
        return _tr("Mean ± standard deviation of {0} runs, and the 95 % interval of the mean").format(
            len(group["runs"])
        )
    return _tr("With its 95 % interval")


def difference(task: Mapping[str, Any], pair: Mapping[str, Any]) -> str:
    """+3.2 points (+0.4 to +6.0), p = 0.012, beyond noise on 184 pictures."""
    if not pair["pictures"]:
        return _tr("no picture in common")
    if is_error(task["kind"]):
        value = signed(pair["difference"], ".3g")
        ends = [signed(end, ".3g") for end in pair["interval"] or ()]
    else:
        value = _tr("{0} points").format(signed(100 * pair["difference"]))
        ends = [signed(100 * end) for end in pair["interval"] or ()]
    parts = [value + (f" ({_tr('{0} to {1}').format(*ends)})" if ends else "")]
    if pair["p"] is not None:
        parts.append(f"p = {pair['p']:.2g}")
    parts.append(_tr("within noise") if pair["conclusion"] == "noise" else _tr("beyond noise"))
    counted = score_name(task["kind"])
    named = "" if counted == metric_title(task["metric"]) else f"{counted}: "
    return named + ", ".join(parts) + " " + _tr("on {0} pictures").format(count(pair["pictures"]))


def test_help(task: Mapping[str, Any], pair: Mapping[str, Any]) -> str:
    """How it was tested."""
    tests = {
        "McNemar": _tr("exact McNemar test on the same pictures"),
        "Student": _tr("paired t test on the same pictures"),
        "seeds": _tr("interval over the same pictures and over seeds"),
    }
    return f"{score_name(task['kind'])}: {tests[pair['test']]}"


def disagreement(kind: str, picture: Mapping[str, Any], letters: int = 1000) -> str:
    """What is true of a picture, and what both said; names are cut so that about so many letters hold all three."""
    truth = picture.get("target")
    true = "" if truth is None else _labels(truth) if isinstance(truth, list) else _plain(truth)
    said = [_ANSWERS[kind](picture[side]) for side in ("first", "second")]
    room = letters if sum(map(len, (true, *said))) <= letters else letters // 3
    said = [_cut(each, room) for each in said]
    return (f"{_cut(true, room)} · " if true else "") + " / ".join(said)


def _cut(text: str, room: int) -> str:
    """A text with its middle left out where it has no room."""
    half = max(1, room // 2)
    return text if len(text) <= room else f"{text[: max(1, room - half - 1)]}…{text[-half:]}"


def _labels(names: Sequence[str]) -> str:
    return " + ".join(names) or _tr("no label")


def _plain(value: Any) -> str:
    return figure(value) if isinstance(value, int | float) else str(value)


_ANSWERS = {
    "single-label": lambda answer: f"{answer['prediction']} {answer['confidence']:.2f}",
    "multi-label": lambda answer: _labels(answer["prediction"]),
    "number": lambda answer: figure(answer["prediction"]),
    "mask": lambda answer: "–" if answer["iou"] is None else f"{answer['iou']:.2f}",
}
