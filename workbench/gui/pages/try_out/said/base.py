"""What the answers of all kinds have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True)
class Column:
    """A cell of the table of a folder, with the column that it stands in.

    Attributes:
        title: of the column; empty: the name of the task.
        value: by what the column is sorted.
        help: what the column is.
    """

    title: str
    text: str
    value: float | str
    help: str = ""


@dataclass(frozen=True)
class TaskAnswer:
    """One head's answer.

    Attributes:
        text: it in short.
        unknown: whether the picture looks like nothing the run was trained on; None where nobody can say.
    """

    text: str
    unknown: bool | None = field(default=None, kw_only=True)

    @classmethod
    def read(cls, said: dict[str, Any]) -> TaskAnswer:
        """Read what is the kind's own of a head's part of the document of `predict`."""
        raise NotImplementedError

    def classes(self) -> Sequence[str]:
        """What the head tells apart; nothing for a number."""
        return ()

    def differs(self, other: TaskAnswer) -> bool:
        """Whether another run's answer to the same task is another one."""
        return self.text != other.text

    def apart(self, other: TaskAnswer) -> str:
        """By how much another run's answer is another one, in few words; empty where they say the same."""
        return translated("differs") if self.differs(other) else ""

    def columns(self) -> Sequence[Column]:
        """Its cells in the table of a folder; as many for every picture."""
        if self.unknown is None:
            return self.own_columns()
        strange = translated("Whether the picture looks like nothing the model was trained on")
        flag = translated("unknown") if self.unknown else ""
        return [*self.own_columns(), Column(translated("unknown"), flag, flag, strange)]

    def fields(self) -> dict[str, str]:
        """Its cells in a CSV file, by what follows the task's name in their titles."""
        unknown = {} if self.unknown is None else {" unknown": "yes" if self.unknown else "no"}
        return {**self.own_fields(), **unknown}

    def own_columns(self) -> Sequence[Column]:
        """The cells that its kind has."""
        raise NotImplementedError

    def own_fields(self) -> dict[str, str]:
        """The cells of a CSV file that its kind has."""
        raise NotImplementedError


def translated(text: str) -> str:
    """Words about answers in the window's language."""
    return QCoreApplication.translate("TaskAnswer", text)


def points(value: float) -> str:
    """A difference of two shares, 0 to 1."""
    number = round(100 * value)
    return translated("1 point") if number == 1 else translated("{0} points").format(number)


def share(value: float | None) -> str:
    """A share as a CSV file has it."""
    return "" if value is None else f"{value:.4f}"
