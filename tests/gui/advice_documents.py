"""What `advise` and `ladder` print, made up, for tests of the model page and for the tour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.core import catalogue

TASKS = ("material", "season")
MEASURED = ("mobilenet_v3_small", "resnet18", "squeezenet1_0")
LABELLED = 240


def ladder_document(
    backbone: str = "resnet18", weights: str = "default", tasks: Sequence[str] = TASKS, suggestion: int | None = 3
) -> dict[str, Any]:
    """What `ladder --json` prints: scores that rise, and level off."""
    facts = catalogue.get(backbone)
    stages = len(facts.stages)
    rng = np.random.default_rng(len(tasks))
    rows = []
    for depth in range(stages + 1):
        rise = min(1.0, (depth / max(1, suggestion or stages)) ** 0.6)
        scores = {
            task: {
                "probe": float(0.3 + (0.55 - 0.06 * place % 0.4) * rise + rng.normal(0, 0.01)),
                "standard_error": 0.02,
            }
            for place, task in enumerate(tasks)
        }
        learns = sum(stage.parameters for stage in facts.stages[depth:])
        share = (stages - depth) / stages
        rows.append(
            {
                "freeze": depth,
                "title": facts.stages[depth - 1].title if depth else "Pixels",
                "tasks": scores,
                "trainable_parameters": learns,
                "memory_mb": 180 + 620 * share,
                "step_ms": 60 + 340 * share,
                "step_images": 24,
                "within_noise": depth >= (suggestion or stages),
            }
        )
    return {
        "backbone": backbone,
        "weights": weights,
        "images": 192,
        "suggestion": suggestion,
        "reason": f"Freeze {suggestion} of {stages} stages: from there the tasks are read as well as anywhere.",
        "stages": rows,
        "seconds": 14.2,
        "image_size": 224,
        "counts": dict.fromkeys(tasks, LABELLED),
    }


def advise_document(
    tasks: Sequence[str] = TASKS,
    measured: Sequence[str] = MEASURED,
    absent: Sequence[str] = ("resnet50",),
    failed: Sequence[str] = (),
) -> dict[str, Any]:
    """What `advise --json` prints: the first two of the measured ones are tied."""
    rows = [_measured(name, place, tasks) for place, name in enumerate(measured)]
    rows += [_unmeasured(name, "not here", "Its weights are not on this computer.") for name in absent]
    rows += [_unmeasured(name, "failed", "The file of its weights is damaged.") for name in failed]
    first = measured[0] if measured else ""
    return {
        "backbones": rows,
        "advice": f"Take {first}: it is as good as the best on these pictures, and the fastest of those.",
        "images": 192,
        "seconds": 41.7,
        "left_out": {},
        "memory": "the most that the whole process held, Python and libraries included",
        "image_size": 224,
        "counts": dict.fromkeys(tasks, LABELLED),
    }


def _measured(name: str, place: int, tasks: Sequence[str]) -> dict[str, Any]:
    facts = catalogue.get(name)
    return {
        **_static(name),
        "status": "measured",
        "reason": None,
        "rank": place + 1,
        "mean_rank": place + 1.0,
        "tied": place < 2,
        "tasks": {
            task: {
                "probe": max(0.05, 0.86 - 0.11 * at % 0.5 - 0.015 * place),
                "standard_error": 0.021,
                "knn": max(0.02, 0.8 - 0.11 * at % 0.5 - 0.02 * place),
                "logme": 0.41 - 0.02 * place,
            }
            for at, task in enumerate(tasks)
        },
        "images_per_s": 4e11 / (facts.macs + 1e9),
        "peak_memory_mb": 180 + facts.parameters / 1e5,
        "images": 192,
    }


def _unmeasured(name: str, status: str, reason: str) -> dict[str, Any]:
    empty = {"rank": None, "mean_rank": None, "tied": False, "tasks": {}, "images_per_s": None}
    return {**_static(name), "status": status, "reason": reason, **empty, "peak_memory_mb": None, "images": 0}


def _static(name: str) -> dict[str, Any]:
    facts = catalogue.get(name)
    return {
        "name": name,
        "weights": "hub" if facts.source == "timm" else "default",
        "parameters": facts.parameters,
        "macs": facts.macs,
        "accuracy": facts.accuracy,
        "download_mb": facts.download_mb,
    }
