"""torchvision's networks and weights by name; the one place that touches its registry."""

from __future__ import annotations

from typing import Any

from torch import nn
from torchvision.models import get_model, get_model_weights  # type: ignore[attr-defined]


def network(name: str) -> nn.Module:
    """torchvision's network of that name with random weights and its 1000-class head."""
    model: nn.Module = get_model(name, weights=None)
    return model


def default_weights(name: str) -> Any:
    """torchvision's default weights of a network: an enum member with name, url, meta and transforms()."""
    return get_model_weights(name).DEFAULT  # type: ignore[attr-defined]


def weights_by_name(name: str) -> dict[str, Any]:
    """All of torchvision's weights of a network by their names, such as IMAGENET1K_V1."""
    return {str(member.name): member for member in get_model_weights(name)}
