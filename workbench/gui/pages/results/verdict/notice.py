"""The notice above a run's scores that says which of its tasks are worse for being trained together, or pretrained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.verdict.warning import TransferWarning, find_warnings
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.project.runs import RunInfo


class TransferNotice(QObject):
    """Looks for the warnings on a run off the window's thread, and shows them.

    Signals:
        verdict_wanted(int): the verdict of that number is to be seen; 0: there is none yet.
        report_wanted(): transfer reports are to be seen.
        failed(str): it could not be looked for.
    """

    verdict_wanted = Signal(int)
    report_wanted = Signal()
    failed = Signal(str)

    def __init__(self, notice: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._run = ""
        self._verdict = 0
        self.looked = Loader(self)
        self.looked.loaded.connect(self._on_found)
        self.looked.failed.connect(self.failed)

    def look(self, project_dir: Path, run: RunInfo, runs: Sequence[RunInfo]) -> None:
        """Show the warnings on a run, if any."""
        self._run = run.run
        self.looked.load(find_warnings, project_dir, run.folder, list(runs))

    def hide(self) -> None:
        """Show nothing until another run is looked at."""
        self.looked.drop()
        self._notice.hide()

    @Slot(object)
    def _on_found(self, warnings: list[TransferWarning]) -> None:
        found = [warning for warning in warnings if warning.run == self._run]
        self._notice.setVisible(bool(found))
        self._notice.set_notice("caution", "\n".join(warning.text for warning in found))
        self._notice.clear_actions()
        for warning in found:
            if warning.report:
                self._notice.add_action(self.tr("See the report"), self.report_wanted.emit)
            else:
                self._verdict = warning.verdict
                words = self.tr("See the verdict") if warning.verdict else self.tr("Ask for a verdict")
                self._notice.add_action(words, self._on_verdict)

    @Slot()
    def _on_verdict(self) -> None:
        self.verdict_wanted.emit(self._verdict)
