"""Which weights are on this computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core import catalogue, weights_cache
from workbench.core.errors import RequestError
from workbench.core.file_lock import Locked, locked_file

VERSION = catalogue.get("resnet18").versions[0]
HUB_NAME = next(name for name, facts in catalogue.hub().items() if facts.versions and facts.versions[0].hub_id)
HUB_VERSION = catalogue.get(HUB_NAME).versions[0]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    folder = tmp_path / "torch" / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


def snapshot(root: Path, content: bytes) -> Path:
    """What the hub's own programs leave behind."""
    repository = root / "hub" / f"models--{HUB_VERSION.hub_id.replace('/', '--')}"
    for inner in ("refs", "blobs", "snapshots/abc"):
        (repository / inner).mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc")
    (repository / "snapshots" / "abc" / HUB_VERSION.file).write_bytes(content)
    return repository


def test_the_folder_is_torchs_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert weights_cache.folder() == tmp_path / "torch" / "hub" / "checkpoints"
    monkeypatch.delenv("TORCH_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert weights_cache.folder() == tmp_path / "torch" / "hub" / "checkpoints"
    torch = pytest.importorskip("torch")
    assert weights_cache.folder() == Path(torch.hub.get_dir()) / "checkpoints"


def test_every_file_has_an_address_and_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weights_cache.address(VERSION).endswith(f"/{VERSION.file}") and "-" in VERSION.file
    assert weights_cache.address(HUB_VERSION) == (
        f"https://huggingface.co/{HUB_VERSION.hub_id}/resolve/main/{HUB_VERSION.file}"
    )
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror/")
    assert weights_cache.address(HUB_VERSION).startswith("http://mirror/timm/")
    every = [v for facts in catalogue.backbones().values() for v in facts.versions]
    every += [v for facts in catalogue.hub().values() for v in facts.versions]
    names = {weights_cache.file_name(version): weights_cache.address(version) for version in every}
    assert len(set(names.values())) == len(names)
    assert all(name.endswith(weights_cache.SUFFIXES) and "/" not in name for name in names)


def test_what_can_be_taken_without_a_download(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def here(weights: str, name: str = "resnet18") -> bool:
        return weights_cache.is_here(name, weights, tmp_path)

    assert here("none") and not here("default") and not here("IMAGENET1K_V1") and not here("nonsense")
    (folder / f"{VERSION.file}.part").write_bytes(b"a")
    assert not here("default")
    (folder / VERSION.file).write_bytes(b"a")
    assert here("default") and here("IMAGENET1K_V1")
    assert not here("hub", HUB_NAME)
    snapshot(tmp_path, b"a")
    assert here("hub", HUB_NAME) and here(HUB_VERSION.name, HUB_NAME)
    (tmp_path / "mine.pt").write_bytes(b"a")
    assert here("file:mine.pt") and not here("file:other.pt") and not here("file:")
    assert not here("run:1")
    (tmp_path / "runs/001-a/checkpoints/best").mkdir(parents=True)
    assert not here("run:1")
    (tmp_path / "runs/001-a/checkpoints/best/weights.safetensors").write_bytes(b"a")
    assert here("run:1") and here("run:latest") and here("run:001-a:backbone")
    monkeypatch.setattr(catalogue, "starter", lambda name: tmp_path if name == "resnet18" else None)
    assert here("starter") and not here("starter", "resnet34")


def test_what_is_here_is_listed_largest_first_and_beginnings_last(tmp_path: Path, folder: Path) -> None:
    assert weights_cache.listing() == []
    (folder / VERSION.file).write_bytes(bytes(30))
    (folder / "vgg11-8a719046.pth.part").write_bytes(bytes(20))
    (folder / "mine.pth").write_bytes(bytes(40))
    (folder / "readme.txt").write_text("not weights")
    (folder / f"{VERSION.file}.lock").write_text("")
    snapshot(tmp_path, bytes(50))
    found = weights_cache.listing()
    assert [(entry.backbone, entry.bytes, entry.complete) for entry in found][1:] == [
        ("resnet18", 30, True),
        ("", 40, True),
        ("vgg11", 20, False),
    ]
    assert (found[0].backbone, found[0].version, found[0].source) == (HUB_NAME, HUB_VERSION.name, "timm")
    assert found[0].licence == HUB_VERSION.licence and found[1].licence == VERSION.licence
    document = weights_cache.document()
    assert document["folder"] == str(folder) and document["free_bytes"] > 0
    assert [file["file"] for file in document["files"]] == [entry.file for entry in found]


def test_files_are_found_by_name_or_by_what_they_are_and_removed(tmp_path: Path, folder: Path) -> None:
    (folder / VERSION.file).write_bytes(bytes(30))
    (folder / f"{VERSION.file}.part").write_bytes(bytes(20))
    (folder / f"{VERSION.file}.part.etag").write_text("a")
    repository = snapshot(tmp_path, bytes(50))
    with pytest.raises(RequestError, match="means several files"):
        weights_cache.find("resnet18@IMAGENET1K_V1")
    part = weights_cache.find(f"{VERSION.file}.part")
    with locked_file(weights_cache.lock(folder / VERSION.file)), pytest.raises(RequestError, match="being downloaded"):
        weights_cache.remove(part)
    weights_cache.remove(part)
    assert [path.name for path in folder.iterdir()] == [VERSION.file]
    weights_cache.remove(weights_cache.find("resnet18"))
    weights_cache.remove(weights_cache.find(f"{HUB_NAME}@{HUB_VERSION.name}"))
    assert not repository.exists() and weights_cache.listing() == []
    weights_cache.remove(part)  # gone already
    with pytest.raises(RequestError, match="There is no file resnet18"):
        weights_cache.find("resnet18")


def test_a_locked_file_is_there_only_while_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with locked_file(path):
        assert path.exists()
        with pytest.raises(Locked), locked_file(path):
            pass
    assert not path.exists()
    with locked_file(path):
        assert path.exists()
