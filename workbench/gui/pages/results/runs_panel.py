"""The runs of the project, newest first, in three lines or a few more where scores need them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.gui.pages.derived_words import derived_words
from workbench.gui.pages.results.metric_words import short_score
from workbench.gui.pages.run_list import status_words
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.project.runs import RunInfo

_Index = QModelIndex | QPersistentModelIndex
RUN_ROLE = Qt.ItemDataRole.UserRole
_MOST_LINES = 3
"""Of scores; the tooltip has all of them."""
_BETWEEN = "  "
_TONES = {"finished": "good", "stopped": "good", "failed": "bad", "interrupted": "caution", "running": "accent"}


class RunsModel(QAbstractListModel):
    """Runs, newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.runs: list[RunInfo] = []

    def set_runs(self, runs: Sequence[RunInfo]) -> None:
        """Show these."""
        self.beginResetModel()
        self.runs = list(runs)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.runs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        run = self.runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return run.run
        if role == RUN_ROLE:
            return run
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            lines = [run.run, status_words(run.status), made_of(run), *(" ".join(score) for score in _scores(run))]
            return "\n".join(line for line in lines if line)
        return None


class RunsPanel(Card):
    """The list of runs.

    Signals:
        chosen(str): another run was chosen by the user.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Runs"), parent=parent)
        self.model = RunsModel(self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_RunDelegate(self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setWordWrap(True)  # so that rows find their places anew whenever the width is another
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("Runs, newest first"))
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.compare = Button(self.tr("Compare or repeat"), "compare", parent=self)
        self.compare.setCheckable(True)
        self.compare.setAccessibleName(self.compare.text())
        self.compare.setToolTip(self.tr("Hold runs against each other, or repeat one with other seeds or in folds"))
        self.verdict = Button(self.tr("Together or apart?"), parent=self)
        self.verdict.setCheckable(True)
        self.verdict.setAccessibleName(self.verdict.text())
        self.verdict.setToolTip(self.tr("Find out whether the tasks do better trained together or each alone"))
        self.doubts = Button(self.tr("Label doubts"), parent=self)
        self.doubts.setCheckable(True)
        self.doubts.setAccessibleName(self.doubts.text())
        self.doubts.setToolTip(self.tr("Find labels that are probably wrong, and decide about them"))
        self.add(self.view, 1)
        self.add(self.compare)
        self.add(self.verdict)
        self.add(self.doubts)
        self._quiet = False

    def set_runs(self, runs: Sequence[RunInfo], current: str) -> None:
        """Show runs with one of them chosen; says nothing."""
        self._quiet = True
        self.model.set_runs(runs)
        self.set_current(current)
        self._quiet = False
        self.compare.setEnabled(bool(runs))

    def set_current(self, name: str) -> None:
        """Mark a run as chosen; says nothing."""
        self._quiet, before = True, self._quiet
        row = next((row for row, run in enumerate(self.model.runs) if run.run == name), -1)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))
        self._quiet = before

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.chosen.emit(self.model.runs[current.row()].run)


class _RunDelegate(QStyledItemDelegate):
    """Name and state; when, backbone and preset; the scores."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        small, view = QFontMetrics(font("caption", figures=True)), option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        lines = 1 + len(score_lines(index.data(RUN_ROLE), small, width - 2 * GRID))
        return QSize(160, QFontMetrics(font("body", bold=True)).height() + lines * (small.height() + 2) + 2 * GRID + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        run: RunInfo = index.data(RUN_ROLE)
        where = option.rect.adjusted(GRID, GRID, -GRID, -GRID)
        painter.save()
        used = self._first_line(painter, where, run)
        rest = where.adjusted(0, used, 0, 0)
        painter.setFont(font("caption", figures=True))
        painter.setPen(theme().colours().colour("secondary"))
        height = painter.fontMetrics().height()
        for number, text in enumerate((made_of(run), *score_lines(run, painter.fontMetrics(), where.width()))):
            line = QRect(rest.left(), rest.top() + number * (height + 2), rest.width(), height)
            if number:
                painter.setPen(option.palette.color(QPalette.ColorRole.Text))
            self._text(painter, line, text)
        painter.restore()

    def _first_line(self, painter: QPainter, where: QRect, run: RunInfo) -> int:
        colours = theme().colours()
        painter.setFont(font("caption"))
        state = status_words(run.status).partition(",")[0]
        width = painter.fontMetrics().horizontalAdvance(state)
        painter.setPen(colours.colour(_TONES.get(run.status, "secondary")))
        painter.setFont(font("body", bold=True))
        height = painter.fontMetrics().height()
        line = QRect(where.left(), where.top(), where.width(), height)
        painter.setFont(font("caption"))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), state)
        painter.setFont(font("body", bold=True))
        painter.setPen(colours.colour("text"))
        self._text(painter, line.adjusted(0, 0, -width - GRID, 0), run.run)
        return height + 2

    def _text(self, painter: QPainter, where: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def when(started: str) -> str:
    """The local day and time of a run's start; empty where it is not known."""
    try:
        local = datetime.fromisoformat(started).astimezone()
    except ValueError:
        return ""
    months = QLocale().monthName(local.month, QLocale.FormatType.ShortFormat)
    return f"{local.day} {months} {local:%H:%M}"


def made_of(run: RunInfo) -> str:
    """Which preset, or which runs it was made of; which backbone, and when."""
    backbone = run.settings.get("backbone", {}).get("name", "")
    how = derived_words(run) or run.settings.get("recipe", {}).get("preset", "")
    return " · ".join(part for part in (how, backbone, when(run.started)) if part)


def score_lines(run: RunInfo, metrics: QFontMetrics, width: int) -> list[str]:
    """The scores in as many lines as they need, each score whole; where they need too many the last says how many more.

    Args:
        metrics: of the letters that they are written in.
        width: of a line, in pixels.
    """
    scores = [_fitting(*score, metrics, width) for score in _scores(run)]
    for shown in range(len(scores), 0, -1):
        left = len(scores) - shown
        more = [QCoreApplication.translate("RunsPanel", "{0} more").format(left)] if left else []
        lines = _flowing([*scores[:shown], *more], metrics, width)
        if len(lines) <= _MOST_LINES:
            return lines
    return scores[:1]


def _flowing(words: Sequence[str], metrics: QFontMetrics, width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]}{_BETWEEN}{word}" if lines else ""
        if longer and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fitting(task: str, said: str, metrics: QFontMetrics, width: int) -> str:
    """A score in one line; a name that is too long loses its end, for the number is what is looked for."""
    if metrics.horizontalAdvance(f"{task} {said}") <= width:
        return f"{task} {said}"
    room = width - metrics.horizontalAdvance(f" {said}")
    return f"{metrics.elidedText(task, Qt.TextElideMode.ElideRight, max(0, room))} {said}"


def _scores(run: RunInfo) -> list[tuple[str, str]]:
    """Each task's name with its score in short, such as "material" and "94 %", or "white_cells" and "off by 0.41"."""
    return [(task, said) for task, metrics in run.metrics.items() if (said := short_score(metrics))]
