"""The table of all runs: the scores, and the settings that differ; some of its rows are chosen to be compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QItemSelection, QItemSelectionModel, Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.core.differences import differing, flat_settings, repeat_key, setting_title
from workbench.gui.numbers import duration
from workbench.gui.pages.results.metric_words import better, metric_text, metric_title, shown_metric
from workbench.gui.pages.results.runs_panel import when
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.gui.pages.run_list import status_words
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.project.runs import RunInfo


def scored_tasks(runs: Sequence[RunInfo]) -> list[str]:
    """All tasks that any run has a score for."""
    return list(dict.fromkeys(task for run in runs for task in run.metrics))


class RunsTable(Card):
    """The table of runs.

    Signals:
        run_chosen(str): a row was opened (double click or Enter).
        selected(): other rows were chosen.
    """

    run_chosen = Signal(str)
    selected = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Runs side by side"), parent=parent)
        self._runs: list[RunInfo] = []
        self.same = Label("", "caption", "secondary", wrap=True)
        self.model = TableModel([], parent=self)
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(self.tr("Comparison of runs"))
        self.view.activated.connect(self._on_activated)
        self.view.selectionModel().selectionChanged.connect(self.selected)
        self.add(self.same)
        self.add(self.view, 1)

    def chosen(self) -> list[RunInfo]:
        """The runs of the chosen rows, oldest first."""
        rows = {self.view.source_row(index.row()) for index in self.view.selectedIndexes()}
        return sorted((self._runs[row] for row in rows), key=lambda run: (run.number, run.run))

    def choose(self, names: Collection[str]) -> None:
        """Choose the rows of these runs."""
        selection = QItemSelection()
        for row in range(self.view.sorted.rowCount()):
            if self._runs[self.view.source_row(row)].run in names:
                index = self.view.sorted.index(row, 0)
                selection.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)

    def repeats(self) -> list[str]:
        """The runs that repeat the recipes of the chosen ones, with these; in other seeds or folds."""
        wanted = {_recipe(run) for run in self.chosen() if run.settings}
        return [run.run for run in self._runs if run.settings and _recipe(run) in wanted]

    def set_runs(self, runs: Sequence[RunInfo]) -> None:
        """Show these, in this order; chosen ones stay chosen, and a single one always is."""
        kept = {run.run for run in self.chosen()}
        self._runs = list(runs)
        keys, tasks = differing([run.settings for run in runs]), scored_tasks(runs)
        metrics = {task: _metric(runs, task) for task in tasks}
        best = {task: better(metrics[task], _values(runs, task, metrics[task])) for task in tasks}
        rows = []
        for run in runs:
            flat = flat_settings(run.settings) if run.settings else {}
            facts = [
                Cell(run.run, run.run, strong=True),
                Cell(status_words(run.status)),
                Cell(when(run.started), run.started),
                Cell(duration(run.elapsed_s), run.elapsed_s),
            ]
            scores = [_score(run, task, metrics[task], best[task]) for task in tasks]
            rows.append(facts + scores + [_setting(flat.get(key)) for key in keys])
        titles = [self.tr("Run"), self.tr("State"), self.tr("Started"), self.tr("Took"), *tasks]
        words = self.tr("{0}, validation: {1}")
        helps = ["", "", "", "", *(words.format(task, metric_title(metrics[task])) for task in tasks)]
        self.model.set_rows(rows, titles + [setting_name(key) for key in keys], helps + keys)
        self.view.fit_columns()
        self.same.setText(self._sentence(keys))
        self.choose({run.run for run in runs} if len(runs) == 1 else kept)

    def _sentence(self, keys: Sequence[str]) -> str:
        if len(self._runs) < 2:
            return self.tr("Repeat the run with other seeds or in folds, or train with another setting, to compare.")
        if not keys:
            return self.tr("These runs have the same settings.")
        scores = self.tr("Scores are of the validation part, the best bold; after them stand the settings that differ.")
        return f"{scores} {self.tr('Choose rows with Ctrl or Shift to compare them.')}"

    @Slot()
    def _on_activated(self) -> None:
        row = self.view.source_row(self.view.currentIndex().row())
        self.run_chosen.emit(self._runs[row].run)


def _recipe(run: RunInfo) -> tuple[str, str, str]:
    """Equal for runs that repeat one recipe on the same data; one that was made of others repeats none."""
    return repeat_key(run.settings), run.data_key, run.run if run.derived else ""


def setting_name(key: str) -> str:
    """What a setting is called, by its dotted key."""
    return setting_title(key, partial(QCoreApplication.translate, "settings"))


def setting_text(value: Any) -> str:
    """A setting's value as people read it."""
    if value is None or value in ([], ""):
        return "–"
    if isinstance(value, list):  # phases
        return ", ".join(f"{phase.get('freeze', 'all')}: {phase.get('epochs', 1)}" for phase in value)
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _setting(value: Any) -> Cell:
    text = setting_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(text, float(value))
    return Cell(text, "" if text == "–" else text)


def _score(run: RunInfo, task: str, metric: str, best: float) -> Cell:
    value = _value(run, task, metric)
    if value is None:
        return Cell("–", float("nan"))
    return Cell(metric_text(metric, value), value, strong=value == best)


def _metric(runs: Sequence[RunInfo], task: str) -> str:
    """The metric by which runs are compared in a task: that of its kind in the first run that has one."""
    return next((name for run in runs if (name := shown_metric(run.metrics.get(task, ())))), "")


def _values(runs: Sequence[RunInfo], task: str, metric: str) -> list[float]:
    return [value for run in runs if (value := _value(run, task, metric)) is not None]


def _value(run: RunInfo, task: str, metric: str) -> float | None:
    value = run.metrics.get(task, {}).get(metric)
    return float(value) if isinstance(value, int | float) else None
