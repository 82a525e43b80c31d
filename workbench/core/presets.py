"""What each preset gives to the settings that are not written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Preset:
    """A recipe by name.

    Attributes:
        freeze: the freeze depth that it forces; None where it obeys the one that is set.
        values: what it gives to keys of `[recipe]` that are not written.
        heads: the head of tasks of a kind, where none is written.
    """

    title: str
    sentence: str
    freeze: int | Literal["all"] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)

    @property
    def heads_alone(self) -> bool:
        """Whether nothing but heads trains."""
        return self.freeze == "all"


_HEADS_ALONE = {"epochs": 40, "head_epochs": 0, "augment": "none", "warmup_epochs": 0.0, "patience": 0}

PRESETS: dict[str, Preset] = {
    "few-shot": Preset(
        "Few-shot",
        "Works the heads out at once, without training. For one to twenty pictures of a class.",
        freeze="all",
        values=_HEADS_ALONE,
        heads={"single-label": "ridge"},
    ),
    "probe": Preset(
        "Probe",
        "Trains only the heads, on features computed once. Seconds; a fair first baseline.",
        freeze="all",
        values=_HEADS_ALONE,
    ),
    "balanced": Preset(
        "Balanced",
        "Trains the heads first, then the stages that are not frozen, gently. A good choice for most pictures.",
    ),
    "full": Preset(
        "Full",
        "Trains the whole network from the first step. For many pictures, or for pictures unlike photographs.",
        freeze=0,
        values={"head_epochs": 0},
    ),
}


FEW_PICTURES = 500
"""Fewer than these, to train on, are too few for a whole network."""


def fitting_preset(card: bool, pictures: int | None = None) -> tuple[str, str]:
    """The preset that fits the machine, and why in one sentence.

    Args:
        card: whether the machine has a graphics card that training uses.
        pictures: to train on; None where they are not known.
    """
    if not card:
        return "probe", "Without a graphics card heads alone train in seconds, and whole networks take far longer."
    if pictures is not None and pictures < FEW_PICTURES:
        return "balanced", "The graphics card trains the whole network fast, but few pictures are learned by heart."
    return "full", "The graphics card trains the whole network in minutes."


def preset_values(name: str) -> dict[str, Any]:
    """What the preset gives to keys of `[recipe]`."""
    return dict(PRESETS[name].values)
