"""The thread that supervises one engine process through one run and streams its events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QThread

from workbench.core.events import Event, RunEnded, RunFailed
from workbench.gui.event_pump import EventPump
from workbench.project.engine_process import Command, EngineProcess

ENDING_PATIENCE_S = 8.0


class RunThread(QThread):
    """Asks an engine process for one run and puts every event into the pump until the run has ended.

    Whatever happens to the process, the last event put is a `run_ended`, and when the thread has finished no process
    of the run is left.
    """

    def __init__(
        self, process: EngineProcess, argv: Sequence[str], pump: EventPump, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._process = process
        self._argv = list(argv)
        self._pump = pump

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def run(self) -> None:
        """Supervise; called by Qt on the new thread."""
        last: Event | None = None
        try:
            self._process.ask(self._argv)
            for last in self._process.events():
                self._pump.put(last)
        except ValueError as error:
            self._pump.put(
                RunFailed(error=f"The engine said something that is no event: {error}", advice="", traceback="")
            )
        finally:
            if last is None or last.event != "run_ended":
                self._say_how_it_died()
            self._process.end(patience_s=2.0)

    def command(self, command: Command, task: str = "", **facts: Any) -> None:
        """Tell the run to pause, resume, stop or cancel; with `task`, to pause or resume that one alone.

        One that is to end while its process still imports ends at once: nothing of it has begun.
        """
        if command in ("stop", "cancel") and self._process.withdraw():
            return
        self._process.command(command, task, **facts)

    def end(self) -> None:
        """Cancel the run and wait until its process is gone; for closing the window."""
        self.command("cancel")
        if not self.wait(int(ENDING_PATIENCE_S * 1000)):
            self._process.end()
            self.wait()

    def _say_how_it_died(self) -> None:
        if not self._process.withdrawn:
            reason, _, diagnostics = self._process.exit_reason().partition("\n")
            advice = "What was saved is kept: resume the run to go on from its last checkpoint."
            self._pump.put(RunFailed(error=reason, advice=advice, traceback=diagnostics))
        self._pump.put(RunEnded(status="interrupted", best=None, elapsed_s=0.0))
