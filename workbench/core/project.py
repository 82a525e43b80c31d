"""A project as it is asked for: exactly what `project.toml` holds. What a run made of it is `core.resolved`."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.kinds import HEAD_HELP, HEADS, KINDS, Kind, SourceForm
from workbench.core.presets import PRESETS, preset_values
from workbench.core.recipe import Freeze, Recipe, least_frozen
from workbench.core.section import Section
from workbench.core.settings import setting
from workbench.core.transfer import Transfer

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
        """A copy in which everything that follows the preset or the weights is filled in.

        The freeze depth is that of the preset, or of the written phase in which most trains, where there is one. The
        picture size is one that the weights know.
        """
        written = self.written()
        known = {"image_size": catalogue.STARTER_SIZE} if self.backbone.weights == "starter" else {}
        recipe = {**preset_values(self.recipe.preset), **known, **written.get("recipe", {})}
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
