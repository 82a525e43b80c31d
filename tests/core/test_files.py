import pytest

from workbench.core import files
from workbench.core.files import check_writable, write_atomically


def test_replaces_and_leaves_nothing_beside(tmp_path):
    path = tmp_path / "new" / "a.toml"
    write_atomically(path, "one")
    write_atomically(path, b"two")
    assert path.read_text() == "two"
    assert [p.name for p in path.parent.iterdir()] == ["a.toml"]


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.toml"
    write_atomically(path, "old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.toml"]


def test_a_folder_that_is_still_to_be_made_is_tried_in_the_nearest_that_is_there(tmp_path, monkeypatch):
    check_writable(tmp_path / "new" / "deep")
    assert list(tmp_path.iterdir()) == []

    def refuse(dir):
        raise PermissionError(13, "Permission denied", str(dir))

    monkeypatch.setattr(files.tempfile, "TemporaryFile", refuse)
    with pytest.raises(PermissionError) as refused:
        check_writable(tmp_path / "new" / "deep")
    assert refused.value.filename == str(tmp_path)
