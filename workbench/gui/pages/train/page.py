"""The Train page: set a recipe, train, and watch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.core.events import Changed, Event, RunEnded, RunResumed, RunStarted
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.task_places import task_places
from workbench.gui.pages.train.columns import TrainColumns
from workbench.gui.pages.train.curves import task_names
from workbench.gui.pages.train.load_sampler import LoadSampler
from workbench.gui.pages.train.monitor import MonitorCard
from workbench.gui.pages.train.pace import headline
from workbench.gui.pages.train.plan import cost, cost_sentence, last_like_it, plan, sentence
from workbench.gui.pages.train.queue_desk import QueueDesk
from workbench.gui.pages.train.rate import RateFinder
from workbench.gui.theme import PAGE_EDGE
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.workspace import Workspace
from workbench.project.history import RunHistory
from workbench.project.runs import RESUMABLE, RunInfo

if TYPE_CHECKING:
    from workbench.gui.pages.train.plots import PlotsPanel


class TrainPage(QWidget):
    """Starts runs and shows them live.

    Signals:
        page_requested(str): the user should be sent to another page.
        expert_changed(bool): the user wants to see all settings, or the basic ones.
        notify_changed(bool): the user wants to be told when a run has ended, or not.
    """

    page_requested = Signal(str)
    expert_changed = Signal(bool)
    notify_changed = Signal(bool)
    icon_name = "train"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Train")
        self._workspace = workspace
        self._from_disk: tuple[str, RunHistory] | None = None
        self._dirty = True
        self.plots: PlotsPanel | None = None
        self.list = RunList(workspace, self)
        self._reading = Loader(self)
        self._reading.loaded.connect(self._on_read)
        self._reading.failed.connect(self._on_unreadable)
        self.columns = TrainColumns(self)
        self.recipe, self.controls, self.notices = self.columns.recipe, self.columns.controls, self.columns.notices
        self.header, self.outcome = self.columns.header, self.columns.outcome
        self.monitor = MonitorCard(LoadSampler(self._engine, self), self)
        self.rate = RateFinder(workspace, self)
        self.recipe.add_finder(self.rate)
        self.empty = EmptyState("train", "", button=self.tr("Go to Data"), clicked=self._on_go_to_data)
        self.queue = QueueDesk(workspace, self.columns, self)
        self._lay_out()
        self._connect()
        self._on_opened()

    # What the main window calls -----------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page has come to front: curves are drawn from now on."""
        if self.plots is None:
            from workbench.gui.pages.train.plots import PlotsPanel

            self.plots = PlotsPanel(self, beside=self.monitor)
            self.columns.add_plots(self.plots)
            self.plots.pause_asked.connect(self._on_pause_asked)
            self._dirty = True
        self._draw()

    def drop_paths(self, _paths: list[Path]) -> bool:
        """Dropped files belong to the Data page."""
        return False

    def set_expert(self, on: bool) -> None:
        """Show all settings, or the basic ones."""
        self.recipe.advanced.setChecked(on)

    def set_notify(self, on: bool) -> None:
        """Show whether the end of a run is told."""
        self.controls.notify.setChecked(on)

    def show_run(self, name: str) -> None:
        """Show the curves of a run on disk."""
        run = self.list.run(name)
        if run is not None and self._workspace.run_state == "idle":
            self._read(run)

    # What is shown ------------------------------------------------------------------------------------------------

    @property
    def shown_history(self) -> RunHistory:
        """The history that the curves are of."""
        return self._from_disk[1] if self._from_disk else self._workspace.history

    @property
    def shown_name(self) -> str:
        """The run that the curves are of; empty for none."""
        return self._from_disk[0] if self._from_disk else self._workspace.run_name

    @Slot()
    def _on_opened(self) -> None:
        self._reading.drop()
        self._from_disk, self._dirty = None, True
        self.outcome.clear()
        self.notices.set_run(self._workspace.history)
        self._on_project()
        self._on_state()

    @Slot()
    def _on_project(self) -> None:
        project = self._workspace.project
        ready = project is not None and bool(project.tasks)
        self._stack.setCurrentWidget(self.columns if ready else self.empty)
        if not ready or project is None:
            self._say_what_is_missing(project is not None)
            return
        self.recipe.set_project(project)
        self._say_plan()
        self._draw()

    @Slot()
    def _say_plan(self) -> None:
        project, report = self._workspace.project, self._workspace.report
        if project is None:
            return
        self.recipe.set_report(project, report)
        problem = self._problem(report)
        if problem:
            self.controls.set_ready(False, problem)
            return
        planned = plan(project, report)
        elsewhere = self._workspace.queue.elsewhere
        taken = self.tr("{0} trains in another program; add a run to the queue, and it waits for its turn.")
        words = [taken.format(elsewhere) if elsewhere else ""]
        words += [sentence(planned) if planned else "", cost_sentence(cost(project, report))]
        words.append(last_like_it(project, self.list.runs, report))
        self.controls.set_ready(True, " ".join(word for word in words if word))

    def _problem(self, report: dict[str, Any] | None) -> str:
        """Why no run could start, by what is known of the data; empty where one could."""
        if self._workspace.check_failure is not None:
            return " ".join(self._workspace.check_failure)
        if report is None or report.get("ok", True):
            return ""
        first: dict[str, Any] = next((p for p in report.get("problems", []) if p.get("level") == "error"), {})
        words = f"{first.get('text', '')} {first.get('fix', '')}".strip()
        return words or self.tr("The data has problems; see the Data page.")

    def _say_what_is_missing(self, project: bool) -> None:
        if project:
            text = self.tr("There is nothing to train on yet.")
            hint = self.tr("Add a folder of class folders, or a column of a table; each becomes a task.")
            self.empty.button.setText(self.tr("Add pictures"))
        else:
            text = self.tr("No project is open.")
            hint = self.tr("Open one, or drop a folder of pictures on the window.")
            self.empty.button.setText(self.tr("Go to Data"))
        self.empty.set_text(text, hint)

    # Runs ---------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_state(self) -> None:
        state = self._workspace.run_state
        self.controls.set_state(state, verdict=self._workspace.history.trial is not None)
        if state == "starting" or self._workspace.job != "train":
            self.columns.change.forget()
        self.columns.change.setEnabled(state in ("running", "paused"))
        self.columns.set_training(state != "idle")
        if state == "starting":
            self._from_disk = None
            self._reading.drop()
            self.outcome.clear()
            self.notices.set_run(self._workspace.history)
            self._dirty = True
        if state == "idle":
            self._show_end()
            if not self._workspace.queue.follows:
                self.controls.another.setChecked(False)
        self._draw()

    @Slot(list)
    def _on_advanced(self, events: list[Event]) -> None:
        if self._from_disk is None:
            self.notices.take(events)
            if self._workspace.job == "train" and any(isinstance(e, RunStarted | Changed) for e in events):
                self.columns.change.set_project(self._workspace.trained_project())
            self.columns.set_training(self._workspace.run_state != "idle")
            self._dirty |= any(isinstance(event, RunResumed) for event in events)
            if any(isinstance(event, RunEnded) for event in events):
                self._show_end()
            self._draw()

    @Slot()
    def _on_runs(self) -> None:
        self._say_plan()
        if self._workspace.run_state != "idle":
            return
        ended = self.shown_history.ended is not None
        trained = [run for run in self.list.runs if not run.derived]
        history = self._workspace.history
        nothing = history.started is None and history.failure is None  # of a run that could not begin it is told why
        if nothing and trained and not (self._from_disk and ended):
            self._read(self.list.run(self.shown_name) or max(trained, key=lambda run: (run.touched, run.number)))
        elif ended:
            self._show_end()

    def _read(self, run: RunInfo) -> None:
        self._reading.load(_read_run, run)

    @Slot(object)
    def _on_read(self, read: tuple[RunInfo, RunHistory]) -> None:
        run, history = read
        if self._workspace.run_state != "idle":
            return
        self._from_disk = (run.run, history)
        self._dirty = True
        self.notices.set_run(history)
        self.columns.set_training(False)
        if run.status in RESUMABLE and history.ended is None:
            self.outcome.offer(run, history)
        else:
            self._show_end()
        self._draw()

    @Slot(str)
    def _on_unreadable(self, problem: str) -> None:
        self._workspace.said.emit(problem)

    def _show_end(self) -> None:
        if self._workspace.run_state == "idle" or self.shown_history.ended is not None:
            trains = self._workspace.trains(self.shown_name)
            self.outcome.show_end(self.shown_name, self.shown_history, self._doubt(), trains=trains)

    def _doubt(self) -> str:
        """The doubt of the run's score, such as "± 2.9", from its results; empty until they are known."""
        run = self.list.run(self.shown_name)
        # of the scores by which the best checkpoint is chosen
        known = ("accuracy_interval", "mean_average_precision_interval", "mean_iou_interval")
        metrics = run.metrics.values() if run else ()
        intervals: list[Any] = [next((each[name] for name in known if each.get(name)), None) for each in metrics]
        if not intervals or not all(intervals):
            return ""
        halves = [(high - low) / 2 for low, high in intervals]
        return f"± {100 * sum(half**2 for half in halves) ** 0.5 / len(halves):.1f}"

    @Slot()
    def _draw(self) -> None:
        """Bring what is in sight up to date; what is behind another page waits."""
        history, state = self.shown_history, self._workspace.run_state
        if not self.isVisible():
            return
        self.header.set_run(self.shown_name, history, state)
        self.notices.set_doing(headline(history, state) if state != "idle" else "")
        self.header.setVisible(state != "idle" or history.started is not None)
        self.monitor.set_run(history, state != "idle" and self._from_disk is None)
        if self.plots is None:
            return
        live = state in ("running", "paused") and self._from_disk is None
        self.plots.legend.set_pausable(live)
        self.plots.legend.set_paused(self._workspace.paused_tasks if live else frozenset())
        if self._dirty:
            self._dirty = False
            self.plots.set_history(history, self._places())
        else:
            self.plots.catch_up(history, self._places())

    def _engine(self) -> int | None:
        return self._workspace.engine_pid

    def _places(self) -> dict[str, int]:
        return task_places(self._workspace.project, task_names(self.shown_history))

    # What the user asks -------------------------------------------------------------------------------------------

    @Slot()
    def _on_train(self) -> None:
        self._workspace.train()

    @Slot()
    def _on_release(self) -> None:
        self._workspace.pause(release=True)

    @Slot(object)
    def _on_change(self, settings: dict[str, Any]) -> None:
        self._workspace.change(settings)

    @Slot(str, int)
    def _on_more(self, run: str, epochs: int) -> None:
        self._workspace.train_longer(run, epochs)

    @Slot(str)
    def _on_from(self, run: str) -> None:
        self._workspace.train_from(run)

    @Slot(str, bool)
    def _on_pause_asked(self, task: str, pause: bool) -> None:
        (self._workspace.pause_task if pause else self._workspace.resume_task)(task)

    @Slot(str)
    def _on_resume(self, run: str) -> None:
        self._workspace.resume(run)

    @Slot(str, object)
    def _on_setting(self, name: str, value: object) -> None:
        if not self._workspace.set_values("recipe", **{name: value}) and name != "preset":
            self.recipe.show_problem(name, self.tr("This value is not allowed."))

    @Slot(float)
    def _on_rate(self, rate: float) -> None:
        self._on_setting("learning_rate", rate)

    @Slot(str, float)
    def _on_weight(self, task: str, value: float) -> None:
        self._workspace.set_task_values(task, weight=value)

    @Slot(str)
    def _on_reset(self, name: str) -> None:
        self._workspace.unset_value("recipe", name)

    @Slot()
    def _on_go_to_data(self) -> None:
        self.page_requested.emit("data")

    @Slot()
    def _on_results(self) -> None:
        self.page_requested.emit("results")

    def _connect(self) -> None:
        workspace, controls = self._workspace, self.controls
        workspace.opened.connect(self._on_opened)
        workspace.project_changed.connect(self._on_project)
        workspace.report_changed.connect(self._say_plan)
        workspace.queue.changed.connect(self._say_plan)
        workspace.run_state_changed.connect(self._on_state)
        workspace.run_advanced.connect(self._on_advanced)
        workspace.paused_tasks_changed.connect(self._draw)
        self.list.changed.connect(self._on_runs)
        controls.train_requested.connect(self._on_train)
        controls.pause_requested.connect(workspace.pause)
        controls.release_requested.connect(self._on_release)
        controls.go_on_requested.connect(workspace.go_on)
        controls.stop_requested.connect(workspace.stop)
        controls.cancel_requested.connect(workspace.cancel)
        controls.notify.toggled.connect(self.notify_changed)
        self.recipe.changed.connect(self._on_setting)
        self.recipe.reset.connect(self._on_reset)
        self.rate.rate_chosen.connect(self._on_rate)
        self.recipe.weight_changed.connect(self._on_weight)
        self.recipe.advanced.toggled.connect(self.expert_changed)
        self.outcome.results_requested.connect(self._on_results)
        self.outcome.again_requested.connect(self._on_train)
        self.outcome.resume_requested.connect(self._on_resume)
        self.outcome.more_requested.connect(self._on_more)
        self.outcome.from_requested.connect(self._on_from)
        self.columns.change.change_requested.connect(self._on_change)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.columns)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        outer.addWidget(self._stack)


def _read_run(run: RunInfo) -> tuple[RunInfo, RunHistory]:
    return run, RunHistory.read(run.folder)
