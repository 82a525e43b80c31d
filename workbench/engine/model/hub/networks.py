"""timm's networks by name; the one place that touches its registry. timm is an extra and need not be installed."""

from __future__ import annotations

import inspect
from functools import cache
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
        options = _options(architecture)
    model: nn.Module = timm.create_model(architecture, num_classes=0, **options)
    return model.eval()


def input_size(model: nn.Module) -> int:
    """Width and height, in pixels, that a network of timm's was made for."""
    given: Any = model.pretrained_cfg
    return int(given["input_size"][1])


@cache
def _options(architecture: str) -> dict[str, Any]:
    """What lets a network of timm's that would take pictures of one size alone take others."""
    import timm

    model: Any = timm.create_model(architecture, num_classes=0)
    if not model.pretrained_cfg.get("fixed_input_size", False):
        return {}
    known = _constructor(type(model))
    return {key: value for key, value in _ANY_SIZE.items() if key in known}


def _constructor(kind: type) -> set[str]:
    """The options that a class and those that it is made from can be built with."""
    return {key for each in kind.__mro__ if "__init__" in vars(each) for key in inspect.signature(each).parameters}
