"""How processes part batches, rows and devices, and how one that has ended is noticed."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
import torch.distributed as dist
from torch import nn

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.place import Place
from workbench.engine import device as devices
from workbench.engine.data.drawing import TURN
from workbench.engine.distributed import ALONE, join
from workbench.engine.distributed import ranks as ranks_module
from workbench.engine.distributed.pulse import Pulse
from workbench.engine.distributed.ranks import Ranks
from workbench.engine.training.together import meet_as_often, rows_here


def team(size: int) -> list[Ranks]:
    """Processes that never meet."""
    return [Ranks(Place(rank, size, rank, size, "file:///nowhere"), Control()) for rank in range(size)]


@pytest.mark.parametrize("size", [2, 3, 5])
@pytest.mark.parametrize("count", [0, 1, 4, 32, 33])
def test_every_draw_of_a_batch_goes_to_one_process_and_all_have_as_many(size: int, count: int) -> None:
    rows = np.random.default_rng(count).permutation(100)[:count].astype(np.int64)
    draws = np.concatenate([rows, rows[:1] + TURN])  # one of them comes twice
    shares = [rank.mine(draws) for rank in team(size)]
    assert sorted(np.concatenate(shares).tolist()) == sorted(draws.tolist())
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_picture_mostly_comes_to_the_same_process() -> None:
    ranks = team(2)
    epochs = [np.random.default_rng(epoch).permutation(64).astype(np.int64) for epoch in range(20)]
    own = [set(rank.usually(np.arange(64)).tolist()) for rank in ranks]
    assert not own[0] & own[1] and len(own[0] | own[1]) == 64
    seen = [rank.mine(epoch[:32]) for epoch in epochs for rank in ranks]
    strays = sum(row not in own[place % 2] for place, share in enumerate(seen) for row in share.tolist())
    assert strays / (20 * 32) < 0.12  # by chance it would be half


def test_weights_go_out_whole_in_rows_that_need_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[torch.Tensor] = []

    def wait(self: Ranks, row: torch.Tensor, begin: object) -> None:
        sent.append(row.clone())
        row += 1  # what the first process has

    monkeypatch.setattr(Ranks, "_wait", wait)
    monkeypatch.setattr(ranks_module, "_ROW_BYTES", 256)
    network = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Linear(16, 2))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    team(2)[1].same(network)
    assert all(torch.equal(value, before[name] + 1) for name, value in network.state_dict().items())
    assert sum(row.numel() for row in sent) == sum(value.numel() for value in before.values())
    assert sorted({row.dtype for row in sent}, key=str) == [torch.float32, torch.int64]
    largest = max(value.nbytes for value in before.values())
    assert largest > 256 and max(row.nbytes for row in sent) == largest and len(sent) < len(before) / 2


@pytest.mark.parametrize("count", [0, 3, 8, 9, 40])
def test_chunks_are_parted_and_all_meet_as_often(count: int) -> None:
    class Counting(Control):
        met = 0

        def meet(self) -> None:
            self.met += 1

    rows, chunk, size = np.arange(count), 4, 3
    parts = [rows_here(rows, chunk, rank, size) for rank in range(size)]
    assert sorted(np.concatenate(parts).tolist()) == rows.tolist()
    meetings = []
    for rank, part in enumerate(parts):
        control = Counting()
        assert meet_as_often(rows, chunk, rank, size, control)
        meetings.append(control.met + -(-len(part) // chunk))
    assert len(set(meetings)) == 1


def test_more_processes_than_devices_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "cores", lambda: 4)
    assert devices.pick_among("cpu", 3, 4) == torch.device("cpu")
    with pytest.raises(RequestError, match="5 devices were asked for, but this machine has 4 processor cores"):
        devices.pick_among("cpu", 0, 5)


def test_cards_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    assert [str(devices.pick_among("auto", number, 2)) for number in range(2)] == ["cuda:0", "cuda:1"]
    assert [str(devices.pick_among("cuda:2", number, 2)) for number in range(2)] == ["cuda:2", "cuda:3"]
    with pytest.raises(RequestError, match="this machine has 2 graphics cards from cuda:2 on"):
        devices.pick_among("cuda:2", 0, 3)
    assert str(Ranks(Place(5, 8, 1, 4, "tcp://one:1"), Control()).device("cuda")) == "cuda:1"
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)  # Slurm shows each process its own
    assert str(Ranks(Place(5, 8, 1, 4, "tcp://one:1"), Control()).device("cuda")) == "cuda:0"


def test_one_that_has_ended_is_noticed() -> None:
    ended = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    pulse = Pulse(dist.HashStore(), 0, 2, [ended.pid])
    assert pulse.gone() == ""
    ended.communicate()
    assert pulse.gone() == f"process {ended.pid} is gone"


def test_a_process_without_a_place_is_alone() -> None:
    assert join(None, Control()) is ALONE
    assert ALONE.leads and ALONE.total([3]) == [3] and ALONE.share(lambda: 7) == 7 and ALONE.gather(1) == [1]
