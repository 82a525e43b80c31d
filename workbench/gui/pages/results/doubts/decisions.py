"""What was decided about doubtful labels, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.core.corrections import Correction
from workbench.project.corrections import decide, restore


class Decisions:
    """The project's decisions by task and picture; those made since it was opened are undone in their turn."""

    def __init__(self) -> None:
        self._decided: dict[tuple[str, str], Correction] = {}
        self._made: list[tuple[str, str]] = []

    def read(self, decided: Mapping[tuple[str, str], Correction]) -> None:
        """Take what lies in the project."""
        self._decided = dict(decided)

    def clear(self) -> None:
        """Another project: nothing is decided, and nothing can be undone."""
        self._decided, self._made = {}, []

    def of(self, task: str, image: str) -> Correction | None:
        """What was decided about a picture."""
        return self._decided.get((task, image))

    @property
    def changed(self) -> int:
        """How many labels are corrected or set aside."""
        return sum(not each.keep for each in self._decided.values())

    def decide(self, folder: Path, correction: Correction) -> None:
        """Write a decision down.

        Raises:
            RequestError: it cannot be written.
        """
        decide(folder, correction)
        made = (correction.task, correction.picture)
        self._decided[made] = correction
        self._made = [each for each in self._made if each != made] + [made]

    def undo(self, folder: Path, task: str, image: str) -> None:
        """Take a decision back.

        Raises:
            RequestError: it cannot be written.
        """
        restore(folder, image, task)
        self._decided.pop((task, image), None)

    def last(self, task: str, images: Sequence[str]) -> int | None:
        """The row of the picture that was decided last, of those that are still decided; None where there is none."""
        rows = {image: row for row, image in enumerate(images) if self.of(task, image) is not None}
        return next((rows[image] for name, image in reversed(self._made) if name == task and image in rows), None)
