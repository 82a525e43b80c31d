"""The map of a run's pictures: drawn, coloured, pointed at, and picked from into a gallery."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.core.picture_map import METHODS, lacking, way_to_get
from workbench.core.specs import PARTS
from workbench.gui.numbers import count, percent
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.question import Question
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.results.map.card import PointCard
from workbench.gui.pages.results.map.colouring import Kinds, choices, kinds
from workbench.gui.pages.results.map.document import Kept, PictureMap, parse_map, read_kept
from workbench.gui.pages.results.map.legend import Entry, PointLegend
from workbench.gui.pages.results.picture_actions import show_gallery_menu
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.pages.working import Working
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.point_map import PointMap
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace

_LINES = 12  # of text: the least height
_LETTERS = 40  # of what colours the points
_AT_ONCE = 2000  # pictures whose captions are made without a worker


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
        self._question = Question(workspace, self)
        self._parsing, self._making = Loader(self), Loader(self)
        self._arrived = False  # an answer that is still to be read
        self.method, self.colour, self.part = ComboBox(self), ComboBox(self), ComboBox(self)
        self.lasso = Button(self.tr("Lasso"), "edit", parent=self)
        self.near, self.far, self.fit = (
            IconButton(icon, tip, parent=self)
            for icon, tip in (
                ("plus", self.tr("Nearer (+)")),
                ("minus", self.tr("Farther (-)")),
                ("fit", self.tr("All (0)")),
            )
        )
        self._tools = (self.colour, self.part, self.lasso, self.near, self.far, self.fit)
        self.plane = PointMap(self)
        self.card = PointCard(loader, self.plane)
        self.legend = PointLegend(self)
        self.said = Label("", "body", "secondary", figures=True, wrap=True)
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.old = NoticeBar("caution", "", parent=self)
        self.working = Working(self.tr("How much of the map is done"), self.tr("Stop drawing the map"), self)
        self.empty = EmptyState("picture", "", button=self.tr("Draw the map"), clicked=self.draw)
        self.picked = Label("", "body", figures=True, wrap=True)
        self.gallery = Gallery(loader, 96, self, letters=16)
        self.dialog = PictureDialog(loader, self)
        self._name_controls()
        self._lay_out()
        self._connect()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_body"):
            self._fit()

    def _fit(self) -> None:
        """The map keeps room for itself, and a long name of a task does not take it all."""
        self._body.setMinimumHeight(_LINES * self.fontMetrics().height())
        self.colour.setMaximumWidth(_LETTERS * self.fontMetrics().averageCharWidth())

    def show_run(self, run: str, folder: Path) -> None:
        """Show the map of a run, whose folder that is."""
        if run != self._run:
            self._question.give_up()
            self._run, self._folder, self._map = run, folder, None
            self.problem.hide()
            self._show()
        if not self._question.open:
            self._read()

    @Slot()
    def draw(self) -> None:
        """Draw the map by the chosen method."""
        if self._workspace.folder is None or not self._run:
            return
        self._reading.drop()
        self.problem.hide()
        self.working.begin()
        words = ["--run", self._run, "--method", str(self.method.currentData())]
        self._question.ask(["map", str(self._workspace.folder), *words])
        self._show()

    def leave(self) -> None:
        """The panel is not seen any more: nothing more is wanted."""
        self._question.give_up()

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
            self.plane.set_points(found.x, found.y)
            self._offer(found)
            self._colour()
            self._on_picked()
        self._show()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._arrived = False
        self.problem.set_notice("bad", problem)
        self.problem.show()
        self._show()

    @Slot()
    def _on_opened(self) -> None:
        self._question.give_up()
        self._reading.drop()
        self._run, self._map = "", None
        self._show()

    # What is shown ------------------------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        """Bring everything up to date."""
        there, under_way = self._map is not None, self._question.open or self._arrived
        self._say_what_it_takes()
        self.working.setVisible(under_way)
        self.empty.setVisible(not there and not under_way)
        for widget in (self._body, self.legend, self.said, *self._tools):
            widget.setVisible(there)
        self.method.setEnabled(not under_way)

    def _say_what_it_takes(self) -> None:
        hint = self.tr("That takes about as long as scoring all pictures once; then it is there at once.")
        if self.method.currentData() != "pca":
            hint = self.tr("Placing thousands of pictures takes minutes. It can be stopped, and once done it is kept.")
        self.empty.set_text(self.tr("Every picture as a point, near where the model sees them alike."), hint)

    def _offer(self, found: PictureMap) -> None:
        """The ways to colour the map; the one that is chosen stays."""
        kept = self.colour.currentData()
        with QSignalBlocker(self.colour):
            self.colour.clear()
            for way, task, words in choices(found):
                self.colour.addItem(words, (way, task))
                self.colour.setItemData(self.colour.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
            places = [place for place in range(self.colour.count()) if self.colour.itemData(place) == kept]
            self.colour.setCurrentIndex(places[0] if places else 0)

        kept = self.part.currentData()
        with QSignalBlocker(self.part):
            self.part.clear()
            self.part.addItem(self.tr("All parts"), "")
            for part in PARTS:
                if part in found.part:
                    self.part.addItem(part_title(part), part)
            self.part.setCurrentIndex(max(0, self.part.findData(kept)))

    @Slot()
    def _colour(self) -> None:
        if self._map is None:
            return
        way, task = self.colour.currentData()
        self._kinds = kinds(self._map, way, task)
        counts = np.bincount(self._kinds.of[self._kinds.of >= 0], minlength=len(self._kinds.names)).tolist()
        rows = zip(self._kinds.names, counts, self._kinds.marks, strict=True)
        self.legend.set_entries([Entry(*row) for row in rows])
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
        rows = self.plane.picked.tolist()
        if len(rows) <= _AT_ONCE:
            self._making.drop()
            self.gallery.set_items(self._items(rows))
        else:
            self._making.load(self._items, rows)
        self.picked.setText(self.tr("{0} picked").format(count(len(rows))) if rows else self.tr("None picked"))
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
            self.card.tell(self._path(row), self._lines(row), self.plane.place_of(row))
        self.plane.setAccessibleDescription(self._spoken())

    def _spoken(self) -> str:
        """What a screen reader says of the plane."""
        words = self.tr("{0}. Arrow keys go from picture to picture, Enter opens one, Space picks it.")
        return words.format(self.card.text() or self.picked.text())

    def _lines(self, row: int) -> list[str]:
        """What is known of a picture: its file, what each task says of it, and its part."""
        assert self._map is not None
        lines = [os.path.basename(self._map.images[row])]
        for name, task in self._map.tasks.items():
            label, answer = task.label[row], task.answer[row]
            said = answer if label is None or label == answer else f"{label} → {answer}"
            lines.append(f"{name}: {said}" if label is not None else self.tr("{0}: said {1}").format(name, said))
        return [*lines, part_title(self._map.part[row])]

    @Slot(object)
    def _on_made(self, items: list[GalleryItem]) -> None:
        self.gallery.set_items(items)

    def _items(self, rows: list[int]) -> list[GalleryItem]:
        """The pictures of some points."""
        return [self._item(row) for row in rows]

    def _item(self, row: int) -> GalleryItem:
        found = self._map
        assert found is not None
        path, task = self._path(row), found.tasks.get(self._task())
        if task is None:
            return GalleryItem(path, part_title(found.part[row]))
        label, answer = task.label[row], task.answer[row]
        right = None if label is None or task.kind == "number" else label == answer
        words = answer if label is None or label == answer else f"{label} → {answer}"
        return GalleryItem(path, words, right, "\n".join([*self._lines(row), path]))

    def _path(self, row: int) -> str:
        assert self._map is not None and self._workspace.folder is not None
        return os.path.join(self._workspace.folder, self._map.images[row])

    def _task(self) -> str:
        """The task that colours the map, else the first."""
        tasks = list(self._map.tasks) if self._map is not None else []
        data = self.colour.currentData()
        return data[1] if data and data[1] else next(iter(tasks), "")

    # What the user does -------------------------------------------------------------------------------------------

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        self.dialog.show_item([self._item(row)], 0)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.dialog.show_item(self.gallery.items(), index.row())

    @Slot(str)
    def _on_activated(self, _path: str) -> None:
        self.dialog.show_item(self.gallery.items(), self.gallery.currentIndex().row())

    @Slot(QPoint)
    def _on_menu(self, at: QPoint) -> None:
        show_gallery_menu(self.gallery, at, self.dialog.offered())

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

    def _name_controls(self) -> None:
        titles = {"pca": self.tr("Directions (PCA)"), "tsne": self.tr("t-SNE"), "umap": self.tr("UMAP")}
        for at, (name, text) in enumerate(METHODS.items()):
            self.method.addItem(titles[name], name)
            self.method.setItemData(at, text, Qt.ItemDataRole.ToolTipRole)
            if package := lacking(name):
                self.method.model().item(at).setEnabled(False)
                self.method.setItemText(at, self.tr("{0}: needs {1}").format(titles[name], package))
                words = self.tr("Needs {0}: {1}. Then open the program again.").format(package, way_to_get(name))
                self.method.setItemData(at, words, Qt.ItemDataRole.ToolTipRole)
        self.method.setAccessibleName(self.tr("How the map is drawn"))
        self.colour.setAccessibleName(self.tr("What the points are coloured by"))
        self.part.setAccessibleName(self.tr("Which pictures are shown"))
        self.lasso.setCheckable(True)
        self.lasso.setAccessibleName(self.lasso.text())
        self.lasso.setToolTip(self.tr("Draw around points to see their pictures; Shift adds, Escape lets go (L)"))
        self.gallery.setAccessibleName(self.tr("Pictures that are picked on the map"))
        self.gallery.set_empty_text(self.tr("Draw around points with the lasso, and their pictures appear here."))
        words = self.tr("The model or the pictures have changed since this map was drawn.")
        self.old.set_notice("caution", words)
        self.old.add_action(self.tr("Draw it again"), self.draw)

    def _connect(self) -> None:
        self._reading.loaded.connect(self._on_read)
        self._reading.failed.connect(self._on_failed)
        self._parsing.loaded.connect(self._on_parsed)
        self._parsing.failed.connect(self._on_failed)
        self._making.loaded.connect(self._on_made)
        self._question.progressed.connect(self.working.advance)
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self._on_failed)
        self._question.ended.connect(self._show)
        self._workspace.opened.connect(self._on_opened)
        self.working.cancel.clicked.connect(self.leave)
        self.method.activated.connect(self._on_method)
        self.colour.activated.connect(self._recolour)
        self.part.activated.connect(self._draw_kinds)
        self.lasso.toggled.connect(self.plane.set_lasso)
        self.near.clicked.connect(self.plane.enlarge)
        self.far.clicked.connect(self.plane.shrink)
        self.fit.clicked.connect(self.plane.fit)
        self.legend.hidden_changed.connect(self._draw_kinds)
        self.plane.point_shown.connect(self._on_shown)
        self.plane.point_chosen.connect(self._on_chosen)
        self.plane.picked_changed.connect(self._on_picked)
        self.gallery.clicked.connect(self._on_clicked)
        self.gallery.picture_activated.connect(self._on_activated)
        self.gallery.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.gallery.customContextMenuRequested.connect(self._on_menu)
        self.dialog.looking_wanted.connect(self._on_look)
        self.dialog.neighbours_wanted.connect(self._on_neighbours)
        theme().changed.connect(self._recolour)
        shortcut = QShortcut(QKeySequence("L"), self.plane)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.lasso.toggle)

    def _lay_out(self) -> None:
        for notice in (self.problem, self.old):
            notice.hide()
        tools = FlowRow(self)
        for widget in (self.method, *self._tools):
            tools.flow.addWidget(widget)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.picked)
        column.addWidget(self.gallery, 1)
        self._body = QSplitter(self)
        self._body.setChildrenCollapsible(False)
        self._body.setHandleWidth(GRID * 2)
        self._body.addWidget(self.plane)
        self._body.addWidget(right)
        self._body.setSizes([600, 280])
        self._body.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(tools)
        for widget in (self.problem, self.old, self.working):
            layout.addWidget(widget)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self._body, 1)
        layout.addWidget(self.legend)
        layout.addWidget(self.said)
        layout.addStretch()  # only while neither the map nor the way to one is there
        self._fit()
