"""What the panel says of the ways to learn, and of what a run that was made answers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.text import percent, signed
from workbench.gui.numbers import count
from workbench.gui.pages.results.tables import Cell
from workbench.project.ways import Learner, Way


def _tr(text: str) -> str:
    return QCoreApplication.translate("TeachWords", text)


def way_title(way: Way) -> str:
    """What a way is called."""
    return {
        "once": _tr("At once"),
        "changed": _tr("At once, with another head"),
        "replay": _tr("Train further, with a memory of the old pictures"),
        "alone": _tr("Train further on the new pictures alone"),
    }[way.name]


def way_sentence(way: Way, learner: Learner) -> str:
    """What it does and what it costs; where some of the old pictures are gone, how many are left for it."""
    left = ""
    if way.name in ("changed", "replay") and learner.there < learner.learned:
        left = _tr("Of the {0} pictures that the run learned from {1} are still there.")
        left = " " + left.format(count(learner.learned), count(learner.there))
    return _does(way, learner) + left


def _does(way: Way, learner: Learner) -> str:
    if way.name == "replay" and learner.stands_still:
        return _tr(
            "Seconds to minutes. The heads train further, the backbone stays as it is; some pictures of each old class "
            "and the old model's own answers hold what they know."
        )
    return {
        "once": _tr("Seconds. The head takes the pictures in and answers as if it had seen them from the start."),
        "changed": _tr(
            "Seconds. A ridge head takes the place of the trained one, worked out from all pictures; before and after "
            "are compared."
        ),
        "replay": _tr(
            "Minutes. The backbone learns as well; some pictures of each old class and the old model's answers hold "
            "what it knows. Part of it may still be lost, which is measured."
        ),
        "alone": _tr(
            "Minutes. For when the old pictures may not be used: only the old model's answers to the new pictures hold "
            "what it knows. Much of it can be lost, which is measured."
        ),
    }[way.name]


def against(way: Way, learner: Learner, task: str) -> str:
    """Why it cannot be gone; empty where it can."""
    head = learner.resolved.task(task).head
    return {
        "": "",
        "trained": _tr("The {0} head was trained; it cannot take pictures in at once.").format(head),
        "not classes": _tr("The task does not ask for one class of each picture."),
        "own stages": _tr("The task has stages of its own, which would have to learn as well."),
        "gone": _tr("The pictures that the run learned from are no longer there."),
        "other tasks": _tr("Without their pictures the run's other tasks would be lost."),
        "at once": _tr("The {0} head takes pictures in as it is.").format(head),
    }[way.against]


def taught_sentence(document: dict[str, Any]) -> str:
    """What a run that was taught knows more than the one before it."""
    parts = [f"{label} +{counts['train']}" for label, counts in document["added"].items() if counts.get("train")]
    words = _tr("Run {0} is made: {1}. Run {2} is still there as it was.")
    return words.format(document["run"], ", ".join(parts), document["origin"])


def score_rows(document: dict[str, Any]) -> list[list[Cell]]:
    """Before and after, on the pictures that were known and on those that came."""
    of = {"known": _tr("Pictures known before"), "new": _tr("Pictures that came")}
    means = {"better": _tr("better beyond noise"), "worse": _tr("worse beyond noise"), "noise": _tr("within noise")}
    rows = []
    for each in document["scores"]:
        if not each["pictures"]:
            rows.append([Cell(of[each["pictures_of"]]), Cell("0", 0.0), *[Cell("–")] * 3, Cell(_tr("none kept aside"))])
            continue
        low, high = (signed(100 * end) for end in each["interval"])
        rows.append(
            [
                Cell(of[each["pictures_of"]]),
                Cell(str(each["pictures"]), float(each["pictures"])),
                _share(each["before"]),
                _share(each["after"]),
                Cell(f"{signed(100 * each['difference'])} ({low} to {high})"),
                Cell(means[each["conclusion"]], strong=each["conclusion"] != "noise"),
            ]
        )
    return rows


def score_titles() -> list[str]:
    """Of the columns of `score_rows`."""
    return [_tr("Judged on"), _tr("Pictures"), _tr("Before"), _tr("After"), _tr("Points (95 %)"), _tr("That is")]


def shown_rows(document: dict[str, Any]) -> list[list[Cell]]:
    """Single pictures that came: what was said of them, and what is said now."""
    rows = []
    for each in document["shown"]:
        said = [
            "–" if each[when] is None else f"{each[when]['label']} {percent(each[when]['confidence'])}"
            for when in ("before", "after")
        ]
        name = each["image"].rpartition("/")[2]
        rows.append([Cell(name, help=each["image"]), Cell(each["label"]), *map(Cell, said)])
    return rows


def shown_titles() -> list[str]:
    """Of the columns of `shown_rows`."""
    return [_tr("Picture"), _tr("Is"), _tr("Said before"), _tr("Says now")]


def proof_sentence(document: dict[str, Any]) -> str:
    """What was made by adding a task, and how it was checked."""
    proof = document["proof"]
    words = _tr(
        "Run {0} answers {1} as well. The old answers are the same bit by bit: {2} numbers for {3} pictures were "
        "compared. Run {4} is still there as it was."
    )
    return words.format(document["run"], document["task"], proof["answers"], proof["pictures"], document["origin"])


def forgotten_sentence(document: dict[str, Any]) -> str:
    """What was forgotten, as `forgetting` concludes."""
    transfer = document["backward_transfer"]
    if transfer is None:
        return _tr("No pictures that came before the last run can judge it, so what was forgotten cannot be told.")
    low, high = transfer["interval"]
    if high < 0:
        text = _tr("Of what it knew it has lost {0} points on average ({1} to {2}).")
        return text.format(*(f"{-100 * value:.1f}" for value in (transfer["value"], high, low)))
    if low > 0:
        text = _tr("What came later has made it better at the old, by {0} points on average.")
        return text.format(f"{100 * transfer['value']:.1f}")
    return _tr("What came later has changed the old answers within noise: nothing was forgotten that could be told.")


def _share(found: dict[str, Any]) -> Cell:
    low, high = found["interval"]
    return Cell(f"{percent(found['accuracy'])} ({100 * low:.0f} to {100 * high:.0f})")
