"""Features of frozen backbones, computed once for every picture and kept on disk.

A frozen backbone is a pure function, so heads train on its pooled features of the evaluation view. What is kept is kept
picture by picture, so that whoever comes next, with the same pictures or others beside them, computes only what is not
there. Pictures go through the backbone in chunks of one shape, the last one padded: a picture's features hang on the
shape of its chunk, but neither on its place in it nor on its company, and so are the same bits whoever computes them.
"""

from __future__ import annotations

import math
import os
import time
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import blake2b, sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from workbench.core import catalogue
from workbench.core.control import Control
from workbench.core.events import Event, Notice, Progress
from workbench.core.files import check_writable
from workbench.core.resolved import Resolved
from workbench.engine import device as devices
from workbench.engine.data.batches import Batch, batches, row_batches
from workbench.engine.data.pixel_cache import picture_keys
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.segments import NO_KEY
from workbench.engine.memory import in_pieces, retried, too_little
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.inputs import view_features
from workbench.engine.training.pauses import Rest, rest

Rows = npt.NDArray[np.int64]

COMPUTING = "computing features"
FOLDER = ("cache", "features")
"""Of a project."""
LIMIT_BYTES = 2_000_000_000
"""The most that the folder keeps beside the files in use."""
_SUFFIX = ".safetensors"
_PACKAGES = ("torch", "torchvision")
"""Whose versions features hang on."""


@dataclass(frozen=True)
class Features:
    """Features of R rows of a sample table.

    Attributes:
        values: (R, C) float32 on the CPU; zeros for a picture that cannot be decoded.
        readable: (R,) bool.
        picture_s: seconds that one picture took when they were computed.
        images_per_s: pictures that went through the backbone in a second at its fastest chunk, reading not counted;
            None where no chunk was computed now.
    """

    values: Tensor
    readable: npt.NDArray[np.bool_]
    picture_s: float = 0.0
    images_per_s: float | None = None


