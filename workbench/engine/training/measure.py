"""A short measurement of what trains fastest here, kept for the next run: precision, layout and deep convolutions."""

from __future__ import annotations

import json
import math
import platform
import time
from collections.abc import Generator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs
import torch
from torch import Tensor

from workbench.core import catalogue
from workbench.core.control import Control
from workbench.core.events import Event, Notice, Progress
from workbench.core.files import write_atomically
from workbench.core.resolved import Convolutions
from workbench.engine import device as devices
from workbench.engine.device import Layout, Precision
from workbench.engine.memory import halved, shortage
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.measure_convolutions import measure_convolutions

MEASURING = "measuring precision and layout"
_MOST_PICTURES, _FEWEST_PICTURES, _MACS = 16, 4, 12e9
"""Pictures of a step: as many as make so many multiplications forwards. Large networks fill a machine with few."""
_ROUNDS, _FEWEST_ROUNDS, _BUDGET_S = 10, 3, 1.5
"""The candidates take turns, so that whatever else the machine does slows them alike; the best of all rounds counts."""
_OUT_AFTER, _OUT_OF_REACH = 2, 1.5
"""Who is slower than the fastest by so much after so many rounds takes part no more."""
_WORTH = 1.1
"""How much faster a reduced precision must be to be taken."""


class Choice(NamedTuple):
    """A precision and a layout, with the pictures a second that they were measured at (0: not measured).

    Attributes:
        convolutions: how deep ones that learn are worked out, where that was found to matter.
    """

    precision: Precision
    layout: Layout
    images_per_s: float = 0.0
    convolutions: Convolutions | None = None


CANDIDATES = (Choice("fp32", "contiguous"), Choice("fp32", "channels_last"), Choice("bf16", "channels_last"))


def without_measuring(precision: Precision) -> Choice:
    """What is taken where the precision is given."""
    return Choice(precision, "channels_last")


def measure(
    network: MultiTaskNetwork,
    size: int,
    device: torch.device,
    control: Control,
    cache: Path | None = None,
    forwards: bool = False,
    at_once: int = 1,
) -> Generator[Event, None, Choice]:
    """Choose by a few steps of every candidate; yields Progress and, where stages may train, a Notice.

    The network's parameters, statistics and random numbers are left as they were.

    Args:
        cache: where choices are kept; the user's own cache folder where none is given.
        forwards: choose for features of the frozen backbone, whatever is to train later.
        at_once: pictures that go through the network at once in training, on which depends what becomes of deep
            convolutions.
    """
    folder = (cache or platformdirs.user_cache_path("workbench", appauthor=False)) / "measured"
    path = folder / f"{_key(network, size, device, forwards)}.json"
    known = _choice(_read(path))
    if known is None:
        known = yield from _measure(network, size, device, control, forwards)
        if control.ending:
            return known
        _keep(path, {"precision": known.precision, "layout": known.layout, "images_per_s": known.images_per_s})
    if forwards:
        return known
    if known.precision == "bf16" and device.type == "cpu" and _trains(network):
        path = folder / f"{_key(network, size, device, forwards, 'convolutions', at_once)}.json"
        known = known._replace(convolutions=(yield from _convolutions(network, size, at_once, control, path)))
    if not control.ending:
        yield Notice(level="info", text=_sentence(known))
    return known


def _convolutions(
    network: MultiTaskNetwork, size: int, at_once: int, control: Control, path: Path
) -> Generator[Event, None, Convolutions | None]:
    kept = _read(path)
    if kept.get("convolutions", "") in list(_SAID):
        found: Convolutions | None = kept["convolutions"]
        return found
    found = yield from measure_convolutions(network, size, at_once, control)
    if not control.ending:
        _keep(path, {"convolutions": found})
    return found


def _measure(
    network: MultiTaskNetwork, size: int, device: torch.device, control: Control, forwards: bool
) -> Generator[Event, None, Choice]:
    candidates = [c for c in CANDIDATES if c.precision == "fp32" or devices.has_bf16(device)]
    pictures, seconds = _pictures(network, size), dict[Choice, float]()
    while not seconds:
        try:
            seconds = yield from _turns(network, (pictures, 3, size, size), device, control, candidates, forwards)
        except torch.OutOfMemoryError as error:
            pictures = halved(pictures, device, error)
    measured = [candidate._replace(images_per_s=pictures / seconds[candidate]) for candidate in candidates]
    exact = max((c for c in measured if c.precision == "fp32"), key=lambda c: c.images_per_s, default=CANDIDATES[0])
    reduced = max((c for c in measured if c.precision != "fp32"), key=lambda c: c.images_per_s, default=exact)
    return reduced if reduced.images_per_s > _WORTH * exact.images_per_s else exact


