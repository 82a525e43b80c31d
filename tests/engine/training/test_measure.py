from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import torch

from tests.engine.data.pictures import drain
from tests.engine.training.runs import carry_out, losses, project, two_tasks, weights
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Notice, Progress, Step
from workbench.core.resolved import Convolutions, load_resolved
from workbench.engine.convolution import DeepConvolutions
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.training import measure as module
from workbench.engine.training import resolve as resolving
from workbench.engine.training import step_log
from workbench.engine.training.measure import CANDIDATES, Choice, measure, without_measuring
from workbench.engine.training.measure_convolutions import _Trial, measure_convolutions

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


def test_what_does_not_fit_is_measured_with_fewer_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fitting, tried = 5, list[int]()
    original = module._step_seconds

    def seconds(network: MultiTaskNetwork, images: torch.Tensor, choice: Choice, trains: bool) -> float:
        tried.append(len(images))
        if len(images) > fitting:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return original(network, images, choice, trains)

    monkeypatch.setattr(module, "_step_seconds", seconds)
    network = build_network("squeezenet1_0", {"a": HeadChoice("linear", 2)})
    _, choice = drain(measure(network, 32, CPU, Control(), tmp_path))
    assert choice.images_per_s > 0 and tried[:3] == [16, 8, 4] and set(tried[2:]) == {4}
    fitting = 0
    network.freeze(1)
    with pytest.raises(RunError, match="memory for one picture"):
        drain(measure(network, 32, CPU, Control(), tmp_path))


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


Timed = list[tuple[str, int]]


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Timed:
    """Whose convolutions of so many pictures were timed: products take least for few pictures, torch's own for many."""
    calls: Timed = []

    def seconds(trial: _Trial, way: Convolutions) -> float:
        calls.append((way, len(trial.x)))
        few = {"own": 3.0, "gradients": 2.0, "products": 1.0}
        return few[way] if len(trial.x) == 4 else 5.0 - few[way]

    monkeypatch.setattr(_Trial, "seconds", seconds)
    monkeypatch.setattr(module, "_step_seconds", lambda network, x, choice, trains: 2.0 - (choice.precision == "bf16"))
    monkeypatch.setattr(module.devices, "has_bf16", lambda device: True)
    return calls


def test_deep_convolutions_are_measured_once_for_a_number_of_pictures(tmp_path: Path, timed: Timed) -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)})
    for pictures, fastest, said in ((4, "products", "matrix products"), (8, "own", "as they are")):
        events, choice = drain(measure(network, 32, CPU, Control(), tmp_path, at_once=pictures))
        assert (choice.precision, choice.convolutions) == ("bf16", fastest)
        assert {way for way, count in timed if count == pictures} == {"own", "gradients", "products"}
        (notice,) = [event for event in events if isinstance(event, Notice)]
        assert "bf16" in notice.text and said in notice.text
        before = len(timed)
        again, same = drain(measure(network, 32, CPU, Control(), tmp_path, at_once=pictures))
        assert same == choice and len(timed) == before and again == [notice]


def test_deep_convolutions_are_left_alone_where_nothing_learns_or_they_are_shallow(
    tmp_path: Path, timed: Timed
) -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)})
    _, shallow = drain(measure(network, 32, CPU, Control(), tmp_path, at_once=100_000))
    _, forwards = drain(measure(network, 32, CPU, Control(), tmp_path, forwards=True, at_once=4))
    network.freeze("all")
    _, frozen = drain(measure(network, 32, CPU, Control(), tmp_path, at_once=4))
    assert [each.convolutions for each in (shallow, forwards, frozen)] == [None] * 3 and not timed


def test_measuring_deep_convolutions_can_be_broken_off_and_keeps_nothing_then(tmp_path: Path, timed: Timed) -> None:
    network, control = build_network("resnet18", {"a": HeadChoice("linear", 2)}), Control()
    for event in measure(network, 32, CPU, control, tmp_path, at_once=4):
        assert not isinstance(event, Notice)
        if isinstance(event, Progress) and event.what == "measuring deep convolutions" and event.done == 1:
            control.cancel()
    assert len(list((tmp_path / "measured").iterdir())) == 1
    count = len(timed)
    drain(measure(network, 32, CPU, Control(), tmp_path, at_once=4))
    assert len(timed) > 2 * count


def test_measuring_deep_convolutions_for_real_changes_nothing() -> None:
    network = build_network("resnet18", {"a": HeadChoice("linear", 2)}, freeze=4, batch_norm="train")
    before = {name: value.clone() for name, value in network.state_dict().items()}
    random = torch.random.get_rng_state()
    _, way = drain(measure_convolutions(network, 32, 2, Control()))
    assert way in ("own", "gradients", "products")
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())
    assert torch.equal(torch.random.get_rng_state(), random)


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


def test_a_run_and_its_resumption_work_convolutions_out_as_was_measured_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Convolutions] = ["products"]
    ways: list[str] = []

    def chosen(*given: object, forwards: bool = False, at_once: int = 1) -> Generator[Event, None, Choice]:
        assert not forwards and at_once == 8  # where stages train, features are computed as they are
        yield Progress(what=module.MEASURING, done=1, total=1)
        return Choice("bf16", "channels_last", 1.0, found[0])

    def deep(way: str, dtype: torch.dtype) -> DeepConvolutions:
        ways.append(way)
        return DeepConvolutions(way, dtype)

    monkeypatch.setattr(resolving, "measure", chosen)
    monkeypatch.setattr(module.devices, "DeepConvolutions", deep)
    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)
    backbone = {"name": "mobilenet_v3_small", "freeze": 0}
    wanted = project(two_tasks(tmp_path), backbone, preset="full", epochs=1, patience=0, precision="auto")
    whole = carry_out(wanted, tmp_path, "whole")
    broken = carry_out(wanted, tmp_path, "broken", watch=cancelled_at(1))
    resolved = load_resolved(tmp_path / "runs/broken")
    assert (resolved.convolutions, resolved.feature_precision) == ("products", resolved.precision)
    before, found[0] = len(ways), "own"  # as another machine would find, or another moment
    rest = carry_out(wanted, tmp_path, "broken", resume=True)
    assert len(ways) > before and set(ways) == {"products"}
    assert {**losses(broken), **losses(rest)} == losses(whole)
    one, other = weights(tmp_path, run="whole"), weights(tmp_path, run="broken")
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def cancelled_at(step: int) -> Callable[[Event, Control], None]:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last >= step:
            control.cancel()

    return watch
