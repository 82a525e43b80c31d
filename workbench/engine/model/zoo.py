"""torchvision's networks and weights by name; the one place that touches its registry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import torch
from torch import nn
from torchvision.models import get_model, get_model_weights  # type: ignore[attr-defined]
from torchvision.models.regnet import BlockParams

# Auxiliary class heads serve training from scratch alone; and torchvision warns unless told whether to draw weights.
_ASIDE: dict[str, Any] = {"aux_logits": False, "init_weights": True}
_OPTIONS: dict[str, dict[str, Any]] = {"googlenet": _ASIDE, "inception_v3": _ASIDE}


def network(name: str, **options: Any) -> nn.Module:
    """torchvision's network of that name with random weights and its 1000-class head.

    Args:
        options: of torchvision's, such as the `image_size` of a vision transformer.
    """
    with _numbers_for_regnets():
        model: nn.Module = get_model(name, weights=None, **_OPTIONS.get(name, {}), **options)
    return model


@contextmanager
def _numbers_for_regnets() -> Iterator[None]:
    """Let torchvision work out a RegNet's widths, which it does with tensors, while all else is built without data."""
    reckon = BlockParams.from_init_params

    def on_cpu(*args: Any, **options: Any) -> Any:
        with torch.device("cpu"):
            return reckon(*args, **options)

    with mock.patch.object(BlockParams, "from_init_params", on_cpu):
        yield


def default_weights(name: str) -> Any:
    """torchvision's default weights of a network: an enum member with name, url, meta and transforms()."""
    return get_model_weights(name).DEFAULT  # type: ignore[attr-defined]


def weights_by_name(name: str) -> dict[str, Any]:
    """All of torchvision's weights of a network by their names, such as IMAGENET1K_V1; the default ones first."""
    default = default_weights(name)
    others = (member for member in get_model_weights(name) if member is not default)
    return {str(member.name): member for member in (default, *others)}
