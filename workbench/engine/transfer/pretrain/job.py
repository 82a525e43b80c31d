"""The `pretrain` job: a backbone that learns to see from pictures drawn from formulas.

Two things are learned at once, as each gives what the other lacks: which shapes a scene holds, and which two views
are of one scene. The same request gives the same scenes in the same order on every machine; weights agree as far as the
machines' arithmetic does.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from workbench.core import catalogue
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.files import write_atomically
from workbench.core.specs import PretrainSpec
from workbench.engine import device as devices
from workbench.engine.model.weights import load_weights
from workbench.engine.transfer.pretrain.banks import draw_banks
from workbench.engine.transfer.pretrain.learner import Learner
from workbench.engine.transfer.pretrain.scenes import Scenes

_SAY_EVERY_S = 1.0
_LOG_EVERY = 200
"""Steps that one line of the log tells of."""
_SAVE_EVERY_S = 300.0
_WARM_UP = 200
"""Steps in which the learning rate rises."""


def pretrain(spec: PretrainSpec, control: Control) -> Iterator[Event]:
    """Train a backbone from nothing and write it to `spec.out` as fp16 safetensors in torchvision's names.

    Beside it lie `….log.jsonl`, a line for every 200 steps, and until it is done `….state.pt`, from which `spec.resume`
    goes on.

    Yields:
        Progress, a Notice, and one Result "pretrain"; where it is told to end, the state is kept and there is no
        Result.

    Raises:
        RequestError: the backbone cannot be trained so, the file is there already, or there is no state to go on from.
    """
    device = _check(spec)
    banks = yield from draw_banks(spec, control)
    if banks is None:
        return
    learner = Learner(spec, banks.classes, device)
    first = 0
    if spec.resume:
        first = _go_on(spec, learner)
    elif spec.start:
        begun = yield from load_weights(learner.backbone, f"file:{spec.start}", spec.out.parent, control)
        if begun is None:
            return
    yield Notice(level="info", text=learner.sentence())
    scenes = Scenes(banks, spec.seed, device, spec.ink)
    log = _Log(spec, learner, first)
    saved = said = time.monotonic()
    for step in range(first, spec.steps):
        control.wait_while_paused()
        if control.ending:
            _save(spec, learner, step)
            return
        batch = scenes.batch(step, spec.batch_size, size_at(spec, step))
        log.add(step, learner.step(batch, rate_at(spec, step)))
        if time.monotonic() - said > _SAY_EVERY_S:
            said = time.monotonic()
            yield Progress(what=log.words(), done=step + 1, total=spec.steps)
        if time.monotonic() - saved > _SAVE_EVERY_S:
            saved = time.monotonic()
            _save(spec, learner, step + 1)
    write_atomically(spec.out, safetensors.torch.save(_half(learner.backbone.state_dict()), _about(spec)))
    _state_path(spec.out).unlink(missing_ok=True)
    document = {"file": str(spec.out), "backbone": spec.backbone, "steps": spec.steps, "bytes": spec.out.stat().st_size}
    yield Result(what="pretrain", document=document)


def rate_at(spec: PretrainSpec, step: int) -> float:
    """Learning rate per step: a short rise, then half a cosine to a hundredth."""
    share = step / spec.steps
    return spec.learning_rate * min(1.0, (step + 1) / _WARM_UP) * (0.505 + 0.495 * math.cos(math.pi * share))


def size_at(spec: PretrainSpec, step: int) -> int:
    """Width and height of scenes in px: each size for an equal share of the steps; small ones cheapen the start."""
    return spec.sizes[min(len(spec.sizes) - 1, step * len(spec.sizes) // spec.steps)]


class _Log:
    """Means of the losses over the last steps, in words and on disk."""

    def __init__(self, spec: PretrainSpec, learner: Learner, first: int) -> None:
        self._path = spec.out.with_suffix(".log.jsonl")
        self._spec, self._learner = spec, learner
        self._sums, self._count, self._begin = torch.zeros(2), 0, time.monotonic()
        if first == 0:
            write_atomically(self._path, json.dumps({**_about(spec), "precision": learner.precision}) + "\n")

    def add(self, step: int, losses: Tensor) -> None:
        """Count the losses (2,) of a step."""
        self._sums = self._sums.to(losses.device) + losses
        self._count += 1
        if (step + 1) % _LOG_EVERY == 0 or step + 1 == self._spec.steps:
            self._write(step)
            self._sums, self._count, self._begin = torch.zeros(2), 0, time.monotonic()

    def words(self) -> str:
        """What the losses are, for people."""
        shapes, views = (self._sums / max(1, self._count)).tolist()
        return f"pretraining (shapes {shapes:.2f}, views {views:.2f} nats)"

    def _write(self, step: int) -> None:
        shapes, views = (self._sums / self._count).tolist()
        rate = 2 * self._spec.batch_size * self._count / max(1e-9, time.monotonic() - self._begin)
        line = {
            "step": step + 1,
            "size_px": size_at(self._spec, step),
            "shapes_nats": round(shapes, 4),
            "views_nats": round(views, 4),
            "images_per_s": round(rate, 1),
        }
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _check(spec: PretrainSpec) -> torch.device:
    if spec.out.suffix != ".safetensors":
        raise RequestError(f"{spec.out} does not end in .safetensors.", "Give the file such a name.")
    if not spec.out.parent.is_dir():
        raise RequestError(f"There is no folder {spec.out.parent}.", "Make it, or choose another place for the file.")
    if spec.out.exists():
        raise RequestError(f"{spec.out} is there already.", "Move it away, or choose another name.")
    if _state_path(spec.out).exists() and not spec.resume:
        raise RequestError(
            f"Pretraining into {spec.out} was begun before.",
            f"Go on with --resume, or remove {_state_path(spec.out)} to begin anew.",
        )
    if spec.resume and not _state_path(spec.out).exists():
        raise RequestError(
            f"There is nothing to go on from: {_state_path(spec.out)} is not there.", "Begin without --resume."
        )
    if spec.start and not spec.start.is_file():
        raise RequestError(f"There is no file {spec.start} to begin with.", "Check the path.")
    _check_sizes(spec)
    device = devices.pick(spec.device)
    devices.check_precision(device, spec.precision)
    return device


def _check_sizes(spec: PretrainSpec) -> None:
    facts = catalogue.get(spec.backbone)
    catalogue.check_library(spec.backbone)
    least, step = facts.minimum_size, facts.size_step
    for size in spec.sizes:
        if size < least or (size - least) % (step or size):
            more = f" or more, in steps of {step} px" * (step > 1) or " or more" * (step == 1)
            raise RequestError(f"{facts.title} takes no pictures of {size} px.", f"Give --sizes of {least} px{more}.")


def _go_on(spec: PretrainSpec, learner: Learner) -> int:
    path = _state_path(spec.out)
    kept = torch.load(path, map_location="cpu", weights_only=True)
    if kept["request"] != _request(spec):
        raise RequestError(
            f"{path} was begun with other settings.", "Give the settings it was begun with, or begin anew elsewhere."
        )
    learner.take_up(kept["learner"])
    return int(kept["step"])


def _save(spec: PretrainSpec, learner: Learner, step: int) -> None:
    path = _state_path(spec.out)
    aside = path.with_suffix(".tmp")
    torch.save({"request": _request(spec), "step": step, "learner": learner.kept()}, aside)
    aside.replace(path)


def _state_path(out: Path) -> Path:
    return out.with_suffix(".state.pt")


def _request(spec: PretrainSpec) -> str:
    return spec.model_dump_json(exclude={"out", "start", "resume", "device", "precision"})


def _about(spec: PretrainSpec) -> dict[str, str]:
    """How the file came to be, kept inside it; where it began with another file, how that one did, too."""
    return {
        "made_by": "workbench pretrain",
        "backbone": spec.backbone,
        **({"began_with": _origin(spec.start)} if spec.start else {}),
        "request": _request(spec),
        "pictures": "drawn from formulas: iterated function systems and signs over dead leaves",
        "licence": "Apache-2.0",
    }


def _origin(path: Path) -> str:
    """The requests that made a file, the earliest first; of a file made elsewhere, its name."""
    about: dict[str, str] = {}
    if path.suffix == ".safetensors":
        with safetensors.safe_open(path, "pt") as file:
            about = file.metadata() or {}
    return "\n".join(about[key] for key in ("began_with", "request") if key in about) or path.name


def _half(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for name, value in state.items()
        if not name.endswith("num_batches_tracked")
    }