def feature_key(resolved: Resolved, chunk: int) -> str:
    """Names everything that features depend on, except the pictures and the code itself."""
    project = resolved.project
    facts = (
        2,
        project.backbone.name,
        catalogue.normalisation(project.backbone.name, project.backbone.weights),
        resolved.weights_sha256 or f"random:{project.recipe.seed}",
        resolved.feature_precision or resolved.precision,
        resolved.feature_layout or resolved.layout,
        resolved.device.partition(":")[0],
        chunk,
        [resolved.versions.get(package) for package in _PACKAGES],
        resolved.view.size,
        resolved.view.resize,
    )
    return sha256(repr(facts).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Found:
    """What is kept of some rows: which of them are there (R,), their values (R, C), and seconds a picture took."""

    there: npt.NDArray[np.bool_]
    values: Tensor | None
    picture_s: float


class FeatureCache:
    """What is kept of a backbone's features of a list of pictures.

    Every computation adds one file, written aside and renamed, so that no process waits for another or tears what
    another reads; two that compute the same write the same. A file that is damaged counts as none. Pictures that could
    not be decoded are not kept, so that each run tries them again and says so.

    Args:
        folder: of all files; made when the first one is written.
        key: what `feature_key` gave.
        pictures: N keys of pictures as `picture_keys` gives them; rows are places in this list.
    """

    def __init__(self, folder: Path, key: str, pictures: Sequence[bytes]) -> None:
        self._folder, self._key, self._pictures = folder, key, pictures
        self._used: set[Path] = set()

    def find(self, rows: Rows) -> _Found:
        """What is kept of some rows."""
        wanted: dict[bytes, list[int]] = {}
        for at, row in enumerate(rows.tolist()):
            if self._pictures[row] != NO_KEY:
                wanted.setdefault(self._pictures[row], []).append(at)
        there = np.zeros(len(rows), np.bool_)
        values: Tensor | None = None
        picture_s = 0.0
        for path in sorted(self._folder.glob(f"{self._key}-*{_SUFFIX}")):
            kept = _read(path) if wanted else None
            if kept is None:
                continue
            places = [(at, slot) for slot, key in enumerate(kept.pictures) for at in wanted.pop(key, [])]
            if not places:
                continue
            if values is None:
                values = torch.zeros(len(rows), kept.values.shape[1])
            into, slots = (list(column) for column in zip(*places, strict=True))
            values[into] = kept.values[slots]
            there[into] = True
            picture_s = kept.picture_s
            self._used.add(path)
        return _Found(there, values, picture_s)

    def add(self, rows: Rows, values: Tensor, picture_s: float) -> None:
        """Keep the features (R, C) of some rows; the files longest unused make room."""
        known = [at for at, row in enumerate(rows.tolist()) if self._pictures[row] != NO_KEY]
        if not known:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        pictures = b"".join(self._pictures[row] for row in rows[known].tolist())
        name = f"{self._key}-{blake2b(pictures, digest_size=8).hexdigest()}"
        aside, path = self._folder / f".{name}.{os.getpid()}.tmp", self._folder / f"{name}{_SUFFIX}"
        kept = values[known].contiguous()
        entry = {
            "features": kept,
            "pictures": torch.frombuffer(bytearray(pictures), dtype=torch.uint8).view(len(known), -1),
            "picture_s": torch.tensor(picture_s, dtype=torch.float64),
            "sum": torch.tensor(_sum(kept)),
        }
        try:
            save_file(entry, aside)
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)
        self._used.add(path)
        self._make_room()

    def _make_room(self) -> None:
        """Mark what is in use as fresh, and delete the other files longest unused beyond the limit."""
        for path in self._used:
            path.touch()
        total = 0
        others = [(path, facts) for path in self._folder.glob(f"*{_SUFFIX}") if (facts := _facts(path))]
        for path, facts in sorted(others, key=lambda other: -other[1].st_mtime):
            if path not in self._used:
                total += facts.st_size
                if total > LIMIT_BYTES:
                    path.unlink(missing_ok=True)


