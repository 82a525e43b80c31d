"""Facts about backbones, read from `resources/backbones.json` and `resources/timm.json`; no torch is needed."""

from __future__ import annotations

import difflib
import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Literal

from workbench.core.backbone_facts import BackboneFacts, StageFacts, Triple, WeightsFacts
from workbench.core.errors import RequestError
from workbench.core.resources import resource

__all__ = ["BackboneFacts", "StageFacts", "WeightsFacts", "backbones", "get", "hub"]

HUB = "timm/"
"""How the names of timm's backbones begin."""


STARTER_SIZE = 128
"""Largest width and height of pictures, in px, at which starters were found to be worth more than random weights."""


@cache
def backbones() -> dict[str, BackboneFacts]:
    """torchvision's backbones by name, in the order in which they are offered."""
    return _read("backbones.json")


@cache
def hub() -> dict[str, BackboneFacts]:
    """timm's backbones by name (timm/NAME), in alphabetical order; timm itself need not be installed."""
    return _read("timm.json")


def get(name: str) -> BackboneFacts:
    """The facts of one backbone, of torchvision or of timm.

    Raises:
        RequestError: it is not known; the sentence names the closest ones.
    """
    known = hub() if name.startswith(HUB) else backbones()
    if name in known:
        return known[name]
    close = _close(name, known) or _close(HUB + name, hub())
    fix = f"Did you mean {' or '.join(close)}?" if close else _WHERE
    raise RequestError(f"{name} is not a known backbone.", fix)


def starter(name: str) -> Path | None:
    """The file of the weights that ship for a backbone; None where none do."""
    try:
        return resource("starters", f"{name}.safetensors")
    except FileNotFoundError:
        return None


def starter_or_refuse(name: str) -> Path:
    """The file of the weights that ship for a backbone.

    Raises:
        RequestError: none do.
    """
    path = starter(name)
    if path is None:
        raise RequestError(
            f"No starter weights ship for {name}.",
            "Choose default (a download), file:PATH (a file of yours) or none (random).",
        )
    return path


def version_or_refuse(name: str, weights: str) -> WeightsFacts:
    """The version of its library's weights that `backbone.weights` names.

    Raises:
        RequestError: the backbone is not known, or has no such version.
    """
    facts = get(name)
    version = facts.version(weights)
    if version is not None:
        return version
    if not facts.versions:
        raise RequestError(f"No weights are known for {name}.", "Choose none, file:PATH or run:NAME.")
    known = (version.name for version in facts.versions if version.name)
    ways = [*dict.fromkeys((default_weights(name), "default")), "none", "run:NAME", "file:PATH", *known]
    raise RequestError(
        f"{weights} is no source of weights for {name}.", f"Choose {', '.join(ways[:-1])} or {ways[-1]}."
    )


def default_weights(name: str) -> str:
    """What `backbone.weights` means where nothing is written: the starter where one ships, else the library's own.

    Raises:
        RequestError: the backbone is not known.
    """
    if starter(name) is not None:
        return "starter"
    facts = get(name)
    if not facts.versions:
        return "none"
    return "default" if facts.source == "torchvision" else "hub"


def normalisation(name: str, weights: str) -> tuple[Triple, Triple]:
    """(mean, std) of pixels in [0, 1] that these weights of a backbone expect; of others, what its default ones do.

    Raises:
        RequestError: the backbone is not known.
    """
    facts = get(name)
    version = facts.version(weights)
    return (version.mean, version.std) if version else (facts.mean, facts.std)


def trainable_parameters(name: str, freeze: int | Literal["all"]) -> int:
    """How many parameters of the backbone (not its heads) train when its first `freeze` stages are frozen.

    Raises:
        RequestError: the backbone is not known, or has not that many stages.
    """
    facts = get(name)
    depth = freeze_depth(name, freeze)
    return sum(stage.parameters for stage in facts.stages[depth:])


def freeze_depth(name: str, freeze: int | Literal["all"]) -> int:
    """How many stages of the backbone `freeze` freezes.

    Raises:
        RequestError: the backbone is not known, or has not that many stages.
    """
    count = len(get(name).stages)
    if freeze == "all":
        return count
    if not 0 <= freeze <= count:
        raise RequestError(
            f"The freeze depth {freeze} does not fit {name}, which has {count} stage{'s' * (count != 1)}.",
            f'Set backbone.freeze to a number from 0 to {count}, or to "all".',
        )
    return freeze


def check_own_stages(name: str, task: str, own_stages: int) -> None:
    """Refuse more stages of its own for a task than the backbone has.

    Raises:
        RequestError: the backbone is not known, or has not that many stages.
    """
    count = len(get(name).stages)
    if not 0 <= own_stages <= count:
        raise RequestError(
            f"Task {task} asks for {own_stages} stages of its own, and {name} has {count}.",
            f"Set the task's own_stages to a number from 0 to {count}.",
        )


def check_fit(name: str, freeze: int | Literal["all"], image_size: int) -> None:
    """Refuse what the backbone cannot be trained with.

    Raises:
        RequestError: the backbone is not known, has not that many stages, or does not take pictures of that size.
    """
    facts = get(name)
    freeze_depth(name, freeze)
    least, step = facts.minimum_size, facts.size_step
    if not step and image_size != least:
        raise RequestError(
            f"{facts.title} takes pictures of {least} px alone, and recipe.image_size is {image_size}.",
            f"Set recipe.image_size to {least}, or choose another backbone.",
        )
    if image_size < least:
        raise RequestError(
            f"{facts.title} needs pictures of at least {least} px, and recipe.image_size is {image_size}.",
            f"Set recipe.image_size to {least}{' or more' * (step == 1)}.",
        )
    if step and (image_size - least) % step:
        below = image_size - (image_size - least) % step
        raise RequestError(
            f"{facts.title} takes pictures of {least} px, {least + step} px and so on in steps of {step} px, "
            f"and recipe.image_size is {image_size}.",
            f"Set recipe.image_size to {below} or {below + step}.",
        )


def check_library(name: str) -> None:
    """Refuse a backbone whose library is not installed.

    Raises:
        RequestError: it is one of timm's, and timm is not here.
    """
    if name.startswith(HUB) and importlib.util.find_spec("timm") is None:
        raise RequestError(
            f"{name} needs the package timm, which is not installed.", "Run pip install 'finetune-workbench[hub]'."
        )


def check_maps(name: str, task: str) -> None:
    """Refuse a task with masks on a backbone whose stages give no maps.

    Raises:
        RequestError: the backbone is not known, or gives none.
    """
    facts = get(name)
    if not facts.dense:
        raise RequestError(
            f"{facts.title} gives no maps, which the masks of task {task} need.",
            "Choose another backbone, such as resnet18.",
        )


_WHERE = "Choose one of torchvision's, such as resnet18 or convnext_tiny, or one of timm's: timm/NAME."


def _read(file: str) -> dict[str, BackboneFacts]:
    document = json.loads(resource(file).read_text(encoding="utf-8"))
    return {facts["name"]: BackboneFacts.model_validate(facts) for facts in document["backbones"]}


def _close(name: str, known: dict[str, BackboneFacts]) -> list[str]:
    return difflib.get_close_matches(name.lower(), known, n=2, cutoff=0.75 if name.startswith(HUB) else 0.6)
