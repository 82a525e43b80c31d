"""A project as it is asked for: exactly what `project.toml` holds. What a run made of it is `core.resolved`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from workbench.core import catalogue
from workbench.core.balancing import BALANCING, METHODS, SAMPLING
from workbench.core.errors import RequestError
from workbench.core.kinds import HEAD_HELP, HEADS, KINDS, Kind, SourceForm
from workbench.core.presets import PRESETS, preset_values
from workbench.core.section import Section
from workbench.core.settings import setting
from workbench.core.transfer import Transfer

AUGMENTATIONS = ("none", "light", "standard", "strong")
Freeze = int | Literal["all"]
_CLASSED = ("single-label", "multi-label", "mask")
"""Kinds of task whose answer is a class, a label, or a class of pixels."""


class Task(Section):
    """One question put to every picture, with the pictures that answer it."""

    name: str = setting(title="Name", help="What the task is called, in the window and in every answer.")
    kind: Kind = setting(
        "single-label",
        title="Kind",
        help="What is asked of each picture: one class, several labels, a number, or a mask that marks pixels.",
        choices=tuple(KINDS),
        choice_help=tuple(facts.sentence for facts in KINDS.values()),
    )
    source: str = setting(
        title="Pictures",
        help="A folder of class folders, one holding train/, val/ and test/, a CSV file, or the pictures of masks.",
    )
    column: str = setting("", title="Column", help="The column of the CSV file that holds the labels.")
    image: str = setting(
        "image",
        title="Picture column",
        help="The column that names the picture, or a pattern over columns such as images/{id}.jpg.",
    )
    separator: str = setting(
        "|",
        title="Separator",
        help="What stands between the labels in a cell of a multi-label column.",
        kinds=("multi-label",),
    )
    masks: str = setting(
        "",
        title="Masks",
        help="The folder of masks, named like the pictures: two grey values, or a class index in each pixel.",
        kinds=("mask",),
    )
    head: str = setting(
        "linear",
        title="Head",
        help="What turns the backbone's features into the task's answer. Not written: the first for the task's kind.",
        choices=tuple(HEAD_HELP),
        choice_help=tuple(HEAD_HELP.values()),
    )
    own_stages: int = setting(
        0,
        title="Own stages",
        help="How many of the backbone's last stages the task has a copy of its own of; below them all tasks share.",
        unit="stages",
        ge=0,
        le=1000,
        advanced=True,
    )
    weight: float = setting(
        1.0, title="Weight", help="How much the task's loss counts beside the others'.", ge=0.0, le=1000.0
    )
    class_weights: bool = setting(
        False,
        title="Balance classes",
        help="Rare classes count more in the loss, in proportion to how rare they are.",
        advanced=True,
        kinds=_CLASSED,
    )
    hidden: int = setting(
        0,
        title="Hidden width",
        help="Width of the head's hidden layer; 0: what the head brings (mlp 256, dense 64, the others none).",
        unit="units",
        ge=0,
        le=8192,
        advanced=True,
        heads=("mlp", "multi-label", "number", "dense"),
    )
    dropout: float = setting(
        0.0,
        title="Dropout",
        help="Share of features dropped before the head's last layer while training.",
        ge=0.0,
        le=0.95,
        advanced=True,
    )
    label_smoothing: float = setting(
        0.0,
        title="Label smoothing",
        help="Share of the target spread over all classes while backbone stages train; for classes, labels and masks.",
        ge=0.0,
        le=0.5,
        advanced=True,
        kinds=_CLASSED,
    )
    focal: float = setting(
        0.0,
        title="Focal loss",
        help="How much less what is already answered well counts in the loss (gamma); 0: all count the same.",
        ge=0.0,
        le=5.0,
        advanced=True,
        kinds=_CLASSED,
    )
    huber: float = setting(
        0.3,
        title="Huber threshold",
        help="Errors of a number beyond it count by their size, not its square: outliers pull less; 0: squares.",
        unit="standard deviations",
        ge=0.0,
        le=10.0,
        advanced=True,
        kinds=("number",),
    )

    @field_validator("name")
    @classmethod
    def _usable_name(cls, name: str) -> str:
        if not name.strip() or re.search(r"[./\\=:\x00-\x1f]", name) or len(name) > 100:
            raise ValueError("task name")
        return name.strip()

    @model_validator(mode="after")
    def _head_of_its_kind(self) -> Task:
        """A head that is not written is the first that can answer the kind."""
        if "head" not in self.model_fields_set:
            self.__dict__["head"] = HEADS[self.kind][0]
        return self

    @property
    def source_form(self) -> SourceForm:
        """What the source is."""
        return "masks" if self.masks else "column" if self.column else "folder"

    @property
    def source_text(self) -> str:
        """The source as a command line spells it: FOLDER, or FILE.csv:COLUMN."""
        return f"{self.source}:{self.column}" if self.column else self.source


class Split(Section):
    """How pictures are parted into training, validation and test."""

    validation: float = setting(
        0.2,
        title="Validation share",
        help="The share of pictures kept aside to choose the best checkpoint.",
        ge=0.0,
        le=0.9,
    )
    test: float = setting(
        0.0,
        title="Test share",
        help="The share of pictures never looked at before the end; ignored where the folder brings its own test part.",
        ge=0.0,
        le=0.9,
    )
    seed: int = setting(0, title="Split seed", help="Another number gives another split.", ge=0, le=2**31 - 1)
    group: str = setting(
        "",
        title="Keep together",
        help="Pictures of one group share a part: a column, folder, or near-duplicates. Empty: only copies do.",
    )
    folds: int = setting(
        0,
        title="Folds",
        help="Cross-validation: all pictures but test ones in so many equal parts, of which one validates; 0: none.",
        unit="folds",
        ge=0,
        le=50,
        advanced=True,
    )
    fold: int = setting(
        1, title="Fold", help="Which of the folds validates this run, counted from 1.", ge=1, le=50, advanced=True
    )

    @property
    def validation_share(self) -> float:
        """The share of all pictures that validates: that of one fold, where there are folds."""
        return (1 - self.test) / self.folds if self.folds else self.validation

    @model_validator(mode="after")
    def _one_of_the_folds(self) -> Split:
        if self.folds == 1 or (self.folds and self.fold > self.folds):
            raise ValueError("folds")
        return self

    @model_validator(mode="after")
    def _something_is_left_to_train(self) -> Split:
        if self.validation + self.test >= 1.0:
            raise ValueError("nothing left to train")
        return self


class BackboneChoice(Section):
    """Which pretrained network, from where, and how much of it stays as it is."""

    name: str = setting("mobilenet_v3_small", title="Backbone", help="The pretrained network that all tasks share.")
    weights: str = setting(
        "starter",
        title="Weights",
        help=(
            "starter: ships with the program; default or hub: the library's own, downloaded once; a version's name; "
            "run:NAME: what a run has learned; file:PATH; none: random. Not written: starter, else default or hub."
        ),
    )
    freeze: Freeze = setting(
        2,
        title="Freeze depth",
        help="Stages whose weights do not change, counted from the picture; all: the whole backbone.",
        unit="stages",
        ge=0,
        le=1000,
    )

    @model_validator(mode="after")
    def _weights_of_its_backbone(self) -> BackboneChoice:
        """Weights that are not written are those that the backbone begins with; one that is not known is told later."""
        if "weights" not in self.model_fields_set:
            with suppress(RequestError):
                self.__dict__["weights"] = catalogue.default_weights(self.name)
        return self


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
        224, title="Picture size", help="Width and height that the network sees.", unit="px", ge=16, le=1024
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


class Project(Section):
    """Everything that was asked for; the content of `project.toml`."""

    format: Literal[1] = 1
    name: str = setting("", title="Name", help="What the project is called.")
    tasks: list[Task] = []
    split: Split = Split()
    backbone: BackboneChoice = Field(default_factory=BackboneChoice)
    recipe: Recipe = Recipe()
    transfer: Transfer = Transfer()

    @model_validator(mode="after")
    def _names_differ(self) -> Project:
        names = [task.name for task in self.tasks]
        if len(names) != len({name.casefold() for name in names}):
            raise ValueError("task names")
        return self

    def task(self, name: str) -> Task:
        """The task of that name.

        Raises:
            KeyError: there is none.
        """
        for task in self.tasks:
            if task.name == name:
                return task
        raise KeyError(name)

    def written(self) -> dict[str, Any]:
        """What was asked, without what merely follows the preset or a default: the content of `project.toml`."""
        data = self.model_dump(exclude_unset=True)
        return {"format": self.format, **{key: value for key, value in data.items() if key != "format" and value != {}}}

    def effective(self) -> Project:
        """A copy in which everything that follows the preset is filled in.

        The freeze depth is that of the preset, or of the written phase in which most trains, where there is one.
        """
        written = self.written()
        recipe = {**preset_values(self.recipe.preset), **written.get("recipe", {})}
        backbone = dict(written.get("backbone", {}))
        forced = least_frozen(self.recipe.phases) if self.recipe.phases else PRESETS[self.recipe.preset].freeze
        if forced is not None:
            backbone["freeze"] = forced
        backbone["weights"] = self.backbone.weights
        heads = PRESETS[self.recipe.preset].heads
        tasks = [
            {**({"head": heads[task.kind]} if task.kind in heads else {}), **task.model_dump(exclude_unset=True)}
            for task in self.tasks
        ]
        return Project.model_validate({**self.model_dump(), "tasks": tasks, "recipe": recipe, "backbone": backbone})
