"""Facts about the backbones that ship, read from `resources/backbones.json`; no torch is needed."""

from __future__ import annotations

import difflib
import json
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from workbench.core.errors import RequestError
from workbench.core.resources import resource


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageFacts(_Facts):
    """A stage of a backbone, counted from the picture.

    Attributes:
        parameters: how many numbers it learns.
        channels: width of the map that it gives.
        size: height and width of that map at the backbone's input size.
    """

    name: str
    title: str
    parameters: int
    channels: int
    size: int


class BackboneFacts(_Facts):
    """What is known of a backbone.

    Attributes:
        name: torchvision's name.
        year: of its first publication.
        parameters: of the backbone, without the class head.
        parameters_with_class_head: of torchvision's whole network with its 1000-class head.
        macs: multiplications with addition for one picture at the input size, without the class head.
        macs_with_class_head: the same of torchvision's whole network.
        input_size: width and height, in pixels, that its weights were measured at.
        minimum_size: the smallest width and height, in pixels, that leaves something to see.
        features: width of its pooled features.
        accuracy: ImageNet top-1 of its default weights, in percent.
        weights: torchvision's name of its default weights.
        licence: of those weights.
        download_mb: size of those weights' file.
        stages: in order from the picture.
    """

    name: str
    title: str
    family: str
    year: int
    parameters: int
    parameters_with_class_head: int
    macs: int
    macs_with_class_head: int
    input_size: int
    minimum_size: int
    features: int
    accuracy: float
    weights: str
    licence: str
    download_mb: float
    stages: tuple[StageFacts, ...]


@cache
def backbones() -> dict[str, BackboneFacts]:
    """All backbones by name, in the order in which they are offered."""
    document = json.loads(resource("backbones.json").read_text(encoding="utf-8"))
    return {facts["name"]: BackboneFacts.model_validate(facts) for facts in document["backbones"]}


def get(name: str) -> BackboneFacts:
    """The facts of one backbone.

    Raises:
        RequestError: it is not known; the sentence names the closest ones.
    """
    known = backbones()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name.lower(), known, n=2, cutoff=0.6)
    fix = f"Did you mean {' or '.join(close)}?" if close else f"Choose one of {', '.join(known)}."
    raise RequestError(f"{name} is not a known backbone.", fix)


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
            f"The freeze depth {freeze} does not fit {name}, which has {count} stages.",
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
        RequestError: the backbone is not known, has not that many stages, or sees nothing in pictures of that size.
    """
    facts = get(name)
    freeze_depth(name, freeze)
    if image_size < facts.minimum_size:
        raise RequestError(
            f"{facts.title} needs pictures of at least {facts.minimum_size} px, and recipe.image_size is {image_size}.",
            f"Set recipe.image_size to {facts.minimum_size} or more.",
        )
