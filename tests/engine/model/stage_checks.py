"""What holds for the stages of every backbone, of whatever library."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from workbench.core import catalogue
from workbench.engine.model.backbones import Backbone, build_backbone


def on_meta(name: str) -> Backbone:
    """A backbone without numbers."""
    with torch.device("meta"):
        return build_backbone(name).eval()


def images(count: int = 2, size: int = 64) -> Tensor:
    """Pictures of noise, always the same."""
    return torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(1))


def check_cover(backbone: Backbone) -> None:
    """The stages hold every parameter and every module with state exactly once."""
    covered = [id(parameter) for stage in backbone.stages for parameter in stage.parameters.values()]
    assert sorted(covered) == sorted(id(parameter) for parameter in backbone.parameters())
    by_stage = [{id(inner) for module in stage.modules for inner in module.modules()} for stage in backbone.stages]
    held = set[int]().union(*by_stage)
    assert len(held) == sum(map(len, by_stage))
    with_buffers = {name: module for name, module in backbone.named_modules() if module._buffers and name}
    free = {name for name, module in with_buffers.items() if id(module) not in held}
    assert free <= {"rope"}, "the table of rotations belongs to all blocks"


def check_freezing(backbone: Backbone) -> None:
    """Freezing stage by stage freezes exactly those."""
    owned = [list(backbone.stage_parameters(index).values()) for index in range(backbone.stage_count)]
    for depth in [*range(backbone.stage_count + 1), 0]:
        backbone.freeze(depth)
        for index, parameters in enumerate(owned):
            assert all(parameter.requires_grad == (index >= depth) for parameter in parameters)
    backbone.freeze("all")
    assert not any(parameter.requires_grad for parameter in backbone.parameters())


def check_shapes(backbone: Backbone) -> None:
    """Features and maps are of the shapes that the facts say, and from any boundary on, one comes to the features."""
    facts = catalogue.get(backbone.name)
    pictures = torch.empty(2, 3, facts.input_size, facts.input_size, device="meta")
    at = [pictures]
    with torch.no_grad():
        for index in range(backbone.stage_count):
            at.append(backbone.run_stage(index, at[-1]))
        assert backbone.pool(at[-1]).shape == (2, facts.features) == (2, backbone.out_features)
    for index, stage in enumerate(facts.stages):
        assert sum(p.numel() for p in backbone.stage_parameters(index).values()) == stage.parameters
        if facts.dense:
            size = (facts.input_size, facts.input_size)
            made = backbone.as_map(index, at[index + 1], size)
            assert made.shape == (2, stage.channels, stage.size, stage.size)


def check_boundaries(backbone: Backbone, pictures: Tensor) -> Tensor:
    """Running stage by stage is running through, and no stage writes into what it was given; gives the features."""
    count = backbone.stage_count
    with torch.no_grad():
        whole: Tensor = backbone(pictures)
        at = [pictures]
        kept = [pictures.clone()]
        for index in range(count):
            given = backbone.run_stage(index, at[-1])
            at.append(given)
            kept.append(given.clone())
        assert torch.equal(backbone.pool(at[-1]), whole)
        assert all(torch.equal(now, before) for now, before in zip(at, kept, strict=True)), "written into"
        middle = count // 2
        assert torch.equal(backbone.forward_stages(at[middle], middle, count), whole)
    return whole


def check_gradients(backbone: Backbone, pictures: Tensor) -> None:
    """A stage run alone gives gradients to its own parameters and to no others."""
    names = {id(parameter): name for name, parameter in backbone.named_parameters()}
    x = pictures
    for index in range(backbone.stage_count):
        backbone.zero_grad(set_to_none=True)
        made = backbone.forward_stages(x.detach(), index, index + 1)
        made.square().sum().backward()  # type: ignore[no-untyped-call]
        own = {names[id(parameter)] for parameter in backbone.stage_parameters(index).values()}
        reached = {name for name, parameter in backbone.named_parameters() if parameter.grad is not None}
        assert reached <= own
        x = made


def randomised(backbone: Backbone) -> Backbone:
    """The backbone with no number at nought or one, so that nothing is passed over unseen."""
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for tensor in backbone.state_dict().values():
            if tensor.is_floating_point():
                tensor += 0.02 * torch.rand(tensor.shape, generator=generator)
    return backbone


def take_over(network: nn.Module, backbone: Backbone) -> nn.Module:
    """The library's own network with the backbone's numbers."""
    numbers = backbone.state_dict()
    for name, tensor in network.state_dict().items():
        if name in numbers:
            tensor.copy_(numbers[name])
    return network
