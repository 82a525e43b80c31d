"""The Try page: show the model a picture, and see what every head says."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.files import write_atomically
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.looking.dialog import Asked, LookingDialog
from workbench.gui.pages.neighbours.dialog import NeighboursDialog
from workbench.gui.pages.neighbours.panel import NeighboursPanel
from workbench.gui.pages.question import Question
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.task_places import task_places
from workbench.gui.pages.try_out.answer import to_csv
from workbench.gui.pages.try_out.asking import RunAnswers
from workbench.gui.pages.try_out.bench import Bench
from workbench.gui.pages.try_out.camera import Camera
from workbench.gui.pages.try_out.camera_panel import CameraPanel
from workbench.gui.pages.try_out.incoming import Incoming, Pasted, gather, image_of, is_picture_name, local_paths
from workbench.gui.pages.try_out.teaching import Teaching, teachable
from workbench.gui.theme import PAGE_EDGE
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace


class TryPage(QWidget):
    """Answers pictures that were never seen.

    Signals:
        page_requested(str): the user should be sent to another page.
    """

    page_requested = Signal(str)
    icon_name = "try"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Try")
        self._workspace = workspace
        self._first = Question(workspace, self)
        self._chosen_run = ""
        self._loading = self._loaded = ""  # the runs whose models the child reads, and has read
        self._incoming: Incoming | None = None
        self.loader = ThumbnailLoader(self)
        self._pasted = Pasted()
        self._gathering = Loader(self)
        self._gathering.loaded.connect(self._on_gathered)
        self._gathering.failed.connect(self._on_gather_failed)
        self.list = RunList(workspace, self)
        self.asked = RunAnswers(workspace, self.list, self)
        self.beside = RunAnswers(workspace, self.list, self)
        self.empty = EmptyState("try", "", button=self.tr("Train a model"), clicked=self._on_go)
        self.camera = Camera(self)
        self.live = CameraPanel(self.camera)
        self.near = NeighboursPanel(workspace, self.loader)
        self.neighbours = NeighboursDialog(workspace, self.loader, self)
        self.bench = Bench(self.loader, self.live, self.near, self)
        self.looking = LookingDialog(workspace, self.loader, self)
        self.teaching = Teaching(workspace, self)
        self._dropped: list[Path] = []  # before the runs of the project were known
        self._taught = ("", "")  # a run that was made to know better, and the one that it was made of
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.bench)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        outer.addWidget(self._stack)
        self.setAcceptDrops(True)
        self._paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.paste)
        self._connect()
        self._on_runs()

    # What the main window calls -----------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page has come to front: the model is made ready."""
        self.bench.set_camera(self.camera.missing())
        self._warm()

    def drop_paths(self, paths: list[Path]) -> bool:
        """Answer what was dropped on the window."""
        pictures = [path for path in paths if path.is_dir() or is_picture_name(path.name)]
        if not pictures:
            return False  # a table, say, becomes tasks
        if not self.list.known:
            self._dropped = pictures
            return True
        if not self._run():
            return False
        self.ask_about(pictures)
        return True

    # What comes in ------------------------------------------------------------------------------------------------

    def ask_about(self, paths: list[Path]) -> None:
        """Answer pictures and folders of pictures."""
        if len(paths) == 1 and not paths[0].is_dir():
            self._gathering.drop()
            self._ask(Incoming((paths[0],)))
        elif paths:
            self._gathering.load(gather, paths)

    @Slot()
    def paste(self) -> None:
        """Answer what lies on the clipboard."""
        if self._run() and not self._take(QGuiApplication.clipboard().mimeData()):
            self.bench.say("info", self.tr("There is no picture on the clipboard."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._run() and (local_paths(event.mimeData()) or event.mimeData().hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _take(self, mime: QMimeData) -> bool:
        """Answer files, or else the picture itself; whether there was either."""
        paths = local_paths(mime)
        if not paths and (image := image_of(mime)) is not None:
            return self._take_image(image)
        self.ask_about(paths)
        return bool(paths)

    @Slot(QImage)
    def _take_image(self, image: QImage) -> bool:
        """Answer a picture that lies in no file; whether it could be kept."""
        kept = self._pasted.keep(image)
        if kept is None:
            self._say_problem(self.tr("The picture cannot be kept: the folder for temporary files is full."))
            return False
        self.ask_about([kept])
        return True

    @Slot(object)
    def _on_gathered(self, incoming: Incoming) -> None:
        if not incoming.pictures:
            self.bench.say("caution", self.tr("There is no picture in {0}.").format(incoming.folder))
            return
        self._ask(incoming)

    @Slot(str)
    def _on_gather_failed(self, problem: str) -> None:
        self._say_problem(self.tr("The folder cannot be read: {0}").format(problem))

    # Questions ----------------------------------------------------------------------------------------------------

    def _ask(self, incoming: Incoming) -> None:
        run = self._run()
        if not run or self._workspace.folder is None:
            return
        self._give_up()
        self._incoming = incoming
        if self._loaded != run:
            self._warm()
        self.bench.begin(incoming, loaded=self._loaded == run)
        self.asked.ask(run, incoming)
        self.bench.set_facts(self.asked.mask_values(), self._ranges())
        info = self.list.run(run)
        self.bench.answers.set_teachable(teachable(info.folder) if info is not None else frozenset())
        self._ask_beside(self.bench.choice.other)

    @Slot(str)
    def _ask_beside(self, run: str) -> None:
        """Let another run answer the same pictures; empty: none does."""
        self.beside.forget()
        if run and self._incoming is not None:
            self.beside.ask(run, self._incoming)
        self.bench.set_names(self.asked.run, run, self.beside.mask_values())

    @Slot()
    def _on_answered(self) -> None:
        self._loaded = self.asked.run
        if self._incoming is None:
            return
        tasks = list(dict.fromkeys(task for answer in self.asked.answers for task in answer.tasks))
        places = task_places(self._workspace.project, tasks)
        self.bench.show_answers(self.asked.answers, self._incoming, places)

    @Slot()
    def _on_others_answered(self) -> None:
        if self._incoming is not None:
            self.bench.show_others(self.beside.answers, self._incoming)

    @Slot(str)
    def _on_beside_failed(self, problem: str) -> None:
        self._say_problem(self.tr("{0}: {1}").format(self.beside.run, problem))

    @Slot()
    def _on_ended(self) -> None:
        if not self.asked.open:
            self.bench.end()

    @Slot(str)
    def _say_problem(self, text: str) -> None:
        self.bench.say("bad", text)

    @Slot()
    def _give_up(self) -> None:
        self.asked.give_up()
        self.beside.give_up()

    @Slot(str, str, str, list)
    def _on_looking_wanted(self, run: str, image: str, task: str, classes: list[str]) -> None:
        self.looking.ask(Asked(run, image, task, classes))

    @Slot(str, str, list)
    def _on_teaching_wanted(self, image: str, task: str, classes: list[str]) -> None:
        if self._pasted.holds(Path(image)):
            self.bench.say("caution", self.tr("This picture lies in no file. Save it, and drop the file here."))
            return
        self.teaching.ask(self.asked.run, image, task, classes)

    @Slot(str)
    def _on_teaching(self, text: str) -> None:
        self.bench.say("info", text)

    @Slot(str, str)
    def _on_taught(self, made: str, origin: str) -> None:
        self._taught = (made, origin)

    @Slot(str)
    def _on_picture_shown(self, image: str) -> None:
        if self.bench.neighbours.isChecked():
            self.near.ask(self.asked.run, image)

    @Slot(str)
    def _on_neighbour(self, image: str) -> None:
        self.neighbours.ask(self.asked.run, image, self.near.tasks.currentText())

    # Runs ---------------------------------------------------------------------------------------------------------

    def _run(self) -> str:
        """The run that answers: the chosen one, else the latest; empty where there is none."""
        if self._chosen_run and self.list.run(self._chosen_run):
            return self._chosen_run
        latest = self.list.latest_answering()
        return latest.run if latest else ""

    def _ranges(self) -> dict[str, tuple[float, float]]:
        """The least and the greatest number of the tasks that have numbers, as the data were read."""
        found: dict[str, tuple[float, float]] = {}
        for name, task in (self._workspace.report or {}).get("tasks", {}).items():
            numbers = task.get("numbers") or {}
            if isinstance(numbers.get("minimum"), int | float) and isinstance(numbers.get("maximum"), int | float):
                found[name] = (float(numbers["minimum"]), float(numbers["maximum"]))
        return found

    @Slot()
    def _on_opened(self) -> None:
        self.asked.forget()
        self.beside.forget()
        self._chosen_run, self._incoming, self._dropped = "", None, []
        self.bench.clear()

    @Slot()
    def _on_runs(self) -> None:
        names = [run.run for run in self.list.runs if run.status in ("finished", "stopped", "interrupted")]
        self.bench.choice.set_runs(names, self._run())
        ready = bool(self._run())
        first = ready and self._stack.currentWidget() is self.empty
        self._stack.setCurrentWidget(self.bench if ready else self.empty)
        self._say_what_is_missing()
        if first:
            self._warm()
        if self.list.known and self._dropped:
            dropped, self._dropped = self._dropped, []
            if ready:
                self.ask_about(dropped)
        made, origin = self._taught
        if made and made in names:  # before and after stand side by side
            self._taught = ("", "")
            self.bench.choice.choose_other(origin)
            self._on_run_chosen(made)

    @Slot(str)
    def _on_run_chosen(self, run: str) -> None:
        self._chosen_run = run
        self._on_runs()
        if self._incoming is not None:
            self._ask(self._incoming)

    @Slot()
    def _on_state(self) -> None:
        self._say_what_is_missing()

    def _warm(self) -> None:
        """Start the child and let it load the model before the first question, but not while a run trains."""
        run, folder, answers = self._run(), self._workspace.folder, self._workspace.model_answers
        if not run or folder is None or not self.isVisible() or self._workspace.run_state != "idle":
            return
        if self._first.open or self.asked.open:
            return
        answers.warm()
        if (picture := self._pasted.smallest()) is not None:
            self._loading = run
            self._first.ask(["predict", str(folder), "--run", run, str(picture)])

    @Slot(object)
    def _on_first_answered(self, _document: object) -> None:
        self._loaded = self._loading
        if self._loaded == self._run():
            self.bench.model_loaded()

    @Slot()
    def _on_released(self) -> None:
        self._loaded = ""

    def _say_what_is_missing(self) -> None:
        training = self._workspace.run_state != "idle"
        text = self.tr("The first model is training.") if training else self.tr("There is no model to try yet.")
        self.empty.set_text(text, self.tr("When a run has ended, drop a picture here and every head answers."))
        self.empty.button.setText(self.tr("Watch it") if training else self.tr("Train a model"))

    # What the user presses ----------------------------------------------------------------------------------------

    @Slot()
    def _on_go(self) -> None:
        self.page_requested.emit("train")

    @Slot()
    def _on_browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self.window(), self.tr("Pictures to try"))
        self.ask_about([Path(path) for path in chosen])

    @Slot()
    def _on_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), self.tr("A folder of pictures to try"))
        if chosen:
            self.ask_about([Path(chosen)])

    @Slot()
    def _on_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self.window(), self.tr("Save the answers as a table"), "answers.csv", self.tr("Tables (*.csv)")
        )
        if chosen:
            self.save_table(Path(chosen))

    def save_table(self, path: Path) -> None:
        """Write the answers that are shown as a CSV table."""
        try:
            write_atomically(path, to_csv(self.asked.answers, self.beside.answers, self.beside.run))
        except (OSError, WorkbenchError) as error:
            self._say_problem(self.tr("{0} cannot be written: {1}").format(path, error))
            return
        self.bench.say("good", self.tr("The answers are in {0}.").format(path))

    def _connect(self) -> None:
        self._workspace.opened.connect(self._on_opened)
        self._workspace.run_state_changed.connect(self._on_state)
        self.list.changed.connect(self._on_runs)
        self._workspace.model_answers.released.connect(self._on_released)
        self._first.answered.connect(self._on_first_answered)
        self.asked.progressed.connect(self.bench.advance)
        self.asked.answered.connect(self._on_answered)
        self.asked.failed.connect(self._say_problem)
        self.asked.ended.connect(self._on_ended)
        self.beside.answered.connect(self._on_others_answered)
        self.beside.failed.connect(self._on_beside_failed)
        self.bench.browse_requested.connect(self._on_browse)
        self.bench.folder_requested.connect(self._on_folder)
        self.bench.paste_requested.connect(self.paste)
        self.bench.save_requested.connect(self._on_save)
        self.bench.cancel_requested.connect(self._give_up)
        self.bench.run_chosen.connect(self._on_run_chosen)
        self.bench.other_chosen.connect(self._ask_beside)
        self.bench.picture_shown.connect(self._on_picture_shown)
        self.near.chosen.connect(self._on_neighbour)
        self.live.taken.connect(self._take_image)
        self.bench.looking_wanted.connect(self._on_looking_wanted)
        self.bench.teaching_wanted.connect(self._on_teaching_wanted)
        self.teaching.said.connect(self._on_teaching)
        self.teaching.failed.connect(self._say_problem)
        self.teaching.made.connect(self._on_taught)
