from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.core.errors import RequestError
from workbench.engine import device as devices


def test_devices_that_are_here() -> None:
    assert devices.pick("cpu") == torch.device("cpu")
    assert devices.pick("auto").type in ("cpu", "cuda", "mps")


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "", "cpu0"])
def test_what_is_no_device_is_said_so(name: str) -> None:
    with pytest.raises(RequestError, match="is not a device"):
        devices.pick(name)


def test_a_card_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert devices.pick("auto").type == "cpu"
    with pytest.raises(RequestError, match="no graphics card"):
        devices.pick("cuda")
    with pytest.raises(RequestError, match="Apple"):
        devices.pick("mps")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert devices.pick("cuda:1") == torch.device("cuda:1")
    with pytest.raises(RequestError, match="no cuda:2"):
        devices.pick("cuda:2")


def test_precisions() -> None:
    cpu = torch.device("cpu")
    with pytest.raises(RequestError, match="fp16"):
        devices.check_precision(cpu, "fp16")
    devices.check_precision(cpu, "bf16")
    with devices.autocast(cpu, "bf16"):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
    with devices.autocast(cpu, "fp32"):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
    assert not devices.gradient_scaler(cpu, "bf16").is_enabled()


def test_random_state_and_moving() -> None:
    cpu = torch.device("cpu")
    state = devices.random_state(cpu)
    first = torch.rand(3)
    devices.set_random_state(cpu, state)
    assert torch.equal(torch.rand(3), first)
    assert devices.move(np.arange(3), cpu).tolist() == [0, 1, 2]
    assert devices.threads() >= 1 and devices.cores() >= 1


def test_placing_changes_the_layout_and_nothing_else() -> None:
    network = torch.nn.Conv2d(3, 4, 3)
    before = network.weight.detach().clone()
    devices.place(network, torch.device("cpu"), "channels_last")
    assert network.weight.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(network.weight, before)
