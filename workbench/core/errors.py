"""The two ways in which something can be wrong with what was asked."""

from __future__ import annotations

import errno

_FULL = (errno.ENOSPC, errno.EDQUOT)


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


def disk_error(error: BaseException) -> RunError | None:
    """What a person can mend about a disk that takes nothing more; None for any other error.

    Libraries hand the system's error on as the cause of their own, or as its text.
    """
    cause: BaseException | None = error
    while cause is not None:
        code = cause.errno if isinstance(cause, OSError) else None
        if code in _FULL or "StorageFull" in str(cause):
            return RunError("The disk is full.", "Make room on it, then begin again, or resume the run that has begun.")
        if code in (errno.EROFS, errno.EACCES, errno.EPERM) and isinstance(cause, OSError) and cause.filename:
            return RunError(
                f"{cause.filename} cannot be read or written: this computer does not allow it.",
                "Change the permissions of the folder, or copy the project to where you may write.",
            )
        cause = cause.__cause__ or cause.__context__
    return None
