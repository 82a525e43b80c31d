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


def to_csv(answers: Sequence[Answer]) -> str:
    """A table: picture, problem, and for each task what its kind of answer holds."""
    titles = {task: list(said.fields()) for task, said in first_answers(answers).items()}
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["image", "error", *(task + field for task, fields in titles.items() for field in fields)])
    for answer in answers:
        row = [answer.image, answer.error]
        for task, fields in titles.items():
            said = answer.tasks[task].fields() if task in answer.tasks else {}
            row += [said.get(field, "") for field in fields]
        table.writerow(row)
    return text.getvalue()


def _answer(entry: dict[str, Any]) -> Answer:
    tasks = {name: read(said) for name, said in (entry.get("tasks") or {}).items()}
    return Answer(str(entry["image"]), str(entry.get("error") or ""), tasks)
