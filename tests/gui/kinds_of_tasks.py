"""Documents of every kind of task as `evaluate` and `predict` print them, with pictures and masks on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.gui import synthetic
from workbench.core.events import to_json
from workbench.core.project import Project, Task

KINDS = {"white_cells": "number", "present": "multi-label", "cell_wall": "mask", "material": "single-label"}
LABELS = ["Platelets", "RBC", "WBC"]
REGIONS = ["inside", "wall"]


def number_task(images: Sequence[str], seed: int = 1) -> dict[str, Any]:
    """A number for each picture."""
    rng = np.random.default_rng(seed)
    target = rng.integers(2, 60, len(images)).astype(float)
    spread = rng.uniform(0.8, 3.5, len(images))
    said = target + rng.normal(0, spread)
    error = np.abs(said - target)
    mae, doubt = float(error.mean()), 1.96 * float(error.std() / max(1, len(images)) ** 0.5)
    return {
        "kind": "number",
        "count": len(images),
        "metrics": {
            "mae": mae,
            "mae_interval": [mae - doubt, mae + doubt],
            "rmse": float((error**2).mean() ** 0.5),
            "r2": 0.93,
            "coverage": 0.89,
            "loss": mae,
        },
        "constant_mae": 14.31,
        "images": [
            {"image": image, "target": t, "prediction": p, "spread": s}
            for image, t, p, s in zip(images, target.tolist(), said.tolist(), spread.tolist(), strict=True)
        ],
    }


def labels_task(images: Sequence[str], labels: Sequence[str] = LABELS, seed: int = 2) -> dict[str, Any]:
    """Any number of labels for each picture."""
    rng = np.random.default_rng(seed)
    true = rng.random((len(images), len(labels))) < rng.uniform(0.1, 0.7, len(labels))
    share = 1 / (1 + np.exp(-(2.2 * (true * 2 - 1) + rng.normal(0, 1.8, true.shape))))
    said = share >= 0.5
    per_label = [_label(name, true[:, at], share[:, at]) for at, name in enumerate(labels)]
    known = [entry["average_precision"] for entry in per_label if entry["average_precision"] is not None]
    return {
        "kind": "multi-label",
        "count": len(images),
        "metrics": {
            "mean_average_precision": float(np.mean(known)) if known else None,
            "macro_f1": 0.81,
            "micro_f1": 0.84,
            "label_accuracy": float((said == true).mean()),
            "label_accuracy_interval": [0.8, 0.9],
            "loss": 0.31,
        },
        "classes": list(labels),
        "per_label": per_label,
        "images": [
            {
                "image": image,
                "target": [name for name, there in zip(labels, true[row], strict=True) if there],
                "prediction": [name for name, there in zip(labels, said[row], strict=True) if there],
                "probabilities": [round(float(value), 4) for value in share[row]],
            }
            for row, image in enumerate(images)
        ],
    }


def _label(name: str, true: np.ndarray, share: np.ndarray) -> dict[str, Any]:
    thresholds = np.linspace(0, 1, 51)
    said = share[None, :] >= thresholds[:, None]
    hits, all_said = (said & true).sum(axis=1), said.sum(axis=1)
    precision = [float(h / n) if n else None for h, n in zip(hits, all_said, strict=True)]
    recall = [float(h / true.sum()) if true.any() else None for h in hits]
    p, r = precision[25], recall[25]
    return {
        "label": name,
        "count": int(true.sum()),
        "precision": p,
        "recall": r,
        "f1": None if not p or not r else 2 * p * r / (p + r),
        "average_precision": float(np.mean([value for value in precision if value])) if true.any() else None,
        "curve": {"threshold": thresholds.tolist(), "precision": precision, "recall": recall},
    }


def mask_task(images: Sequence[str], masks: Sequence[str], classes: Sequence[str] = REGIONS) -> dict[str, Any]:
    """A mask for each picture."""
    rng = np.random.default_rng(4)
    size = len(classes)
    confusion = rng.integers(1_000, 90_000, (size, size)) + np.eye(size, dtype=int) * 3_000_000
    share = confusion.sum(axis=1) / confusion.sum()
    iou = rng.uniform(0.55, 0.95, len(images))
    return {
        "kind": "mask",
        "count": len(images),
        "metrics": {
            "mean_iou": float(iou.mean()),
            "mean_iou_interval": [float(iou.mean()) - 0.03, float(iou.mean()) + 0.03],
            "pixel_accuracy": 0.912,
            "loss": 0.2,
        },
        "classes": list(classes),
        "confusion": confusion.tolist(),
        "per_class": [
            {"class": name, "iou": float(rng.uniform(0.6, 0.95)), "share": float(share[at])}
            for at, name in enumerate(classes)
        ],
        "images": [
            {"image": image, "mask": mask, "iou": float(value), "pixel_accuracy": 0.9}
            for image, mask, value in zip(images, masks, iou, strict=True)
        ],
    }


def write_mask(path: Path, seed: int, size: tuple[int, int] = (64, 48)) -> Path:
    """A mask of two grey values, 0 and 255: a disc."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: size[1], : size[0]]
    middle = rng.uniform(0.3, 0.7, 2) * size
    mask = ((x - middle[0]) ** 2 + (y - middle[1]) ** 2 < (0.3 * size[1]) ** 2) * 255
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(mask.astype(np.uint8)).save(path)
    return path


