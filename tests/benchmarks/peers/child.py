"""One entrant in a process of its own: `python -m tests.benchmarks.peers.child ENTRANT WORK RESULT`.

Writes what the clock showed to the file RESULT, or what is ABSENT where a library is not installed.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from pathlib import Path

from tests.benchmarks.peers.work import Clock, Work

ABSENT = "absent"


def main(name: str, work: Work) -> dict[str, object]:
    """Load an entrant and let it work."""
    try:
        entrant = importlib.import_module(f"tests.benchmarks.peers.entrants.{name}")
    except ModuleNotFoundError as error:
        return {ABSENT: error.name}
    import torch

    torch.set_num_threads(work.threads)
    clock = Clock()
    entrant.run(work, clock)
    return {"cpu_s": clock.cpu_s, "wall_s": clock.wall_s, "epochs": clock.epochs}


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    result = main(sys.argv[1], Work.from_json(sys.argv[2]))
    Path(sys.argv[3]).write_text(json.dumps(result), encoding="utf-8")
