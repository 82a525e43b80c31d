"""Errors of the system, said so that a person can mend them."""

import errno

import pytest

from workbench.core.errors import disk_error, unwritable


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_no_mistake_in_the_program(code: int) -> None:
    found = disk_error(OSError(code, "No space left on device"))
    assert found is not None and found.text == "The disk is full." and "Make room" in found.fix


def test_what_a_library_makes_of_a_full_disk_is_known_too() -> None:
    wrapped = RuntimeError("failed")
    wrapped.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert disk_error(wrapped) is not None
    assert disk_error(RuntimeError("Error while serializing: IoError(Os { code: 28, kind: StorageFull })")) is not None


def test_a_folder_that_may_not_be_written_is_named() -> None:
    found = disk_error(PermissionError(errno.EACCES, "Permission denied", "/data/p/runs"))
    assert found is not None and found.text.startswith("/data/p/runs cannot be read or written")


def test_a_request_that_cannot_be_kept_names_the_place_or_the_full_disk() -> None:
    assert unwritable("/data/p", OSError(errno.ENOSPC, "No space left on device")).text == "The disk is full."
    refused = unwritable("/data/p", OSError(errno.EROFS, "Read-only file system"))
    assert str(refused).startswith("/data/p cannot be written: Read-only file system. Allow writing there")


def test_other_errors_are_left_alone() -> None:
    assert disk_error(ValueError("x")) is None and disk_error(FileNotFoundError(errno.ENOENT, "x", "y")) is None
