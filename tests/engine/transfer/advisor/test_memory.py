from __future__ import annotations

import numpy as np
import torch

from workbench.engine.transfer.advisor.memory import PeakMemory, held_bytes, how_measured

CPU = torch.device("cpu")


def test_the_most_that_was_held_meanwhile_counts() -> None:
    beside = held_bytes()
    with PeakMemory(CPU, beside) as memory:
        block = np.ones(40_000_000, np.uint8)
        block[::4096] += 1
    del block
    with PeakMemory(CPU, beside) as small:
        pass
    assert 30 < memory.mb < 400
    assert small.mb < memory.mb
    assert how_measured(CPU) != how_measured(torch.device("cuda"))