@dataclass(frozen=True)
class FeatureSource:
    """Where features come from: the files of a project, and a network that computes what they lack.

    Attributes:
        store: of all pictures of the table.
        paths: of the same pictures.
        chunk: pictures that go through the backbone at once, always as many.
        resting: waits where the job is paused.
    """

    network: MultiTaskNetwork
    store: PixelStore
    paths: Sequence[Path]
    resolved: Resolved
    device: torch.device
    chunk: int
    folder: Path
    resting: Rest = rest

    def kept(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """(R,) which of the rows need not be computed."""
        return self._cache().find(rows).there

    def _cache(self) -> FeatureCache:
        pictures = picture_keys(self.paths, self.resolved.view)
        return FeatureCache(self.folder, feature_key(self.resolved, self.chunk), pictures)

    def features(self, rows: Rows, control: Control) -> Generator[Event, None, Features | None]:
        """Features of some rows: what is kept, and the rest computed now and kept.

        Yields Progress; returns None when told to end, and what was computed until then is kept.

        Raises:
            OSError: something is to be computed, and the folder takes no files.
        """
        cache = self._cache()
        found = cache.find(rows)
        values = torch.zeros(len(rows), self.network.backbone.out_features) if found.values is None else found.values
        if found.there.all():
            return Features(values, np.ones(len(rows), np.bool_), found.picture_s)
        check_writable(self.folder)
        missing = np.flatnonzero(~found.there)
        readable, done = np.ones(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
        fastest_s = math.inf
        begin = time.perf_counter()

        def take(batch: Batch, features: Tensor | None, taken_s: float) -> None:
            nonlocal fastest_s
            at = missing[int(done.sum()) :][: len(batch.rows)]
            done[at], readable[at] = True, batch.readable
            if features is not None:
                values[at], fastest_s = features, min(fastest_s, taken_s)

        yield Progress(what=COMPUTING, done=int(found.there.sum()), total=len(rows))
        try:
            ended = yield from self._compute(rows[missing], take, len(rows), control)
        finally:
            kept = np.flatnonzero(done & readable)
            picture_s = (time.perf_counter() - begin) / max(1, int(done.sum()))
            values[torch.from_numpy(~readable)] = 0.0
            cache.add(rows[kept], values[torch.from_numpy(kept)], picture_s)
        rate = None if fastest_s == math.inf else self.chunk / fastest_s
        return None if ended else Features(values, readable, picture_s, rate)

    def _compute(
        self, rows: Rows, take: Callable[[Batch, Tensor | None, float], None], total: int, control: Control
    ) -> Generator[Event, None, bool]:
        """Give each chunk with its features (B, C), None where none of it is readable, and seconds to `take`; whether
        to end."""
        self.network.eval()
        self.store.start(rows)
        done, at_once = total - len(rows), self.chunk
        with self._placed(), closing(batches(self.store, row_batches(rows, self.chunk), self.device)) as gathered:
            for batch in gathered:
                begin = time.perf_counter()
                features, fitting = self._chunk(batch, at_once) if batch.readable.any() else (None, at_once)
                take(batch, features, time.perf_counter() - begin)
                if fitting < at_once:
                    at_once = fitting
                    yield Notice(level="warning", text=too_little(at_once))
                done += len(batch.rows)
                yield Progress(what=COMPUTING, done=done, total=total)
                control.meet()
                yield from self._rest(control)
                if control.ending:
                    return True
        return False

    def _rest(self, control: Control) -> Iterator[Event]:
        """Wait while the job is paused; where memory is to be released the network waits off the device."""
        while control.paused:
            if released := control.release_requested:
                self.network.cpu()
                devices.give_back_memory(self.device)
            yield from self.resting(control, not released)
            retried(lambda: self.network.to(self.device), self.device)

    @contextmanager
    def _placed(self) -> Iterator[None]:
        """The network is meanwhile laid out as features want it."""
        devices.place(self.network, self.device, self.resolved.feature_layout or self.resolved.layout)
        try:
            yield
        finally:
            devices.place(self.network, self.device, self.resolved.layout)

    def _chunk(self, batch: Batch, at_once: int) -> tuple[Tensor, int]:
        """The features of a chunk, and how many pictures fitted the device at once.

        It is worked on in smaller pieces only where memory has run out: the last bits of features may then differ.
        """
        lacking = self.chunk - len(batch.rows)
        pixels = torch.nn.functional.pad(batch.pixels, (0, 0, 0, 0, 0, 0, 0, lacking)) if lacking else batch.pixels
        parts, fitting = in_pieces(self._view_features, pixels, at_once)
        return torch.cat(parts)[: len(batch.rows)], fitting

    def _view_features(self, pixels: Tensor) -> Tensor:
        return view_features(self.network, pixels.to(self.device), self.resolved).cpu()


@dataclass(frozen=True)
class _Kept:
    """What one file holds."""

    pictures: list[bytes]
    values: Tensor
    picture_s: float


def _read(path: Path) -> _Kept | None:
    """A file; None where it is damaged or gone: its pictures are then computed again."""
    try:
        stored = load_file(path)
        values, raw = stored["features"], stored["pictures"].numpy().tobytes()
        width = len(NO_KEY)
        pictures = [raw[start : start + width] for start in range(0, len(raw), width)]
        if len(pictures) != len(values) or int(stored["sum"]) != _sum(values):
            return None
        return _Kept(pictures, values, float(stored["picture_s"]))
    except (OSError, SafetensorError, KeyError, ValueError):
        return None


def _sum(values: Tensor) -> int:
    return zlib.crc32(values.numpy().tobytes())


def _facts(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None  # another process has removed it
