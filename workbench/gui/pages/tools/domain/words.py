"""Scores and verdicts of the domain tool in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.core.verdict import is_error
from workbench.gui.numbers import figure, percent
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.tools.domain.document import Adapted, Score
from workbench.gui.pages.tools.domain.score_grid import Said
from workbench.gui.widgets.notice_bar import Level

_TONES = {"better": "good", "worse": "bad", "within noise": "secondary"}


def score_text(kind: str, score: Score) -> str:
    """A score with its 95 % interval."""
    if score.value is None:
        return "–"
    if is_error(kind):
        ends = [figure(end) for end in score.interval or ()]
        text = figure(score.value)
    else:
        ends = [f"{100 * end:.0f}" for end in score.interval or ()]
        text = percent(score.value)
    return f"{text} ({tr('{0} to {1}').format(*ends)})" if ends else text


def verdict(conclusion: str) -> Said:
    """Better, worse, or within noise: in words and in a colour."""
    words = {"better": tr("better"), "worse": tr("worse"), "within noise": tr("within noise")}
    return Said(words.get(conclusion, ""), _TONES.get(conclusion, "text"))


def place_text(on: str) -> str:
    """Where a model is scored."""
    parts = [part_title(part) for part in on.split(" and ")]
    return tr(" and ").join(parts)


def summary(found: Adapted) -> tuple[Level, str]:
    """What adapting came to: gain on the other domain, and harm on the run's own pictures; and how grave that is."""
    said = [(row.on == "target", row.conclusion) for task in found.tasks.values() for row in task.rows]
    there = [conclusion for target, conclusion in said if target]
    here = [conclusion for target, conclusion in said if not target]
    if "worse" in there:
        return "bad", tr("{0} is worse on the new pictures: keep {1}.").format(found.run, found.origin)
    harm = "worse" in here
    if "better" in there:
        words = tr("{0} is better on the new pictures.").format(found.run)
        cost = tr("On the run's own it is worse: use each where its pictures come from.")
        return ("caution", f"{words} {cost}") if harm else ("good", words)
    words = tr("{0} is no better on the new pictures, as far as can be told.") if there else tr("{0} is made.")
    cost = tr("On the run's own it is worse than {0}.").format(found.origin)
    return ("caution", f"{words.format(found.run)} {cost}") if harm else ("info", words.format(found.run))


def tr(text: str) -> str:
    return QCoreApplication.translate("DomainTool", text)
