"""A model that takes part in the comparison: what it answers, how large it is, and where its file lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from workbench.core.errors import RunError
from workbench.core.resolved import Resolved, ResolvedTask, load_resolved
from workbench.engine import device as devices
from workbench.engine.export.onnx import export_onnx
from workbench.engine.export.session import Session
from workbench.engine.insight.confidence.stored import read_confidence
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.resolve import new_network

Answer = Callable[[Tensor], dict[str, Tensor]]


@dataclass(frozen=True)
class Model:
    """A run's best model in fp32 on the CPU, in eval mode, with the temperatures that it was calibrated to."""

    resolved: Resolved
    network: MultiTaskNetwork

    @property
    def facts(self) -> dict[str, ResolvedTask]:
        """The tasks by name, as the run took them."""
        return {task.name: task for task in self.resolved.tasks}

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network.parameters())

    @torch.no_grad()
    def __call__(self, images: Tensor) -> dict[str, Tensor]:
        """{task: answers} to images (B, 3, S, S) float in [0, 1]."""
        return self.network(images)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Contender:
    """One row of the table.

    Attributes:
        name: teacher, student, run or int8.
        model: what it is, or was made of.
        answer: {task: answers} to images at its own size.
        runtime: torch or onnxruntime.
        bytes: of its file.
        file: where it is; None where it was made for the comparison alone.
    """

    name: str
    model: Model
    answer: Answer
    runtime: str
    bytes: int
    file: Path | None = None

    @property
    def precision(self) -> str:
        return "int8" if self.name == "int8" else "fp32"

    def sized(self, images: Tensor) -> Tensor:
        """Images (B, 3, S, S) at the size that it has learned from."""
        size = self.model.resolved.view.size
        if images.shape[-1] == size:
            return images
        return functional.interpolate(images, size=(size, size), mode="bilinear", align_corners=False, antialias=True)


def load_model(run_dir: Path) -> Model:
    """The best model of a run.

    Raises:
        RunError: the run has kept none.
    """
    resolved, stored = load_resolved(run_dir), Checkpoints(run_dir).read("best")
    if stored is None:
        raise RunError(f"Run {run_dir.name} has kept no model.", "Train again, or choose another run.")
    network = new_network(resolved.project, resolved.tasks)
    network.load_state_dict(stored.weights)
    confidence = read_confidence(run_dir)
    if confidence is not None:
        network.temperatures = {task: confidence.temperature(task) for task in network.tasks}
    devices.place(network, torch.device("cpu"), "contiguous")
    return Model(resolved, network.eval())


def in_torch(name: str, model: Model, run_dir: Path) -> Contender:
    """A model as it is."""
    file = Checkpoints(run_dir).folder("best") / "weights.safetensors"
    return Contender(name, model, model, "torch", file.stat().st_size)


def exported(name: str, model: Model, examples: Tensor, path: Path, *, kept: bool) -> tuple[Contender, float]:
    """A model as an ONNX file, and by how much its answers differ at most.

    Args:
        kept: the file stays where it is.

    Raises:
        RequestError: a package is not installed.
        RunError: it cannot be translated, or does not answer the same.
    """
    difference = export_onnx(model.network, model.resolved, examples, path)
    return of_file(name, model, path, kept=kept), difference


def of_file(name: str, model: Model, path: Path, *, kept: bool) -> Contender:
    """An ONNX file that was made of a model."""
    return Contender(
        name, model, Session(path, devices.threads()), "onnxruntime", path.stat().st_size, path if kept else None
    )
