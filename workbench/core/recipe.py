"""How a run is trained, as it is asked for: `[recipe]` of `project.toml`, and the phases of its timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workbench.core.balancing import BALANCING, METHODS, SAMPLING
from workbench.core.section import Section
from workbench.core.settings import setting

Freeze = int | Literal["all"]
"""Stages, counted from the input, whose weights stand still."""


class PhaseChoice(Section):
    """One stretch of the timeline, with a rise and fall of the learning rate of its own."""

    freeze: Freeze = setting(
        "all", title="Freeze depth", help="Stages that stand still in it; all: only heads train.", unit="stages", ge=0
    )
    epochs: int = setting(1, title="Epochs", help="Passes over the pictures.", unit="epochs", ge=1, le=10000)
    learning_rate: float | Literal["auto"] = setting(
        "auto", title="Learning rate", help="Step size in it; auto: that of the recipe.", ge=0.0, le=10.0
    )


class Recipe(Section):
    """How the network is trained. What is not written follows the preset."""

    preset: Literal["few-shot", "probe", "balanced", "full"] = setting(
        "balanced",
        title="Preset",
        help="few-shot: heads worked out at once. probe: heads only, in seconds. balanced: heads, then the unfrozen "
        "stages. full: everything at once.",
    )
    epochs: int = setting(
        10,
        title="Epochs",
        help="Passes over the pictures in which backbone stages train; with probe, passes of the heads.",
        unit="epochs",
        ge=1,
        le=10000,
    )
    head_epochs: int = setting(
        40,
        title="Head epochs",
        help="Passes of the heads on stored features before backbone stages train.",
        unit="epochs",
        ge=0,
        le=10000,
    )
    batch_size: int | Literal["auto"] = setting(
        "auto", title="Batch size", help="Pictures in one step.", unit="pictures", ge=1, le=65536
    )
    learning_rate: float | Literal["auto"] = setting(
        "auto",
        title="Learning rate",
        help="Step size of the last trained stage; earlier stages take smaller steps. auto: what suits the preset.",
        ge=0.0,
        le=10.0,
    )
    balancing: str = setting(
        "equal",
        title="Balancing",
        help="How the tasks are weighed against each other. equal: each loss divided by the loss of guessing.",
        choices=tuple(BALANCING),
        choice_titles=tuple(method.title for method in METHODS.values()),
        choice_help=tuple(BALANCING.values()),
    )
    sampling: str = setting(
        "proportional",
        title="Drawing",
        help="How often pictures of tasks of different size are drawn in an epoch.",
        choices=tuple(SAMPLING),
        choice_help=tuple(SAMPLING.values()),
        advanced=True,
    )
    temperature: float = setting(
        2.0,
        title="Drawing temperature",
        help="With temperature drawing: 1 is proportional, the higher the nearer to equal.",
        ge=1.0,
        le=100.0,
        advanced=True,
    )
    relatedness: bool = setting(
        True,
        title="Gradient agreement",
        help=(
            "With two tasks or more, measure how far they pull the backbone the same way: at every step where each has "
            "its own pictures, at every tenth where they share them; about a tenth more time, more for many tasks."
        ),
        advanced=True,
    )
    augment: Literal["none", "light", "standard", "strong"] = setting(
        "standard",
        title="Augmentation",
        help="How much pictures are varied while backbone stages train: crops, flips, colour.",
    )
    cached_views: int = setting(
        0,
        title="Variations",
        help=(
            "So many variations of each picture come again and again, and what frozen stages make of them is kept; "
            "0: a new one in each epoch."
        ),
        ge=0,
        le=1000,
        advanced=True,
    )
    image_size: int = setting(
        224,
        title="Picture size",
        help="Width and height that the network sees. Not written: 128 with starter weights, which know no larger.",
        unit="px",
        ge=16,
        le=1024,
    )
    seed: int = setting(
        0, title="Seed", help="Another number gives another run of the same recipe.", ge=0, le=2**31 - 1
    )
    device: str = setting(
        "auto",
        title="Device",
        help="auto takes a graphics card where there is one; or cpu, cuda, cuda:1, mps.",
        advanced=True,
    )
    devices: int = setting(
        1,
        title="Devices",
        help="How many devices of this machine share every batch: graphics cards, or else groups of processor cores.",
        unit="devices",
        ge=1,
        le=1024,
        advanced=True,
    )
    precision: Literal["auto", "fp32", "bf16", "fp16"] = setting(
        "auto",
        title="Precision",
        help="auto measures which is fastest here; fp32 measures nothing and can be repeated bit for bit.",
        advanced=True,
    )
    patience: int = setting(
        5,
        title="Patience",
        help="Epochs without a better validation score after which a phase ends early; 0: never.",
        unit="epochs",
        ge=0,
        le=10000,
        advanced=True,
    )
    weight_decay: float = setting(
        0.01,
        title="Weight decay",
        help="How strongly weights of backbone stages are drawn to zero (AdamW).",
        ge=0.0,
        le=10.0,
        advanced=True,
    )
    layer_decay: float | Literal["auto"] = setting(
        "auto",
        title="Layer decay",
        help="Each stage learns at this share of the learning rate of the stage after it. auto: 0.7, but 1 for "
        "starters and without pretraining, whose first stages have as much to learn.",
        ge=0.01,
        le=1.0,
        advanced=True,
    )
    warmup_epochs: float = setting(
        1.0,
        title="Warm-up",
        help="Epochs in which the learning rate rises to its full height.",
        unit="epochs",
        ge=0.0,
        le=100.0,
        advanced=True,
    )
    batch_norm: Literal["auto", "eval", "train"] = setting(
        "auto",
        title="Batch norm",
        help="eval keeps the pretrained statistics; train follows the batches. auto: eval, but train for starters and "
        "without pretraining.",
        advanced=True,
    )
    resize: Literal["squash", "crop", "pad"] = setting(
        "squash",
        title="Fit",
        help="squash: the whole picture, scaled to a square. crop: the middle square. pad: the whole, with bars.",
        advanced=True,
    )
    unfreeze: Literal["together", "one-by-one"] = setting(
        "together",
        title="Unfreezing",
        help="Stages that are not frozen train together, or join one by one from the last, sharing the epochs.",
        advanced=True,
    )
    phases: list[PhaseChoice] = setting(
        [],
        title="Phases",
        help="A timeline of your own, in place of epochs, head epochs, freeze depth and unfreezing; empty: theirs.",
        advanced=True,
    )
    ema: float = setting(
        0.0,
        title="Weight averaging",
        help="The model is a moving average of the weights that keeps this share at each step (EMA); 0: none.",
        ge=0.0,
        le=0.9999,
        advanced=True,
    )
    clip: float = setting(
        5.0,
        title="Gradient limit",
        help="Gradients of a step that are longer are scaled down to this length (norm); 0: never.",
        ge=0.0,
        le=1e6,
        advanced=True,
    )
    accumulate: int = setting(
        1,
        title="Accumulation",
        help="Batches whose gradients make one step, on pixels: larger steps in the same memory.",
        unit="batches",
        ge=1,
        le=1024,
        advanced=True,
    )
    mixup: float = setting(
        0.0,
        title="Mixup",
        help="Pictures are blended in pairs, labels alike, while stages train: alpha, such as 0.2; 0: none.",
        ge=0.0,
        le=10.0,
        advanced=True,
    )
    cutmix: float = setting(
        0.0,
        title="CutMix",
        help="A rectangle of another picture is pasted in, labels by area, while stages train: alpha, such as 1.",
        ge=0.0,
        le=10.0,
        advanced=True,
    )
    save_every_s: float = setting(
        300.0,
        title="Checkpoint interval",
        help="Seconds after which a checkpoint is written within an epoch as well, though never more often than once a "
        "second nor for more than 2 % of the time; 0: at the ends of epochs only.",
        unit="s",
        ge=0.0,
        le=86400.0,
        advanced=True,
    )
    compile: bool = setting(
        False,
        title="Compile",
        help="Translate stages into code for this device (torch.compile): a slow start, then faster steps on some.",
        advanced=True,
    )
    interpolate: Literal["off", "show", "keep"] = setting(
        "show",
        title="Way back",
        help="At the end, score points on the way back to the pretrained weights (WiSE-FT); keep: take the best.",
        advanced=True,
    )


def least_frozen(phases: Sequence[PhaseChoice]) -> Freeze:
    """The freeze depth of the phase in which most trains."""
    depths = [phase.freeze for phase in phases if phase.freeze != "all"]
    return min(depths) if depths else "all"
