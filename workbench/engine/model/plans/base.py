"""What it takes to say how a network falls into stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.core.backbone_facts import Unit, stage_names


@dataclass(frozen=True)
class StagePlan:
    """One stage: its modules in order, and bare parameters that belong to it, by the network's own names."""

    name: str
    title: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A backbone as data.

    Attributes:
        name: torchvision's name, or timm/NAME.
        features: width C of the pooled features, as the network feeds them to its class head.
        head: paths of what is left out: the class head and what leads to it.
        stages: in the order in which they run.
        after_pool: paths of modules between the pooling and the features, on (B, C, 1, 1).
        shape: what stages hand on, a key of the table in `backbones`: "maps" are (B, C, H, W), "tokens" (B, 1 + N, C).
        unit: what the stages after the first are.
        grid: side in pixels that square pictures have to be a multiple of; 0 where any size will do.
    """

    name: str
    title: str
    family: str
    year: int
    features: int
    head: tuple[str, ...]
    stages: tuple[StagePlan, ...]
    after_pool: tuple[str, ...] = ()
    shape: str = "maps"
    unit: Unit = "stage"
    grid: int = 0

    def options(self, image_size: int) -> dict[str, Any]:
        """What the library has to be told to build the network for weights of that size of picture."""
        return {"image_size": image_size} if self.shape == "tokens" else {}

    def paths(self, index: int) -> tuple[str, ...]:
        """Everything that stage `index` owns, by the network's own names."""
        last = index == len(self.stages) - 1
        return self.stages[index].paths + (self.after_pool if last else ())


def steps(*paths: tuple[str, ...]) -> tuple[StagePlan, ...]:
    """Stem and resolution steps from the paths of each."""
    return _named("stage", paths)


def blocks(*paths: tuple[str, ...]) -> tuple[StagePlan, ...]:
    """The patches and the blocks of a transformer from the paths of each."""
    return _named("block", paths)


def cuts(*ends: int, of: str = "features") -> tuple[StagePlan, ...]:
    """Stages of a network whose layers are `features.0`, `features.1` …, cut before the given indices."""
    bounds = zip((0, *ends[:-1]), ends, strict=True)
    return steps(*(tuple(f"{of}.{index}" for index in range(first, last)) for first, last in bounds))


def _named(unit: Unit, paths: tuple[tuple[str, ...], ...]) -> tuple[StagePlan, ...]:
    return tuple(StagePlan(*named, each) for named, each in zip(stage_names(unit, len(paths)), paths, strict=True))
