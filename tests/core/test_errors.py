"""Errors of the system, said so that a person can mend them."""

import errno
from pathlib import Path

import pytest

from workbench.core.errors import RequestError, disk_error, unwritable


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_no_mistake_in_the_program(code: int) -> None:
    found = disk_error(OSError(code, "No space left on device"))
    assert found is not None and found.text == "The disk is full." and "Make room" in found.fix


def test_what_a_library_makes_of_a_full_disk_is_known_too() -> None:
    wrapped = RuntimeError("failed")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert disk_error(wrapped) is not None
    assert disk_error(RuntimeError("Error while serializing: IoError(Os { code: 28, kind: StorageFull })")) is not None


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """Also where a file was to be made in it, whose name is of no use to anybody."""
    (tmp_path / "file").touch()
    for name, place in (("file", tmp_path / "file"), (".file.123.tmp", tmp_path)):
        found = disk_error(PermissionError(errno.EACCES, "Permission denied", str(tmp_path / name)))
        assert isinstance(found, RequestError), "the request is wrong, not the program"
        assert found.text.startswith(f"{place} cannot be read or written")


def test_what_a_library_tells_in_words_alone_is_known_too(tmp_path: Path) -> None:
    text = "Error while serializing: I/O error: {} at path \"{}\""
    found = disk_error(RuntimeError(text.format("Permission denied (os error 13)", tmp_path / ".tmpHdwfe0")))
    assert found is not None and found.text.startswith(f"{tmp_path} cannot be read or written")
    full = disk_error(RuntimeError(text.format("No space left on device (os error 28)", tmp_path / ".tmpHdwfe0")))
    assert full is not None and full.text == "The disk is full."


def test_a_request_that_cannot_be_kept_names_the_place_or_the_full_disk() -> None:
    assert unwritable("/data/p", OSError(errno.ENOSPC, "No space left on device")).text == "The disk is full."
    refused = unwritable("/data/p", OSError(errno.EROFS, "Read-only file system"))
    assert str(refused).startswith("/data/p cannot be written: Read-only file system. Allow writing there")


def test_other_errors_are_left_alone() -> None:
    assert disk_error(ValueError("x")) is None and disk_error(FileNotFoundError(errno.ENOENT, "x", "y")) is None
