"""A step that changes nothing, before a run begins: what it takes of memory, and how many pictures fit at once.

On a graphics card the search fills what is free but never more: it changes how many pictures are worked on at once, not
how many make a step. On other devices that number comes from a table, and the memory from what a forward pass keeps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

import torch
from torch import Tensor, nn

from workbench.core.events import Event, Notice
from workbench.core.resolved import Resolved
from workbench.core.text import megabytes
from workbench.engine import device as devices
from workbench.engine.data.words import pictures
from workbench.engine.memory import retried, shortage
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.amounts import piece
from workbench.engine.training.gradients import leaving_no_trace
from workbench.engine.training.inputs import answers_of, view_features

_FEW, _FILLED = 4, 0.9
"""Pictures that are tried first, and the most of the free memory that is taken: what others need on the card varies."""
_CLOSER = 0.85


def dry_step(
    network: MultiTaskNetwork, resolved: Resolved, device: torch.device, rows: int = 0
) -> Generator[Event, None, Resolved]:
    """What the run resolved to, with how many pictures are worked on at once and what a step takes; says it.

    Where heads alone train, on stored features, it is what working these out takes. The network is left as it was.

    Args:
        rows: pictures whose features are held where heads train on them.
    """
    retried(lambda: devices.place(network, device, resolved.layout), device)
    moves = any(parameter.requires_grad for parameter in network.backbone.parameters())
    if not moves and not network.dense_tasks:
        return (yield from _dry_features(network, resolved, device, rows))
    beside = _beside(network, resolved)
    room = devices.free_bytes(device)
    with leaving_no_trace(network, device):
        if room is None:
            count = min(piece(resolved), resolved.batch_size)
            try:
                with shortage():
                    peak = float(_weights(network) + beside + _kept_bytes(network, resolved, device) * count)
            except torch.OutOfMemoryError:  # nothing can be said of it; the run sees what fits
                devices.give_back_memory(device)
                peak = math.inf
        else:

            def peak_of(pictures: int) -> float:
                try:
                    return devices.peak_bytes(device, lambda: _step(network, resolved, device, pictures))
                except torch.OutOfMemoryError:
                    devices.give_back_memory(device)
                    return math.inf
                finally:
                    network.zero_grad(set_to_none=True)

            count, peak = most_that_fit(peak_of, resolved.batch_size, _FILLED * room - beside)
            peak += beside
    update: dict[str, object] = {"step_mb": math.ceil(peak / 1e6)} if math.isfinite(peak) else {}
    if room is not None:
        update["at_once"] = count
    if math.isfinite(peak):
        some = pictures(count) if count == resolved.batch_size else f"{count} of {resolved.batch_size} pictures"
        text = f"A step works on {some} at once and takes about {megabytes(round(peak))} at its peak"
        yield Notice(level="info", text=f"{text}{_how(device)}.")
    return resolved.model_copy(update=update)


def _dry_features(
    network: MultiTaskNetwork, resolved: Resolved, device: torch.device, rows: int
) -> Generator[Event, None, Resolved]:
    """The same for heads alone, whose steps on features take next to nothing beside working these out."""
    count, size = piece(resolved), resolved.view.size
    features = 4 * rows * network.backbone.out_features
    if device.type == "cuda":
        pixels = torch.zeros(count, 3, size, size, dtype=torch.uint8, device=device)
        try:
            peak = devices.peak_bytes(device, lambda: view_features(network.eval(), pixels, resolved))
        except torch.OutOfMemoryError:  # they are then worked out in smaller pieces
            devices.give_back_memory(device)
            return resolved
    else:
        try:
            with shortage():
                peak = _weights(network) + count * _widest(network, resolved, device)
        except torch.OutOfMemoryError:
            devices.give_back_memory(device)
            return resolved
    text = (
        f"The features of {pictures(count)} are worked out at once, which takes about {megabytes(peak + features)} at "
        f"its peak{_how(device)}; heads then train on features of {megabytes(features)}."
    )
    yield Notice(level="info", text=text)
    return resolved.model_copy(update={"step_mb": math.ceil((peak + features) / 1e6)})


def _how(device: torch.device) -> str:
    """How far what is said of memory can be trusted."""
    return "" if device.type == "cuda" else ", by the sizes of its tensors: it is not measured on this device"


def _widest(network: MultiTaskNetwork, resolved: Resolved, device: torch.device) -> int:
    """Bytes that the layer with the largest pictures takes in and gives, of each, in a pass that keeps nothing."""
    found = [0]

    def note(module: nn.Module, taken: tuple[object, ...], given: object) -> None:
        found.append(sum(value.nbytes for value in (*taken, given) if isinstance(value, Tensor)))

    leaves = [module for module in network.backbone.modules() if not any(True for _ in module.children())]
    hooks = [module.register_forward_hook(note) for module in leaves]
    size = resolved.view.size
    try:
        view_features(network.eval(), torch.zeros(1, 3, size, size, dtype=torch.uint8, device=device), resolved)
    finally:
        for hook in hooks:
            hook.remove()
    return max(found)


def most_that_fit(peak_of: Callable[[int], float], most: int, room: float) -> tuple[int, float]:
    """The largest number of pictures, up to `most`, that is found to take no more than `room` bytes, and what it takes.

    Memory grows in a line with the pictures, so two small trials say where to look; what is found is tried, too. One
    picture is the answer where not even one fits: the run then says so itself.

    Args:
        peak_of: bytes that a step on so many pictures takes; infinite where it cannot be carried out.
    """
    one = peak_of(1)
    few = min(_FEW, most)
    several = peak_of(few) if few > 1 else one
    if one > room or few == 1:
        return 1, one
    each = max(1.0, (several - one) / (few - 1))
    count = most if not math.isfinite(several) else min(most, int((room - one) / each) + 1)
    while count > 1:
        peak = peak_of(count)
        if peak <= room:
            return count, peak
        count = min(count - 1, int(count * _CLOSER))
    return 1, one


def _step(network: MultiTaskNetwork, resolved: Resolved, device: torch.device, pictures: int) -> None:
    """Forwards and backwards, as a step of the run on so many pictures.

    In eval mode, which takes as much: batch norm that trains refuses a single small picture.
    """
    size = resolved.view.size
    network.eval()
    answers = answers_of(network, torch.zeros(pictures, 3, size, size, device=device), resolved)
    torch.stack([answer.float().square().mean() for answer in answers.values()]).sum().backward()  # type: ignore[no-untyped-call]


def _kept_bytes(network: MultiTaskNetwork, resolved: Resolved, device: torch.device) -> int:
    """Bytes that a forward pass keeps of each picture for the way back."""
    weights = {value.data_ptr() for value in [*network.parameters(), *network.buffers()]}
    kept: dict[int, int] = {}

    def note(value: Tensor) -> Tensor:
        if value.data_ptr() not in weights:
            kept[value.data_ptr()] = value.nbytes
        return value.detach()  # itself would hold its own graph, and the network with it, for good

    pictures, size = 2, resolved.view.size
    network.eval()
    with torch.autograd.graph.saved_tensors_hooks(note, lambda value: value):
        answers = answers_of(network, torch.zeros(pictures, 3, size, size, device=device), resolved)
    assert answers
    return sum(kept.values()) // pictures


def _weights(network: MultiTaskNetwork) -> int:
    """Bytes of the weights, and of a gradient for each of those that train."""
    parameters = list(network.parameters())
    return sum(parameter.nbytes * (1 + parameter.requires_grad) for parameter in parameters)


def _beside(network: MultiTaskNetwork, resolved: Resolved) -> int:
    """Bytes that training takes beside a step's passes: the optimiser's moments, an average, each task's gradient."""
    recipe, tasks = resolved.project.recipe, len(network.tasks)
    trains = sum(parameter.nbytes for parameter in network.parameters() if parameter.requires_grad)
    shared = sum(parameter.nbytes for parameter in network.shared_parameters())
    copies = 2 + bool(recipe.ema)
    return copies * trains + (tasks * shared if tasks > 1 else 0)
