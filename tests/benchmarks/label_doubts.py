"""How many of the labels that are doubted most are truly wrong, where some are flipped on purpose.

    python -m tests.benchmarks.label_doubts WEIGHTS [SOURCE …] [--backbone NAME] [--size PX] [--seeds 3] [--each 100]

Of each source (a folder of class folders, perhaps in parts) up to `--each` pictures a class are taken, a share of their
labels is flipped to another class, evenly among the others, and `doubts` is asked. Printed is the precision among as
many top doubts as labels were flipped, beside the base rate, which is what picking at random reaches; and how often
the suggestion for a flipped label that is among them is the true one. Labels that were wrong before count as right, so
the truth is somewhat better.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from tests.real.places import DATA
from workbench.core.control import Control
from workbench.core.events import Result
from workbench.core.project import Project
from workbench.core.specs import DoubtsSpec
from workbench.engine.data.sources import read_source
from workbench.engine.insight.doubts.job import doubts

TASK = "kind"
RATES = (0.05, 0.1, 0.2)


def pictures(source: Path, each: int) -> list[tuple[Path, str]]:
    """Up to that many pictures of each class, evenly chosen, with their labels."""
    task = Project.model_validate({"tasks": [{"name": TASK, "source": str(source)}]}).tasks[0]
    by_class: dict[str, list[Path]] = defaultdict(list)
    for row in read_source(task, source):
        by_class[str(row.label)].append(row.path)
    chosen = np.random.default_rng(0)
    return [
        (paths[at], label)
        for label, paths in sorted(by_class.items())
        for at in sorted(chosen.permutation(len(paths))[:each].tolist())
    ]


def flipped(truth: list[str], rate: float, seed: int) -> list[str]:
    """The labels with a share of them turned into another class."""
    random, classes, given = np.random.default_rng(seed), sorted(set(truth)), list(truth)
    for at in random.choice(len(truth), round(rate * len(truth)), replace=False).tolist():
        given[at] = str(random.choice([name for name in classes if name != truth[at]]))
    return given


def doubted(folder: Path, rows: list[tuple[Path, str]], given: list[str], options: argparse.Namespace) -> Any:
    """The list of doubted labels for pictures with labels."""
    lines = ["image,kind", *(f"{path},{label}" for (path, _), label in zip(rows, given, strict=True))]
    (folder / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    project = Project.model_validate(
        {
            "tasks": [{"name": TASK, "source": "labels.csv", "column": "kind"}],
            "backbone": {"name": options.backbone, "weights": f"file:{os.path.abspath(options.weights)}"},
            "recipe": {"image_size": options.size},
        }
    )
    spec = DoubtsSpec(project=project, project_dir=folder, top=len(rows))
    (document,) = [event.document for event in doubts(spec, Control()) if isinstance(event, Result)]
    return document["tasks"][TASK]


def measured(source: Path, options: argparse.Namespace) -> Iterator[tuple[float, list[float], list[float]]]:
    """For each rate the precisions and the shares of right suggestions of all seeds; features are computed once."""
    rows = pictures(source, options.each)
    truth = {str(path): label for path, label in rows}
    with tempfile.TemporaryDirectory() as place:
        for rate in RATES:
            precisions, right = [], []
            for seed in range(options.seeds):
                given = flipped([label for _, label in rows], rate, seed)
                count = sum(label != other for (_, label), other in zip(rows, given, strict=True))
                first = doubted(Path(place), rows, given, options)["doubts"][:count]
                wrong = [each for each in first if each["label"] != truth[each["image"]]]
                precisions.append(len(wrong) / count)
                right += [float(each["suggestion"] == truth[each["image"]]) for each in wrong]
            yield rate, precisions, right


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("sources", type=Path, nargs="*", default=[DATA / "trash", DATA / "cifar10"])
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--each", type=int, default=100)
    options = parser.parse_args()
    print("source      flipped  precision (each seed)          times base rate  right suggestion")
    for source in options.sources:
        for rate, precisions, right in measured(source, options):
            each = " ".join(f"{value:.2f}" for value in precisions)
            print(
                f"{source.name:<10}  {rate:>6.0%}  {mean(precisions):>8.2f} ({each}){'':<6}"
                f"{mean(precisions) / rate:>10.1f}  {mean(right) if right else float('nan'):>14.0%}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
