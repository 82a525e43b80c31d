"""What a job says while it runs: a closed set of frozen types, one JSON object a line.

Units stand in the field names; a run's id is on each so that a late event of another run can be dropped.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    run: str = ""
    time: str = ""


class TaskFacts(BaseModel):
    """A task as a run took it: its classes in the order of the logits, and how many labelled pictures each part has."""

    model_config = ConfigDict(frozen=True)

    kind: str
    head: str
    classes: list[str] = []
    counts: dict[str, int] = {}


class StageFact(BaseModel):
    """A stage of the backbone in the run."""

    model_config = ConfigDict(frozen=True)

    name: str
    parameters: int
    frozen: bool


class RunStarted(_Event):
    """`keeps_last`: the model of the last epoch is kept, whatever the validation part says of it."""

    event: Literal["run_started"] = "run_started"
    tasks: dict[str, TaskFacts]
    backbone: str
    stages: list[StageFact]
    trainable_parameters: int
    total_parameters: int
    device: str
    precision: str
    batch_size: int
    epochs: int
    keeps_last: bool = False


class PhaseStarted(_Event):
    """`first_epoch` is the phase's first epoch, counted through the whole run from 1."""

    event: Literal["phase_started"] = "phase_started"
    name: str
    epochs: int
    steps_per_epoch: int
    first_epoch: int
    trainable_parameters: int


class Progress(_Event):
    """How far something is: `done` of `total`, in the unit that `what` names. Downloads tell their pace, too."""

    event: Literal["progress"] = "progress"
    what: str
    done: int
    total: int
    bytes_per_s: float | None = None
    remaining_s: float | None = None


class Step(_Event):
    """Whole steps `first` to `last` (counted through the run from 1) of one epoch.

    `losses` and `weights` hold, per task, one value for each step; a loss is null where no picture of the step
    has a label of the task. Losses are unweighted, in nats for classes. `seconds` is where their time went: "data" (the
    device waited for pictures), "forward", "backward" and "rest"; null where that is not measured.
    """

    event: Literal["step"] = "step"
    phase: str
    epoch: int
    first: int
    last: int
    losses: dict[str, list[float | None]]
    weights: dict[str, list[float | None]]
    learning_rates: dict[str, list[float]]
    images_per_s: float
    seconds: dict[str, float] | None = None


class Epoch(_Event):
    """The end of an epoch. `train` and `validation` hold, per task, `loss` and the task's metrics.

    `score` is the mean validation score in [0, 1] by which the best checkpoint is chosen; null without validation.
    `images_per_s` and `seconds` are of its steps, as far as they were done without a break; neither counts validation.
    """

    event: Literal["epoch"] = "epoch"
    phase: str
    epoch: int
    step: int
    train: dict[str, dict[str, float | None]]
    validation: dict[str, dict[str, float | None]]
    score: float | None
    elapsed_s: float
    remaining_s: float
    best: bool
    images_per_s: float | None = None
    seconds: dict[str, float] | None = None


class Relatedness(_Event):
    """How far the tasks' gradients on the shared weights agree, after step `step`: moving averages of their cosines.

    `matrix` is (T, T) in the order of `tasks`, symmetric, in [-1, 1]; null where a pair has not been measured.
    """

    event: Literal["relatedness"] = "relatedness"
    step: int
    tasks: list[str]
    matrix: list[list[float | None]]


class RunPaused(_Event):
    """After step `step` the run rests, or goes on; `released`: it holds no memory of the device while it rests."""

    event: Literal["run_paused"] = "run_paused"
    paused: bool
    released: bool = False
    step: int


class TaskPaused(_Event):
    """After step `step` a task is no longer trained, or trained again; the others go on."""

    event: Literal["task_paused"] = "task_paused"
    task: str
    paused: bool
    step: int


class Changed(_Event):
    """Settings that hold from the beginning of epoch `epoch`, after step `step`: {key: (old value, new value)}."""

    event: Literal["changed"] = "changed"
    settings: dict[str, tuple[Any, Any]]
    epoch: int
    step: int


class Interpolation(_Event):
    """Validation of points between the pretrained weights and the model, at the end of a run.

    `shares` are how much of the trained weights is in each, the last 1; `scores` and `validation` belong to them, as in
    `epoch`; `kept` is the share of the model that is kept.
    """

    event: Literal["interpolation"] = "interpolation"
    shares: list[float]
    scores: list[float | None]
    validation: list[dict[str, dict[str, float | None]]]
    kept: float


class Trial(_Event):
    """How far a job of many runs is: the run under way, `number` (from 1) of `total`, and the share of it all done."""

    event: Literal["trial"] = "trial"
    what: str
    tasks: list[str]
    seed: int
    number: int
    total: int
    share: float
    elapsed_s: float
    remaining_s: float | None


class Checkpoint(_Event):
    event: Literal["checkpoint"] = "checkpoint"
    path: str
    kind: Literal["last", "best"]


class Notice(_Event):
    event: Literal["notice"] = "notice"
    level: Literal["info", "warning"]
    text: str


class Result(_Event):
    """The document that a job was asked for, exactly as `--json` prints it."""

    event: Literal["result"] = "result"
    what: str
    document: Any


class RunResumed(_Event):
    """Events of this run after that point and before this line are void."""

    event: Literal["run_resumed"] = "run_resumed"
    phase: str
    epoch: int
    step: int


class RunFailed(_Event):
    event: Literal["run_failed"] = "run_failed"
    error: str
    advice: str
    traceback: str


class Best(BaseModel):
    """The best checkpoint of a run."""

    model_config = ConfigDict(frozen=True)

    epoch: int
    step: int
    score: float | None


class RunEnded(_Event):
    event: Literal["run_ended"] = "run_ended"
    status: Literal["finished", "stopped", "interrupted", "failed"]
    best: Best | None
    elapsed_s: float


Event = (
    RunStarted
    | PhaseStarted
    | Progress
    | Step
    | Epoch
    | Relatedness
    | RunPaused
    | TaskPaused
    | Changed
    | Interpolation
    | Trial
    | Checkpoint
    | Notice
    | Result
    | RunResumed
    | RunFailed
    | RunEnded
)

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def stamped(event: Event, run: str) -> Event:
    """The event with its run and the present time (UTC, ISO 8601), where it has none yet."""
    now = event.time or datetime.now(UTC).isoformat(timespec="milliseconds")
    return event.model_copy(update={"run": event.run or run, "time": now})


def to_json(document: Any, indent: int | None = None) -> str:
    """ASCII JSON in which a number that is not finite is null."""
    return json.dumps(_finite(document), ensure_ascii=True, allow_nan=False, indent=indent)


def to_line(event: Event) -> str:
    """The event as one line of JSON, without the line's end."""
    return to_json(event.model_dump())


def from_line(line: str) -> Event:
    """Read one line.

    Raises:
        ValueError: it is no event.
    """
    return _ADAPTER.validate_json(line)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
