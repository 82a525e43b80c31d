"""What a small backbone gains by learning from a larger run, in equally many epochs, and what int8 costs after that.

    python -m tests.benchmarks.distillation DATA --weights file:W [--size 64] [--epochs 6] [--seeds 3]

DATA is a folder of class folders, or holds `train` and `test` of such. The teacher is mobilenet_v2 with the weights W,
its backbone fine-tuned (or `--teacher-preset probe`). The student is mobilenet_v3_small with its starter; it is trained
from the labels alone, by KD, by DKD, and by KD with matched features, each with the same seeds and epochs. With
`--labelled N` only N pictures of each class in `train` keep their labels, for the teacher as well, and `--arms kd+more`
learns its answers to the others too; an epoch is then longer, so `--epochs` counts passes over what a student learns
from. Told are
accuracy and agreement with the teacher on pictures that nothing was fitted to: the mean over seeds with its 95 %
interval by Student's t, and the difference to the student alone, paired by seed. Then each student is exported: the
accuracy of int8 beside fp32, how many answers rounding changes, size, and milliseconds per picture.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.control import Control
from workbench.core.events import Event, Result
from workbench.core.parsing import validate_project
from workbench.core.project import Project
from workbench.core.resolved import load_resolved
from workbench.core.shrink import student_of
from workbench.core.specs import ShrunkSpec, TrainSpec
from workbench.engine.export import library
from workbench.engine.insight.metrics import mean_interval
from workbench.engine.training.job import train
from workbench.engine.transfer.shrink.job import shrunk

ARMS: dict[str, dict[str, Any] | None] = {
    "alone": None,
    "kd": {"distillation": "kd"},
    "dkd": {"distillation": "dkd"},
    "kd+features": {"distillation": "kd", "features": 1.0},
    "kd+more": {"distillation": "kd", "unlabelled": "more"},
}
"""What each student is asked to learn; `kd+more` as well from the pictures that `--labelled` has put aside."""
_TASK = "task"


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", required=True, help="of the teacher's backbone")
    parser.add_argument("--teacher-preset", default="balanced")
    parser.add_argument("--teacher-epochs", type=int, default=3)
    parser.add_argument("--labelled", type=int, help="pictures of each class that keep their labels")
    parser.add_argument("--student", default="mobilenet_v3_small")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--without-int8", action="store_true", help="export nothing, which takes most of a minute")
    parser.add_argument("--arms", nargs="+", choices=tuple(ARMS), default=[arm for arm in ARMS if arm != "kd+more"])
    parser.add_argument("--set", dest="transfer", nargs="*", default=[], metavar="KEY=NUMBER", help="of [transfer]")
    args = parser.parse_args()
    more = {key: float(value) for key, value in (text.split("=") for text in args.transfer)}
    if args.without_int8:
        library.PACKAGES = ("onnx that is not wanted",)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if args.labelled:
            args.data = _parted(args.data, home, args.labelled)
        teacher = _teacher(args)
        print(f"teacher: accuracy {100 * _trained(teacher, home, '001-teacher'):.1f} %", flush=True)
        rows = {arm: [_student(args, home, arm, seed, more) for seed in range(args.seeds)] for arm in args.arms}
    _tell(rows)


def _parted(data: Path, home: Path, labelled: int) -> Path:
    """A copy of the data in which so many training pictures a class have a label; the others lie in `more`."""
    (home / "more").mkdir()
    shutil.copytree(data / "test", home / "data" / "test")
    for folder in sorted((data / "train").iterdir()):
        (home / "data" / "train" / folder.name).mkdir(parents=True)
        for at, path in enumerate(sorted(folder.iterdir())):
            known = home / "data" / "train" / folder.name / path.name
            shutil.copy(path, known if at < labelled else home / "more" / f"{folder.name}-{path.name}")
    return home / "data"


def _teacher(args: argparse.Namespace) -> Project:
    split = {"validation": 0.2} if (args.data / "test").is_dir() else {"validation": 0.2, "test": 0.25}
    return validate_project(
        {
            "tasks": [{"name": _TASK, "source": str(args.data.resolve())}],
            "split": split,
            "backbone": {"name": "mobilenet_v2", "weights": args.weights, "freeze": 0},
            "recipe": {
                "preset": args.teacher_preset,
                "image_size": args.size,
                "precision": "fp32",
                "interpolate": "off",
                **({"epochs": args.teacher_epochs} if args.teacher_preset == "balanced" else {}),
            },
        }
    )


def _student(args: argparse.Namespace, home: Path, arm: str, seed: int, more: dict[str, float]) -> dict[str, Any]:
    """What one student came to, beside the teacher and in int8."""
    before = load_resolved(home / "runs" / "001-teacher")
    asked = ARMS[arm]
    project = student_of(before, args.student, transfer={**(asked or {}), **more})
    project.recipe.epochs, project.recipe.seed = args.epochs, seed
    if args.labelled and arm != "kd+more":  # as many steps as with the others
        pictures = len(list((home / "more").iterdir())) + args.labelled * len(list((args.data / "train").iterdir()))
        project.recipe.epochs = round(args.epochs * pictures / (pictures - len(list((home / "more").iterdir()))))
    project.recipe.patience, project.recipe.interpolate = 0, "off"
    if asked is None:
        project.transfer.teacher = ""
    run = f"{len(list((home / 'runs').iterdir())) + 1:03}-{arm}"
    accuracy = _trained(project, home, run)
    spec = ShrunkSpec(project_dir=home, run_dir=home / "runs" / run, run=run, teacher_dir=home / "runs" / "001-teacher")
    models = {model["name"]: model for model in _result(shrunk(spec, Control()))["models"]}
    found = {"accuracy": accuracy, "agreement": models["student"]["tasks"][_TASK]["agreement"]["value"]}
    if "int8" in models:
        small = models["int8"]["tasks"][_TASK]
        found |= {"int8_accuracy": small["metrics"]["accuracy"]}
        found |= {"int8_same": small["agreement_with_fp32"]["value"]}
    found["models"] = models
    print(f"{arm}, seed {seed}: " + ", ".join(f"{k} {v:.3f}" for k, v in found.items() if k != "models"), flush=True)
    return found


def _trained(project: Project, home: Path, run: str) -> float:
    """The accuracy of a run on the test part."""
    folder = home / "runs" / run
    folder.mkdir(parents=True)
    spec = TrainSpec(project=project, project_dir=home, run_dir=folder, run=run)
    return float(_result(train(spec, Control()))["metrics"][_TASK]["accuracy"])


def _result(events: Iterator[Event]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for event in events:
        if isinstance(event, Result):
            found = event.document
        if event.event == "run_failed":
            sys.exit(str(event))
    return found


def _tell(rows: dict[str, list[dict[str, Any]]]) -> None:
    print(
        f"\n{'':12} {'accuracy':>22} {'beside alone':>22} {'agrees with teacher':>22} {'int8':>22} {'int8 = fp32':>22}"
    )
    base = [row["accuracy"] for row in rows.get("alone", [])]
    for arm, found in rows.items():
        gain = [row["accuracy"] - other for row, other in zip(found, base, strict=False)]
        keys = ("accuracy", "agreement", "int8_accuracy", "int8_same")
        columns = [[row[key] for row in found if key in row] for key in keys]
        cells = [columns[0], gain if arm != "alone" else [], *columns[1:]]
        print(f"{arm:12} " + " ".join(f"{_said(values):>22}" for values in cells))
    print()
    for name in ("teacher", "student", "int8"):
        models = [row["models"][name] for found in rows.values() for row in found if name in row["models"]]
        if not models:
            continue
        one, many = (np.median([model[key] for model in models]) for key in ("ms_one", "ms_batch"))
        facts = models[0]
        print(
            f"{name:8} {facts['parameters']:>10,} parameters {facts['bytes'] / 1e6:6.2f} MB {one:6.2f} {many:6.2f} ms"
        )
    print(f"\nload of the machine: {os.getloadavg()[1]:.1f}")


def _said(values: Sequence[float]) -> str:
    if not values:
        return ""
    mean = 100 * float(np.mean(values))
    interval = mean_interval(np.array(values))
    if interval is None:
        return f"{mean:.1f}"
    return f"{mean:.1f} [{100 * interval[0]:.1f}, {100 * interval[1]:.1f}]"


if __name__ == "__main__":
    main()
