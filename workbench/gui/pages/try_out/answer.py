"""What `predict` says of one picture, and of many as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Rows = list[list[str]]


@dataclass(frozen=True)
class TaskAnswer:
    """One head's answer.

    Attributes:
        text: the label, the labels, or the number in words.
        confidence: of the label, 0 to 1; None where the kind of task has none.
        probabilities: per class; empty where the kind of task has none.
        unknown: whether the picture looks like nothing the run was trained on; None where nobody can say.
    """

    text: str
    confidence: float | None
    probabilities: dict[str, float]
    unknown: bool | None = None


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


def to_csv(answers: Sequence[Answer]) -> str:
    """A table: picture, problem, and for each task its answer and its confidence."""
    tasks = list(dict.fromkeys(task for answer in answers for task in answer.tasks))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["image", "error", *(title for task in tasks for title in (task, f"{task} confidence"))])
    for answer in answers:
        row = [answer.image, answer.error]
        for task in tasks:
            said = answer.tasks.get(task)
            row += ["", ""] if said is None else [said.text, _share(said.confidence)]
        table.writerow(row)
    return text.getvalue()


def _answer(entry: dict[str, Any]) -> Answer:
    tasks = {name: _task(said) for name, said in (entry.get("tasks") or {}).items()}
    return Answer(str(entry["image"]), str(entry.get("error") or ""), tasks)


def _task(said: dict[str, Any]) -> TaskAnswer:
    shares = {str(name): float(value) for name, value in (said.get("probabilities") or {}).items()}
    if "label" in said:
        confidence = None if said.get("confidence") is None else float(said["confidence"])
        return TaskAnswer(str(said["label"]), confidence, shares, said.get("unknown"))
    if "labels" in said:
        return TaskAnswer(", ".join(said["labels"]) or "–", None, shares)
    value = said.get("value")
    return TaskAnswer("–" if value is None else f"{float(value):.4g}", None, shares)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
