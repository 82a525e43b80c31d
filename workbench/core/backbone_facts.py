"""What is known of a backbone and of its weights, without any of its numbers."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
"""Of pixels in [0, 1], per channel, red first: most weights expect inputs standardised by these."""

Triple = tuple[float, float, float]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageFacts(_Facts):
    """A stage of a backbone, counted from the picture.

    Attributes:
        parameters: how many numbers it learns.
        channels: width of the map that it gives.
        size: height and width of that map at the backbone's input size; 0 where it gives no map.
    """

    name: str
    title: str
    parameters: int
    channels: int
    size: int


class WeightsFacts(_Facts):
    """One version of a backbone's pretrained weights.

    Attributes:
        name: torchvision's (IMAGENET1K_V1) or timm's tag (a1_in1k); "" for timm's weights without a tag.
        accuracy: ImageNet top-1 in percent; None where it is not known.
        input_size: width and height, in pixels, that they were measured at.
        download_mb: size of their file; of timm's, worked out from the number of parameters.
        licence: under which they are given, as their source puts it; "" where it says nothing.
        url: where their file is; "" for weights of a hub.
        hub_id: the repository on huggingface.co that holds them; "" for weights of a URL.
        file: the name under which the file is kept.
        source: the page that says how they were made.
        mean: what they expect to be taken off pixels in [0, 1], per channel, red first.
        std: what they expect the result to be divided by.
    """

    name: str
    accuracy: float | None = None
    input_size: int
    download_mb: float
    licence: str
    url: str = ""
    hub_id: str = ""
    file: str
    source: str = ""
    mean: Triple = IMAGENET_MEAN
    std: Triple = IMAGENET_STD


class BackboneFacts(_Facts):
    """What is known of a backbone.

    Attributes:
        name: torchvision's name, or timm/NAME.
        source: the library that brings it.
        year: of its first publication; None where that is not known.
        parameters: of the backbone, without the class head.
        parameters_with_class_head: of the library's whole network with its 1000-class head.
        macs: multiplications with addition for one picture at the input size, without the class head.
        macs_with_class_head: the same of the library's whole network.
        input_size: width and height, in pixels, that its default weights were measured at.
        minimum_size: the smallest width and height, in pixels, that it takes.
        size_step: it takes sizes from the smallest on in steps of so many pixels; 0 if it takes the smallest alone.
        features: width of its pooled features.
        dense: whether its stages give maps, so that tasks with masks can use them.
        stages: in order from the picture.
        versions: of its pretrained weights, the default ones first; there may be none.
    """

    name: str
    title: str
    family: str
    source: Literal["torchvision", "timm"]
    year: int | None
    parameters: int
    parameters_with_class_head: int
    macs: int
    macs_with_class_head: int
    input_size: int
    minimum_size: int
    size_step: int = 1
    features: int
    dense: bool = True
    stages: tuple[StageFacts, ...]
    versions: tuple[WeightsFacts, ...]

    @model_validator(mode="before")
    @classmethod
    def _spell_out_stages(cls, data: Any) -> Any:
        """Stages as the shipped files hold them, a row of numbers each, with the names that their kind gives them."""
        if not isinstance(data, dict) or "unit" not in data:
            return data
        names = stage_names(data["unit"], len(data["stages"]))
        rows = [
            {"name": name, "title": title, "parameters": parameters, "channels": channels, "size": size}
            for (name, title), (parameters, channels, size) in zip(names, data["stages"], strict=True)
        ]
        return {key: value for key, value in data.items() if key != "unit"} | {"stages": rows}

    @property
    def weights(self) -> str:
        """The name of the default weights; "" where there are none."""
        return self.versions[0].name if self.versions else ""

    @property
    def accuracy(self) -> float | None:
        """ImageNet top-1 of the default weights, in percent; None where it is not known."""
        return self.versions[0].accuracy if self.versions else None

    @property
    def licence(self) -> str:
        """Of the default weights; "" where there are none."""
        return self.versions[0].licence if self.versions else ""

    @property
    def download_mb(self) -> float:
        """Size of the default weights' file; 0 where there are none."""
        return self.versions[0].download_mb if self.versions else 0.0

    @property
    def mean(self) -> Triple:
        """What the default weights expect to be taken off pixels in [0, 1], per channel."""
        return self.versions[0].mean if self.versions else IMAGENET_MEAN

    @property
    def std(self) -> Triple:
        """What the default weights expect the result to be divided by."""
        return self.versions[0].std if self.versions else IMAGENET_STD

    def version(self, weights: str) -> WeightsFacts | None:
        """The version that a project's `backbone.weights` names: by its name, or the default one; None for others."""
        if weights in ("default", "hub"):
            return self.versions[0] if self.versions else None
        return next((version for version in self.versions if version.name == weights), None)


Unit = Literal["stage", "block", "whole"]
"""What the stages after the first are: resolution steps, blocks of a transformer, or all there is in one."""


def stage_names(unit: Unit, count: int) -> list[tuple[str, str]]:
    """(name, title) of each of `count` stages."""
    if unit == "whole":
        return [("whole", "Whole network")]
    first = ("stem", "Patches" if unit == "block" else "Stem")
    return [first, *((f"{unit}{n}", f"{unit.capitalize()} {n}") for n in range(1, count))]
