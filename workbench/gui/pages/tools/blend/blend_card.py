"""A curve from the pretrained weights to the trained ones, a slider that reads it, and a button that keeps a point.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.metric_words import metric_text, metric_title
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.sideways import Sideways
from workbench.gui.pages.tools.blend import words
from workbench.gui.pages.tools.blend.choice import BlendChoice
from workbench.gui.pages.tools.blend.curve_store import CurveStore
from workbench.gui.pages.tools.blend.document import Blends, TaskScore, parse_blends
from workbench.gui.pages.tools.domain.score_grid import Said, ScoreGrid
from workbench.gui.theme import GRID, GROUP_GAP, grown
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.series_plot import Series, SeriesPlot
from workbench.gui.widgets.task_legend import TaskLegend
from workbench.gui.workspace import Workspace
from workbench.project.way_back import WayBack, read_way_back

_HEIGHT = 260  # px of the plot beside text of the usual size
_REST_MS = 600  # after the last key or click, before the share is scored
_STEPS = 100


class BlendCard(Card):
    """Signals:
    page_requested(str): the user wants to see another page.
    """

    page_requested = Signal(str)

    def __init__(self, workspace: Workspace, runs: RunList, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Between pretrained and trained"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "Mixes the weights that a run began with and those it ended with. Nothing trains: each mixture is "
                "scored on the validation pictures, and on any others that have labels."
            )
        )
        self._workspace = workspace
        self._store = CurveStore()
        self._listed: list[str] | None = None
        self._way: WayBack | None = None
        self._looking = Loader(self)
        self.choice = BlendChoice(runs, self)
        self.score = Button(self.tr("Score blends"), "play", "primary", clicked=self._on_score, parent=self)
        self._asking = Asking(
            workspace,
            self,
            bar=self.tr("How much of the blend is scored"),
            cancel=self.tr("Stop scoring blends"),
            parse=parse_blends,
        )
        self._keeping = Asking(
            workspace,
            self,
            bar=self.tr("How much of keeping the blend is done"),
            cancel=self.tr("Stop keeping the blend"),
            parse=parse_blends,
        )
        self.against = NoticeBar("info", "", parent=self)
        self.told = NoticeBar("good", "", closable=True, parent=self)
        self.told.add_action(self.tr("See its results"), self._on_results)
        self.legend = TaskLegend(self)
        self.plot = SeriesPlot(
            self.tr("Score by the share of trained weights"),
            self.tr("share of trained weights, %"),
            "",
            self.tr("The curve appears here, first in five points, then in nine."),
            words=self._place_words,
            parent=self,
        )
        self.slider = Slider(self)
        self.share = Label("", bold=True, figures=True)
        self.table = ScoreGrid(self.tr("The blend at the slider"), self)
        self.room = Sideways(self.table, self)
        self.sentence = Label("", wrap=True)
        self.keep = Button(self.tr("Keep this blend"), "save", clicked=self._on_keep, parent=self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._lay_out()
        self._connect()
        self._look()
        self._show()

    def leave(self) -> None:
        """Forget what was scored: another run, or other pictures, or another project."""
        self._rest.stop()
        for asking in (self._asking, self._keeping):
            asking.give_up()
            asking.problem.hide()
        self._store.clear()
        self.told.hide()
        self._look()
        self._show()

    @property
    def at(self) -> float:
        """Where the slider stands, in [0, 1]."""
        return self.slider.value() / _STEPS

    @Slot()
    def _on_choice(self) -> None:
        self.leave()

    def _look(self) -> None:
        """Find out whether there is anything to blend in the run that is chosen."""
        self._way = None
        if self.choice.run is None:
            self._looking.drop()
        else:
            self._looking.load(read_way_back, self.choice.run.folder)

    @Slot(object)
    def _on_way(self, way: WayBack) -> None:
        self._way = way
        self._show_actions()

    @Slot()
    def _on_score(self) -> None:
        self._store.want_all(self.at)
        self._ask_next()

    @Slot()
    def _on_rest(self) -> None:
        """The slider has come to rest: score the very share."""
        if self.choice.run is not None and not self.slider.isSliderDown():
            self._store.want_first(self.at)
            self._ask_next()

    @Slot()
    def _ask_next(self) -> None:
        run, folder = self.choice.run, self._workspace.folder
        if self._asking.open or run is None or folder is None:
            return
        share = self._store.next()
        if share is not None:
            data = self.choice.data()
            self._asking.ask(["blend", str(folder), "--run", run.run, "--share", f"{share:g}", *data])

    @Slot(object)
    def _on_answered(self, found: Blends) -> None:
        self._store.add(found)
        self._show()

    @Slot()
    def _on_asking_changed(self) -> None:
        self._asking.swap(self.score)
        if not self._asking.open:
            if self._asking.problem.isVisibleTo(self):  # what went wrong with one would with all
                self._store.want_no_more()
            self._ask_next()
        self._show_actions()

    @Slot()
    def _on_stopped(self) -> None:
        self._store.want_no_more()

    @Slot()
    def _on_keep(self) -> None:
        run, folder = self.choice.run, self._workspace.folder
        if run is not None and folder is not None:
            self.told.hide()
            self._keeping.ask(["blend", str(folder), "--run", run.run, "--share", f"{self.at:g}", "--keep"])

    @Slot(object)
    def _on_kept(self, found: Blends) -> None:
        text = self.tr("Kept as run {0}. It answers, compares and reports like any other.")
        self.told.set_notice("good", text.format(found.kept))
        self.told.show()
        self._workspace.runs_changed.emit()

    @Slot()
    def _on_results(self) -> None:
        self.page_requested.emit("results")

    @Slot(float)
    def _on_pointed(self, share: float) -> None:
        self.slider.setValue(round(share))

    @Slot()
    def _on_slider(self) -> None:
        self._show_at()
        if not self.slider.isSliderDown():
            self._rest.start()

    @Slot()
    def _show_actions(self) -> None:
        idle = self._workspace.run_state == "idle"
        why_not = words.hindrance(self._way) if self._way is not None else ""
        self.against.set_notice("info", why_not)
        self.against.setVisible(bool(why_not))
        there = self.choice.run is not None and not why_not
        missing = self.choice.missing()
        no_folder = self.tr("There is no folder {0}.").format(missing) if missing is not None else ""
        self.score.setEnabled(there and missing is None and not self._asking.open)
        self.score.setToolTip(why_not or no_folder)
        self._keeping.swap(self.keep)
        self.keep.setEnabled(there and idle and not self._keeping.open)
        self.slider.setEnabled(there)
        keeps = self.tr("Makes a new run of the model at the slider; the run it is made of stays as it is.")
        trains = self.tr("A run is training; a blend can be kept when it has ended.")
        self.keep.setToolTip(why_not or (keeps if idle else trains))

    def _show(self) -> None:
        """Draw what is known."""
        names = self._task_names()
        series = []
        for where, curve in self._store.points.items():
            for place, name in enumerate(names):
                points = [
                    (100 * share, task.score, task.interval)
                    for share, found in sorted(curve.items())
                    if (task := found.tasks.get(name)) is not None and task.score is not None
                ]
                title = name if where == "validation" else f"{name} ({words.where_title(where)})"
                series.append(Series(title, place, points, hollow=where != "validation"))
        self.plot.set_series(series, x_range=(0.0, 100.0))
        metrics = {task.metric for task in self._tasks_scored()}
        score = metric_title(metrics.pop()) if len(metrics) == 1 else self.tr("score")
        self.plot.set_titles(self.tr("share of trained weights, %"), score)
        if names != self._listed:
            self._listed = names
            self.legend.set_tasks(names)
            self.legend.setVisible(len(names) > 1)
        said = [words.best_sentence(curve, where) for where, curve in self._store.points.items()]
        if "data" in self._store.points:
            said.append(self.tr("Filled marks: validation; open marks: the other pictures."))
        self.sentence.setText(" ".join(filter(None, said)))
        self.sentence.setVisible(bool(self.sentence.text()))
        self._show_at()
        self._show_actions()

    def _show_at(self) -> None:
        """Read the curve where the slider stands."""
        self.plot.set_cursor(100 * self.at if self._store.points else None)
        self.share.setText(words.share_text(self.at))
        self.slider.setAccessibleDescription(self.share.text())
        rows = []
        for where in self._store.points:
            for name in self._task_names():
                row = self._row(where, name)
                if row is not None:
                    rows.append(row)
        self.table.set_rows(["", self.tr("Score"), self.tr("Beside trained")], rows)
        self.room.setVisible(bool(rows))

    def _row(self, where: str, name: str) -> list[Said] | None:
        title = f"{name} · {words.where_title(where)}" if len(self._store.points) > 1 else name
        task = self._store.task(where, name, self.at)
        if task is not None:
            return [Said(title), Said(words.score_text(task)), words.difference_cell(task)]
        known = next((each.tasks[name] for each in self._store.points[where].values() if name in each.tasks), None)
        value = self._store.between(where, name, self.at)
        if known is None:
            return None
        about = "–" if value is None else self.tr("about {0}").format(metric_text(known.metric, value))
        return [Said(title), Said(about, "secondary"), Said(self.tr("not scored yet"), "secondary")]

    def _place_words(self, share: float) -> str:
        rows = [row for where in self._store.points for name in self._task_names() if (row := self._row(where, name))]
        said = [" ".join(filter(None, (cell.text for cell in row))) for row in rows]
        return "\n".join([words.share_text(share / 100), *said])

    def _tasks_scored(self) -> list[TaskScore]:
        return [
            task for curve in self._store.points.values() for each in curve.values() for task in each.tasks.values()
        ]

    def _task_names(self) -> list[str]:
        """The tasks of the run, in its order."""
        run = self.choice.run
        return [task["name"] for task in run.settings.get("tasks", [])] if run is not None else []

    def _connect(self) -> None:
        self.choice.changed.connect(self._on_choice)
        self._looking.loaded.connect(self._on_way)
        self._looking.failed.connect(self._asking.show_problem)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._on_asking_changed)
        self._asking.stopped.connect(self._on_stopped)
        self._keeping.answered.connect(self._on_kept)
        self._keeping.changed.connect(self._show_actions)
        self.slider.valueChanged.connect(self._on_slider)
        self.slider.sliderReleased.connect(self._rest.start)
        self._rest.timeout.connect(self._on_rest)
        self.plot.pointed.connect(self._on_pointed)
        self.legend.hovered.connect(self.plot.light)
        self._workspace.run_state_changed.connect(self._show_actions)

    def _lay_out(self) -> None:
        self.score.setAccessibleName(self.tr("Score blends along the curve"))
        self.add_action(self.score)
        self.plot.setMinimumHeight(grown(_HEIGHT))
        self.slider.setRange(0, _STEPS)
        self.slider.setValue(_STEPS)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(self.tr("Share of the trained weights"))
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for widget, stretch in (
            (Label(self.tr("pretrained"), "caption", "secondary"), 0),
            (self.slider, 1),
            (Label(self.tr("trained"), "caption", "secondary"), 0),
        ):
            line.addWidget(widget, stretch)
        foot = QHBoxLayout()
        foot.setSpacing(GROUP_GAP)
        foot.addWidget(self.share, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self.keep)
        self.told.hide()
        for item in (
            self.choice,
            self.against,
            self._asking.problem,
            self._asking.working,
            self.legend,
            self.plot,
            line,
            foot,
            self._keeping.problem,
            self._keeping.working,
            self.told,
            self.room,
            self.sentence,
        ):
            self.add(item)
