"""timm's networks by name; the one place that touches its registry. timm is an extra and need not be installed."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import torch
from torch import nn

from workbench.core import catalogue
from workbench.core.errors import RequestError

_ANY_SIZE: dict[str, Any] = {"dynamic_img_size": True, "dynamic_img_pad": True, "strict_img_size": False}
"""What timm's transformers have to be told to take pictures of any size, as far as they know the option."""


def library(name: str) -> ModuleType:
    """timm, for the backbone of that name.

    Raises:
        RequestError: it is not installed.
    """
    catalogue.check_library(name)
    import timm

    return timm


def network(name: str) -> nn.Module:
    """timm's network `timm/NAME` with random weights, without its class head, in eval mode.

    Where the network would take pictures of one size alone and timm knows how to let it take others, it does.

    Raises:
        RequestError: timm is not installed, or the installed one has no such network.
    """
    timm = library(name)
    architecture = name.removeprefix(catalogue.HUB)
    if not timm.is_model(architecture):
        raise RequestError(
            f"The installed timm {timm.__version__} has no {architecture}.", "Run pip install --upgrade timm."
        )
    with torch.device("meta"):
        plain = timm.create_model(architecture, num_classes=0)
    options = _ANY_SIZE if _fixed(plain) else {}
    known = {key: value for key, value in options.items() if key in _constructor(type(plain))}
    model: nn.Module = timm.create_model(architecture, num_classes=0, **known)
    return model.eval()


def input_size(model: nn.Module) -> int:
    """Width and height, in pixels, that a network of timm's was made for."""
    _, height, _ = model.pretrained_cfg["input_size"]  # type: ignore[index,misc]
    return int(height)


def _fixed(model: nn.Module) -> bool:
    return bool(model.pretrained_cfg.get("fixed_input_size", False))  # type: ignore[operator,union-attr]


def _constructor(kind: type) -> set[str]:
    """The options that a class and those that it is made from can be built with."""
    return {key for each in kind.__mro__ if "__init__" in vars(each) for key in inspect.signature(each).parameters}
