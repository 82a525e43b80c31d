"""An ONNX file in int8: static quantisation, per channel, calibrated on training pictures.

Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR 2018.
Weights are int8 with a scale for each channel, activations uint8 with a range that calibration pictures have shown.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from workbench.core.errors import RunError
from workbench.engine.export.aside import aside_of
from workbench.engine.export.library import check_export_library
from workbench.engine.export.onnx import INPUT

PICTURES = 128
"""Training pictures that calibrate, at most."""
_OPERATIONS = ["Conv", "Gemm", "MatMul"]
"""What is worked out in int8: where the time goes. Sums, activations and pooling stay as they are."""


def quantise(source: Path, target: Path, pictures: Sequence[Tensor]) -> None:
    """Write the file `source` to `target` in int8.

    Args:
        pictures: (3, S, S) float in [0, 1] each; the range of activations is what these show.

    Raises:
        RequestError: a package is not installed.
        RunError: there is nothing to calibrate on, or the file cannot be quantised.
    """
    check_export_library()
    if not pictures:
        raise RunError("There is no training picture that can be read, so nothing to calibrate int8 on.")
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    aside = aside_of(target)
    quiet = logging.root.level
    try:
        logging.root.setLevel(logging.ERROR)
        with tempfile.TemporaryDirectory() as folder:
            prepared = Path(folder, "prepared.onnx")
            quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
            quantize_static(
                str(prepared),
                str(aside),
                _Reader(pictures),
                quant_format=QuantFormat.QDQ,
                op_types_to_quantize=_OPERATIONS,
                nodes_to_exclude=left_as_they_are(prepared),
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
            )
        os.replace(aside, target)
    except Exception as error:  # the library raises any kind of error for what it does not know
        raise RunError(f"{source.name} cannot be quantised: {str(error).strip().splitlines()[0][:200]}") from error
    finally:
        logging.root.setLevel(quiet)
        aside.unlink(missing_ok=True)


def left_as_they_are(path: Path) -> list[str]:
    """The names of operations that stay in fp32: the first, the last before each answer, and depthwise convolutions.

    They hold few weights. Depthwise channels have ranges that differ widely, so that one range for all activations
    rounds most of them away, and in int8 they are slower as well: in a mobilenet_v3_small that was trained on 192
    pictures, 6 % of the answers then change instead of 12 %, in less time.
    """
    import onnx

    graph = onnx.load(path).graph
    nodes, outputs = list(graph.node), [each.name for each in graph.output]
    heavy = [node for node in nodes if node.op_type in _OPERATIONS]
    makers = {name: node for node in nodes for name in node.output}
    kept = [node.name for node in heavy if _groups(node) > 1] + [node.name for node in heavy[:1]]
    for output in outputs:
        node = makers.get(output)
        while node is not None and node.op_type not in _OPERATIONS:
            node = next((makers[name] for name in node.input if name in makers), None)
        kept += [node.name] if node is not None else []
    return sorted(set(kept))


def _groups(node: Any) -> int:
    """Into how many groups a convolution parts its channels; 1 for anything else."""
    return next((int(each.i) for each in node.attribute if each.name == "group"), 1)


class _Reader:
    """Gives the calibration its pictures one by one."""

    def __init__(self, pictures: Sequence[Tensor]) -> None:
        self._left: Iterator[dict[str, npt.NDArray[np.float32]]] = iter(
            {INPUT: np.ascontiguousarray(each.float().cpu().numpy()[None])} for each in pictures
        )

    def get_next(self) -> dict[str, npt.NDArray[np.float32]] | None:
        """The next picture; None where there is none left."""
        return next(self._left, None)
