"""The notice above a run's scores that says which of its tasks are worse for being trained together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.verdict.warning import TransferWarning, find_warning
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.project.runs import RunInfo


class TransferNotice(QObject):
    """Looks for the warning on a run off the window's thread, and shows it.

    Signals:
        verdict_wanted(int): the verdict of that number is to be seen; 0: there is none yet.
        failed(str): it could not be looked for.
    """

    verdict_wanted = Signal(int)
    failed = Signal(str)

    def __init__(self, notice: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._run = ""
        self._warning: TransferWarning | None = None
        self.looked = Loader(self)
        self.looked.loaded.connect(self._on_found)
        self.looked.failed.connect(self.failed)

    def look(self, project_dir: Path, run: RunInfo, runs: Sequence[RunInfo]) -> None:
        """Show the warning on a run, if any."""
        self._run = run.run
        self.looked.load(find_warning, project_dir, run.folder, list(runs))

    def hide(self) -> None:
        """Show nothing until another run is looked at."""
        self.looked.drop()
        self._notice.hide()

    @Slot(object)
    def _on_found(self, warning: TransferWarning | None) -> None:
        self._warning = warning if warning is not None and warning.run == self._run else None
        self._notice.setVisible(self._warning is not None)
        if self._warning is not None:
            self._notice.set_notice("caution", self._warning.text)
            self._notice.clear_actions()
            words = self.tr("See the verdict") if self._warning.verdict else self.tr("Ask for a verdict")
            self._notice.add_action(words, self._on_action)

    @Slot()
    def _on_action(self) -> None:
        self.verdict_wanted.emit(self._warning.verdict if self._warning else 0)
