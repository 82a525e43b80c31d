"""Bring the model nearer to the other domain, and see what each way has done beside the model as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.core.adaptation import METHODS
from workbench.gui.numbers import count, percent
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.sideways import Sideways
from workbench.gui.pages.tools.domain.document import Adapted, Kept, Row, parse_adapted, read_adapted
from workbench.gui.pages.tools.domain.methods import MethodChoice
from workbench.gui.pages.tools.domain.score_grid import Said, ScoreGrid
from workbench.gui.pages.tools.domain.words import place_text, score_text, summary, tr, verdict
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace


class AdaptCard(Card):
    """Signals:
    page_requested(str): the user wants to see another page.
    """

    page_requested = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Adapt the model"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "Makes a new run; the run that it is made of stays as it is. Adapting can harm: every way is scored "
                "beside the model as it is, on the new pictures where they have labels, and on the run's own."
            )
        )
        self._workspace = workspace
        self._run, self._target, self._against = "", Path(), ""
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How much of adapting is done"),
            cancel=self.tr("Stop adapting"),
            parse=parse_adapted,
        )
        self._reading = Loader(self)
        self.problem, self.working = self._asking.problem, self._asking.working
        self.methods = MethodChoice(self)
        self.go = Button(self.tr("Adapt"), "play", "primary", clicked=self._on_go, parent=self)
        self.go.setAccessibleName(self.tr("Adapt the model to the pictures"))
        self.add_action(self.go)
        self.training = NoticeBar("info", self.tr("It trains like any run: its curves are on the Train page."))
        self.training.add_action(self.tr("Show the curves"), self._on_curves)
        self._unscored = ""
        self.unscored = NoticeBar("info", "", parent=self)
        self.unscored.add_action(self.tr("Score it"), self._on_score)
        self.done = ScoreGrid(self.tr("What adapting did"), self)
        self.room = Sideways(self.done, self)
        self.said = Label("", "caption", "secondary", wrap=True)
        self.told = NoticeBar("info", "", parent=self)
        for widget in (
            self.methods,
            self.problem,
            self.working,
            self.training,
            self.unscored,
            self.room,
            self.told,
            self.said,
        ):
            self.add(widget)
        self.training.hide()
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_changed)
        self._reading.loaded.connect(self._show)
        self._reading.failed.connect(self._asking.show_problem)
        self.methods.changed.connect(self._on_changed)
        workspace.runs_changed.connect(self._read)
        workspace.run_state_changed.connect(self._on_changed)
        self._show(Kept([], []))

    def set_question(self, run: str, target: Path | None, against: str, tasks: Sequence[Mapping[str, Any]]) -> None:
        """Which run is adapted to which folder.

        Args:
            against: why there is no such question yet; empty where there is.
            tasks: of the run, as its settings hold them.
        """
        if (run, target) != (self._run, self._target):
            self._asking.give_up()
            self.problem.hide()
            if run != self._run:
                self.methods.set_batch_norm(1)  # as most have; whoever looks at the run says so
                self.methods.set_tasks(tasks)
            self._run, self._target = run, target or Path()
            self._read()
        self._against = against
        self._on_changed()

    @Slot(int)
    def set_batch_norm(self, layers: int) -> None:
        """How many layers of batch norm the model has."""
        self.methods.set_batch_norm(layers)

    @Slot()
    def _on_go(self) -> None:
        folder = self._workspace.folder
        if folder is None:
            return
        words = ["--run", self._run, "--target", str(self._target), *self.methods.words()]
        if METHODS[self.methods.method].trains:
            self._workspace.adapt(words)
        else:
            self._asking.ask(["adapt", str(folder), *words])

    @Slot()
    def _on_changed(self) -> None:
        idle = self._workspace.run_state == "idle"
        self._asking.swap(self.go)
        asked, against = bool(self._run) and self._target != Path(), self._against or self.methods.against
        self.go.setEnabled(idle and not self._asking.open and asked and not against)
        self.go.setToolTip(against if idle else self.tr("A run is training; this can begin when it has ended."))
        self.training.setVisible(not idle)
        self.unscored.setVisible(idle and bool(self._unscored) and not self._asking.open)

    @Slot()
    def _on_curves(self) -> None:
        self.page_requested.emit("train")

    @Slot(object)
    def _on_answered(self, _found: Adapted) -> None:
        self._workspace.runs_changed.emit()  # the new run is in sight everywhere, and its scores are read here

    @Slot()
    def _read(self) -> None:
        if self._workspace.folder is None or not self._run:
            self._show(Kept([], []))
        else:
            self._reading.load(read_adapted, self._workspace.folder)

    @Slot()
    def _on_score(self) -> None:
        folder = self._workspace.folder
        if folder is not None and self._unscored:
            self._asking.ask(["adapt", str(folder), "--score", self._unscored])

    @Slot(object)
    def _show(self, kept: Kept) -> None:
        """Show what was made of the run with the folder: the model as it is first, then each way."""
        asked = (self._run, self._target)
        waiting = [each.run for each in kept.unscored if (each.origin, Path(each.target)) == asked]
        self._unscored = next(iter(waiting), "")
        if waiting:
            words = self.tr("{0} was adapted, but has not been scored beside {1}.")
            self.unscored.set_notice("info", words.format(self._unscored, self._run))
        self._on_changed()
        found = [each for each in kept.adapted if (each.origin, Path(each.target)) == asked]
        for widget in (self.room, self.told, self.said):
            widget.setVisible(bool(found))
        if not found:
            return
        places = list(dict.fromkeys((name, row.on) for name, row in _rows(found[-1])))
        pictures = {(name, row.on): row.pictures for name, row in _rows(found[-1])}
        several = len({name for name, _ in places}) > 1
        titles = [self.tr("Model")]
        for name, on in places:
            where = self.tr("{0}, {1} pictures").format(place_text(on), count(pictures[name, on]))
            titles += [f"{name} · {where}" if several else where, ""]
        titles.append(self.tr("Answers changed"))
        rows = [[Said(self.tr("{0}, as it is").format(self._run), bold=True), *self._unadapted(found[-1], places)]]
        rows += [self._adapted(each, places) for each in found]
        self.done.set_rows(titles, rows)
        self.said.setText(self._words(found[-1]))
        self.told.set_notice(*summary(found[-1]))

    def _unadapted(self, found: Adapted, places: list[tuple[str, str]]) -> list[Said]:
        cells = []
        known = {(name, row.on): row for name, row in _rows(found)}
        for place in places:
            cells += [Said(score_text(found.tasks[place[0]].kind, known[place].before)), Said("")]
        return [*cells, Said("")]

    def _adapted(self, found: Adapted, places: list[tuple[str, str]]) -> list[Said]:
        known = {(name, row.on): row for name, row in _rows(found)}
        cells = [Said(f"{found.run} · {tr(METHODS[found.method].title)}")]
        for place in places:
            row = known.get(place)
            if row is None:
                cells += [Said("–"), Said("")]
            else:
                cells += [Said(score_text(found.tasks[place[0]].kind, row.after)), verdict(row.conclusion)]
        changed = [task.changed for task in found.tasks.values() if task.changed is not None]
        return [*cells, Said(", ".join(percent(share, 0) for share in changed) or "–", "secondary")]

    def _words(self, found: Adapted) -> str:
        names = sorted({tr(task.score) for task in found.tasks.values() if task.rows})
        words = self.tr("{0} with the interval that holds it with 95 % certainty, on the same pictures.").format(
            ", ".join(names).capitalize()
        )
        if found.labelled:
            return words
        unlabelled = self.tr(
            "The new pictures have no labels, so nobody can say yet whether their answers have become better: put "
            "some into class folders to find out."
        )
        return f"{words} {unlabelled}"


def _rows(found: Adapted) -> list[tuple[str, Row]]:
    return [(name, row) for name, task in found.tasks.items() for row in task.rows]
