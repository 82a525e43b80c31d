"""The way between the pretrained weights and the trained ones: its ends, and the points between them.

WiSE-FT: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022, arXiv 2109.01903.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Progress
from workbench.core.resolved import Resolved
from workbench.engine.model.by_task import module_name
from workbench.engine.model.weights import WeightsReport
from workbench.engine.training.resolve import load_into, new_network
from workbench.engine.training.state import Probed

Loading = Generator[Event, None, WeightsReport | None]


def between(origin: Mapping[str, Tensor], trained: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """The state dict with that share of the trained weights, in [0, 1]; the ends are what they were, bit for bit.

    What is no real number is as it was trained, but at the pretrained end itself.
    """
    if share in (0.0, 1.0):
        return dict(trained if share else origin)
    return {
        name: torch.lerp(origin[name], value, share) if value.is_floating_point() else value
        for name, value in trained.items()
    }


def pretrained_end(
    resolved: Resolved, trained: Mapping[str, Tensor], probed: Probed, project_dir: Path, control: Control
) -> Generator[Event, None, dict[str, Tensor] | None]:
    """The state dict at the pretrained end, on the CPU: the backbone is read anew from where it came from.

    The heads there are as they were before stages trained, where they had been trained by then (LP-FT), or came with
    the weights; else as they are at the trained end, as nothing else could read the backbone's features.

    Args:
        trained: the state dict at the other end.
        probed: what heads were before stages trained, by task.

    Returns:
        None where it was told to end.

    Raises:
        WorkbenchError: the weights are not there any more, or are others than the run began with.
    """
    network = new_network(resolved.project, resolved.tasks)
    report = yield from _progress_of(load_into(network, resolved.project, resolved.tasks, project_dir, control))
    if report is None:
        return None
    if report.sha256 != resolved.weights_sha256:
        raise RunError(
            f"{resolved.weights} has changed since the run began, so there is no way back.", "Put the file back."
        )
    for task, head in network.heads.items():
        if task in probed or task not in network.taught:
            head.load_state_dict(probed.get(task) or _part(trained, f"heads.{module_name(task)}."))
    return dict(network.state_dict())


def _part(weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def _progress_of(loading: Loading) -> Loading:
    """Loading without its notices: what became of the weights was said when the run began."""
    while True:
        try:
            event = next(loading)
        except StopIteration as end:
            report: WeightsReport | None = end.value
            return report
        if isinstance(event, Progress):
            yield event
