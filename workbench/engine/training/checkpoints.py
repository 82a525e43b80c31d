"""Checkpoints on disk: whole folders that appear by a rename, with the checksums that prove them intact."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from workbench.core.errors import RunError
from workbench.core.files import sync_folder
from workbench.core.run_weights import MANIFEST

WEIGHTS, STATE = "weights.safetensors", "state.pt"
Kind = Literal["last", "best"]


@dataclass(frozen=True)
class Stored:
    """A checkpoint that was read: the network's state dict and whatever was kept beside it."""

    folder: Path
    weights: dict[str, Tensor]
    state: dict[str, Any]


class Checkpoints:
    """The folder `checkpoints/` of a run, with `last/`, `previous/` and `best/`."""

    def __init__(self, run_dir: Path) -> None:
        self._root = run_dir / "checkpoints"
        self._written: set[str] = set()

    def folder(self, kind: str) -> Path:
        """Where a checkpoint is, whether there or not."""
        return self._root / kind

    def save(
        self, kind: Kind, weights: dict[str, Tensor], state: dict[str, Any], same_as: Kind | None = None
    ) -> Path:
        """Write a checkpoint beside the old one, then put it in its place; `last` moves to `previous`.

        At every moment one intact checkpoint of the kind is there, or was never there.

        Args:
            weights: the network's state dict.
            state: numbers, strings, lists, dicts and tensors, readable with `weights_only=True`.
            same_as: a kind that was just saved with the very same weights: on the disk they are then there once.

        Raises:
            RunError: the disk does not take it.
        """
        try:
            self._put(kind, self._write_aside(kind, weights, state, same_as))
            self._written.add(kind)
        except (OSError, SafetensorError, RuntimeError) as error:  # torch says it with a RuntimeError
            raise RunError(
                f"The checkpoint cannot be written: {error}.", "Make room on the disk, then resume the run."
            ) from error
        return self.folder(kind)

    def _write_aside(
        self, kind: Kind, weights: dict[str, Tensor], state: dict[str, Any], same_as: Kind | None
    ) -> Path:
        """The new checkpoint's folder, whole and on the disk."""
        self._root.mkdir(parents=True, exist_ok=True)
        for left in self._root.glob(f".{kind}.*.new"):  # by a process that was killed while it wrote
            shutil.rmtree(left, ignore_errors=True)
        aside = self._root / f".{kind}.{os.getpid()}.new"
        aside.mkdir()
        linked = same_as and self._link(same_as, aside)
        if not linked:
            save_file({name: value.detach().contiguous() for name, value in weights.items()}, aside / WEIGHTS)
        with _without_sums():
            torch.save(state, aside / STATE)
        sums = {WEIGHTS: linked or _sha256(aside / WEIGHTS), STATE: _sha256(aside / STATE)}
        (aside / MANIFEST).write_text(json.dumps({"sha256": sums}, indent=2), encoding="utf-8")
        for name in (WEIGHTS, STATE, MANIFEST):
            _sync(aside / name)
        return aside

    def _link(self, kind: Kind, aside: Path) -> str | None:
        """Give a new checkpoint the weights of another; their checksum, or None where the disk knows no links."""
        folder = self.folder(kind)
        try:
            os.link(folder / WEIGHTS, aside / WEIGHTS)
        except OSError:
            return None
        return _sums(folder)[WEIGHTS]

    def read(self, kind: Kind) -> Stored | None:
        """The newest intact checkpoint of a kind; for `last` the one before it where the last is damaged."""
        for name in ("last", "previous") if kind == "last" else ("best", ".best.old"):
            folder = self.folder(name)
            if intact(folder):
                state = torch.load(folder / STATE, map_location="cpu", weights_only=True)
                return Stored(folder, load_file(folder / WEIGHTS), state)
        return None

    def put_back(self) -> None:
        """Give the best its place again, where a process was killed between the two renames that replace it.

        For the process that goes on with the run; others find it by `read` alone.
        """
        if not self.folder("best").exists() and intact(self.folder(".best.old")):
            os.replace(self.folder(".best.old"), self.folder("best"))

    def _put(self, kind: Kind, aside: Path) -> None:
        old = self.folder("previous" if kind == "last" else f".{kind}.old")
        present = self.folder(kind)
        if present.exists() and (kind in self._written or intact(present)):
            shutil.rmtree(old, ignore_errors=True)
            os.replace(present, old)
        shutil.rmtree(present, ignore_errors=True)  # damaged: it must not take the place of the one before it
        os.replace(aside, present)
        sync_folder(self._root)
        if kind == "best":
            shutil.rmtree(old, ignore_errors=True)


def intact(folder: Path) -> bool:
    """Whether a checkpoint is there and its files are those of its manifest."""
    try:
        sums = _sums(folder)
        return set(sums) >= {WEIGHTS, STATE} and all(_sha256(folder / name) == sum_ for name, sum_ in sums.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _sums(folder: Path) -> dict[str, str]:
    sums: dict[str, str] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sha256"]
    return sums


@contextmanager
def _without_sums() -> Iterator[None]:
    """Inside, torch works out no checksum of each tensor: the manifest has one of the whole file."""
    before = torch.serialization.get_crc32_options()
    torch.serialization.set_crc32_options(False)
    try:
        yield
    finally:
        torch.serialization.set_crc32_options(before)


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
