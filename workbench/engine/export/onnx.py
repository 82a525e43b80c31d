"""A multi-task network as one ONNX file: pictures in, every task's answers out, the normalisation inside."""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from workbench.core.errors import RunError
from workbench.core.resolved import Resolved
from workbench.engine.export.aside import aside_of
from workbench.engine.export.library import check_export_library
from workbench.engine.export.session import Session
from workbench.engine.model.network import MultiTaskNetwork

INPUT = "images"
METADATA = "workbench"
"""The key under which a file says how its pictures are prepared and what its answers mean."""
TOLERANCE = 1e-3
"""How far an answer may lie from the network's: of its size, and at least of 1."""
_MEANING = {
    "single-label": "logits of the classes; softmax gives probabilities",
    "multi-label": "logits of the labels; the logistic function gives probabilities",
    "number": "value and standard deviation, in the column's unit",
    "mask": "logits of the classes of each pixel; softmax gives probabilities",
}


class _Exported(nn.Module):
    """The network with its answers as a tuple, in the order of the tasks; temperatures are in it."""

    def __init__(self, network: MultiTaskNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        return tuple(self.network(images).values())


def export_onnx(network: MultiTaskNetwork, resolved: Resolved, examples: Tensor, path: Path) -> float:
    """Write the network to `path`, whole in one file, and hold its answers against the network's own.

    The file takes `images` (N, 3, S, S) float32, RGB in [0, 1], N free, and gives one output for each task.

    Args:
        network: on the CPU, in eval mode.
        examples: (B, 3, S, S) float in [0, 1]: the pictures that the answers are compared on.

    Returns:
        The largest difference between an answer and the network's own.

    Raises:
        RequestError: a package is not installed.
        RunError: the backbone cannot be translated, or the file does not answer as the network does; it is removed.
    """
    check_export_library()
    aside = aside_of(path)
    examples = examples.float().repeat(2, 1, 1, 1)[: max(2, len(examples))].contiguous()
    try:
        _translate(network, examples, aside, facts(resolved))
        difference = parity(network, Session(aside), examples)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return difference


def _translate(network: MultiTaskNetwork, examples: Tensor, path: Path, said: Mapping[str, Any]) -> None:
    import onnx

    batch = torch.export.Dim("batch", min=1, max=1 << 16)
    whole = _Exported(network).eval()
    quiet = logging.getLogger("torch.onnx").level
    try:
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                whole,
                (examples,),
                dynamo=True,
                input_names=[INPUT],
                output_names=list(network.tasks),
                dynamic_shapes=({0: batch},),
                verbose=False,
            )
    except Exception as error:  # the exporter raises any kind of error for what it does not know
        raise RunError(
            f"{said['backbone']} cannot be translated into ONNX: {str(error).strip().splitlines()[0][:200]}",
            "Choose another backbone.",
        ) from error
    finally:
        logging.getLogger("torch.onnx").setLevel(quiet)
    assert program is not None
    model = program.model_proto
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {METADATA: json.dumps(said)})
    onnx.save(model, path)


def facts(resolved: Resolved) -> dict[str, Any]:
    """What a program that reads the file must know: how pictures are prepared, and what each output means."""
    return {
        "format": 1,
        "run": resolved.run,
        "backbone": resolved.project.backbone.name,
        "input": {
            "name": INPUT,
            "size": resolved.view.size,
            "fit": resolved.view.resize,
            "colours": "RGB",
            "values": "0 to 1; what the backbone expects of mean and deviation is done inside",
            "orientation": "as EXIF says",
        },
        "outputs": [
            {
                "task": task.name,
                "kind": task.kind,
                "classes": task.classes,
                "meaning": _MEANING[task.kind],
            }
            for task in resolved.tasks
        ],
    }


@torch.no_grad()
def parity(network: MultiTaskNetwork, session: Session, examples: Tensor) -> float:
    """The largest difference between a file's answers and the network's, all pictures at once and one by one.

    Raises:
        RunError: it is more than rounding explains.
    """
    expected = network(examples)
    together, alone = session(examples), session(examples[:1])
    worst = max(
        max(_apart(found[task], values[: len(found[task])]) for found in (together, alone))
        for task, values in expected.items()
    )
    if worst > TOLERANCE:
        raise RunError(
            f"The exported file does not answer as the network does: answers differ by up to {worst:.3g}.",
            "Choose another backbone.",
        )
    return worst


def _apart(found: Tensor, expected: Tensor) -> float:
    """The largest difference, in units of the answers' own size where that is above 1."""
    if not bool(found.isfinite().all()):
        return float("inf")
    return float((found - expected).abs().max() / expected.abs().max().clamp(min=1))
