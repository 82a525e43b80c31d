"""Scores and verdicts of the domain tool in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.core.verdict import is_error
from workbench.gui.numbers import figure, percent
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.tools.domain.document import Score
from workbench.gui.pages.tools.domain.score_grid import Said

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


def tr(text: str) -> str:
    return QCoreApplication.translate("DomainTool", text)
