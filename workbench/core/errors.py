"""The two ways in which something can be wrong with what was asked."""

from __future__ import annotations


class WorkbenchError(Exception):
    """Something went wrong that one sentence explains and another mends.

    Args:
        text: what is wrong, one sentence naming the thing and its value.
        fix: how to mend it, one sentence; empty where nothing can be done.
    """

    def __init__(self, text: str, fix: str = "") -> None:
        super().__init__(f"{text} {fix}".strip())
        self.text = text
        self.fix = fix


class RequestError(WorkbenchError):
    """The request itself is wrong: exit code 2, nothing was written."""


class RunError(WorkbenchError):
    """The request was right but the run could not be carried out: exit code 1."""
