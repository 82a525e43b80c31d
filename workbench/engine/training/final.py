"""The end of a run: the best checkpoint's answers to every part."""

from __future__ import annotations

from collections.abc import Generator

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import PARTS
from workbench.engine.insight.outputs import Outputs
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.inputs import FeatureInputs, Inputs, PixelInputs
from workbench.engine.training.keeper import read_outputs
from workbench.engine.training.pauses import rest_of
from workbench.engine.training.phase_start import note_unreadable, stored_features
from workbench.engine.training.state import State
from workbench.engine.training.together import answers_of_all


def evaluate_best(work: Experiment, state: State, control: Control) -> Generator[Event, None, dict[str, Outputs]]:
    """The answers of the best checkpoint, by part.

    Those of the validation part are the ones that chose it, never worked out again. The other parts are answered only
    where the run was not told to end; what is broken off is left out. Training pictures are by far the most and judge
    nothing: unless they have stored features, or there is no other part, they are answered when `evaluate` is asked.
    """
    best = work.team.share(lambda: work.checkpoints.read("best"))
    if best is None:
        return {}
    kept = read_outputs(best.state)
    outputs: dict[str, Outputs] = {"validation": kept} if kept is not None and len(kept.rows) else {}
    on_features = best.state["on_features"]
    left = [part for part in PARTS if part not in outputs and len(work.table.rows(part))]
    if not on_features and (outputs or "test" in left):
        left.remove("train")
    if not left or control.ending:
        return outputs
    work.network.load_state_dict(best.weights)
    inputs = yield from _inputs(work, state, on_features, control)
    if inputs is None:
        return outputs
    for part in left:
        what = f"scoring the {part} part"
        answers = yield from answers_of_all(work, inputs, work.table.rows(part), control, what, resting=rest_of(state))
        if answers is None:
            break
        outputs[part] = answers
    yield from note_unreadable(work)
    return {part: outputs[part] for part in PARTS if part in outputs}


def _inputs(
    work: Experiment, state: State, on_features: bool, control: Control
) -> Generator[Event, None, Inputs | None]:
    """Stored features where the best backbone is the one that they were computed with, else pixels.

    None where it is told to end. A run that was broken off reads them again: its answers are those of one that was not,
    to the last bit.
    """
    if not on_features:
        return PixelInputs(work.network, work.store, work.resolved, work.device, work.chunk, "none")
    features = yield from stored_features(work, state, control)
    if features is None:
        return None
    return FeatureInputs(work.network, features.values, features.readable, work.device)
