from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from workbench.engine import device_check
from workbench.engine.device_check import Driver, card_problem, compare, parse_cuda, read_driver, torch_cuda


def test_the_cuda_version_is_read_from_torchs_version_file() -> None:
    assert parse_cuda("debug = False\ncuda: Optional[str] = '13.2'\nhip = None\n") == (13, 2)
    assert parse_cuda("cuda = '12.8'\n") == (12, 8)
    assert parse_cuda("cuda: Optional[str] = None\nhip: Optional[str] = '6.4'\n") is None


def test_the_installed_torch_is_read_as_it_says_itself() -> None:
    import torch

    expected = tuple(int(part) for part in torch.version.cuda.split(".")) if torch.version.cuda else None
    assert torch_cuda() == expected


@pytest.mark.parametrize(
    ("driver", "built_for", "words"),
    [
        ((12, 8), (12, 8), None),
        ((12, 4), (12, 8), None),
        ((13, 1), (12, 6), None),
        ((12, 8), None, "index-url https://download.pytorch.org/whl/cu126"),
        ((13, 0), None, "whl/cu132"),
        ((12, 7), (13, 0), "whl/cu126"),
        ((11, 4), (12, 6), "Install a driver"),
        ((11, 4), None, "Install a driver"),
    ],
)
def test_drivers_and_builds(driver: tuple[int, int], built_for: tuple[int, int] | None, words: str | None) -> None:
    problem = compare(Driver("NVIDIA X", driver), built_for)
    assert (problem is None) == (words is None)
    if problem is not None and words is not None:
        assert words in problem.fix and "NVIDIA X" in problem.text


class FakeError(Exception):
    pass


def fake_nvml(count: int, present: bool = True) -> SimpleNamespace:
    def init() -> None:
        if not present:
            raise FakeError

    return SimpleNamespace(
        NVMLError=FakeError,
        nvmlInit=init,
        nvmlShutdown=lambda: None,
        nvmlDeviceGetCount=lambda: count,
        nvmlSystemGetCudaDriverVersion_v2=lambda: 12080,
        nvmlDeviceGetHandleByIndex=lambda index: index,
        nvmlDeviceGetName=lambda handle: "NVIDIA H200",
    )


def test_nvml_with_and_without_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setitem(sys.modules, "pynvml", fake_nvml(1))
    assert read_driver() == Driver("NVIDIA H200", (12, 8))
    monkeypatch.setattr(device_check, "torch_cuda", lambda: None)
    problem = card_problem()
    assert problem is not None and "without CUDA" in problem.text
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert card_problem() is None
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    for nvml in (fake_nvml(0), fake_nvml(1, present=False)):
        monkeypatch.setitem(sys.modules, "pynvml", nvml)
        assert card_problem() is None
