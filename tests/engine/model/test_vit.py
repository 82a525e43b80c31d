"""The vision transformer: at its own size it is torchvision's, at others its position embeddings follow."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torchvision.models.vision_transformer import VisionTransformer

from workbench.engine.model.backbones import wrap
from workbench.engine.model.plans import Plan, StagePlan
from workbench.engine.model.vit import TokenBackbone, resize_positions

BLOCKS = (
    StagePlan("stem", "Patches", ("conv_proj", "class_token", "encoder.pos_embedding", "encoder.dropout")),
    StagePlan("block1", "Block 1", ("encoder.layers.encoder_layer_0",)),
    StagePlan("block2", "Block 2", ("encoder.layers.encoder_layer_1", "encoder.ln")),
)
SMALL = Plan("small", "Small", "ViT", 2020, 24, ("heads",), BLOCKS, shape="tokens")


def small_network(size: int = 64) -> VisionTransformer:
    torch.manual_seed(3)
    network = VisionTransformer(size, 16, num_layers=2, num_heads=2, hidden_dim=24, mlp_dim=48, num_classes=5)
    nn.init.normal_(network.class_token)
    return network.eval()


def small_backbone(size: int = 64) -> TokenBackbone:
    backbone = wrap(SMALL, small_network(size)).eval()
    assert isinstance(backbone, TokenBackbone)
    return backbone


def images(height: int, width: int) -> Tensor:
    return torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(1))


def test_at_its_own_size_it_is_torchvisions() -> None:
    network, backbone = small_network(), small_backbone()
    seen: list[Tensor] = []
    network.heads.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    with torch.no_grad():
        network(images(64, 64))
        torch.testing.assert_close(backbone(images(64, 64)), seen[0])


def test_running_in_two_parts_is_running_through_at_other_sizes() -> None:
    backbone = small_backbone()
    for shape in ((64, 64), (96, 96), (32, 48), (70, 90)):
        with torch.no_grad():
            whole = backbone(images(*shape))
            assert whole.shape == (2, 24)
            for boundary in range(4):
                half = backbone.forward_stages(images(*shape), 0, boundary)
                assert torch.equal(backbone.forward_stages(half, boundary, 3), whole)


def test_position_embeddings_follow_the_grid() -> None:
    side = torch.linspace(0, 1, 4)
    rows = side.view(4, 1).expand(4, 4).reshape(16, 1)
    positions = torch.cat([torch.full((1, 1), 9.0), rows]).unsqueeze(0)  # (1, 17, 1), rising from row to row
    assert resize_positions(positions, 4, 4) is positions
    other = resize_positions(positions, 8, 6)
    assert other.shape == (1, 1 + 48, 1)
    assert other[0, 0, 0] == 9.0, "the class token's embedding has no place on the grid"
    grid = other[0, 1:, 0].view(8, 6)
    assert torch.allclose(grid, grid[:, :1].expand(8, 6), atol=1e-5)
    assert bool((grid[1:, 0] > grid[:-1, 0]).all())
    constant = torch.ones(1, 17, 3)
    torch.testing.assert_close(resize_positions(constant, 7, 5), torch.ones(1, 36, 3))


def test_position_embeddings_still_train_when_interpolated() -> None:
    backbone = small_backbone()
    backbone(images(96, 96))[:, 0].sum().backward()
    gradient = backbone.get_parameter("encoder.pos_embedding").grad
    assert gradient is not None and gradient.abs().sum() > 0


def test_maps_are_tokens_laid_out_as_the_picture() -> None:
    backbone = small_backbone()
    with torch.no_grad():
        maps = backbone.maps(images(64, 96))
        tokens = backbone.forward_stages(images(64, 96), 0, 1)
    assert [each.shape for each in maps] == [(2, 24, 4, 6)] * 3
    assert torch.equal(maps[0][1, :, 2, 5], tokens[1, 1 + 2 * 6 + 5])


def test_files_of_another_size_and_of_old_names_fit() -> None:
    backbone = small_backbone(64)
    larger = small_network(96).state_dict()
    old = {
        key.replace(".mlp.0.", ".mlp.linear_1.").replace(".mlp.3.", ".mlp.linear_2."): value
        for key, value in larger.items()
    }
    assert set(old) != set(larger)
    state = backbone.adapt_state(old)
    left = backbone.load_state_dict(state, strict=False)
    assert left.missing_keys == []
    assert all(key.startswith("heads.") for key in left.unexpected_keys)
