"""What becomes of three tasks when the loss of a fourth is multiplied by 100, with each balancing method.

    python -m tests.benchmarks.scale_attack PROJECT --attacked TASK [--methods equal uw …] [--seeds 3] [--factor 100]

PROJECT has four tasks on one backbone. For each method and seed it is trained twice, as it is and with the weight of
the attacked task multiplied. A weight comes after a loss is divided by the loss of guessing, so that it stands for a
loss that came in other units, whatever the method. Printed are the mean score of the other three tasks as they are and
under attack, and the difference with its standard deviation over seeds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from workbench.core.control import Control
from workbench.core.events import Result
from workbench.core.kinds import KINDS
from workbench.core.project import Project
from workbench.core.specs import TrainSpec
from workbench.engine.training.balancing import BALANCING
from workbench.engine.training.job import train
from workbench.project.store import ProjectFile


def others(project: Project, folder: Path, attacked: str) -> float:
    """The mean validation score of the other tasks after a run of the project, in [0, 1]."""
    with tempfile.TemporaryDirectory() as place:
        spec = TrainSpec(project=project, project_dir=folder, run_dir=Path(place), run="attack")
        documents = [event.document for event in train(spec, Control()) if isinstance(event, Result)]
    metrics = documents[-1]["metrics"]
    names = [task for task in project.tasks if task.name != attacked]
    return statistics.mean(metrics[task.name][KINDS[task.kind].metric] for task in names)


def changed(project: Project, method: str, seed: int, attacked: str, factor: float) -> Project:
    """The project with a method, a seed, and the attacked task's weight multiplied."""
    data = project.written()
    data["recipe"] = {**data.get("recipe", {}), "balancing": method, "seed": seed, "relatedness": False}
    for task in data["tasks"]:
        if task["name"] == attacked:
            task["weight"] = task.get("weight", 1.0) * factor
    return Project.model_validate(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--attacked", required=True)
    parser.add_argument("--methods", nargs="+", default=list(BALANCING), choices=list(BALANCING))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--factor", type=float, default=100.0)
    options = parser.parse_args()
    file = ProjectFile.read(options.project)
    print(f"{'method':<12} {'as it is':>9} {'attacked':>9} {'difference':>11} {'± sd':>6}", flush=True)
    for method in options.methods:
        found = [
            [
                others(changed(file.project, method, seed, options.attacked, factor), file.folder, options.attacked)
                for factor in (1.0, options.factor)
            ]
            for seed in range(options.seeds)
        ]
        plain, attacked = (statistics.mean(column) for column in zip(*found, strict=True))
        differences = [after - before for before, after in found]
        doubt = statistics.stdev(differences) if len(differences) > 1 else 0.0
        change = 100 * (attacked - plain)
        print(f"{method:<12} {100 * plain:9.1f} {100 * attacked:9.1f} {change:+11.1f} {100 * doubt:6.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
