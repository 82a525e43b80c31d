"""Features of frozen backbones, computed once for every picture and kept on disk.

A frozen backbone is a pure function, so heads train on its pooled features of the evaluation view. Pictures are worked
on in chunks of one size in the order of the table, so that the same pictures always give the same bits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from workbench.core.control import Control
from workbench.core.events import Event, Progress
from workbench.core.resolved import Resolved
from workbench.engine.data.batches import batches, row_batches
from workbench.engine.data.pixel_cache import picture_keys
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.inputs import view_features

COMPUTING = "computing features"
LIMIT_BYTES = 2_000_000_000
"""The most that the folder keeps beside the entry in use."""


@dataclass(frozen=True)
class Features:
    """Features of a sample table.

    Attributes:
        values: (N, C) float32 on the CPU; zeros for a picture that cannot be decoded.
        readable: (N,) bool.
        picture_s: seconds that one picture took when they were computed.
    """

    values: Tensor
    readable: npt.NDArray[np.bool_]
    picture_s: float = 0.0


def feature_key(resolved: Resolved, paths: list[Path], chunk: int) -> str:
    """Names everything that the features depend on, except the code itself."""
    project = resolved.project
    weights = resolved.weights_sha256 or f"random:{project.recipe.seed}"
    kind = resolved.device.partition(":")[0]
    facts = (
        1,
        project.backbone.name,
        weights,
        resolved.precision,
        resolved.layout,
        kind,
        chunk,
        resolved.versions["torch"],
    )
    digest = sha256(repr(facts).encode())
    for key in picture_keys(paths, resolved.view):
        digest.update(key)
    return digest.hexdigest()[:32]


def load_features(folder: Path, key: str) -> Features | None:
    """What is kept under a key; None where nothing is, or it is damaged (it is then computed again)."""
    path = folder / f"{key}.safetensors"
    try:
        stored = load_file(path)
        features = Features(stored["features"], stored["readable"].numpy(), float(stored["picture_s"]))
        os.utime(path)
    except (OSError, SafetensorError, KeyError):
        return None
    return features


def save_features(folder: Path, key: str, features: Features) -> None:
    """Keep features under a key: written aside and renamed; the entries longest unused make room."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{key}.{os.getpid()}.tmp"
    try:
        entry = {"features": features.values, "readable": torch.from_numpy(features.readable)}
        save_file({**entry, "picture_s": torch.tensor(features.picture_s)}, aside)
        os.replace(aside, folder / f"{key}.safetensors")
    finally:
        aside.unlink(missing_ok=True)
    _make_room(folder, key)


def compute_features(
    network: MultiTaskNetwork,
    store: PixelStore,
    count: int,
    chunk: int,
    resolved: Resolved,
    device: torch.device,
    control: Control,
) -> Generator[Event, None, Features | None]:
    """Features of all `count` rows of the store; yields Progress, returns None when told to end."""
    begin = time.perf_counter()
    network.eval()
    rows = np.arange(count, dtype=np.int64)
    store.start(rows)
    values = torch.zeros(count, network.backbone.out_features)
    readable = np.ones(count, np.bool_)
    yield Progress(what=COMPUTING, done=0, total=count)
    with closing(batches(store, row_batches(rows, chunk), device)) as gathered:
        for batch in gathered:
            values[batch.rows] = view_features(network, batch.pixels, resolved).cpu()
            readable[batch.rows] = batch.readable
            yield Progress(what=COMPUTING, done=int(batch.rows[-1]) + 1, total=count)
            control.wait_while_paused()
            if control.ending:
                return None
    values[torch.from_numpy(~readable)] = 0.0
    return Features(values, readable, (time.perf_counter() - begin) / max(1, count))


def _make_room(folder: Path, kept: str) -> None:
    """Delete the entries longest unused beyond the limit."""
    others = sorted((p for p in folder.glob("*.safetensors") if p.stem != kept), key=lambda p: -p.stat().st_mtime)
    total = 0
    for path in others:
        total += path.stat().st_size
        if total > LIMIT_BYTES:
            path.unlink(missing_ok=True)
