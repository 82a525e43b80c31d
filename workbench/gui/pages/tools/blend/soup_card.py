"""The average of several runs: which of them, what each average scores beside them, and a button that keeps one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.metric_words import metric_title
from workbench.gui.pages.run_list import ANSWERING, RunList
from workbench.gui.pages.sideways import Sideways
from workbench.gui.pages.tools.blend import words
from workbench.gui.pages.tools.blend.document import GREEDY, UNIFORM, Soup, parse_soup
from workbench.gui.pages.tools.domain.score_grid import Said, ScoreGrid
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace

_FEWEST = 2
_LETTERS = 40  # of a run's name in its box


class SoupCard(Card):
    """Signals:
    page_requested(str): the user wants to see another page.
    """

    page_requested = Signal(str)

    def __init__(self, workspace: Workspace, runs: RunList, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Average of several runs"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "One model from repeats of a recipe that began with the same pretrained weights: with other seeds, "
                "learning rates or augmentation. Often as good as the best of them, or better."
            )
        )
        self._workspace, self._list = workspace, runs
        self._found: Soup | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self.row = FlowRow(self)
        self.few = Label(self.tr("There are fewer than two runs to average."), "body", "secondary", wrap=True)
        self.go = Button(self.tr("Average them"), "play", clicked=self._on_go, parent=self)
        self.go.setAccessibleName(self.tr("Average the runs that are chosen"))
        self._asking = self._new_asking(self.tr("How much of averaging is done"), self.tr("Stop averaging"))
        self._keeping = self._new_asking(self.tr("How much of keeping is done"), self.tr("Stop keeping the average"))
        self.table = ScoreGrid(self.tr("Runs and their averages"), self)
        self.room = Sideways(self.table, self)
        self.basis = Label("", "caption", "secondary", wrap=True)
        self.keep_all = Button(self.tr("Keep the average of all"), "save", clicked=self._on_keep_all, parent=self)
        self.keep_greedy = Button(self.tr("Keep the greedy one"), "save", clicked=self._on_keep_greedy, parent=self)
        self.buttons = FlowRow(self)
        self.told = NoticeBar("good", "", closable=True, parent=self)
        self.told.add_action(self.tr("See its results"), self._on_results)
        self._lay_out()
        runs.changed.connect(self._on_runs)
        workspace.run_state_changed.connect(self._show_actions)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._show_actions)
        self._keeping.answered.connect(self._on_kept)
        self._keeping.changed.connect(self._show_actions)
        self._on_runs()

    def leave(self) -> None:
        """Forget what was found."""
        for asking in (self._asking, self._keeping):
            asking.give_up()
            asking.problem.hide()
        self.told.hide()
        self._show(None)

    def chosen(self) -> list[str]:
        """The runs that are chosen, oldest first."""
        return [name for name, box in reversed(self.boxes.items()) if box.isChecked()]

    @Slot()
    def _on_runs(self) -> None:
        """Offer trained runs that can answer, newest first."""
        names = [run.run for run in self._list.runs if run.status in ANSWERING and not run.derived]
        if names != list(self.boxes):
            checked = set(self.chosen())
            for box in self.boxes.values():
                self.row.flow.removeWidget(box)
                box.hide()
                box.deleteLater()
            self.boxes = {name: self._box(name, name in checked) for name in names}
            self.row.refit()
        enough = len(names) >= _FEWEST
        self.row.setVisible(enough)
        self.few.setVisible(not enough)
        self._show_actions()

    def _box(self, name: str, checked: bool) -> QCheckBox:
        metrics = self.fontMetrics()
        short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _LETTERS * metrics.averageCharWidth())
        box = QCheckBox(short.replace("&", "&&"), self.row)
        box.setChecked(checked)
        box.setToolTip(name)
        box.setAccessibleName(self.tr("Average {0}").format(name))
        box.toggled.connect(self._on_boxes)
        self.row.flow.addWidget(box)
        box.show()
        return box

    @Slot()
    def _on_boxes(self) -> None:
        self.leave()

    @Slot()
    def _on_go(self) -> None:
        self.leave()
        self._ask(self._asking)

    @Slot()
    def _on_keep_all(self) -> None:
        self._ask(self._keeping, "--keep")

    @Slot()
    def _on_keep_greedy(self) -> None:
        self._ask(self._keeping, "--keep", "--greedy")

    def _ask(self, asking: Asking, *more: str) -> None:
        folder = self._workspace.folder
        if folder is not None:
            asking.ask(["soup", str(folder), *(word for run in self.chosen() for word in ("--runs", run)), *more])

    @Slot(object)
    def _on_answered(self, found: Soup) -> None:
        self._show(found)

    @Slot(object)
    def _on_kept(self, found: Soup) -> None:
        self.told.set_notice("good", self.tr("Kept as run {0}.").format(found.kept))
        self.told.show()
        self._workspace.runs_changed.emit()

    @Slot()
    def _on_results(self) -> None:
        self.page_requested.emit("results")

    def _show(self, found: Soup | None) -> None:
        self._found = found
        for widget in (self.room, self.basis, self.buttons):
            widget.setVisible(found is not None)
        self._show_actions()
        if found is None:
            return
        models = found.models["validation"]
        tasks = next(iter(models.values())).tasks
        titles = [self.tr("Model")]
        for name, task in tasks.items():
            titles += [name if len(tasks) > 1 else metric_title(task.metric), self.tr("Beside the best run")]
        rows = []
        for name, scores in models.items():
            cells = [Said(self._model_title(name, found), bold=name in (UNIFORM, GREEDY))]
            for task in scores.tasks.values():
                reference = name == found.best or (name == GREEDY and found.greedy == (found.best,))
                cells += [Said(words.score_text(task)), Said("") if reference else words.difference_cell(task)]
            rows.append(cells)
        self.table.set_rows(titles, rows)
        pictures = count(max(task.count for task in tasks.values()))
        text = self.tr(
            "Validation, {0} pictures, with 95 % intervals. {1} is the best run there; the greedy average takes: {2}."
        )
        self.basis.setText(text.format(pictures, found.best, ", ".join(found.greedy)))

    def _model_title(self, name: str, found: Soup) -> str:
        titles = {
            UNIFORM: self.tr("Average of all {0}").format(len(found.uniform)),
            GREEDY: self.tr("Greedy average of {0}").format(len(found.greedy)),
        }
        return titles.get(name, name)

    @Slot()
    def _show_actions(self) -> None:
        idle = self._workspace.run_state == "idle"
        enough = len(self.chosen()) >= _FEWEST
        self._asking.swap(self.go)
        self.go.setEnabled(enough and not self._asking.open)
        self.go.setToolTip("" if enough else self.tr("Choose two runs or more."))
        for button in (self.keep_all, self.keep_greedy):
            self._keeping.swap(button)
            button.setEnabled(idle and not self._keeping.open)
            button.setToolTip("" if idle else self.tr("A run is training; an average can be kept when it has ended."))

    def _new_asking(self, bar: str, cancel: str) -> Asking:
        return Asking(self._workspace, self, bar=bar, cancel=cancel, parse=parse_soup)

    def _lay_out(self) -> None:
        self.add_action(self.go)
        self.told.hide()
        for button in (self.keep_all, self.keep_greedy):
            self.buttons.flow.addWidget(button)
        for item in (
            self.row,
            self.few,
            self._asking.problem,
            self._asking.working,
            self.room,
            self.basis,
            self.buttons,
            self._keeping.problem,
            self._keeping.working,
            self.told,
        ):
            self.add(item)
        for widget in (self.room, self.basis, self.buttons):
            widget.hide()
