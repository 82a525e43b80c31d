"""Files of weights: what is read, and the one sentence for each that is not."""

from __future__ import annotations

import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from workbench.core.errors import RequestError
from workbench.engine.model.state_file import read_state

TENSORS = {"a.weight": torch.arange(6.0).view(2, 3), "a.bias": torch.ones(2, dtype=torch.float16)}


class Harmful:
    """What a pickle can hold: a call that is made when it is opened."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {os.environ['HARM']}",)


def same(found: dict[str, torch.Tensor]) -> bool:
    return found.keys() == TENSORS.keys() and all(torch.equal(found[key], TENSORS[key]) for key in found)


@pytest.mark.parametrize("suffix", ["pt", "pth", "bin"])
@pytest.mark.parametrize("new_format", [True, False])
def test_state_dicts_of_torch_are_read(tmp_path: Path, suffix: str, new_format: bool) -> None:
    path = tmp_path / f"gewichte ü.{suffix}"
    torch.save(TENSORS, path, _use_new_zipfile_serialization=new_format)
    assert same(read_state(path))


def test_safetensors_are_read(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "weights.SafeTensors")
    assert same(read_state(tmp_path / "weights.SafeTensors"))


def test_a_state_dict_inside_a_checkpoint_is_found(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    for inside in ({"state_dict": TENSORS}, {"epoch": 3, "optimizer": {"lr": 1.0}, "model": {"state_dict": TENSORS}}):
        torch.save(inside, path)
        assert same(read_state(path))


def refused(path: Path) -> str:
    with pytest.raises(RequestError) as caught:
        read_state(path)
    assert str(path) in caught.value.text
    assert caught.value.text.count("\n") == 0 and caught.value.fix
    return caught.value.text.replace(str(path), "FILE")


@pytest.mark.parametrize("new_format", [True, False])
def test_what_could_run_code_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new_format: bool) -> None:
    monkeypatch.setenv("HARM", str(tmp_path / "harm"))
    path = tmp_path / "a.pt"
    torch.save({"a": TENSORS["a.weight"], "b": Harmful()}, path, _use_new_zipfile_serialization=new_format)
    assert refused(path) == "FILE is not opened, because it could run code of its own."
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        (tmp_path / "raw.pt").write_bytes(pickle.dumps(Harmful(), protocol=protocol))
        assert refused(tmp_path / "raw.pt") == "FILE is not opened, because it could run code of its own."
    assert not (tmp_path / "harm").exists()


def test_a_whole_model_is_not_opened_and_the_way_to_mend_it_is_named(tmp_path: Path) -> None:
    torch.save(torch.nn.Linear(2, 2), tmp_path / "a.pt")
    with pytest.raises(RequestError, match=r"model\.state_dict\(\)"):
        read_state(tmp_path / "a.pt")


FOREIGN = {
    "empty": (b"", "FILE is empty."),
    "web page": (b"\n <!DOCTYPE html><html>Not found</html>", "FILE is a web page, not a file of weights."),
    "git": (b"version https://git-lfs.github.com/spec/v1\noid", "FILE only points to a file in Git LFS."),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(300), "FILE is not an intact file of weights."),
    "text": (b"hello there, this is text", "FILE is not an intact file of weights."),
    "noise": (bytes(range(255, 0, -1)) * 20, "FILE is not an intact file of weights."),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_foreign_files_are_refused(tmp_path: Path, what: str) -> None:
    content, sentence = FOREIGN[what]
    (tmp_path / "a.pt").write_bytes(content)
    assert refused(tmp_path / "a.pt") == sentence


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.pt") == "There is no file FILE."
    assert refused(tmp_path) == "FILE is a folder, not a file of weights."


def test_archives_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.pt", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(tmp_path / "a.pt") == "FILE is a zip archive, not a file of weights."


def test_torn_files_are_refused(tmp_path: Path) -> None:
    for name, write in (("a.pt", torch.save), ("a.safetensors", save_file)):
        write({"a": torch.ones(10000)}, tmp_path / name)
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[: len(whole) // 2])
        assert "intact" in refused(tmp_path / name)


def test_what_holds_no_tensors_by_name_is_refused(tmp_path: Path) -> None:
    for content in ([1, 2], {"a": 1}, {}, torch.ones(3), "text"):
        torch.save(content, tmp_path / "a.pt")
        assert refused(tmp_path / "a.pt") == "FILE holds no state dict."
