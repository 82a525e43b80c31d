"""Stages translated into code of their own for the device (torch.compile), where somebody asks for it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import torch
from torch import nn

from workbench.engine.model.network import MultiTaskNetwork

BACKEND = "inductor"
_COMPILERS = ("g++", "clang++", "cl")
"""Of which the processor's code needs one."""


def obstacle(device: torch.device) -> str:
    """Why nothing can be compiled for a device here, in a sentence; empty where it can."""
    if device.type == "cpu" and not any(map(shutil.which, _COMPILERS)):
        return f"Compiling needs a C++ compiler ({', '.join(_COMPILERS)}), and there is none here."
    if device.type == "mps":
        return "Compiling is not offered on Apple graphics processors."
    return ""


def compile_stages(network: MultiTaskNetwork) -> None:
    """Compile the stages that train, each once: it is translated when it is first run.

    Frozen ones stay as they are, since what they make of a picture is kept for other runs. Names, weights and the state
    dict do not change. What cannot be translated runs as it would without.
    """
    torch._dynamo.config.suppress_errors = True
    for module in _modules(network):
        if module._compiled_call_impl is None:
            module.compile(backend=BACKEND, dynamic=True)


def _modules(network: MultiTaskNetwork) -> Iterator[nn.Module]:
    for backbone in (network.backbone, *network.branches.values()):
        for stage in backbone.stages[max(0, backbone.frozen_stages - backbone.first_stage) :]:
            yield from stage.modules
