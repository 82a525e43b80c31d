"""An ONNX file that answers, by ONNX Runtime on the CPU."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from workbench.engine.export.library import check_export_library


class Session:
    """A file that was exported here.

    Args:
        threads: of the runtime within one operation; 0: its own choice.

    Raises:
        RequestError: a package is not installed.
    """

    def __init__(self, path: Path, threads: int = 0) -> None:
        check_export_library()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.tasks = tuple(each.name for each in self._session.get_outputs())

    def __call__(self, images: Tensor) -> dict[str, Tensor]:
        """{task: answers} to images (B, 3, S, S) float in [0, 1]."""
        pixels = np.ascontiguousarray(images.float().cpu().numpy())
        found = self._session.run(None, {self._input: pixels})
        return {task: torch.from_numpy(values) for task, values in zip(self.tasks, found, strict=True)}
