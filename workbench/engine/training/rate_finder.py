"""The `rate` job: find a learning rate by a short trial in which it grows from step to step.

The range test of Smith, "Cyclical learning rates for training neural networks", WACV 2017 (arXiv 1506.01186, section
3.3). What is suggested lies two thirds down the longest fall of the loss, counted in steps (the valley of fastai's
`suggestion_funcs`): well before the loss rises again, and where it falls steadily.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.core.specs import RateSpec, TrainSpec
from workbench.engine.data.batches import even_batches
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.keeper import Keeper
from workbench.engine.training.loop import fit
from workbench.engine.training.optimiser import set_rates
from workbench.engine.training.phase_start import begin_phase
from workbench.engine.training.phases import Phase, plan
from workbench.engine.training.setup import set_up
from workbench.engine.training.state import State
from workbench.engine.training.trainer import StepOutcome, Trainer

TRYING = "trying learning rates"
LOWEST, HIGHEST = 1e-6, 1.0
DIVERGED = 4.0
"""The trial ends where the loss is this many times its lowest, and worse than guessing."""
_SMOOTH = 3
"""Steps on either side of one whose mean is drawn and judged."""
_LATEST = 2 * _SMOOTH + 1
"""Steps whose mean tells whether the trial ends: single batches of heads that have learned differ many times over."""
_LEAST_FALL = 0.05
"""The share by which the loss must fall for anything to be suggested."""


def find_rate(spec: RateSpec, control: Control) -> Iterator[Event]:
    """Try learning rates on the first phase that trains stages, after the phases before it; the heads where none does.

    Nothing is written but the project's caches.

    Yields:
        Progress, Notice, and one Result "rate": {"phase", "rates": [one for each step], "losses": [smoothed, as a share
        of the loss of guessing], "suggestion": a rate or null, "in_force": that which a run would take now}. Where it
        is told to end, no Result.

    Raises:
        RequestError: the project cannot be trained, or the learning rate has no part in it.
    """
    with TemporaryDirectory(prefix="workbench-rate-") as folder:
        trial = TrainSpec(
            project=_at_unit_rate(spec.project), project_dir=spec.project_dir, run_dir=Path(folder), run="rate"
        )
        ready = yield from set_up(trial, State(), control)
        if ready is None:
            return
        work = ready.work
        phase = _phase_to_try(work)
        with work.store:
            torch.manual_seed(work.seed)
            trainer = yield from _begin(work, phase, control)
            if trainer is None:
                return
            rates, losses = yield from _try_rates(work, phase, trainer, spec.steps, control)
    if control.ending:
        return
    smooth = smoothed(losses)
    yield Result(
        what="rate",
        document={
            "phase": phase.name,
            "rates": rates,
            "losses": smooth,
            "suggestion": suggestion(rates, smooth),
            "in_force": _in_force(work, spec.project, work.phases.index(phase)),
        },
    )


def smoothed(losses: Sequence[float]) -> list[float]:
    """Each value's mean with its neighbours."""
    values = np.asarray(losses, dtype=np.float64)
    return [float(values[max(0, at - _SMOOTH) : at + _SMOOTH + 1].mean()) for at in range(len(values))]


def diverged(losses: Sequence[float]) -> bool:
    """Whether the latest losses, as shares of that of guessing, are far above the lowest that there were."""
    if not math.isfinite(losses[-1]):
        return True
    means = [float(np.mean(losses[max(0, end - _LATEST) : end])) for end in range(1, len(losses) + 1)]
    return means[-1] > max(1.0, DIVERGED * min(means))


def suggestion(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """The rate two thirds down the longest fall of the loss, to two digits; None where it hardly falls."""
    if len(losses) < 3 or min(losses) > (1 - _LEAST_FALL) * losses[0]:
        return None
    lengths = [1] * len(losses)
    for late in range(1, len(losses)):
        longest = max((lengths[early] for early in range(late) if losses[late] < losses[early]), default=0)
        lengths[late] = longest + 1
    end = max(range(len(losses)), key=lengths.__getitem__)
    begin = end - lengths[end] + 1
    return float(f"{rates[begin + round((end - begin) * 2 / 3)]:.1e}")


def _at_unit_rate(project: Project) -> Project:
    """The project at a learning rate of 1, by which the heights of all groups can be scaled; nothing beside it."""
    whole = project.effective()
    phases = [p if p.freeze == "all" else p.model_copy(update={"learning_rate": "auto"}) for p in whole.recipe.phases]
    plain = {"learning_rate": 1.0, "phases": phases, "relatedness": False, "interpolate": "off", "ema": 0.0}
    return whole.model_copy(update={"recipe": whole.recipe.model_copy(update=plain)})


def _phase_to_try(work: Experiment) -> Phase:
    phase = next((phase for phase in work.phases if phase.trains_stages), work.phases[0])
    if not phase.trains_stages and not PRESETS[work.resolved.project.recipe.preset].heads_alone:
        raise RequestError(
            "Only heads train here, each at the rate of its kind, so there is none to find.",
            "Freeze fewer stages, or choose the preset probe.",
        )
    return phase


def _begin(work: Experiment, phase: Phase, control: Control) -> Generator[Event, None, Trainer | None]:
    """Train what comes before the phase as a run would, then set the phase up; None when told to end."""
    state, phases = State(), work.phases
    work.phases = phases[: phases.index(phase)]
    for event in fit(work, state, Keeper(work), {}, control):
        if isinstance(event, Progress | Notice):
            yield event
    work.phases = phases
    return None if control.ending else (yield from begin_phase(work, phase, state, {}, control))


def _try_rates(
    work: Experiment, phase: Phase, trainer: Trainer, steps: int, control: Control
) -> Generator[Event, None, tuple[list[float], list[float]]]:
    """Steps at growing rates until the loss is far above its lowest; the rates and the losses."""
    rates: list[float] = []
    losses: list[float] = []
    work.network.train()
    while len(rates) < steps:
        epoch = phase.first_epoch + len(rates) // max(1, phase.steps_per_epoch(len(work.rows)))
        pieces = even_batches(work.draws(epoch), phase.batch_size)[: steps - len(rates)]
        with closing(trainer.inputs.batches(pieces, epoch=phase.look(epoch))) as gathered:
            for batch in gathered:
                control.wait_while_paused()
                rate = LOWEST * (HIGHEST / LOWEST) ** (len(rates) / max(1, steps - 1))
                set_rates(trainer.optimiser, rate)
                outcome = trainer.step(batch, epoch, control, len(rates))
                if outcome is None or control.ending:
                    return rates, losses
                loss = _loss(work, outcome)
                if diverged([*losses, loss]):
                    yield Progress(what=TRYING, done=steps, total=steps)
                    return rates, losses
                rates.append(rate)
                losses.append(loss)
                yield Progress(what=TRYING, done=len(rates), total=steps)
    return rates, losses


def _loss(work: Experiment, outcome: StepOutcome) -> float:
    """The mean over the tasks that had a label, each as a share of the loss of guessing."""
    shares = [
        loss / REPORTS[task.kind].guessing(task)
        for task, loss, count in zip(work.facts.values(), outcome.losses.tolist(), outcome.counts, strict=True)
        if count
    ]
    return sum(shares) / len(shares) if shares else math.nan


def _in_force(work: Experiment, project: Project, index: int) -> float:
    """The rate of the phase in a run of the project as it stands."""
    phase = plan(work.resolved.model_copy(update={"project": project.effective()}), len(work.rows))[index]
    return phase.learning_rate if phase.trains_stages else max(phase.head_rates.values())
