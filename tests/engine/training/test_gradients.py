"""Tasks' gradients on shared weights, on problems small enough to check by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from workbench.engine.model.heads import HeadSettings
from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.training.gradients import SharedGradients


def weights() -> tuple[nn.Parameter, nn.Parameter, nn.Parameter]:
    """One that three tasks use, one that two of them use, and one that a task has to itself."""
    return nn.Parameter(torch.tensor([1.0, 2.0])), nn.Parameter(torch.tensor([3.0])), nn.Parameter(torch.tensor([5.0]))


def gathered(scale: float = 1.0) -> tuple[SharedGradients, tuple[nn.Parameter, nn.Parameter, nn.Parameter]]:
    """Objectives a = w₀ + w₁ + 2v, b = 3w₀ + v², c = w₁ · own: gradients (1, 1, 2), (3, 0, 6), (0, 5, 0) on (w, v)."""
    w, v, own = weights()
    found = SharedGradients(["a", "b", "c"], [w, v], scale)
    objectives = {"a": w.sum() + 2 * v.sum(), "b": 3 * w[0] + (v**2).sum(), "c": w[1] * own.sum()}
    for task, objective in objectives.items():
        found.add(task, scale * objective, [own] if task == "c" else [], keep_graph=False)
    return found, (w, v, own)


@pytest.mark.parametrize("scale", [1.0, 64.0])
def test_a_gradient_on_weights_that_a_task_does_not_use_is_nought(scale: float) -> None:
    found, (w, v, own) = gathered(scale)
    jacobian = torch.tensor([[1, 1, 2], [3, 0, 6], [0, 5, 0]], dtype=torch.float64)
    assert torch.equal(found.gramian(), jacobian @ jacobian.T)
    on_w = torch.tensor([[1, 1], [3, 0], [0, 5]], dtype=torch.float64)
    assert torch.equal(found.gramian(common=[w]), on_w @ on_w.T)
    on_v = torch.tensor([[2], [6], [0]], dtype=torch.float64)
    assert torch.equal(found.gramian(common=[v]), on_v @ on_v.T)
    assert torch.equal(found.gramian(common=[v, w]), found.gramian())
    assert torch.equal(found.gramian(common=[]), torch.zeros(3, 3, dtype=torch.float64))
    with pytest.raises(ValueError, match="not among"):
        found.gramian(common=[own])


def test_shared_weights_get_the_factors_and_own_ones_their_tasks_gradient() -> None:
    found, (w, v, own) = gathered()
    found.write({"a": 1.0, "b": 2.0, "c": 0.5})
    assert w.grad is not None and v.grad is not None and own.grad is not None
    assert w.grad.tolist() == [7.0, 3.5] and v.grad.tolist() == [14.0] and own.grad.tolist() == [2.0]


@pytest.mark.parametrize("own_stages", [(0, 0, 0), (0, 1, 2)])
def test_by_task_and_jointly_give_a_network_the_same_gradients(own_stages: tuple[int, int, int]) -> None:
    settings = HeadSettings(hidden=8)
    heads = {
        task: HeadChoice(kind, 2, settings, own)
        for (task, kind), own in zip({"a": "linear", "b": "number", "m": "dense"}.items(), own_stages, strict=True)
    }
    network = build_network("resnet18", heads, freeze=2).train()
    images = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))

    def objectives() -> dict[str, Tensor]:
        return {task: answer.square().mean() + answer.mean() for task, answer in network(images).items()}

    torch.stack(list(objectives().values())).sum().backward()
    joint = {name: p.grad.clone() for name, p in network.named_parameters() if p.grad is not None}
    network.zero_grad(set_to_none=True)
    shared, found = network.shared_parameters(), SharedGradients(list(heads), network.shared_parameters())
    for task, objective in objectives().items():
        found.add(task, objective, network.own_parameters(task), keep_graph=task != "m")
    found.write(dict.fromkeys(heads, 1.0))
    apart = {name: p.grad for name, p in network.named_parameters() if p.grad is not None}
    assert apart.keys() == joint.keys()
    for name, gradient in apart.items():
        torch.testing.assert_close(gradient, joint[name], rtol=1e-3, atol=1e-5)
    whole, common = found.gramian(), found.gramian(common=network.common_parameters())
    if not any(own_stages):
        assert torch.equal(whole, common)
        return
    assert len(shared) > len(network.common_parameters())
    assert torch.allclose(whole[2], common[2], rtol=1e-3), "the last task uses no shared weight but the common ones"
    assert bool(whole[0, 0] > 1.01 * common[0, 0])
