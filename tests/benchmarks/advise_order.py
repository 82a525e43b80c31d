"""How long `advise` takes on a folder of class folders, and whether its order is that of fine-tuning.

    python -m tests.benchmarks.advise_order [SOURCE] [--backbones NAME[@WEIGHTS],…] [--seeds 3] [--set key=value …]

A new project is made and `advise` is timed from its start to its end, with nothing kept from before: no pictures, no
features, no measured precision. Then each backbone that was measured is fine-tuned with the recipe as it is (or as
--set has it), once for each seed of the split, and scored on its validation pictures. Printed beside each other are the
agreements with that score (Kendall's τ-b: 1 the same order, 0 none, -1 the reverse) of the probe, of k nearest
neighbours, of LogME, and of what is known without looking at a picture: ImageNet accuracy of the backbone, and MACs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scipy.stats import kendalltau

from tests.real.places import DATA, WEIGHTS_DIR
from workbench.core import catalogue
from workbench.core.advice import Candidate, weights_in_words, with_candidate
from workbench.core.control import Control
from workbench.core.events import Result
from workbench.core.kinds import KINDS
from workbench.core.project import Project
from workbench.core.specs import TrainSpec
from workbench.engine.training.job import train
from workbench.project.store import ProjectFile

TASK = "material"
BACKBONES = ",".join(
    [
        *(f"{name}@file:{WEIGHTS_DIR / f'{name}-imagenet-fp16.pt'}" for name in ("mobilenet_v2", "squeezenet1_0")),
        "mobilenet_v3_small@starter",
        "resnet18@starter",
        "resnet18@none",
    ]
)
Row = dict[str, Any]
SCORES: dict[str, Callable[[Row], float]] = {
    "probe": lambda row: row["tasks"][TASK]["probe"],
    "kNN": lambda row: row["tasks"][TASK]["knn"],
    "LogME": lambda row: row["tasks"][TASK]["logme"],
    "ImageNet": lambda row: catalogue.get(row["name"]).accuracy or 0.0,
    "MACs": lambda row: row["macs"],
}


def timed_advice(folder: Path, backbones: str) -> tuple[dict[str, Any], float]:
    """What `advise` says of a project, and how many seconds the command took."""
    command = [sys.executable, "-m", "workbench", "advise", str(folder), "--backbones", backbones, "--json"]
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, check=True, env={**os.environ, "XDG_CACHE_HOME": empty}, text=True
        )
    return json.loads(done.stdout), time.perf_counter() - begin


def tuned(project: Project, folder: Path, seed: int) -> float:
    """The validation score of a run whose split and weights have a seed."""
    data = project.written()
    data["split"] = {**data.get("split", {}), "seed": seed}
    data["recipe"] = {**data.get("recipe", {}), "seed": seed}
    with tempfile.TemporaryDirectory() as place:
        spec = TrainSpec(project=Project.model_validate(data), project_dir=folder, run_dir=Path(place), run="order")
        documents = [event.document for event in train(spec, Control()) if isinstance(event, Result)]
    return float(documents[-1]["metrics"][TASK][KINDS["single-label"].metric])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", type=Path, nargs="?", default=DATA / "trash")
    parser.add_argument("--backbones", default=BACKBONES)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], metavar="key=value")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "project"
        settings = [word for each in options.set for word in ("--set", each)]
        task = ["--task", f"{TASK}={options.source}"]
        subprocess.run(
            [sys.executable, "-m", "workbench", "new", str(folder), *task, *settings],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        document, seconds = timed_advice(folder, options.backbones)
        rows = [row for row in document["backbones"] if row["status"] == "measured"]
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        print(f"advise: {seconds:.1f} s for {len(rows)} backbones on {document['images']} pictures, load {load:.1f}")
        for row in document["backbones"]:
            if row["status"] != "measured":
                print(f"{row['name']}@{row['weights']}: {row['status']}, {row['reason']}")
        print(document["advice"], flush=True)
        scores = [_report(row, folder, options.seeds) for row in rows]
    for name, score in SCORES.items():
        tau = kendalltau([score(row) for row in rows], scores).statistic if len(rows) > 1 else float("nan")
        print(f"Kendall τ with fine-tuning: {name:<9} {tau:+.2f}")
    return 0


def _report(row: Row, folder: Path, seeds: int) -> float:
    """Fine-tune a backbone and print its line; the mean score."""
    project = with_candidate(ProjectFile.read(folder).project, Candidate(row["name"], row["weights"]))
    found = [tuned(project, folder, seed) for seed in range(seeds)]
    known = "  ".join(f"{name} {score(row):.4g}" for name, score in SCORES.items())
    label = f"{row['rank']} {row['name']}@{weights_in_words(row['weights'])}"
    print(f"{label:<55} fine-tuned {100 * statistics.mean(found):.1f} %  {known}", flush=True)
    return statistics.mean(found)


if __name__ == "__main__":
    sys.exit(main())
