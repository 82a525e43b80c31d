"""What one head says of a picture, one file for each kind of task."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workbench.gui.pages.try_out.said.base import Column, TaskAnswer
from workbench.gui.pages.try_out.said.classes import ClassAnswer
from workbench.gui.pages.try_out.said.labels import LabelsAnswer
from workbench.gui.pages.try_out.said.mask import MaskAnswer
from workbench.gui.pages.try_out.said.number import NumberAnswer

ANSWERS: dict[str, type[TaskAnswer]] = {
    "label": ClassAnswer,
    "labels": LabelsAnswer,
    "value": NumberAnswer,
    "areas": MaskAnswer,
}
"""How an answer that has that entry is read."""

__all__ = ["ANSWERS", "ClassAnswer", "Column", "LabelsAnswer", "MaskAnswer", "NumberAnswer", "TaskAnswer", "read"]


def read(said: dict[str, Any]) -> TaskAnswer:
    """One head's answer.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is not what `predict` prints.
    """
    key = next((key for key in ANSWERS if key in said), None)
    if key is None:
        raise KeyError(f"an answer of {', '.join(said)}")
    return replace(ANSWERS[key].read(said), unknown=said.get("unknown"))
