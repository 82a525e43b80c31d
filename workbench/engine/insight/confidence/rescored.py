"""The answers behind a run's stored results, as its new temperatures make them."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import replace
from pathlib import Path

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.specs import PARTS
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.confidence.neighbours import Neighbours
from workbench.engine.insight.confidence.stored import HeadConfidence
from workbench.engine.insight.evaluate import answer_rows
from workbench.engine.insight.outputs import Outputs
from workbench.engine.insight.predictor import Predictor
from workbench.engine.training.results import stored_parts


def stored_answers(
    run_dir: Path,
    project_dir: Path,
    predictor: Predictor,
    table: SampleTable,
    validation: Outputs,
    tasks: Collection[str],
    control: Control,
    detector: Neighbours | None,
) -> Generator[Event, None, dict[str, Outputs] | None]:
    """{part: answers without a temperature} of the parts whose results are stored; None when told to end.

    Args:
        validation: the answers that were kept with the model.
        tasks: that have temperatures.
        detector: as `answer_rows` takes it.
    """
    found = {"validation": validation}
    present = {task: predictor.network.temperatures.get(task, 1.0) for task in tasks}
    for part in stored_parts(run_dir):
        if part == "validation":
            continue
        outputs = yield from answer_rows(project_dir, predictor, table, table.rows(part), control, detector)
        if outputs is None:
            return None
        found[part] = _times(outputs, present)
    return {part: found[part] for part in PARTS if part in found}


def tempered(outputs: Outputs, heads: Mapping[str, HeadConfidence]) -> Outputs:
    """Answers without a temperature, divided by those of the heads."""
    return _times(outputs, {task: 1 / head.temperature for task, head in heads.items()})


def _times(outputs: Outputs, factors: Mapping[str, float]) -> Outputs:
    answers = {
        task: values * factors[task] if task in factors else values for task, values in outputs.answers.items()
    }
    return replace(outputs, answers=answers)
