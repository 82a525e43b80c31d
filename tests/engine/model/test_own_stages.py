"""Tasks that own the backbone's last stages: what they share, what they see, what trains."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from workbench.core.errors import RequestError
from workbench.engine.model.heads import HeadSettings, Maps
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network

NARROW = HeadSettings(hidden=8)


def build(backbone: str = "resnet18", own: tuple[int, ...] = (0, 1, 2), **options: Any) -> MultiTaskNetwork:
    """Tasks a, b.c and d; the last answers for each pixel."""
    kinds = {"a": "linear", "b.c": "mlp", "d": "dense"}
    heads = {task: HeadChoice(kind, 3, NARROW, owned) for (task, kind), owned in zip(kinds.items(), own, strict=False)}
    return build_network(backbone, heads, **options)


def images(size: int = 64, count: int = 2) -> Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(1))


def snapshot(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def changed(network: nn.Module, before: dict[str, Tensor]) -> set[str]:
    return {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}


def step(network: MultiTaskNetwork, tasks: tuple[str, ...] | None = None) -> None:
    """One step by the tasks named, or all, of everything that has a gradient."""
    network.train()
    answers = network.answer(network.see(images(count=4), tasks))
    sum(each.square().mean() + each.mean() for each in answers.values()).backward()  # type: ignore[union-attr]
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.grad is not None:
                parameter -= 0.001 * parameter.grad.sign()
                parameter.grad = None


def equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(value, other[task]) for task, value in one.items())


@pytest.mark.parametrize("backbone", ["resnet18", "mobilenet_v3_small", "squeezenet1_0", "convnext_tiny", "vit_b_16"])
def test_right_after_copying_own_stages_answer_as_the_shared_ones(backbone: str) -> None:
    apart, together = build(backbone, (1, 2, 3)).eval(), build(backbone, (0, 0, 0)).eval()
    with torch.no_grad():
        for parameter in together.backbone.parameters():
            parameter += 0.01
        apart.backbone.load_state_dict(together.backbone.state_dict())
        apart.copy_stages()
        assert equal(apart(images()), together(images()))
        apart.freeze("all")
        assert equal(apart(images()), together(images()))


def test_own_stages_have_torchvisions_names_below_the_tasks() -> None:
    network = build()
    names = {name.rpartition(".")[0] for name in network.state_dict() if name.startswith("branches.")}
    assert {name.split(".")[1] for name in names} == {"task b%2Ec", "task d"}
    assert {name.split(".")[2] for name in names if "task d" in name} == {"layer3", "layer4"}
    assert "branches.task b%2Ec.layer4.1.conv2" in names
    assert not any(name.startswith("branches.") for name in build(own=(0, 0, 0)).state_dict())


def test_a_step_of_a_task_changes_what_it_uses_alone() -> None:
    network = build(own=(0, 1, 2))
    before = snapshot(network)
    step(network, ("d",))
    moved = {".".join(name.split(".")[:3]) for name in changed(network, before)}
    assert {name for name in moved if not name.startswith("heads.")} == {
        "backbone.conv1.weight",
        "backbone.bn1.weight",
        "backbone.bn1.bias",
        "backbone.layer1.0",
        "backbone.layer1.1",
        "backbone.layer2.0",
        "backbone.layer2.1",
        "branches.task d.layer3",
        "branches.task d.layer4",
    }
    assert {name.split(".")[1] for name in moved if name.startswith("heads.")} == {"task d"}


def test_with_batch_norm_that_trains_only_the_statistics_of_what_ran_change() -> None:
    network = build(own=(0, 1, 1), freeze=3, batch_norm="train")
    before = snapshot(network)
    network.train()
    network.see(images(), ("b.c",))
    moved = {name for name in changed(network, before) if "running_mean" in name}
    assert moved and all(name.startswith(("backbone.layer3.", "branches.task b%2Ec.layer4.")) for name in moved)
    assert any(name.startswith("backbone.layer3") for name in moved)


def test_the_same_seed_gives_the_same_whatever_a_task_owns() -> None:
    plain, owning, other = build(own=(0, 0, 0), seed=4), build(own=(0, 1, 2), seed=4), build(own=(0, 1, 2), seed=5)
    state = owning.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in plain.state_dict().items())
    assert all(
        torch.equal(value, owning.backbone.get_parameter(name))
        for name, value in owning.branches["d"].named_parameters()
    )
    weight = "layer4.1.conv2.weight"
    assert not torch.equal(other.branches["d"].get_parameter(weight), owning.branches["d"].get_parameter(weight))


def frozen_names(network: MultiTaskNetwork) -> set[str]:
    return {name for name, p in network.named_parameters() if not p.requires_grad}


@pytest.mark.parametrize("own", [(0, 1, 2), (1, 2, 5), (5, 5, 5), (0, 0, 4)])
def test_freezing_up_and_down_freezes_copies_like_their_stages(own: tuple[int, ...]) -> None:
    network = build(own=own)
    least = min(own)
    for depth in (0, 2, 4, 5, 3, "all", 1, 0, "all", 2):
        network.freeze(depth)  # type: ignore[arg-type]
        frozen = 5 if depth == "all" else depth
        assert isinstance(frozen, int)
        for index in range(5):
            unused = index >= 5 - least
            assert {p.requires_grad for p in network.backbone.stage_parameters(index).values()} == {
                index >= frozen and not unused
            }
            for task, branch in network.branches.items():
                expected = {index >= frozen} if index >= branch.first_stage else set()
                assert {p.requires_grad for p in branch.stage_parameters(index).values()} == expected, task
        assert all(p.requires_grad for p in network.heads.parameters())


def test_frozen_copies_keep_batch_norm_still_in_every_mode() -> None:
    network = build(own=(0, 1, 2), freeze=4, batch_norm="train").train()
    branch = network.branches["d"]
    assert not branch.get_submodule("layer3.0.bn1").training and branch.get_submodule("layer4.0.bn1").training
    before = snapshot(network)
    step(network)
    assert not any(".layer3." in name for name in changed(network, before))


def test_frozen_copies_that_equal_the_shared_stages_do_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build(own=(0, 2, 2)).eval()
    ran: list[str] = []
    for task, branch in network.branches.items():
        run = branch.run_stage
        monkeypatch.setattr(
            branch, "run_stage", lambda index, x, task=task, run=run: (ran.append(f"{task} {index}"), run(index, x))[1]
        )
    whole = network(images())
    assert ran == ["b.c 3", "b.c 4", "d 3", "d 4"]
    ran.clear()
    network.freeze(4)
    assert equal(network(images()), whole) and ran == ["b.c 4", "d 4"]
    ran.clear()
    network.freeze("all")
    assert equal(network(images()), whole) and ran == []
    assert equal(network.from_features(network.features(images())), {task: whole[task] for task in ("a", "b.c")})


def test_what_was_learnt_stays_when_it_is_frozen_afterwards() -> None:
    network = build(own=(0, 1, 2))
    step(network)
    with torch.no_grad():
        learnt = network.eval()(images())
        for depth in ("all", 4, 0, "all"):
            network.freeze(depth)  # type: ignore[arg-type]
            assert equal(network(images()), learnt)


def test_the_state_dict_of_a_trained_network_goes_round() -> None:
    network, other = build(own=(0, 1, 2), seed=1), build(own=(0, 1, 2), seed=2, freeze="all").eval()
    step(network)
    other.load_state_dict(network.state_dict())
    with torch.no_grad():
        assert equal(other(images()), network.eval()(images()))
        twin = copy.deepcopy(other)
        assert equal(twin(images()), other(images()))


def test_groups_hold_each_parameter_that_trains_once_at_the_height_of_its_stage() -> None:
    network = build(own=(1, 2, 3), freeze=1)
    groups = network.parameter_groups()
    assert [(group.name, group.stage, group.task) for group in groups] == [
        ("stage1", 1, None),
        ("stage2", 2, None),
        ("stage3", 3, None),
        ("stage4 of a", 4, "a"),
        ("stage3 of b.c", 3, "b.c"),
        ("stage4 of b.c", 4, "b.c"),
        ("stage2 of d", 2, "d"),
        ("stage3 of d", 3, "d"),
        ("stage4 of d", 4, "d"),
        ("head a", None, "a"),
        ("head b.c", None, "b.c"),
        ("head d", None, "d"),
    ]
    grouped = [id(parameter) for group in groups for parameter in group.parameters]
    trained = [id(parameter) for parameter in network.parameters() if parameter.requires_grad]
    assert len(grouped) == len(set(grouped)) and set(grouped) == set(trained)


def stages_of(network: MultiTaskNetwork, parameters: list[nn.Parameter]) -> list[int]:
    wanted = {id(parameter) for parameter in parameters}
    found = [i for i in range(5) if wanted >= {id(p) for p in network.backbone.stage_parameters(i).values()}]
    held = {id(p) for index in found for p in network.backbone.stage_parameters(index).values()}
    assert held == wanted, "whole stages, each weight once"
    assert len(wanted) == len(parameters)
    return found


@pytest.mark.parametrize(
    ("own", "freeze", "shared", "common"),
    [
        ((0, 0, 0), 0, [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]),
        ((0, 0, 0), 3, [3, 4], [3, 4]),
        ((0, 1, 2), 1, [1, 2, 3], [1, 2]),
        ((0, 0, 3), 1, [1, 2, 3, 4], [1]),
        ((0, 2, 2), 1, [1, 2], [1, 2]),
        ((0, 5, 5), 0, [], []),
        ((2, 2, 2), 3, [], []),
        ((0, 1, 2), "all", [], []),
    ],
)
def test_who_uses_what(own: tuple[int, ...], freeze: Any, shared: list[int], common: list[int]) -> None:
    network = build(own=own, freeze=freeze)
    assert stages_of(network, network.shared_parameters()) == shared
    assert stages_of(network, network.common_parameters()) == common
    parts = [network.shared_parameters(), *(network.own_parameters(task) for task in network.tasks)]
    held = [id(parameter) for part in parts for parameter in part]
    trained = {id(parameter) for parameter in network.parameters() if parameter.requires_grad}
    assert len(held) == len(set(held)) and set(held) == trained


def test_a_task_alone_shares_nothing() -> None:
    network = build(own=(1,), freeze=2)
    assert network.shared_parameters() == network.common_parameters() == []
    trained = [p for p in network.parameters() if p.requires_grad]
    assert {id(p) for p in network.own_parameters("a")} == {id(p) for p in trained}


def test_each_task_sees_its_own_maps_above_and_the_shared_ones_below() -> None:
    network = build(own=(0, 1, 2))
    step(network)
    seen = network.eval().see(images())
    assert list(seen) == ["a", "b.c", "d"]
    maps = seen["d"]
    assert isinstance(maps, Maps) and maps.size == (64, 64)
    shared = network.maps(images())
    assert [torch.equal(one, two) for one, two in zip(maps.maps, shared, strict=True)] == [True] * 3 + [False] * 2
    features = seen["a"]
    assert isinstance(features, Tensor) and torch.equal(features, network.features(images()))
    own = seen["b.c"]
    assert isinstance(own, Tensor) and not torch.equal(own, features)
    assert list(network.see(images(), ["d", "a"])) == ["d", "a"]


@pytest.mark.parametrize("freeze", [0, 3, 4, "all"])
def test_frozen_part_and_rest_are_the_network_with_own_stages_too(freeze: Any) -> None:
    network = build(own=(0, 1, 2))
    step(network)
    network.eval().freeze(freeze)
    with torch.no_grad():
        whole = network(images())
        rest = network.rest(network.frozen_part(images()))
    assert equal(rest, {task: whole[task] for task in ("a", "b.c")})


def test_gradients_in_reduced_precision_reach_own_stages_and_answers_are_exact() -> None:
    network = build(own=(0, 1, 2)).train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        seen = network.see(images().contiguous(memory_format=torch.channels_last))
        answers = network.answer(seen)
    assert all(each.dtype == torch.float32 for each in answers.values())
    sum(each.square().mean() for each in answers.values()).backward()  # type: ignore[union-attr]
    assert all(p.grad is not None for branch in network.branches.values() for p in branch.parameters())


def test_more_stages_than_there_are_cannot_be_owned() -> None:
    sentence = r"Task b\.c asks for 6 stages of its own, and resnet18 has 5\. Set the task's own_stages .* 0 to 5\."
    with pytest.raises(RequestError, match=sentence):
        build(own=(0, 6, 0))


@pytest.mark.parametrize("size", [(64, 64), (61, 47)])
@pytest.mark.parametrize("backbone", ["resnet18", "mobilenet_v3_small", "densenet121", "convnext_tiny", "swin_t"])
def test_masks_are_answered_on_all_shapes_of_backbone_at_the_pictures_size(
    backbone: str, size: tuple[int, int]
) -> None:
    heads = {"a": HeadChoice("linear", 2), "m": HeadChoice("dense", 4, NARROW, own_stages=1)}
    network = build_network(backbone, heads, freeze=3).train()
    answers = network(torch.rand(1, 3, *size))
    assert answers["m"].shape == (1, 4, *size) and answers["a"].shape == (1, 2)
    (answers["m"].square().sum() + answers["a"].sum()).backward()
    assert all(p.grad is not None and bool(torch.isfinite(p.grad).all()) for p in network.heads["m"].parameters())
