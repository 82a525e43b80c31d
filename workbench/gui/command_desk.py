"""Carries out the actions, and keeps each enabled only while it makes sense."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from workbench import __version__
from workbench.core.events import Event, RunEnded
from workbench.gui.actions import PAGES, Actions
from workbench.gui.drop_desk import DropDesk
from workbench.gui.icons import icon, set_icon
from workbench.gui.page_area import PageArea
from workbench.gui.palette import Entry, Palette
from workbench.gui.preferences import Preferences
from workbench.gui.project_desk import ProjectDesk
from workbench.gui.theme import Choice, theme
from workbench.gui.widgets.notice_bar import Level, NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.queue import Waiting
from workbench.project.runs import run_number

if TYPE_CHECKING:
    from workbench.gui.help_viewer import HelpViewer


class CommandDesk(QObject):
    """Ties the table of actions to the workspace, the pages and the dialogs."""

    def __init__(
        self,
        workspace: Workspace,
        preferences: Preferences,
        actions: Actions,
        projects: ProjectDesk,
        pages: PageArea,
        drops: DropDesk,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._preferences = preferences
        self._actions = actions
        self._projects = projects
        self._pages = pages
        self._drops = drops
        self._window = window
        self._help: HelpViewer | None = None
        self._ends: list[tuple[NoticeBar, tuple[str, ...]]] = []  # told, and the pages that show it
        self.palette: Palette | None = None
        self._connect()
        self._mark_theme()
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Enable what can be done now, and name it by what it would do."""
        state, project = self._workspace.run_state, self._workspace.project
        is_open, has_tasks, running = project is not None, bool(project and project.tasks), state != "idle"
        enabled = {
            "new": not running, "open": not running, "demo": not running,
            "save": is_open, "save_copy": is_open, "show_folder": is_open,
            "undo": self._workspace.can_undo,
            "add_masks": is_open,
            "read_again": has_tasks,
            "train": has_tasks and not running,
            "queue": has_tasks,
            "queue_switch": bool(self._workspace.queue.queue.runs),
            "pause": state in ("running", "paused"),
            "pause_release": state in ("running", "paused") and self._workspace.job == "train",
            "stop": state in ("running", "paused"),
            "cancel": running and state != "stopping",
        }  # fmt: skip
        for page in PAGES:
            enabled[f"page_{page}"] = is_open
        for name, on in enabled.items():
            self._actions[name].setEnabled(on)
        stops = {"verdict": self.tr("Stop the verdict"), "transfer": self.tr("Stop the transfer report")}
        keep = self.tr("Keep the best and stop")
        self._actions["stop"].setText(stops.get(self._workspace.job, keep) if running else keep)
        going = self._workspace.queue.going
        self._actions["queue_switch"].setText(self.tr("Pause the queue") if going else self.tr("Start the queue"))
        set_icon(self._actions["queue_switch"], "pause" if going else "play")
        paused = state == "paused"
        self._actions["pause"].setText(self.tr("Go on") if paused else self.tr("Pause"))
        set_icon(self._actions["pause"], "play" if paused else "pause")

    def show_run(self) -> None:
        """Bring the running job to the front."""
        if self._workspace.job == "verdict":
            from workbench.gui.pages.results.page import ResultsPage

            self._pages.show_page("results")
            page = self._pages.page("results")
            assert isinstance(page, ResultsPage)
            page.show_verdict()
        elif self._workspace.job == "transfer":
            self._pages.show_page("tools/transfer_report")
        else:
            self._pages.show_page("train")

    def show_palette(self) -> None:
        """Open the command palette."""
        self.palette = Palette(self._entries(), self._window)
        self.palette.show()
        self.palette.field.setFocus()

    def show_help(self, page: str = "") -> None:
        """Open the help at a page; by default at that of the page in front."""
        from workbench.gui.help_viewer import HelpViewer  # not for the window's start

        if self._help is None:
            self._help = HelpViewer(self._window)
        self._help.show_page(page or self._page_of_help())
        self._help.show()
        self._help.raise_()
        self._help.activateWindow()

    def _page_of_help(self) -> str:
        """The help page on what is in front."""
        name = self._pages.current
        return getattr(self._pages.page(name), "help_page", name) if name else "index"

    def set_theme(self, choice: Choice) -> None:
        """Dress the window, now and the next time."""
        self._preferences.theme = choice
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme().apply(app, choice)

    @Slot(str)
    def _on_built(self, name: str) -> None:
        """The Train page shows all settings where the user did so the last time, and whether ends are told."""
        page = self._pages.page(name)
        if name == "train":
            from workbench.gui.pages.train.page import TrainPage

            assert isinstance(page, TrainPage)
            page.set_expert(self._preferences.expert)
            page.expert_changed.connect(self._keep_expert)
            page.set_notify(self._actions["notify"].isChecked())
            page.notify_changed.connect(self._actions["notify"].setChecked)
            self._actions["notify"].toggled.connect(page.set_notify)

    @Slot(bool)
    def _keep_expert(self, on: bool) -> None:
        self._preferences.expert = on

    def add_pictures(self) -> None:
        """Let the user choose a folder of pictures."""
        start = str(self._preferences.last_folder)
        chosen = QFileDialog.getExistingDirectory(self._window, self.tr("A folder of class folders"), start)
        if chosen:
            self._preferences.last_folder = Path(chosen).parent
            self._drops.add_sources([Path(chosen)])

    def add_table(self) -> None:
        """Let the user choose tables."""
        start, kinds = str(self._preferences.last_folder), self.tr("Tables (*.csv *.CSV)")
        chosen, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Tables of labels"), start, kinds)
        if chosen:
            self._preferences.last_folder = Path(chosen[0]).parent
            self._drops.add_sources([Path(path) for path in chosen])

    def _connect(self) -> None:
        workspace, actions = self._workspace, self._actions
        self._pages.built.connect(self._on_built)
        acts: dict[str, Callable[[], object]] = {
            "new": self._projects.ask_new, "open": self._projects.ask_open, "demo": self._projects.start_demo,
            "save": self._say_saved, "save_copy": self._projects.ask_copy,
            "show_folder": self._projects.show_folder, "quit": self._window.close,
            "undo": workspace.undo, "add_folders": self.add_pictures, "add_table": self.add_table,
            "add_masks": self._drops.ask_masks,
            "read_again": workspace.check, "palette": self.show_palette, "full_screen": self._switch_full_screen,
            "theme_system": partial(self.set_theme, "system"), "theme_light": partial(self.set_theme, "light"),
            "theme_dark": partial(self.set_theme, "dark"), "train": self._train, "pause": self._pause_or_go_on,
            "pause_release": partial(workspace.pause, release=True),
            "queue": workspace.queue.add, "queue_switch": self._switch_queue,
            "stop": workspace.stop, "cancel": self._ask_cancel, "help": self.show_help,
            "help_settings": partial(self.show_help, "settings"), "about": self._show_about,
        }  # fmt: skip
        acts |= {f"page_{page}": partial(self._pages.show_page, page) for page in PAGES}
        for name, act in acts.items():
            actions[name].triggered.connect(partial(_without_arguments, act))
        for signal in (
            workspace.opened,
            workspace.project_changed,
            workspace.run_state_changed,
            workspace.runs_changed,
        ):
            signal.connect(self.refresh)
        workspace.run_advanced.connect(self._on_run_advanced)
        workspace.queue.changed.connect(self.refresh)
        self._pages.changed.connect(self._on_page)
        workspace.queue.removed.connect(self._offer_to_put_back)
        actions["notify"].setChecked(self._preferences.notify)
        actions["notify"].toggled.connect(self._keep_notify)

    def _entries(self) -> list[Entry]:
        """Everything enabled, and the recent projects."""
        entries = []
        for action in self._actions.all():
            if action.isEnabled() and action.objectName() != "palette":
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                is_page = action.objectName().startswith("page_")
                title = self.tr("Go to {0}").format(action.text()) if is_page else action.text()
                entries.append(Entry(title, keys, action.trigger, action.icon()))
        for folder in self._preferences.recent():
            if folder != self._workspace.folder:
                title = self.tr("Open {0}").format(folder.name)
                entries.append(Entry(title, str(folder.parent), partial(self._projects.open, folder), icon("folder")))
        return entries

    def _train(self) -> None:
        self.show_run()
        self._workspace.train()

    def _pause_or_go_on(self) -> None:
        if self._workspace.run_state == "paused":
            self._workspace.go_on()
        else:
            self._workspace.pause()

    def _switch_queue(self) -> None:
        queue = self._workspace.queue
        (queue.pause if queue.going else queue.start)()

    def _offer_to_put_back(self, run: Waiting, place: int) -> None:
        words = self.tr("“{0}” waits no more.").format(run.name)
        put_back = partial(self._workspace.queue.put_back, run, place)
        self._pages.notices.tell("info", words, self.tr("Put it back"), put_back)

    @Slot(bool)
    def _keep_notify(self, on: bool) -> None:
        self._preferences.notify = on

    def _ask_cancel(self) -> None:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Cancel this run"))
        box.setText(self.tr("Cancel this run?"))
        box.setInformativeText(self.tr("Its last checkpoint stays, so it can be resumed. No results are written."))
        yes = box.addButton(self.tr("Cancel the run"), QMessageBox.ButtonRole.DestructiveRole)
        no = box.addButton(self.tr("Let it train"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        yes.clicked.connect(self._workspace.cancel)
        box.finished.connect(box.deleteLater)
        box.open()

    def _say_saved(self) -> None:
        self._workspace.said.emit(self.tr("Saved. Every change is kept as soon as it is made."))

    def _switch_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _show_about(self) -> None:
        text = self.tr(
            "Workbench {0}\n\nFine-tunes image models on your own pictures, on this computer.\nApache License 2.0."
        )
        box = QMessageBox(
            QMessageBox.Icon.NoIcon, self.tr("About Workbench"), text.format(__version__), parent=self._window
        )
        box.setIconPixmap(self._window.windowIcon().pixmap(64, 64))
        box.finished.connect(box.deleteLater)
        box.open()

    def _mark_theme(self) -> None:
        self._actions[f"theme_{self._preferences.theme}"].setChecked(True)

    def _on_run_advanced(self, events: list[Event]) -> None:
        """Tell the end of a run where its page is not in front."""
        ended = next((event for event in events if isinstance(event, RunEnded)), None)
        if ended is None or self._pages.current == "train":
            return
        if self._workspace.job != "train":
            self._tell_trials(ended.status)
            return
        number, failure = run_number(self._workspace.run_name), self._workspace.history.failure
        name = self.tr("Run {0:03d}").format(number)
        if not number and failure is not None:  # it could not even begin: there is no run to look at
            self._pages.notices.failed(failure.error, failure.advice)
        elif ended.status in ("finished", "stopped"):
            text = (
                self.tr("{0} has finished.")
                if ended.status == "finished"
                else self.tr("{0} was stopped; its model is kept.")
            )
            show = partial(self._pages.show_page, "results")
            self._tell_end("good", text.format(name), self.tr("See the results"), show)
        elif ended.status == "failed":
            self._tell_end("bad", self.tr("{0} has failed.").format(name), self.tr("See why"), self.show_run)

    def _tell_trials(self, status: str) -> None:
        """Tell the end of a job of many runs, unless the page that shows it is in front."""
        verdict = self._workspace.job == "verdict"
        if self._pages.current == ("results" if verdict else "tools"):
            return
        name = self._workspace.run_name or (self.tr("The verdict") if verdict else self.tr("The transfer report"))
        if status == "finished":
            words = self.tr("{0} has finished.").format(name)
            see = self.tr("See the verdict") if verdict else self.tr("See the report")
            self._tell_end("good", words, see, self.show_run)
        elif status == "failed":
            self._tell_end("bad", self.tr("{0} has failed.").format(name), self.tr("See why"), self.show_run)

    def _tell_end(self, level: Level, text: str, button: str, show: Callable[[], object]) -> None:
        places = {"train": ("train", "results"), "verdict": ("results",), "transfer": ("tools",)}[self._workspace.job]
        self._ends.append((self._pages.notices.tell(level, text, button, show), places))

    @Slot(str)
    def _on_page(self, name: str) -> None:
        """An end that is told need not be told any longer once a page that shows it has come to the front."""
        for bar, places in self._ends:
            if name in places:
                self._pages.notices.withdraw(bar)
        self._ends = [(bar, places) for bar, places in self._ends if name not in places]


def _without_arguments(act: Callable[[], object], _checked: bool = False) -> None:
    """What an action's signal calls: the signal carries whether it is checked, which no act wants."""
    act()
