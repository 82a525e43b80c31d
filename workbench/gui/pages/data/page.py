"""The data page: one card per task, and the split that they share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from workbench.core.parsing import resolve_source
from workbench.core.project import Project
from workbench.gui.numbers import count
from workbench.gui.pages.data.adding import Adding
from workbench.gui.pages.data.facts import Problem, Report, corrected_line, problems, remedy, shared_line
from workbench.gui.pages.data.kinds import Loaders
from workbench.gui.pages.data.page_parts import AddRow, PageHeader
from workbench.gui.pages.data.split_card import SplitCard
from workbench.gui.pages.data.task_card import TaskCard, TaskFacts
from workbench.gui.pages.data.unreadable_dialog import UnreadableDialog
from workbench.gui.theme import GROUP_GAP, PAGE_EDGE, theme
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.picture_reader import read_mask
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace

Name = Literal["data", "model", "train", "results", "try"]


class DataPage(QWidget):
    """Shows the project's tasks and what `check` says of their pictures.

    Signals:
        page_requested(str): another page is wanted.
    """

    page_requested = Signal(str)
    icon_name = "data"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Data")
        self._workspace = workspace
        self.cards: dict[str, TaskCard] = {}
        self._loaders = Loaders(ThumbnailLoader(self), ThumbnailLoader(self, limit_mb=16, read=read_mask))
        self.adding = Adding(workspace, self)
        self.header = PageHeader(self.title, self)
        self.header.next.clicked.connect(self._ask_next)
        self.add_row = AddRow(self)
        self.add_row.browse.clicked.connect(self.adding.ask_folder)
        self.add_row.table.clicked.connect(self.adding.ask_table)
        self.add_row.masks.clicked.connect(self.adding.ask_masks)
        self.progress = QProgressBar(self)
        self.progress.setProperty("thin", True)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How far the pictures are read"))
        self.undo_bar = NoticeBar("info", closable=True, parent=self)
        self.undo_bar.add_action(self.tr("Undo"), self._undo)
        self.undo_bar.hide()
        self.notices = QVBoxLayout()
        self.split = SplitCard(self)
        self.split.set_requested.connect(self._set_split)
        self._lay_out()
        for changed in (workspace.opened, workspace.project_changed):
            changed.connect(self.refresh)
        workspace.report_changed.connect(self._on_report)
        theme().changed.connect(self.refresh)
        self.refresh()

    def shown(self) -> None:
        """The page comes to the front."""

    def drop_paths(self, paths: list[Path]) -> bool:
        """Drops become tasks; the window sends them to `add_sources`."""
        return False

    def add_sources(self, sources: Sequence[Path]) -> None:
        """Make tasks of folders and of columns of CSV files."""
        self.adding.add_sources(sources)

    def refresh(self) -> None:
        """Show the project and all that is known of it."""
        project = self._workspace.project
        tasks = project.tasks if project else []
        for name in [name for name in self.cards if name not in {task.name for task in tasks}]:
            card = self.cards.pop(name)
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        for index, task in enumerate(tasks):
            if task.name not in self.cards:
                self.cards[task.name] = self._make_card()
            if self._cards.indexOf(self.cards[task.name]) != index:
                self._cards.insertWidget(index, self.cards[task.name])
        self.add_row.set_large(not tasks)
        self.split.setVisible(bool(tasks))
        self.header.next.setVisible(bool(tasks))
        self._show_report()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty("page", True)
        column = QVBoxLayout(inner)
        column.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        column.setSpacing(GROUP_GAP)
        column.addWidget(self.header)
        column.addWidget(self.add_row)
        column.addWidget(self.progress)
        column.addWidget(self.undo_bar)
        column.addLayout(self.notices)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(GROUP_GAP)
        column.addLayout(self._cards)
        column.addWidget(self.split)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes through what is in it, which comes into sight
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _make_card(self) -> TaskCard:
        card = TaskCard(self._loaders)
        card.renamed.connect(self._rename)
        card.set_requested.connect(self._set_task)
        card.removed.connect(self._remove)
        card.folder_requested.connect(self._show_folder)
        card.unreadable_requested.connect(self._show_unreadable)
        card.masks_requested.connect(self._change_masks)
        card.mend_requested.connect(self._mend)
        card.remedy_requested.connect(self._apply)
        card.picture_activated.connect(self._show_picture)
        return card

    def _on_report(self) -> None:
        if self._workspace.checking is not None and self._workspace.checking.total:
            self._show_progress()  # only the bar moves while pictures are read
        else:
            self._show_report()

    def _show_progress(self) -> None:
        checking = self._workspace.checking
        self.progress.setVisible(checking is not None)
        if checking is not None:
            self.progress.setRange(0, checking.total)
            self.progress.setValue(checking.done)
            self.header.say(self.tr("Reading the pictures…"))

    def _show_report(self) -> None:
        project, report = self._workspace.project, self._workspace.report
        self._show_progress()
        if project is None:
            return
        names = [task.name for task in project.tasks]
        found = problems(report, names) if report else []
        for index, task in enumerate(project.effective().tasks):
            facts = TaskFacts(
                report=report["tasks"].get(task.name) if report else None,
                problems=tuple(problem for problem in found if problem.tasks == (task.name,)),
                shared=_further(report, task.name, names[:index]) if report else "",
                reading=self._workspace.checking is not None,
            )
            self.cards[task.name].show_task(task, index, facts)
        self._show_general([problem for problem in found if len(problem.tasks) != 1])
        self.split.show_split(project.split, report, self.adding.group_columns())
        self._say(project)

    def _say(self, project: Project) -> None:
        report = self._workspace.report
        if self._workspace.checking is not None:
            self.header.say(self.tr("Reading the pictures…"))
        elif report:
            self.header.say(self.tr("{0} pictures").format(count(report.get("pictures", 0))))
        else:
            self.header.say("")

    def _show_general(self, found: list[Problem]) -> None:
        while (item := self.notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if self._workspace.check_failure is not None:
            text, fix = self._workspace.check_failure
            bar = NoticeBar("bad", f"{text} {fix}".strip())
            bar.add_action(self.tr("Read again"), self._workspace.check)
            self.notices.addWidget(bar)
        for problem in found:
            level: Literal["bad", "caution"] = "bad" if problem.level == "error" else "caution"
            bar = NoticeBar(level, f"{problem.text} {problem.fix}".strip())
            cure = remedy(problem)
            if cure is not None:
                bar.add_action(cure.text, partial(self._apply, cure.setting, cure.value))
            self.notices.addWidget(bar)

    def _rename(self, old: str, new: str) -> None:
        card = self.cards.pop(old)
        self.cards[new] = card
        if not self._workspace.set_task_values(old, name=new):
            self.cards[old] = self.cards.pop(new)
            self.refresh()

    def _set_task(self, task: str, setting: str, value: object) -> None:
        if not self._workspace.set_task_values(task, **{setting: value}):
            self.refresh()

    def _mend(self, task: str, values: dict[str, object]) -> None:
        if not self._workspace.set_task_values(task, **values):
            self.refresh()

    def _change_masks(self, task: str) -> None:
        project = self._workspace.project
        if project is not None:
            self.adding.change_masks(project.task(task))

    def _set_split(self, setting: str, value: object) -> None:
        if not self._workspace.set_values("split", **{setting: value}):
            self.refresh()

    def _apply(self, setting: str, value: object) -> None:
        """Set what a notice proposed, and see whether that mended it."""
        if self._workspace.set_values("recipe", **{setting: value}):
            self._workspace.check()

    def _remove(self, task: str) -> None:
        if self._workspace.remove_task(task):
            text = self.tr("{0} was removed from the project. Its pictures were not touched.")
            self.undo_bar.set_notice("info", text.format(task))
            self.undo_bar.show()

    def _undo(self) -> None:
        self.undo_bar.hide()
        self._workspace.undo()

    def _ask_next(self) -> None:
        self.page_requested.emit("model")

    def _show_folder(self, task: str) -> None:
        project, folder = self._workspace.project, self._workspace.folder
        if project is not None and folder is not None:
            path = resolve_source(project.task(task).source, folder)
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path if path.is_dir() else path.parent)))

    def _show_unreadable(self, task: str) -> None:
        report = self._workspace.report
        if report is not None and task in report["tasks"]:
            dialog = UnreadableDialog(task, report["tasks"][task]["unreadable"], self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _show_picture(self, path: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def _further(report: Report, task: str, earlier: Sequence[str]) -> str:
    """What stands beside a task's count."""
    return " · ".join(part for part in (shared_line(report, task, earlier), corrected_line(report, task)) if part)
