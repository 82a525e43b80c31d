"""The map of a run's pictures: drawn, coloured, pointed at, and picked from into a gallery."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.map.card import PointCard
from workbench.gui.pages.results.map.colouring import Kinds, kinds
from workbench.gui.pages.results.map.document import Kept, PictureMap, parse_map, read_kept
from workbench.gui.pages.results.map.legend import PointLegend, entries
from workbench.gui.pages.results.map.picked import PickedPictures
from workbench.gui.pages.results.map.tools import MapTools
from workbench.gui.pages.results.map.words import PictureWords
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.point_map import PointMap
from workbench.gui.widgets.point_pictures import PointPictures
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace

_LINES = 12  # of text: the least height
_FREE = "pca"  # the method that takes no longer than reading the pictures


class MapPanel(QWidget):
    """Shows the map that lies in a run's folder, or draws one.

    Signals:
        looking_wanted(str, str, list), neighbours_wanted(str, str): of a picture and a task, "" for none; the list is
            what the task's head tells apart.
    """

    looking_wanted = Signal(str, str, list)
    neighbours_wanted = Signal(str, str)

    def __init__(self, workspace: Workspace, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._run, self._folder = "", Path()
        self._map: PictureMap | None = None
        self._kinds: Kinds | None = None
        self._reading = Loader(self)
        self._asking = Asking(
            workspace, self, bar=self.tr("How much of the map is done"), cancel=self.tr("Stop drawing the map")
        )
        self.problem, self.working = self._asking.problem, self._asking.working
        self._parsing = Loader(self)
        self._arrived = False  # an answer that is still to be read
        self._declined = False  # the user does not want this run's map drawn unasked, or it cannot be
        self.tools = MapTools(self)
        self.method, self.colour, self.part = self.tools.method, self.tools.colour, self.tools.part
        self.lasso = self.tools.lasso
        self.plane = PointMap(self)
        self.plane.pictures = PointPictures(loader, self.plane)
        self.card = PointCard(loader, self.plane)
        self.legend = PointLegend(self)
        self.said = Label("", "body", "secondary", figures=True, wrap=True)
        self.old = NoticeBar("caution", "", parent=self)
        self.empty = EmptyState("picture", "", button=self.tr("Draw the map"), clicked=self.draw)
        self.beside = PickedPictures(loader, self)
        self.picked, self.gallery, self.dialog = self.beside.title, self.beside.gallery, self.beside.dialog
        words = self.tr("The model or the pictures have changed since this map was drawn.")
        self.old.set_notice("caution", words)
        self.old.add_action(self.tr("Draw it again"), self.draw)
        self._lay_out()
        self._connect()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_body"):
            self._fit()

    def _fit(self) -> None:
        """The map keeps room for itself."""
        self._body.setMinimumHeight(_LINES * self.fontMetrics().height())

    def show_run(self, run: str, folder: Path) -> None:
        """Show the map of a run, whose folder that is."""
        if run != self._run:
            self._asking.give_up()
            self._run, self._folder, self._map, self._declined = run, folder, None, False
            self.problem.hide()
            self._show()
        if not self._asking.open:
            self._read()

    @Slot()
    def draw(self) -> None:
        """Draw the map by the chosen method."""
        if self._workspace.folder is None or not self._run:
            return
        self._reading.drop()
        words = ["--run", self._run, "--method", str(self.method.currentData())]
        self._asking.ask(["map", str(self._workspace.folder), *words])

    def leave(self) -> None:
        """The panel is not seen any more: nothing more is wanted."""
        self._asking.give_up()

    # What comes in ------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._workspace.folder is not None and self._run:
            self._reading.load(read_kept, self._folder, str(self.method.currentData()), self._workspace.folder)

    @Slot(object)
    def _on_read(self, kept: Kept) -> None:
        if (kept.run, kept.method) != (self._run, self.method.currentData()):
            return
        if kept.map is None or self._map is None or not kept.map.lies_as(self._map):
            self._take(kept.map)
        self.old.setVisible(kept.map is not None and not kept.holds)
        if kept.map is None and self._is_free():
            self.draw()

    def _is_free(self) -> bool:
        """Whether a map may be drawn unasked: it is soon there, nothing trains, and nobody stopped it."""
        idle = self._workspace.run_state == "idle"
        return self.method.currentData() == _FREE and idle and not self._declined and self.isVisible()

    @Slot(object)
    def _on_answered(self, document: object) -> None:
        self._arrived = True
        self._parsing.load(parse_map, document)

    @Slot(object)
    def _on_parsed(self, found: PictureMap) -> None:
        self._arrived = False
        if (found.run, found.method) == (self._run, self.method.currentData()):
            self._take(found)
            self.plane.setFocus()

    def _take(self, found: PictureMap | None) -> None:
        self._map = found
        self.old.hide()
        if found is not None:
            words = PictureWords(found, self._workspace.folder or Path())
            self.plane.pictures.set_path(words.path)
            self.plane.set_points(found.x, found.y)
            self.tools.offer(found)
            self._colour()
            self._on_picked()
        self._show()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._arrived, self._declined = False, True
        self._asking.show_problem(problem)
        self._show()

    @Slot()
    def _on_stopped(self) -> None:
        self._declined = True

    @Slot()
    def _on_opened(self) -> None:
        self._asking.give_up()
        self._reading.drop()
        self._run, self._map = "", None
        self._show()

    # What is shown ------------------------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        """Bring everything up to date."""
        there, under_way = self._map is not None, self._asking.open or self._arrived
        self._say_what_it_takes()
        self.working.setVisible(under_way)
        self.empty.setVisible(not there and not under_way)
        for widget in (self._body, self.legend, self.said):
            widget.setVisible(there)
        self.tools.show_state(there=there, under_way=under_way)

    def _say_what_it_takes(self) -> None:
        hint = self.tr("That takes about as long as scoring all pictures once; then it is there at once.")
        if self.method.currentData() != "pca":
            hint = self.tr("Placing thousands of pictures takes minutes. It can be stopped, and once done it is kept.")
        self.empty.set_text(self.tr("Every picture as a point, near where the model sees them alike."), hint)

    @Slot()
    def _colour(self) -> None:
        if self._map is None:
            return
        way, task = self.colour.currentData()
        self._kinds = kinds(self._map, way, task)
        self.legend.set_entries(entries(self._kinds))
        self._draw_kinds()

    @Slot()
    def _draw_kinds(self) -> None:
        """Hand the kinds to the plane, the rarest last, so that no other hides them."""
        if self._kinds is None:
            return
        assert self._map is not None
        hidden, of, part = self.legend.hidden(), self._kinds.of, self.part.currentData()
        order = np.argsort(-np.bincount(of[of >= 0], minlength=len(self._kinds.names)), kind="stable")
        turn = np.full(len(order) + 1, -1, np.int64)
        turn[order] = np.arange(len(order))
        turn[list(hidden)] = -1
        shown = np.array([not part or part == each for each in self._map.part], np.bool_)
        self.plane.set_kinds(np.where(shown, turn[of], -1), [self._kinds.marks[at] for at in order.tolist()])
        self._on_picked()

    @Slot()
    def _on_picked(self) -> None:
        if self._map is None:
            return
        self.beside.show_rows(self._words(), self.plane.picked.tolist())
        self.plane.setAccessibleDescription(self._spoken())
        number, shares = count(len(self._map.images)), self._map.explained
        if shares:
            words = self.tr("{0} pictures; these two directions hold {1} of how they differ, others the rest.")
            self.said.setText(words.format(number, percent(sum(shares))))
        else:
            self.said.setText(self.tr("{0} pictures. Only nearness counts, the axes have no meaning.").format(number))

    @Slot(int)
    def _on_shown(self, row: int) -> None:
        if row < 0 or self._map is None:
            self.card.hide()
        else:
            words = self._words()
            self.card.tell(words.path(row), words.lines(row), self.plane.place_of(row))
        self.plane.setAccessibleDescription(self._spoken())

    def _spoken(self) -> str:
        """What a screen reader says of the plane."""
        words = self.tr("{0}. Arrow keys go from picture to picture, Enter opens one, Space picks it.")
        return words.format(self.card.text() or self.picked.text())

    def _words(self) -> PictureWords:
        """Of the map's pictures; by the task that colours it."""
        assert self._map is not None and self._workspace.folder is not None
        return PictureWords(self._map, self._workspace.folder, self._task())

    def _task(self) -> str:
        """The task that colours the map, else the first."""
        tasks = list(self._map.tasks) if self._map is not None else []
        data = self.colour.currentData()
        return data[1] if data and data[1] else next(iter(tasks), "")

    # What the user does -------------------------------------------------------------------------------------------

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        self.dialog.show_item([self._words().item(row)], 0)

    @Slot(str)
    def _on_look(self, image: str) -> None:
        task = self._task()
        if self._map is not None and task:
            told = self._map.tasks[task]
            self.looking_wanted.emit(image, task, list(told.classes) if told.kind != "number" else [])

    @Slot(str)
    def _on_neighbours(self, image: str) -> None:
        self.neighbours_wanted.emit(image, self._task())

    @Slot()
    def _on_method(self) -> None:
        self._map = None
        self.problem.hide()
        self._show()
        self._read()

    @Slot()
    def _recolour(self) -> None:
        self._colour()

    def _connect(self) -> None:
        self._reading.loaded.connect(self._on_read)
        self._reading.failed.connect(self._on_failed)
        self._parsing.loaded.connect(self._on_parsed)
        self._parsing.failed.connect(self._on_failed)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._show)
        self._asking.stopped.connect(self._on_stopped)
        self._workspace.opened.connect(self._on_opened)
        self.method.activated.connect(self._on_method)
        self.colour.activated.connect(self._recolour)
        self.part.activated.connect(self._draw_kinds)
        self.lasso.toggled.connect(self.plane.set_lasso)
        self.tools.near.clicked.connect(self.plane.enlarge)
        self.tools.far.clicked.connect(self.plane.shrink)
        self.tools.fit.clicked.connect(self.plane.fit)
        self.legend.hidden_changed.connect(self._draw_kinds)
        self.plane.point_shown.connect(self._on_shown)
        self.plane.point_chosen.connect(self._on_chosen)
        self.plane.picked_changed.connect(self._on_picked)
        self.beside.looking_wanted.connect(self._on_look)
        self.beside.neighbours_wanted.connect(self._on_neighbours)
        theme().changed.connect(self._recolour)
        shortcut = QShortcut(QKeySequence("L"), self.plane)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.lasso.toggle)

    def _lay_out(self) -> None:
        self.old.hide()
        self._body = QSplitter(self)
        self._body.setChildrenCollapsible(False)
        self._body.setHandleWidth(GRID * 2)
        self._body.addWidget(self.plane)
        self._body.addWidget(self.beside)
        self._body.setSizes([600, 280])
        self._body.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.tools)
        for widget in (self.problem, self.old, self.working):
            layout.addWidget(widget)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._body, 1)
        layout.addWidget(self.legend)
        layout.addWidget(self.said)
        layout.addStretch()  # only while neither the map nor the way to one is there
        self._fit()
