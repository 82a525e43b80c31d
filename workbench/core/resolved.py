"""What a run resolved its project to: frozen in `resolved.toml`, obeyed by a resumed run and by every later answer."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from workbench.core.errors import RunError
from workbench.core.project import Project
from workbench.core.recipe import Recipe

Convolutions = Literal["own", "gradients", "products"]
"""How deep convolutions in bf16 are worked out on a processor: by torch's own kernels, with the gradients of their
weights as matrix products, or altogether as matrix products."""

REDUCED = 2
"""Twice as long: what the network sees is then averaged from four pixels or more, as it would be at full scale."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ViewParameters(_Frozen):
    """How a picture becomes what the network sees: (size, size, 3) uint8.

    Attributes:
        reduced: JPEG files are decoded at the smallest scale that leaves their sides at least so many times as long as
            they are seen; 0: always at full scale, as runs did that know no such thing.
    """

    size: int
    resize: Literal["squash", "crop", "pad"] = "squash"
    reduced: int = 0

    @classmethod
    def of(cls, recipe: Recipe) -> ViewParameters:
        """That of a new run."""
        return cls(size=recipe.image_size, resize=recipe.resize, reduced=REDUCED)


class ResolvedTask(_Frozen):
    """A task as the run took it.

    Attributes:
        classes: what its head tells apart, in the order of its outputs; none for a number.
        counts: labelled pictures per part.
        class_counts: pictures of each class or with each label to train on; for a mask, pixels of each class.
        mean, deviation: of the numbers to train on.
        mask_values: the pixel value of each class of a mask.
    """

    name: str
    kind: str
    head: str
    classes: list[str]
    counts: dict[str, int]
    class_counts: list[int]
    mean: float = 0.0
    deviation: float = 1.0
    mask_values: list[int] = []


class More(_Frozen):
    """Epochs by which a run was made longer, once it had finished or was stopped.

    Attributes:
        phase: index of the phase that goes on; those that were to follow it are left out.
        done: its epochs that were complete.
        epochs: how many are added, with a rise and fall of the learning rate of their own.
    """

    phase: int
    done: int
    epochs: int


ADD_TASK, TEACH = "add-task", "teach"
HEADS_ALONE = (ADD_TASK, TEACH)
"""Ways of making a run of another one that leave its backbone as it is."""


class Derived(_Frozen):
    """How a run came about that was not trained but made of other runs.

    Attributes:
        method: what made it, such as adabn or blend.
        origins: the runs that it was made of; the first lent it its settings.
        settings: what it was told, by name.
    """

    method: str
    origins: list[str]
    settings: dict[str, str | int | float | bool | list[str] | list[float]] = {}

    @property
    def words(self) -> str:
        """How it was made, such as "of 002-balanced by blend (share 0.5)"."""
        told = ", ".join(
            f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in self.settings.items()
        )
        words = f"of {', '.join(self.origins)} by {self.method}"
        return f"{words} ({told})" if told else words


class Resolved(_Frozen):
    """The frozen facts of a run.

    Attributes:
        project: what was asked, with everything that follows the preset filled in.
        weights: where the backbone's weights came from, in words.
        weights_sha256: of the file they came from; empty for random weights.
        data_hash: sha256 over the sample table.
        fold_hash: the same without the parts; empty where there are no folds.
        precision: fp32, bf16 or fp16 as used.
        layout: channels_last or contiguous.
        feature_precision, feature_layout: of the frozen backbone when its features are computed; None: as in training.
        convolutions: how deep ones learn in bf16 on a processor; those that do not learn are always torch's own.
        batch_norm: eval or train.
        at_once: pictures of a step that a graphics card works on at once, at most; None: by a table.
        step_mb: memory that a step on pictures takes at its peak, MB; None where it was not found out.
        threads: of the tensor library within one operation; the processes of a machine share them.
        devices: how many the run began on.
        teacher_sha256: of the manifest of the model that taught it; empty where none did.
        more: by what the run was made longer, in order.
        derived: what it was made of, where it was not trained.
        corrections: digest of the decided labels of its tasks when it began; None in runs of earlier versions.
    """

    format: Literal[1] = 1
    run: str
    started: str
    project: Project
    tasks: list[ResolvedTask]
    view: ViewParameters
    weights: str
    weights_sha256: str
    data_hash: str
    fold_hash: str = ""
    device: str
    precision: Literal["fp32", "bf16", "fp16"]
    layout: Literal["channels_last", "contiguous"]
    feature_precision: Literal["fp32", "bf16", "fp16"] | None = None
    feature_layout: Literal["channels_last", "contiguous"] | None = None
    convolutions: Convolutions = "gradients"
    batch_norm: Literal["eval", "train"]
    threads: int
    batch_size: int
    at_once: int | None = None
    step_mb: int | None = None
    devices: int = 1
    versions: dict[str, str]
    teacher_sha256: str = ""
    more: list[More] = []
    derived: Derived | None = None
    corrections: str | None = None

    @property
    def data_key(self) -> str:
        """Equal for runs that learned from the same pictures, labels and parts, or from folds of the same ones."""
        return self.fold_hash if self.project.split.folds else self.data_hash

    def task(self, name: str) -> ResolvedTask:
        """The task of that name.

        Raises:
            KeyError: the run has none.
        """
        for task in self.tasks:
            if task.name == name:
                return task
        raise KeyError(name)

    def to_data(self) -> dict[str, Any]:
        """What `resolved.toml` holds."""
        return self.model_dump(exclude_none=True)


RESOLVED_FILE = "resolved.toml"
TABLE_FILE = "table.csv"


def load_resolved(run_dir: Path) -> Resolved:
    """Read a run's `resolved.toml`.

    Raises:
        RunError: the run has none, or it cannot be read.
    """
    path = run_dir / RESOLVED_FILE
    try:
        return Resolved.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise RunError(
            f"Run {run_dir.name} ended before it was set up.", "Train again, or choose another run."
        ) from error
    except ValueError as error:
        raise RunError(f"{path} cannot be read: {error}", "Choose another run.") from error