def _turns(
    network: MultiTaskNetwork,
    shape: tuple[int, ...],
    device: torch.device,
    control: Control,
    candidates: list[Choice],
    forwards: bool,
) -> Generator[Event, None, dict[Choice, float]]:
    """The least seconds of a step of each candidate, with noise of a shape (B, 3, H, W); infinite where not tried.

    Raises:
        torch.OutOfMemoryError: so many pictures do not fit.
    """
    with shortage():
        images = torch.rand(shape, generator=torch.Generator().manual_seed(0)).to(device)
    trains = not forwards and _trains(network)
    seconds, left = dict.fromkeys(candidates, math.inf), candidates
    begin = time.perf_counter()
    for number in range(_ROUNDS + 1):
        yield Progress(what=MEASURING, done=number, total=_ROUNDS + 1)
        if control.ending or (number > _FEWEST_ROUNDS and time.perf_counter() - begin > _BUDGET_S):
            break
        for candidate in left:
            with shortage():
                taken = _step_seconds(network, images, candidate, trains)
            if number:  # the first round only warms up
                seconds[candidate] = min(seconds[candidate], taken)
        if number >= _OUT_AFTER:
            reach = _OUT_OF_REACH * min(seconds.values())
            left = [candidate for candidate in left if seconds[candidate] <= reach]
            if len(left) == 1:
                break
    yield Progress(what=MEASURING, done=_ROUNDS + 1, total=_ROUNDS + 1)
    return seconds


def _pictures(network: MultiTaskNetwork, size: int) -> int:
    facts = catalogue.get(network.backbone.name)
    macs = facts.macs * (size / facts.input_size) ** 2
    return max(_FEWEST_PICTURES, min(_MOST_PICTURES, int(_MACS / macs)))


def _step_seconds(network: MultiTaskNetwork, images: Tensor, choice: Choice, trains: bool) -> float:
    """Seconds that the pictures take through the network, backwards too where stages train."""
    device = images.device
    devices.place(network, device, choice.layout)
    images = images.contiguous(memory_format=devices.MEMORY_FORMATS[choice.layout])
    network.eval()
    devices.synchronise(device)
    begin = time.perf_counter()
    try:
        with torch.set_grad_enabled(trains):
            with devices.autocast(device, choice.precision):
                features = network.features(images)
            if trains:
                features.float().square().mean().backward()  # type: ignore[no-untyped-call]
        devices.synchronise(device)
        return time.perf_counter() - begin
    finally:
        network.zero_grad(set_to_none=True)


def _trains(network: MultiTaskNetwork) -> bool:
    return any(parameter.requires_grad for parameter in network.backbone.parameters())


def _key(network: MultiTaskNetwork, size: int, device: torch.device, forwards: bool, *more: object) -> str:
    machine = (
        platform.node(),
        platform.processor(),
        platform.machine(),
        torch.__version__,
        devices.describe(device),
        devices.threads(),
    )
    frozen = network.backbone.stage_count if forwards else network.backbone.frozen_stages
    return sha256(repr((4, machine, network.backbone.name, frozen, size, *more)).encode()).hexdigest()[:24]


def _read(path: Path) -> dict[str, Any]:
    """What was kept; nothing where that cannot be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _choice(kept: dict[str, Any]) -> Choice | None:
    try:
        choice = Choice(**kept)
    except TypeError:
        return None
    return choice if any(choice[:2] == candidate[:2] for candidate in CANDIDATES) else None


def _keep(path: Path, found: dict[str, Any]) -> None:
    try:
        write_atomically(path, json.dumps(found))
    except OSError:
        return  # a cache that cannot be written costs the next run two seconds, and is no reason to fail


def _sentence(choice: Choice) -> str:
    layout = "channels last" if choice.layout == "channels_last" else "contiguous"
    rate = f"{choice.images_per_s:.0f} pictures a second when measured"
    return f"Trains in {choice.precision}, {layout}: the fastest here, at {rate}.{_SAID[choice.convolutions]}"


_SAID: dict[Convolutions | None, str] = {
    None: "",
    "own": " Its deep convolutions are fastest as they are.",
    "gradients": " Gradients of deep convolutions' weights are worked out as matrix products: that is faster.",
    "products": " Deep convolutions are worked out as matrix products: that is faster.",
}
