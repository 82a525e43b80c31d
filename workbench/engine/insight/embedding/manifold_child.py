"""The process that draws one map: `python -m … METHOD VALUES.npy MAP.npy`; it ends with whoever started it."""

from __future__ import annotations

import os
import sys
import threading
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.engine.insight.embedding.manifold import STEPS

_PERPLEXITY, _NEIGHBOURS = 30.0, 15


def _tsne(values: npt.NDArray[np.float32]) -> Any:
    tsne = import_module("sklearn.manifold").TSNE
    perplexity = min(_PERPLEXITY, (len(values) - 1) / 3)
    drawing = tsne(perplexity=perplexity, init=_start(values), max_iter=STEPS, random_state=0, verbose=2)
    return drawing.fit_transform(values)


def _umap(values: npt.NDArray[np.float32]) -> Any:
    umap = import_module("umap").UMAP
    count = min(_NEIGHBOURS, len(values) - 1)
    return umap(n_neighbors=count, init=_start(values), random_state=0, verbose=True).fit_transform(values)


def _start(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The first two columns, so small that the method is free to move them (Kobak and Berens 2019)."""
    first = values[:, :2]
    return np.asarray(1e-4 * first / max(float(first[:, 0].std()), 1e-12), dtype=np.float32)


_WAYS = {"tsne": _tsne, "umap": _umap}


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):  # a buffer's lock, held at the end, would be a crash
        pass
    os._exit(1)


def main(method: str, given: str, made: str) -> None:
    """Draw a map."""
    values = np.load(given)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    np.save(made, _WAYS[method](values))


if __name__ == "__main__":
    main(*sys.argv[1:])
