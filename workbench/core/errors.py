"""The two ways in which something can be wrong with what was asked."""

from __future__ import annotations

import errno
import os
import re

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)
_TOLD = re.compile(r'\(os error (\d+)\)(?: at path "(.+)")?')
"""How a library written in Rust tells an error of the system."""


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


def unwritable(place: object, error: OSError) -> RequestError:
    """What a request cannot do where the disk takes nothing."""
    if error.errno in _FULL:
        return RequestError("The disk is full.", "Make room on it, then try again.")
    return RequestError(
        f"{place} cannot be written: {error.strerror or error}.", "Allow writing there, or copy the project elsewhere."
    )


def disk_error(error: BaseException) -> WorkbenchError | None:
    """What a person can mend about a disk that takes nothing more, or a place that may not be written; None for any
    other error. The latter is a RequestError: it is wrong to ask for that there.

    Libraries hand the system's error on as the cause of their own, or as its text.
    """
    cause: BaseException | None = error
    while cause is not None:
        code, path = _told(cause)
        if code in _FULL or "StorageFull" in str(cause):
            return RunError("The disk is full.", "Make room on it, then begin again, or resume the run that has begun.")
        if code in _FORBIDDEN and path:
            # What is not there was to be made, perhaps under a name for a moment: the folder is what refuses it.
            place = path if os.path.exists(path) else os.path.dirname(path) or "."
            return RequestError(
                f"{place} cannot be read or written: this computer does not allow it.",
                "Change the permissions of the folder, or copy the project to where you may write.",
            )
        cause = cause.__cause__ or cause.__context__
    return None


def _told(error: BaseException) -> tuple[int | None, str]:
    """The system's number of an error, and the path that it is about, as far as they are known."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno, os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else ""
    found = _TOLD.search(str(error))
    return (int(found[1]), found[2] or "") if found else (None, "")
