"""Which part of a table judges runs that are compared."""

from __future__ import annotations

from workbench.core.errors import RequestError
from workbench.core.specs import Part
from workbench.engine.data.sample_table import SampleTable


def judged_part(table: SampleTable, task: str) -> Part:
    """The part that scores a task: test, or validation where there is none.

    Raises:
        RequestError: the task has no picture to learn from, or too few to be scored on.
    """
    if not len(table.rows("train", task)):
        raise RequestError(
            f"Task {task} has no picture in the training part.",
            "Lower split.validation and split.test, or add pictures.",
        )
    parts: tuple[Part, ...] = ("test", "validation")
    for part in parts:
        if len(table.rows(part, task)) > 1:
            return part
    raise RequestError(
        f"Task {task} has too few pictures to be scored on.", "Raise split.validation or split.test, or add pictures."
    )
