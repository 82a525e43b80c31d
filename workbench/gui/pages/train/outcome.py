"""What became of a run, in one line with what can be done next, and its error with the details folded away."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from workbench.core.events import RunFailed
from workbench.gui.numbers import duration, percent
from workbench.gui.pages.results.metric_words import short_score
from workbench.gui.pages.train.go_on import GoOn
from workbench.gui.pages.train.way_back import WayBack
from workbench.gui.theme import GRID, font
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.project.history import RunHistory
from workbench.project.runs import RunInfo

_MOST = 4  # tasks whose scores are said


class Outcome(QWidget):
    """The end of the run that is shown, or the offer to go on with one that was interrupted.

    Signals:
        results_requested(), again_requested(): what was pressed.
        resume_requested(str): go on with that run.
        more_requested(str, int): train that run for so many epochs more.
        from_requested(str): begin a new run with the weights of that one.
    """

    results_requested = Signal()
    again_requested = Signal()
    resume_requested = Signal(str)
    more_requested = Signal(str, int)
    from_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = ""
        self.bar = NoticeBar("info", "", parent=self)
        self.failure = FailureCard(self)
        self.way_back = WayBack(self)
        self.go_on = GoOn(self)
        self.go_on.more_requested.connect(self._on_more)
        self.go_on.from_requested.connect(self._on_from)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.bar)
        layout.addWidget(self.go_on)
        layout.addWidget(self.failure)
        layout.addWidget(self.way_back)
        self.clear()

    def clear(self) -> None:
        """Nothing to say."""
        self.bar.hide()
        self.failure.hide()
        self.way_back.hide()
        self.go_on.hide()
        self.hide()

    def show_end(self, run: str, history: RunHistory, interval: str = "", *, trains: bool = True) -> None:
        """Say how a run ended.

        Args:
            interval: the doubt of its score, such as "± 2.9 on 48 pictures".
            trains: whether anything in it could be trained longer.
        """
        ended = history.ended
        self.clear()
        if ended is None:
            return
        self._run = run
        if history.failure is not None:
            self.failure.show_failure(history.failure)
        level = "good" if ended.status in ("finished", "stopped") else "caution"
        self.bar.set_notice(level, end_words(history, interval))  # type: ignore[arg-type]
        self.bar.clear_actions()
        if ended.status in ("finished", "stopped"):
            self.bar.add_action(self.tr("See results"), self.results_requested.emit)
        elif run:
            self.bar.add_action(self.tr("Resume"), self._on_resume)
        self.bar.add_action(self.tr("Train again"), self.again_requested.emit)
        self.bar.show()
        self.go_on.set_trains(trains)
        self.go_on.setVisible(bool(run) and ended.status in ("finished", "stopped"))
        if history.interpolation is not None:
            self.way_back.show_points(history.interpolation)
        self.show()

    def offer(self, run: RunInfo, history: RunHistory) -> None:
        """Offer to resume a run that was found interrupted."""
        self.clear()
        self._run = run.run
        epoch = history.epochs[-1].epoch if history.epochs else 0
        words = self.tr("Run {0} was interrupted at epoch {1}.")
        if not epoch:
            words = self.tr("Run {0} was interrupted before the end of its first epoch.")
        self.bar.set_notice("caution", words.format(run.run, epoch))
        self.bar.clear_actions()
        self.bar.add_action(self.tr("Resume"), self._on_resume)
        self.bar.show()
        self.show()

    @Slot(int)
    def _on_more(self, epochs: int) -> None:
        self.more_requested.emit(self._run, epochs)

    @Slot()
    def _on_from(self) -> None:
        self.from_requested.emit(self._run)

    @Slot()
    def _on_resume(self) -> None:
        self.resume_requested.emit(self._run)


class FailureCard(Card):
    """What went wrong, how to mend it, and the details behind a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.error = Label("", "body", "bad", bold=True, wrap=True)
        self.advice = Label("", wrap=True)
        for label in (self.error, self.advice):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fold = Button(self.tr("Show details"), role="flat", clicked=self._on_fold)
        self.copy = Button(self.tr("Copy details"), role="flat", clicked=self._on_copy)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName(self.tr("Details of the failure"))
        self.details.setFixedHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.details.setFont(font("caption"))
        row = QHBoxLayout()
        row.addWidget(self.fold)
        row.addWidget(self.copy)
        row.addStretch(1)
        for item in (self.error, self.advice, row, self.details):
            self.add(item)

    def show_failure(self, failure: RunFailed) -> None:
        """Show a failure, its details folded."""
        self.error.setText(failure.error or self.tr("The run failed."))
        self.advice.setText(failure.advice)
        self.advice.setVisible(bool(failure.advice))
        self.details.setPlainText(failure.traceback)
        self.fold.setVisible(bool(failure.traceback))
        self.copy.setVisible(bool(failure.traceback))
        self._fold(folded=True)
        self.setAccessibleName(self.error.text())
        self.show()

    @Slot()
    def _on_fold(self) -> None:
        self._fold(folded=self.details.isVisibleTo(self))

    @Slot()
    def _on_copy(self) -> None:
        self.details.selectAll()
        self.details.copy()

    def _fold(self, *, folded: bool) -> None:
        self.details.setVisible(not folded)
        self.fold.setText(self.tr("Show details") if folded else self.tr("Hide details"))


def end_words(history: RunHistory, interval: str = "") -> str:
    """Finished in 1:12, best at epoch 7: 93.8 % ± 2.9 on 48 pictures.

    Where validation chooses nothing: "epoch 9, the last, is kept". Where not every task answers with a class there is
    no such mean: "white_cells off by 0.41, material 94 %".
    """
    assert history.ended is not None
    status, elapsed = history.ended.status, history.ended.elapsed_s
    words = {
        "finished": _tr("Finished in {0}"),
        "stopped": _tr("Stopped after {0}") if history.keeps_last else _tr("Stopped after {0}, the best is kept"),
        "interrupted": _tr("Interrupted after {0}"),
        "failed": _tr("Failed after {0}"),
    }[status]
    elapsed = elapsed or (history.epochs[-1].elapsed_s if history.epochs else 0.0)
    text = words.format(duration(elapsed))
    best = history.ended.best or history.best_summary
    if best is None:
        return text + "."
    said = _tr(", epoch {0}, the last, is kept") if history.keeps_last else _tr(", best at epoch {0}")
    text += said.format(best.epoch)
    if best.score is None:
        return text + "."
    if scores := _scores(history, best.epoch):
        return f"{text}: {scores}."
    doubt = f" {interval}" if interval else ""
    return f"{text}: {percent(best.score)}{doubt}."


def _scores(history: RunHistory, epoch: int) -> str:
    """Each task's own score at an epoch; empty where all tasks answer with a class, which have one mean."""
    kinds = {facts.kind for facts in history.started.tasks.values()} if history.started else set()
    event = next((each for each in history.epochs if each.epoch == epoch), None)
    if event is None or kinds <= {"single-label"}:
        return ""
    said = {task: words for task, metrics in event.validation.items() if (words := short_score(metrics))}
    if len(said) == 1:
        return next(iter(said.values()))
    texts = [f"{task} {words}" for task, words in said.items()]
    more = [_tr("{0} more").format(len(texts) - _MOST)] if len(texts) > _MOST else []
    return ", ".join(texts[:_MOST] + more)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Outcome", text)
