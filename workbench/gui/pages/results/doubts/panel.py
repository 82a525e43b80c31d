"""Label doubts: looking for labels that are probably wrong, and deciding about one after the other."""

from __future__ import annotations

import os

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from workbench.core.corrections import Correction, read_corrections
from workbench.core.errors import RequestError
from workbench.gui.numbers import count
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.doubts import words
from workbench.gui.pages.results.doubts.decision import DecisionCard
from workbench.gui.pages.results.doubts.decisions import Decisions
from workbench.gui.pages.results.doubts.document import Doubt, Doubts, Stored, parse_doubts, read_stored
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.pages.scrolled import Column, Scrolled
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace

_TOGETHER = "near-duplicates"
_LINES, _PICTURES = 12, 200  # text lines and px of the decision


class DoubtsPanel(QWidget):
    """Asks for doubtful labels, shows them, and writes down what is decided.

    Signals:
        train_requested(): the user wants to train on the labels as they are now.
    """

    train_requested = Signal()

    def __init__(self, workspace: Workspace, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._doubts: Doubts | None = None
        self._decisions = Decisions()
        self._task = ""
        self._stored = Loader(self)
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How much of the look is done"),
            cancel=self.tr("Stop looking for doubtful labels"),
            parse=parse_doubts,
        )
        self.problem, self.working = self._asking.problem, self._asking.working
        self.title = ElidedLabel(self.tr("Label doubts"), "page", bold=True)
        self.chooser = ComboBox(self)
        self.chooser.setAccessibleName(self.tr("Whose labels"))
        self.again = Button(self.tr("Look again"), "refresh", clicked=self.look, parent=self)
        self.again.setAccessibleName(self.tr("Look again for doubtful labels"))
        self.leaks = NoticeBar("caution", "", parent=self)
        self.empty = EmptyState(
            "search",
            self.tr("Some labels may be wrong."),
            self.tr(
                "Every label is compared with what a simple probe on the backbone's features says of pictures that it "
                "was not fitted to. That takes about as long as reading all pictures once. Your files stay as they are."
            ),
            button=self.tr("Look for doubtful labels"),
            clicked=self.look,
        )
        self.summary = Label("", "body", "secondary", figures=True, wrap=True)
        self.gallery = Gallery(loader, 96, self, letters=24)
        self.gallery.setAccessibleName(self.tr("Doubtful labels, the most doubtful first"))
        self.gallery.setSelectionMode(Gallery.SelectionMode.SingleSelection)
        self.gallery.set_empty_text(self.tr("No label of this task is doubtful that was not decided before."))
        self.card = DecisionCard(loader, self)
        self.said = Label("", figures=True, wrap=True)
        self.train = Button(self.tr("Train again"), "train", clicked=self.train_requested.emit, parent=self)
        self.train.setAccessibleName(self.tr("Train again on the labels as they are now"))
        self.dialog = PictureDialog(loader, self)
        for button in (self.dialog.look, self.dialog.neighbours):
            button.hide()
        self._lay_out()
        self._connect()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_body"):
            self._fit()

    def _fit(self) -> None:
        """Pictures and decisions keep room for all their lines; where there is none, the panel scrolls."""
        self._body.setMinimumHeight(_LINES * self.fontMetrics().height() + _PICTURES)

    def shown(self) -> None:
        """The panel comes to front: read what lies in the project, unless a look is under way."""
        if self._workspace.folder is not None and not self._asking.open:
            self._stored.load(read_stored, self._workspace.folder)

    @Slot()
    def look(self) -> None:
        """Look for doubtful labels."""
        if self._workspace.folder is None:
            return
        self._stored.drop()
        self._asking.ask(["doubts", str(self._workspace.folder)])
        self.working.cancel.setFocus()

    # What comes in ------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_stored(self, stored: Stored) -> None:
        self._doubts = stored.doubts
        self._decisions.read(stored.decided)
        self._show()

    @Slot(object)
    def _on_answered(self, doubts: Doubts) -> None:
        self._doubts = doubts
        assert self._workspace.folder is not None
        try:
            self._decisions.read(read_corrections(self._workspace.folder).by_name())
        except RequestError as error:
            self._asking.show_problem(str(error))
        self._show()

    @Slot()
    def _on_changed(self) -> None:
        self._show()
        if self._doubts is not None and not self._asking.open:
            self.gallery.setFocus()

    @Slot()
    def _on_opened(self) -> None:
        self._asking.give_up()
        self._stored.drop()
        self._doubts, self._task = None, ""
        self._decisions.clear()
        self.problem.hide()
        self._show()
        if self.isVisible():
            self.shown()

    @Slot()
    def _on_project(self) -> None:
        """Tasks that went are no longer offered."""
        known = {task.name for task in self._workspace.project.tasks} if self._workspace.project is not None else set()
        if self._doubts is not None and self._task not in known:
            self._show()

    # What is shown ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Bring everything up to date."""
        under_way, doubts = self._asking.open, self._doubts
        self.empty.setVisible(doubts is None and not under_way)
        self.again.setVisible(doubts is not None)
        self.again.setEnabled(not under_way)
        for widget in (self._body, self.summary, self._foot):
            widget.setVisible(doubts is not None)
        project = self._workspace.project
        known = [task.name for task in project.tasks] if project is not None else []
        tasks = [task for task in doubts.tasks if task in known] if doubts is not None else []
        if self._task not in tasks:
            self._task = tasks[0] if tasks else ""
        self.chooser.set_choices(tasks, self._task)
        self.chooser.setVisible(len(tasks) > 1)
        self._show_leaks()
        self._show_task()

    def _show_leaks(self) -> None:
        doubts, project = self._doubts, self._workspace.project
        found = doubts.leaks if doubts is not None else 0
        together = project is not None and project.split.group == _TOGETHER
        self.leaks.setVisible(found > 0 and not together)
        if not found:
            return
        self.leaks.set_notice("caution", words.leaks(found))
        self.leaks.clear_actions()
        self.leaks.add_action(self.tr("Show them"), self._on_show_leaks)
        self.leaks.add_action(self.tr("Keep them together"), self._on_keep_together)

    def _show_task(self) -> None:
        doubts = self._doubts
        task = doubts.tasks.get(self._task) if doubts is not None else None
        self.card.setVisible(task is not None and bool(task.doubts))
        if task is None:
            self.gallery.set_items([])
            return
        self.summary.setText(words.summary(task))
        self.card.offer(task.kind, task.classes)
        self.gallery.set_items([self._item(doubt) for doubt in task.doubts])
        first = next((row for row, doubt in enumerate(task.doubts) if self._decision(doubt) is None), 0)
        self.gallery.setCurrentIndex(self.gallery.model().index(first, 0))
        self._show_current()

    def _show_current(self) -> None:
        doubt, folder = self._current(), self._workspace.folder
        if doubt is not None and folder is not None:
            self.card.show_doubt(doubt, self._decision(doubt), folder)
            self.card.undo.setEnabled(self._to_undo() is not None)
        changed = self._decisions.changed
        one = self.tr("1 label is corrected or set aside; the next run obeys.")
        more = self.tr("{0} labels are corrected or set aside; the next run obeys.")
        said = one if changed == 1 else more.format(count(changed))
        self.said.setText(
            said if changed else self.tr("Nothing is corrected yet. Keys: R relabel, A set aside, K keep.")
        )
        self.train.setEnabled(changed > 0)

    def _item(self, doubt: Doubt) -> GalleryItem:
        correction, folder = self._decision(doubt), self._workspace.folder
        assert folder is not None
        caption = words.caption(doubt, correction)
        return GalleryItem(os.path.abspath(folder / doubt.image), caption, True if correction is not None else None)

    def _current(self) -> Doubt | None:
        task = self._doubts.tasks.get(self._task) if self._doubts is not None else None
        row = self.gallery.currentIndex().row()
        return task.doubts[row] if task is not None and 0 <= row < len(task.doubts) else None

    def _decision(self, doubt: Doubt) -> Correction | None:
        return self._decisions.of(self._task, doubt.image)

    # What is decided ----------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_relabelled(self, label: str) -> None:
        doubt, project = self._current(), self._workspace.project
        if doubt is None or self._doubts is None or project is None:
            return
        task = self._doubts.tasks[self._task]
        refused = words.refusal(task.kind, task.classes, project.task(self._task).separator, label)
        if refused:
            self._asking.show_problem(refused)
        elif label == doubt.label:
            self._on_kept()
        else:
            self._decide(Correction(picture=doubt.image, task=self._task, label=label))

    @Slot()
    def _on_aside(self) -> None:
        doubt = self._current()
        if doubt is not None:
            self._decide(Correction(picture=doubt.image, task=self._task, aside=True))

    @Slot()
    def _on_kept(self) -> None:
        doubt = self._current()
        if doubt is not None:
            self._decide(Correction(picture=doubt.image, task=self._task, keep=True))

    def _to_undo(self) -> int | None:
        """The row whose decision would be undone: the chosen one where it has one, else that of the last decision."""
        task = self._doubts.tasks.get(self._task) if self._doubts is not None else None
        if task is None:
            return None
        doubt = self._current()
        if doubt is not None and self._decision(doubt) is not None:
            return self.gallery.currentIndex().row()
        return self._decisions.last(self._task, [each.image for each in task.doubts])

    @Slot()
    def _on_undone(self) -> None:
        row, folder = self._to_undo(), self._workspace.folder
        if row is None or folder is None:
            return
        self.gallery.setCurrentIndex(self.gallery.model().index(row, 0))
        doubt = self._current()
        assert doubt is not None
        try:
            self._decisions.undo(folder, self._task, doubt.image)
        except RequestError as error:
            self._asking.show_problem(str(error))
            return
        self._after_decision(doubt)

    def _decide(self, correction: Correction) -> None:
        """Write a decision down and go on to the next picture."""
        doubt, folder = self._current(), self._workspace.folder
        if doubt is None or folder is None:
            return
        try:
            self._decisions.decide(folder, correction)
        except RequestError as error:
            self._asking.show_problem(str(error))
            return
        self.problem.hide()
        self._after_decision(doubt)
        row = self.gallery.currentIndex().row()
        if row + 1 < self.gallery.model().rowCount():
            self.gallery.setCurrentIndex(self.gallery.model().index(row + 1, 0))

    def _after_decision(self, doubt: Doubt) -> None:
        self.gallery.set_item(self.gallery.currentIndex().row(), self._item(doubt))
        self._show_current()
        self._workspace.check()

    @Slot()
    def _on_show_leaks(self) -> None:
        folder = self._workspace.folder
        if self._doubts is None or folder is None:
            return
        names = [name for pair in self._doubts.leaking for name in pair]
        self.dialog.show_item([GalleryItem(os.path.abspath(folder / name), name) for name in names], 0)

    @Slot()
    def _on_keep_together(self) -> None:
        self._workspace.set_values("split", group=_TOGETHER)
        self._show_leaks()

    @Slot(int)
    def _on_task(self, _row: int) -> None:
        self._task = self.chooser.currentText()
        self._show_task()

    @Slot(str)
    def _on_selected(self, _path: str) -> None:
        self._show_current()

    @Slot(str)
    def _on_activated(self, _path: str) -> None:
        self.dialog.show_item(self.gallery.items(), self.gallery.currentIndex().row())

    def _connect(self) -> None:
        self._stored.loaded.connect(self._on_stored)
        self._stored.failed.connect(self._asking.show_problem)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_changed)
        self._workspace.opened.connect(self._on_opened)
        self._workspace.project_changed.connect(self._on_project)
        self.chooser.activated.connect(self._on_task)
        self.gallery.picture_selected.connect(self._on_selected)
        self.gallery.picture_activated.connect(self._on_activated)
        self.card.relabelled.connect(self._on_relabelled)
        self.card.set_aside.connect(self._on_aside)
        self.card.kept.connect(self._on_kept)
        self.card.undone.connect(self._on_undone)
        for key, button in (
            ("R", self.card.relabel),
            ("A", self.card.aside),
            ("K", self.card.keep),
            ("U", self.card.undo),
        ):
            shortcut = QShortcut(QKeySequence(key), self.gallery)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(button.click)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        head.addWidget(self.chooser)
        head.addWidget(self.again)
        self._body = QSplitter(self)
        self._body.setChildrenCollapsible(False)
        self._body.setHandleWidth(GRID * 2)
        self._body.addWidget(self.gallery)
        self._body.addWidget(self.card)
        self._body.setStretchFactor(0, 3)
        self._body.setStretchFactor(1, 2)
        self._foot = QWidget(self)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(GRID)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.train)
        inside = Column(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for widget in (self.problem, self.leaks, self.working, self.summary):
            column.addWidget(widget)
        column.addWidget(self.empty, 1)
        column.addWidget(self._body, 1)
        column.addWidget(self._foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(Scrolled(inside, self), 1)
        self._fit()