def write_masks(folder: Path, images: Sequence[str]) -> list[str]:
    """A mask for each picture of a project, named relative to it."""
    masks = [f"masks/{Path(image).stem}.png" for image in images]
    for seed, mask in enumerate(masks):
        write_mask(folder / mask, seed)
    return masks


def evaluate_document(images: Sequence[str], masks: Sequence[str], run: str = "001-balanced") -> dict[str, Any]:
    """One task of each kind."""
    classes = synthetic.evaluate_document(images, ("material",))["tasks"]["material"]
    tasks = {
        "white_cells": number_task(images),
        "present": labels_task(images),
        "cell_wall": mask_task(images, masks),
        "material": classes,
    }
    return {"run": run, "part": "validation", "tasks": tasks}


def project() -> Project:
    """One task of each kind."""
    tasks = [
        Task(name="white_cells", kind="number", source="labels.csv", column="white_cells"),
        Task(name="present", kind="multi-label", source="labels.csv", column="present"),
        Task(name="cell_wall", kind="mask", source="pictures", masks="masks"),
        Task(name="material", source="labels.csv", column="material"),
    ]
    return Project(name="Blood", tasks=tasks)


def write_run(folder: Path, images: Sequence[str], run: str = "001-balanced") -> dict[str, Any]:
    """A finished run with a task of each kind, its validation part scored; returns the document."""
    import tomli_w

    from workbench.core.resolved import Resolved

    document = evaluate_document(images, write_masks(folder, images), run)
    run_dir = synthetic.write_run(folder, tuple(KINDS), run=run)
    data = synthetic._resolved(run, tuple(KINDS), 0, {}).to_data()
    data["project"] = project().effective().written()
    for task in data["tasks"]:
        task["kind"] = KINDS[task["name"]]
        if task["kind"] == "mask":
            task |= {"classes": REGIONS, "mask_values": [0, 255]}
    (run_dir / "resolved.toml").write_text(
        tomli_w.dumps(Resolved.model_validate(data).to_data()), encoding="utf-8"
    )
    for name in ("metrics.json", "metrics-validation.json"):
        (run_dir / "results" / name).write_text(to_json(document), encoding="utf-8")
    return document


def predict_document(images: Sequence[Path], out: Path | None = None) -> list[dict[str, Any]]:
    """What `predict --json` prints for one task of each kind; with `out` the masks are written."""
    document = []
    for seed, image in enumerate(images):
        rng = np.random.default_rng(seed)
        value, spread = float(rng.uniform(5, 50)), float(rng.uniform(0.5, 3))
        shares = {label: float(share) for label, share in zip(LABELS, rng.random(len(LABELS)), strict=True)}
        mask = None if out is None else str(write_mask(out / f"{image.stem}.png", seed + 100))
        wall = float(rng.uniform(0.1, 0.4))
        material = synthetic.predict_document([image], ("material",))[0]["tasks"]["material"]
        reach = 1.645 * spread
        said = [name for name, share in shares.items() if share >= 0.5]
        tasks = {
            "white_cells": {"value": value, "spread": spread, "interval": [value - reach, value + reach]},
            "present": {"labels": said, "probabilities": shares},
            "cell_wall": {"mask": mask, "areas": {"inside": 1 - wall, "wall": wall}},
            "material": material,
        }
        document.append({"image": str(image), "error": None, "tasks": tasks})
    return document
