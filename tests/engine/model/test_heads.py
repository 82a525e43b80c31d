"""Every kind of head that learns, by the same tests."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.core.kinds import CLOSED_FORM, KINDS
from workbench.core.kinds import HEADS as HEADS_OF_KINDS
from workbench.engine.model.heads import (
    HEADS,
    CosineHead,
    DenseHead,
    Head,
    HeadSettings,
    LinearHead,
    NumberHead,
    PrototypeHead,
    VectorHead,
    Widths,
)

WIDTHS = Widths(12, (6, 10, 16))
SIZE = (31, 22)
CLASSES = 3
LEARNT = [kind for kind in HEADS if kind not in CLOSED_FORM]
VECTOR = [kind for kind in LEARNT if kind != "dense"]
SINGLE = [kind for kind in HEADS_OF_KINDS["single-label"] if kind in LEARNT]


def build(kind: str, dropout: float = 0.0, hidden: int = 8) -> Any:
    torch.manual_seed(0)
    return HEADS[kind](WIDTHS, CLASSES, HeadSettings(dropout=dropout, hidden=hidden))


def features(count: int = 50, seed: int = 1) -> Tensor:
    scales = torch.logspace(-3, 3, 12)
    return torch.randn(count, 12, generator=torch.Generator().manual_seed(seed)) * scales + scales


def maps(count: int = 4) -> list[Tensor]:
    """Maps of a picture with odd sizes, of very unlike scales."""
    made = torch.Generator().manual_seed(2)
    sizes = [(16, 11), (8, 6), (1, 1)]
    return [
        scale * torch.randn(count, channels, *size, generator=made)
        for scale, channels, size in zip((0.01, 1.0, 100.0), WIDTHS.maps, sizes, strict=True)
    ]


def inputs(head: Head, count: int = 50) -> list[Tensor]:
    """What a head sees, one tensor for each of its inputs."""
    return [features(count)] if head.sees == "features" else maps(min(count, 4))


def ask(head: Head, seen: list[Tensor]) -> Tensor:
    answer: Tensor = head(seen, SIZE) if head.sees == "maps" else head(*seen)
    return answer


def classes_loss(answer: Tensor) -> Tensor:
    targets = torch.arange(answer.numel() // CLASSES).view(len(answer), *answer.shape[2:]) % CLASSES
    return functional.cross_entropy(answer, targets)


def labels_loss(answer: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(
        answer, (torch.arange(answer.numel()).view_as(answer) % 2).float()
    )


def number_loss(answer: Tensor) -> Tensor:
    return functional.gaussian_nll_loss(answer[:, 0], torch.linspace(-1.5, 1.5, len(answer)), answer[:, 1].square())


LOSSES: dict[str, Callable[[Tensor], Tensor]] = {
    "single-label": classes_loss,
    "multi-label": labels_loss,
    "number": number_loss,
    "mask": classes_loss,
}
PAIRS = [(kind, head) for kind, heads in HEADS_OF_KINDS.items() for head in heads if head in LEARNT]


def test_every_head_that_a_project_may_name_exists_and_every_head_answers_a_kind() -> None:
    assert {head for heads in HEADS_OF_KINDS.values() for head in heads} == set(HEADS)
    assert set(LOSSES) == set(KINDS)


@pytest.mark.parametrize("hidden", [0, 8, 30])
@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_answers_are_numbers_of_the_right_shape_and_every_parameter_learns(kind: str, name: str, hidden: int) -> None:
    head = build(name, hidden=hidden)
    answer = ask(head, inputs(head))
    shape = (4, CLASSES, *SIZE) if kind == "mask" else (50, 2 if kind == "number" else CLASSES)
    assert answer.shape == shape and head.outputs == shape[1] and bool(torch.isfinite(answer).all())
    LOSSES[kind](answer).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in head.parameters())
    assert all(bool(torch.isfinite(p.grad).all()) for p in head.parameters())


@pytest.mark.parametrize("name", LEARNT)
def test_an_answer_does_not_depend_on_the_rest_of_the_batch(name: str) -> None:
    head = build(name).train()
    seen = inputs(head)
    whole, alone = ask(head, seen)[2:3], ask(head, [each[2:3] for each in seen])
    torch.testing.assert_close(whole, alone, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_training_begins_near_the_loss_of_guessing(kind: str, name: str) -> None:
    head = build(name)
    seen = inputs(head, 1000)
    head.standardise(seen[0].mean(0), seen[0].std(0))
    guessing = {"single-label": math.log(3), "mask": math.log(3), "multi-label": math.log(2)}
    loss = LOSSES[kind](ask(head, seen)).item()
    if kind == "number":
        targets = torch.linspace(-1.5, 1.5, 1000)
        guessing[kind] = functional.gaussian_nll_loss(torch.zeros(1000), targets, torch.ones(1000)).item()
    assert loss == pytest.approx(guessing[kind], abs=0.05)


@pytest.mark.parametrize(("kind", "name"), [pair for pair in PAIRS if pair[0] != "mask"])
def test_a_head_learns_what_can_be_learnt(kind: str, name: str) -> None:
    head = build(name).train()
    seen = inputs(head)
    head.standardise(seen[0].mean(0), seen[0].std(0))
    optimiser = torch.optim.Adam(head.parameters(), lr=0.03)
    begin = LOSSES[kind](ask(head, seen)).item()
    for _ in range(60):
        optimiser.zero_grad()
        loss = LOSSES[kind](ask(head, seen))
        loss.backward()
        optimiser.step()
    assert LOSSES[kind](ask(head, seen)).item() < begin - 0.1


@pytest.mark.parametrize("name", LEARNT)
def test_the_state_dict_goes_round(name: str) -> None:
    head, other = build(name), build(name)
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.add_(0.1)
    head.standardise(torch.full((12,), 2.0), torch.full((12,), 3.0))
    if isinstance(head, NumberHead):
        head.set_scale(40.0, 5.0)
    other.load_state_dict(head.state_dict())
    assert torch.equal(ask(other, inputs(other)), ask(head, inputs(head)))
    statistics = {"mean", "std", "target_mean", "target_std"}
    assert not statistics & {key for key, _ in head.named_parameters()}


@pytest.mark.parametrize("name", LEARNT)
def test_dropout_works_in_training_only(name: str) -> None:
    head = build(name, dropout=0.5)
    seen = inputs(head)
    assert not torch.equal(ask(head.train(), seen), ask(head, seen))
    assert torch.equal(ask(head.eval(), seen), ask(head, seen))


@pytest.mark.parametrize("name", LEARNT)
def test_a_gradient_reaches_what_is_seen(name: str) -> None:
    """So that the backbone learns; through every map, too. At a dropout of 0.95 it stays finite."""
    for dropout in (0.0, 0.95):
        head = build(name, dropout=dropout).train()
        seen = [each.requires_grad_() for each in inputs(head)]
        answer = ask(head, seen)
        (answer * torch.arange(answer.numel()).view_as(answer).cos()).sum().backward()
        assert all(each.grad is not None and bool(torch.isfinite(each.grad).all()) for each in seen)
        assert dropout or all(each.grad is not None and bool(each.grad.any()) for each in seen)


@pytest.mark.parametrize("name", VECTOR)
def test_standardised_answers_do_not_depend_on_the_features_scale(name: str) -> None:
    plain, scaled = build(name), build(name)
    raw = torch.randn(50, 12, generator=torch.Generator().manual_seed(2))
    plain.standardise(raw.mean(0), raw.std(0))
    moved = raw * 1000 + 5
    scaled.standardise(moved.mean(0), moved.std(0))
    torch.testing.assert_close(plain(raw), scaled(moved), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in LEARNT if name != "prototype"])
def test_only_a_prototype_begins_with_pictures(name: str) -> None:
    head = build(name)
    before = {key: value.clone() for key, value in head.state_dict().items()}
    head.imprint(features(), torch.zeros(50, dtype=torch.long))
    assert all(torch.equal(value, before[key]) for key, value in head.state_dict().items())


def test_the_linear_head_is_its_formula() -> None:
    head = build("linear")
    assert isinstance(head, LinearHead)
    mean, std = torch.arange(12.0), torch.arange(1.0, 13.0)
    head.standardise(mean, std)
    expected = ((features() - mean) / std) @ head.linear.weight.T + head.linear.bias
    torch.testing.assert_close(head(features()), expected)


@pytest.mark.parametrize(("name", "layers"), [("mlp", 2), ("multi-label", 1), ("number", 2)])
def test_a_hidden_layer_stands_where_one_is_asked_for(name: str, layers: int) -> None:
    """Linear layers of the head; mlp brings one, number has one for the spread."""
    count = {hidden: sum(isinstance(m, nn.Linear) for m in build(name, hidden=hidden).modules()) for hidden in (0, 8)}
    assert count == {0: layers, 8: layers + (name != "mlp")}


def test_the_cosine_head_compares_directions_only() -> None:
    head = build("cosine")
    assert isinstance(head, CosineHead)
    x = torch.randn(50, 12, generator=torch.Generator().manual_seed(3))
    expected = head.log_scale.exp() * functional.cosine_similarity(x[:, None], head.directions[None], dim=2)
    torch.testing.assert_close(head(x), expected)
    torch.testing.assert_close(head(7 * x), expected)
    with torch.no_grad():
        head.directions[1] *= 50
    torch.testing.assert_close(head(x), expected)


def test_what_has_no_direction_gets_a_bounded_gradient() -> None:
    head = build("cosine")
    nothing = torch.zeros(1, 12, requires_grad=True)
    head(nothing)[0, 0].backward()
    assert nothing.grad is not None and float(nothing.grad.abs().max()) < 1e4


def test_prototypes_are_the_means_of_their_classes_and_the_nearest_wins() -> None:
    head = build("prototype")
    assert isinstance(head, PrototypeHead)
    seen, targets = features(), torch.arange(50) % 2
    seen[targets == 1] += 2 * features().std(0)
    targets[:5] = -1
    head.standardise(seen.mean(0), seen.std(0))
    start = head.prototypes[2].clone()
    head.imprint(seen, targets)
    x = (seen - head.mean) / head.std
    means = torch.stack([x[targets == 0].mean(0), x[targets == 1].mean(0)])
    torch.testing.assert_close(head.prototypes[:2].detach(), means)
    assert torch.equal(head.prototypes[2], start), "a class without pictures keeps its start"
    distances = torch.cdist(x, head.prototypes.detach())
    assert torch.equal(head(seen).argmax(1), distances.argmin(1))
    torch.testing.assert_close(head(seen), -head.log_scale.exp() * distances.square() / 12, rtol=1e-3, atol=1e-3)
    assert head.prototypes.requires_grad


def test_numbers_are_answered_in_their_own_unit() -> None:
    head = build("number")
    plain = head(features())
    head.set_scale(40.0, 5.0)
    torch.testing.assert_close(head(features()), torch.stack([40 + 5 * plain[:, 0], 5 * plain[:, 1]], dim=1))
    head.set_scale(40.0, 0.0)
    torch.testing.assert_close(head(features())[:, 1], plain[:, 1])


def test_a_spread_is_never_nought() -> None:
    head = build("number", hidden=0)
    head.set_scale(0.0, 10.0)
    with torch.no_grad():
        head.spread.bias.fill_(-1000.0)
    assert torch.all(head(features(50) * 0)[:, 1] > 0.09)


@pytest.mark.parametrize("hidden", [0, 8])
def test_learning_the_spread_bends_neither_value_nor_backbone(hidden: int) -> None:
    head = build("number", hidden=hidden)
    seen = features().requires_grad_()
    head(seen)[:, 1].square().sum().backward()
    assert seen.grad is None or not seen.grad.any()
    moved = {key for key, p in head.named_parameters() if p.grad is not None and bool(p.grad.any())}
    assert moved == {"spread.weight", "spread.bias"}


def test_a_dense_head_sees_every_stage() -> None:
    """A change in one map alone, however coarse, changes the answer."""
    head = build("dense")
    assert isinstance(head, DenseHead)
    whole = head(maps(), SIZE)
    for index in range(3):
        changed = maps()
        changed[index] = changed[index].flip(1)
        assert not torch.allclose(head(changed, SIZE), whole)


def test_a_dense_head_learns_an_edge_to_the_pixel() -> None:
    """Pictures whose finest map tells two halves apart."""
    torch.manual_seed(0)
    head = HEADS["dense"](Widths(0, (4, 4)), 2, HeadSettings(hidden=16))
    mask = torch.zeros(2, 16, 16, dtype=torch.long)
    mask[0, :, 6:], mask[1, 10:] = 1, 1
    fine = torch.randn(2, 4, 16, 16) * 0.1
    fine[:, 0] += mask
    seen = [fine, functional.avg_pool2d(fine, 4)]
    optimiser = torch.optim.Adam(head.parameters(), lr=0.01)
    for _ in range(60):
        optimiser.zero_grad()
        functional.cross_entropy(head(seen, (16, 16)), mask).backward()
        optimiser.step()
    assert float((head(seen, (16, 16)).argmax(1) == mask).float().mean()) > 0.99


def test_a_feature_that_never_varied_cannot_drown_the_others() -> None:
    head = build("linear")
    assert isinstance(head, VectorHead)
    std = torch.ones(12)
    std[4] = 0.0
    head.standardise(torch.zeros(12), std)
    assert float(head.std.min()) > 0.005 and float(head.std[3]) == 1.0
    head.standardise(torch.zeros(12), torch.zeros(12))
    assert torch.equal(head.std, torch.ones(12))
