"""Documents of maps for tests: groups of points, one a class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.gui.synthetic import TASKS, classes_of
from workbench.core.events import to_json
from workbench.core.picture_map import map_file, pictures_mark
from workbench.core.run_weights import BEST, MANIFEST, fingerprint


def map_document(
    images: Sequence[str],
    tasks: Sequence[str] = TASKS,
    *,
    run: str = "001-balanced",
    method: str = "pca",
    classes: int = 0,
) -> dict[str, Any]:
    """What `map --json` prints: clouds by the first task's class, some answers wrong and some labels missing."""
    rng = np.random.default_rng(0)
    names = classes_of(tasks, classes)
    of, other = ({task: rng.integers(0, len(names[task]), len(images)) for task in tasks} for _ in range(2))
    said = {task: np.where(rng.random(len(images)) < 0.85, of[task], other[task]) for task in tasks}
    middles = rng.normal(0, 1, (len(names[tasks[0]]), 2))
    places = middles[of[tasks[0]]] + rng.normal(0, 0.22, (len(images), 2))
    labelled = {task: rng.random(len(images)) < (1.0 if at == 0 else 0.6) for at, task in enumerate(tasks)}
    return {
        "run": run,
        "method": method,
        "parts": ["train", "validation", "test"],
        "model": "",
        "count": len(images),
        "pictures": "",
        "explained": [0.31, 0.12] if method == "pca" else None,
        "images": list(images),
        "part": rng.choice(["train", "train", "train", "validation"], len(images)).tolist(),
        "x": places[:, 0].round(5).tolist(),
        "y": places[:, 1].round(5).tolist(),
        "tasks": {
            task: {
                "kind": "single-label",
                "classes": names[task],
                "label": np.where(labelled[task], np.array(names[task], object)[of[task]], None).tolist(),
                "answer": [names[task][at] for at in said[task]],
            }
            for task in tasks
        },
        "labelled": {task: flags.tolist() for task, flags in labelled.items()},
        "seconds": 1.0,
    }


def keep_map(run_dir: Path, project_dir: Path, document: dict[str, Any]) -> None:
    """Lay a map in a run's folder as the engine does, with the marks of what is there."""
    manifest = run_dir / BEST / MANIFEST
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text("{}", encoding="utf-8")
    marks = {
        "model": fingerprint(run_dir / BEST),
        "pictures": pictures_mark(str(project_dir / name) for name in document["images"]),
    }
    path = map_file(run_dir, document["method"])
    path.parent.mkdir(exist_ok=True)
    path.write_text(to_json({**document, **marks}), encoding="utf-8")
