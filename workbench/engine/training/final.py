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
from workbench.engine.training.phase_start import note_unreadable
from workbench.engine.training.together import answers_of_all


def evaluate_best(work: Experiment, finished: bool, control: Control) -> Generator[Event, None, dict[str, Outputs]]:
    """The answers of the best checkpoint, by part.

    Those of the validation part are the ones that chose it, never worked out again. The other parts are answered only
    where the run finished; what is broken off is left out.
    """
    best = work.team.share(lambda: work.checkpoints.read("best"))
    if best is None:
        return {}
    kept = read_outputs(best.state)
    outputs: dict[str, Outputs] = {"validation": kept} if kept is not None and len(kept.rows) else {}
    if not finished:
        return outputs
    work.network.load_state_dict(best.weights)
    inputs = _inputs(work, best.state["on_features"])
    for part in PARTS:
        rows = work.table.rows(part)
        if part not in outputs and len(rows):
            what = f"scoring the {part} part"
            answers = yield from answers_of_all(work, inputs, rows, control, what)
            if answers is None:
                break
            outputs[part] = answers
    yield from note_unreadable(work)
    return {part: outputs[part] for part in PARTS if part in outputs}


def _inputs(work: Experiment, on_features: bool) -> Inputs:
    """Stored features where the best backbone is the one that they were computed with, else pixels."""
    if on_features and work.features is not None:
        return FeatureInputs(work.network, work.features.values, work.features.readable, work.device)
    return PixelInputs(work.network, work.store, work.resolved, work.device, work.chunk, "none")
