"""Points on the way from the pretrained weights to the trained ones, scored at the end of a run without training.

WiSE-FT: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022, arXiv 2109.01903: weights between the two
often do better on pictures of another kind than either, and seldom worse on those of the same kind. At the pretrained
end stand the heads as they were before stages trained, where they had been trained by then (LP-FT).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import WorkbenchError
from workbench.core.events import Checkpoint, Event, Interpolation, Notice
from workbench.engine.training.checkpoints import Stored
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.inputs import PixelInputs
from workbench.engine.training.interpolation import between, pretrained_end
from workbench.engine.training.judging import judged
from workbench.engine.training.keeper import best_state, read_outputs
from workbench.engine.training.pauses import rest_of
from workbench.engine.training.state import State
from workbench.engine.training.together import answers_of_all

SHARES = (0.0, 0.25, 0.5, 0.75)
"""How much of the trained weights is in the points that are scored; 1 is the model itself, whose score is known."""


def go_back(work: Experiment, state: State, control: Control) -> Generator[Event, None, Interpolation | None]:
    """Score the points on the validation part, and keep the best of them where that was asked for.

    A run that has gone back before, and goes on with the blend as its best model, says again what was found then.

    Yields:
        Progress, then a Notice and the Interpolation, which is also returned.

    Returns:
        None where there is no way back: nothing was pretrained, no stage has trained, nothing validates, or it was told
        to end.
    """
    best = work.team.share(lambda: work.checkpoints.read("best"))
    if best is None or not work.goes_back or best.state["on_features"]:
        return None
    if "share" in best.state:
        return (yield from _found_before(best))
    model = read_outputs(best.state)
    if model is None or not len(model.rows):
        return None
    origin = (yield from _origin(work, best, state, control)) if work.team.leads else None
    origin = work.team.share(lambda: origin)
    if origin is None:
        return None
    inputs = PixelInputs(work.network, work.store, work.resolved, work.device, work.chunk, "none")
    found = {}
    for share in SHARES:
        work.network.load_state_dict(between(origin, best.weights, share))
        what = f"scoring the way back at {share:.0%}"
        found[share] = yield from answers_of_all(
            work, inputs, work.validation_rows, control, what, resting=rest_of(state)
        )
        if found[share] is None:
            return None
    scored = {share: judged(work, outputs) for share, outputs in [*found.items(), (1.0, model)] if outputs}
    top = max(reversed(scored), key=lambda share: scored[share].rank) if _keeps(work) else 1.0
    event = Interpolation(
        shares=list(scored),
        scores=[each.score for each in scored.values()],
        validation=[each.metrics for each in scored.values()],
        kept=top,
    )
    yield from _said(event)
    if top < 1.0 and state.best is not None:
        state.best, state.best_loss = state.best.model_copy(update={"score": scored[top].score}), scored[top].loss
        data = {**best_state(state, found[top], on_features=False), "share": top, "way_back": event.model_dump()}
        if work.team.leads:
            path = work.checkpoints.save("best", between(origin, best.weights, top), data)
            yield Checkpoint(path=f"checkpoints/{path.name}", kind="best")
    return event


def _found_before(best: Stored) -> Generator[Event, None, Interpolation | None]:
    """Say what was kept beside a blend; None where it is of a time when nothing was."""
    if "way_back" not in best.state:
        return None
    event = Interpolation.model_validate(best.state["way_back"])
    yield from _said(event)
    return event


def _said(event: Interpolation) -> Iterator[Event]:
    if any(score is not None for score in event.scores):
        yield Notice(level="info", text=_sentence(event))
    yield event


def _origin(
    work: Experiment, best: Stored, state: State, control: Control
) -> Generator[Event, None, dict[str, Tensor] | None]:
    """The pretrained end of the way; a run that cannot go back ends without, and says why."""
    try:
        return (yield from pretrained_end(work.resolved, best.weights, state.probed, work.project_dir, control))
    except WorkbenchError as error:
        yield Notice(level="warning", text=f"There is no way back to the pretrained weights: {error.text}")
        return None


def _keeps(work: Experiment) -> bool:
    return work.resolved.project.recipe.interpolate == "keep"


def _sentence(event: Interpolation) -> str:
    points = [
        f"{score:.3f} at {share:.0%}"
        for share, score in zip(event.shares, event.scores, strict=True)
        if score is not None
    ]
    text = f"On the way from the pretrained weights to this model, validation scores {', '.join(points)}."
    return text if event.kept == 1.0 else f"{text} The model at {event.kept:.0%} is kept."
