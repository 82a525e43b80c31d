"""What `predict` says of one picture, and of many as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.gui.pages.try_out.said import TaskAnswer, read


@dataclass(frozen=True)
class Answer:
    """What the run says of a picture, or why it could not read it."""

    image: str
    error: str
    tasks: dict[str, TaskAnswer]

    def differing(self, other: Answer) -> list[str]:
        """The tasks of both to which another run's answer is another one."""
        shared = ((task, said, other.tasks[task]) for task, said in self.tasks.items() if task in other.tasks)
        return [task for task, said, others in shared if said.differs(others)]


def parse_answers(document: Sequence[dict[str, Any]]) -> list[Answer]:
    """Read the document of `predict`.

    Raises:
        ValueError: it is not what `predict` prints.
    """
    try:
        return [_answer(entry) for entry in document]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"The answer cannot be read: {error!r}.") from error


def first_answers(answers: Sequence[Answer]) -> dict[str, TaskAnswer]:
    """Of each task the first answer there is: it tells which columns the task has."""
    found: dict[str, TaskAnswer] = {}
    for answer in answers:
        for task, said in answer.tasks.items():
            found.setdefault(task, said)
    return found


def to_csv(answers: Sequence[Answer], others: Sequence[Answer] = (), other: str = "") -> str:
    """A table: picture, problem, and for each task what its kind of answer holds; then that of another run, by name."""
    runs = [("", answers), (f"{other}: ", others)] if others else [("", answers)]
    titles = [
        [(task, field) for task, said in first_answers(its).items() for field in said.fields()] for _, its in runs
    ]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    named = [name + task + field for (name, _), cells in zip(runs, titles, strict=True) for task, field in cells]
    table.writerow(["image", "error", *named])
    for place, answer in enumerate(answers):
        row = [answer.image, answer.error]
        for (_, its), cells in zip(runs, titles, strict=True):
            fields = {task: said.fields() for task, said in its[place].tasks.items()}
            row += [fields.get(task, {}).get(field, "") for task, field in cells]
        table.writerow(row)
    return text.getvalue()


def _answer(entry: dict[str, Any]) -> Answer:
    tasks = {name: read(said) for name, said in (entry.get("tasks") or {}).items()}
    return Answer(str(entry["image"]), str(entry.get("error") or ""), tasks)
