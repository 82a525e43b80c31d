"""Batch-norm statistics: exact over batches, anchored at what the network was trained with, and nothing else."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from workbench.engine.transfer.domains.batch_norm import (
    Moments,
    Shift,
    batch_norms,
    set_statistics,
    statistics_of,
    target_weight,
    watched,
)


@pytest.fixture
def network() -> nn.Sequential:
    torch.manual_seed(0)
    made = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 5, 3), nn.BatchNorm2d(5))
    for layer in batch_norms(made).values():
        assert layer.running_mean is not None and layer.running_var is not None
        layer.running_mean.uniform_(-1, 1)
        layer.running_var.uniform_(0.5, 2)
        nn.init.uniform_(layer.weight, 0.5, 1.5)
        nn.init.uniform_(layer.bias, -1, 1)
    return made.eval()


@pytest.mark.parametrize("cut", [1, 3, 7])
def test_moments_of_batches_are_those_of_everything(cut: int) -> None:
    x = torch.randn(8, 3, 5, 6) * 4 + 20
    parts = Moments.of(x[:cut]).joined(Moments.of(x[cut:]))
    whole = x.double().transpose(0, 1).flatten(1)
    torch.testing.assert_close(parts.mean, whole.mean(dim=1), atol=1e-5, rtol=1e-6)
    torch.testing.assert_close(parts.variance, whole.var(dim=1, correction=0), atol=1e-4, rtol=1e-5)
    assert parts.count == 8 * 30


def test_on_one_batch_it_is_what_batch_norm_in_training_does(network: nn.Sequential) -> None:
    x = torch.rand(6, 3, 12, 12)
    with torch.no_grad(), watched(network, Shift(statistics_of(network), None, 1.0)) as found:
        inside = network(x)
    set_statistics(network, found)
    after = network(x)
    expected = network.train()(x)
    torch.testing.assert_close(inside, expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(after, expected, atol=1e-4, rtol=1e-4)


def test_anchored_target_pictures_leave_each_layer_as_training_pictures_do(network: nn.Sequential) -> None:
    source, target = torch.rand(16, 3, 12, 12), torch.rand(16, 3, 12, 12) * 0.3 + 0.5
    stored = statistics_of(network)
    with torch.no_grad():
        with watched(network) as seen:
            wanted = network(source)
        shift = Shift(stored, seen, 1.0)
        with watched(network, shift) as found:
            network(target)
        set_statistics(network, {name: shift.of(name, moments) for name, moments in found.items()})
        given = network(target)
    for at in range(5):
        assert float(given[:, at].mean()) == pytest.approx(float(wanted[:, at].mean()), abs=1e-3)
        assert float(given[:, at].std()) == pytest.approx(float(wanted[:, at].std()), rel=1e-2)


def test_where_the_stored_are_those_of_the_source_it_is_plain_adabn(network: nn.Sequential) -> None:
    source, target = torch.rand(16, 3, 12, 12), torch.rand(16, 3, 12, 12) * 0.3
    with torch.no_grad(), watched(network, Shift(statistics_of(network), None, 1.0)) as own:
        network(source)
    set_statistics(network, own)
    with torch.no_grad():
        with watched(network) as seen:
            network(source)
        with watched(network, Shift(own, seen, 1.0)) as anchored:
            network(target)
        with watched(network, Shift(own, None, 1.0)) as plain:
            network(target)
    for name in own:
        torch.testing.assert_close(anchored[name].mean, plain[name].mean, atol=1e-4, rtol=1e-3)
        torch.testing.assert_close(anchored[name].variance, plain[name].variance, atol=1e-4, rtol=1e-3)


def test_nothing_of_the_target_leaves_everything_and_watching_leaves_no_trace(network: nn.Sequential) -> None:
    before = {name: value.clone() for name, value in network.state_dict().items()}
    shift = Shift(statistics_of(network), None, 0.0)
    with torch.no_grad(), watched(network, shift) as found:
        network(torch.rand(4, 3, 9, 9))
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    set_statistics(network, {name: shift.of(name, moments) for name, moments in found.items()})
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    hooks = [layer._forward_pre_hooks for layer in batch_norms(network).values()]
    assert not any(hooks)


def test_few_pictures_weigh_little_beside_the_prior() -> None:
    assert target_weight(1.0, 16, 0) == 0.0
    assert target_weight(1.0, 16, 16) == 0.5
    assert target_weight(1.0, 0, 3) == 1.0
    assert target_weight(0.5, 16, 10**6) == pytest.approx(0.5, abs=1e-4)
