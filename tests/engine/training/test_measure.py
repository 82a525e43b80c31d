from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.engine.data.pictures import drain
from workbench.core.control import Control
from workbench.core.events import Notice, Progress
from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.training import measure as module
from workbench.engine.training.measure import CANDIDATES, Choice, measure, without_measuring

CPU = torch.device("cpu")


def test_the_fastest_is_taken_announced_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {("fp32", "contiguous"): 10.0, ("fp32", "channels_last"): 12.0, ("bf16", "channels_last"): 30.0}
    calls: list[Choice] = []

    def seconds(network: object, images: torch.Tensor, choice: Choice, trains: bool) -> float:
        calls.append(choice)
        slowed = 1.0 if len(calls) % 7 else 9.0  # now and then the machine does something else
        return len(images) / rates[choice[:2]] * slowed

    monkeypatch.setattr(module, "_step_seconds", seconds)
    monkeypatch.setattr(module.devices, "has_bf16", lambda device: True)
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)})
    events, choice = drain(measure(network, 32, CPU, Control(), tmp_path))
    assert choice[:2] == ("bf16", "channels_last") and set(calls) == set(CANDIDATES)
    measured = len(calls)
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert "bf16" in notice.text and "30" in notice.text
    events, again = drain(measure(network, 32, CPU, Control(), tmp_path))
    assert again == choice and len(calls) == measured
    assert not any(isinstance(event, Progress) for event in events) and any(
        isinstance(event, Notice) for event in events
    )
    rates["bf16", "channels_last"] = 12.5
    _, other = drain(measure(network, 48, CPU, Control(), tmp_path))
    assert other[:2] == ("fp32", "channels_last")
    network.freeze("all")
    monkeypatch.setattr(module.devices, "has_bf16", lambda device: False)
    rates["fp32", "contiguous"] = 20.0
    _, third = drain(measure(network, 48, CPU, Control(), tmp_path))
    assert third[:2] == ("fp32", "contiguous")


def test_features_have_a_choice_of_their_own_and_the_frozen_backbone_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def seconds(network: object, images: torch.Tensor, choice: Choice, trains: bool) -> float:
        asked.append(trains)
        return 1.0 if choice.precision == "bf16" and trains else 2.0 if choice.precision == "fp32" else 9.0

    monkeypatch.setattr(module, "_step_seconds", seconds)
    monkeypatch.setattr(module.devices, "has_bf16", lambda device: True)
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)}, freeze=2)
    _, training = drain(measure(network, 32, CPU, Control(), tmp_path))
    events, forwards = drain(measure(network, 32, CPU, Control(), tmp_path, forwards=True))
    assert (training.precision, forwards.precision) == ("bf16", "fp32")
    assert set(asked) == {True, False} and not any(isinstance(event, Notice) for event in events)
    network.freeze("all")
    count = len(asked)
    _, frozen = drain(measure(network, 32, CPU, Control(), tmp_path))
    assert frozen == forwards and len(asked) == count


def test_who_is_far_behind_takes_part_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Choice] = []

    def seconds(network: object, images: torch.Tensor, choice: Choice, trains: bool) -> float:
        calls.append(choice)
        return {"contiguous": 4.0, "channels_last": 1.0}[choice.layout]

    monkeypatch.setattr(module, "_step_seconds", seconds)
    monkeypatch.setattr(module.devices, "has_bf16", lambda device: True)
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)})
    drain(measure(network, 32, CPU, Control(), tmp_path))
    assert calls.count(CANDIDATES[0]) == 3 < calls.count(CANDIDATES[1])


def test_measuring_for_real_changes_nothing(tmp_path: Path) -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)}, batch_norm="train")
    before = {name: value.clone() for name, value in network.state_dict().items()}
    random = torch.random.get_rng_state()
    _, choice = drain(measure(network, 32, CPU, Control(), tmp_path))
    assert choice.images_per_s > 0
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())
    assert torch.equal(torch.random.get_rng_state(), random)


def test_a_torn_cache_is_measured_again_and_an_unwritable_one_is_no_reason_to_fail(tmp_path: Path) -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)}, freeze="all")
    drain(measure(network, 32, CPU, Control(), tmp_path))
    (kept,) = (tmp_path / "measured").iterdir()
    kept.write_text("{", encoding="utf-8")
    events, _ = drain(measure(network, 32, CPU, Control(), tmp_path))
    assert any(isinstance(event, Progress) for event in events)
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    _, choice = drain(measure(network, 32, CPU, Control(), blocked))
    assert choice.images_per_s > 0


def test_a_given_precision_measures_nothing() -> None:
    assert without_measuring("fp32") == Choice("fp32", "channels_last")
