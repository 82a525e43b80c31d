"""Transformers: a stage is one block; what leads to a block's resolution belongs to that block."""

from __future__ import annotations

from workbench.engine.model.plans.base import Plan, blocks

_TOKENS = ("conv_proj", "class_token", "encoder.pos_embedding")


def _vit(name: str, title: str, features: int, count: int) -> Plan:
    """Patches and blocks of a vision transformer.

    The final norm belongs to the last block: 1,536 parameters are no rung of their own on a ladder, and so
    the last stage ends, as in every other family, with what the head sees.
    """
    layers = [(f"encoder.layers.encoder_layer_{index}",) for index in range(count)]
    stages = blocks((*_TOKENS, "encoder.dropout"), *layers[:-1], (*layers[-1], "encoder.ln"))
    return Plan(name, title, "ViT", 2020, features, ("heads",), stages, shape="tokens", unit="block")


def _swin(name: str, title: str, family: str, year: int, features: int, depth: int) -> Plan:
    """Blocks of a Swin transformer, whose third step has `depth` and the others two; merging patches begins a block."""
    stages: list[tuple[str, ...]] = [("features.0",)]
    for step, count in enumerate((2, 2, depth, 2)):
        layer = 2 * step + 1
        merging = (f"features.{layer - 1}",) if step else ()
        stages += [((*merging, f"features.{layer}.0"))]
        stages += [(f"features.{layer}.{index}",) for index in range(1, count)]
    stages[-1] = (*stages[-1], "norm")
    return Plan(name, title, family, year, features, _SWIN_HEAD, blocks(*stages), shape="rows", unit="block")


_SWIN_HEAD = ("permute", "avgpool", "flatten", "head")

VITS = (
    _vit("vit_b_16", "ViT-B/16", 768, 12),
    _vit("vit_b_32", "ViT-B/32", 768, 12),
    _vit("vit_l_16", "ViT-L/16", 1024, 24),
    _vit("vit_l_32", "ViT-L/32", 1024, 24),
    _vit("vit_h_14", "ViT-H/14", 1280, 32),
)

SWINS = (
    _swin("swin_t", "Swin-T", "Swin", 2021, 768, 6),
    _swin("swin_s", "Swin-S", "Swin", 2021, 768, 18),
    _swin("swin_b", "Swin-B", "Swin", 2021, 1024, 18),
    _swin("swin_v2_t", "SwinV2-T", "SwinV2", 2021, 768, 6),
    _swin("swin_v2_s", "SwinV2-S", "SwinV2", 2021, 768, 18),
    _swin("swin_v2_b", "SwinV2-B", "SwinV2", 2021, 1024, 18),
)

_MAXVIT_BLOCKS = ((f"blocks.{step}.layers.{n}",) for step, count in enumerate((2, 2, 5, 2)) for n in range(count))
MAXVITS = (
    Plan(
        "maxvit_t",
        "MaxViT-T",
        "MaxViT",
        2022,
        512,
        ("classifier.0", "classifier.3", "classifier.4", "classifier.5"),
        blocks(("stem",), *_MAXVIT_BLOCKS),
        after_pool=("classifier.1", "classifier.2"),
        shape="windows",
        unit="block",
        grid=224,
    ),
)
"""Its windows of 7 × 7 have to fill the map of every step, the smallest of which is a 32nd of the picture."""
