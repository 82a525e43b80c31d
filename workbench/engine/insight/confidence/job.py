"""The `calibrate` job: fits what makes a run's answers believable, on its validation pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.resolved import TABLE_FILE
from workbench.core.run_weights import fingerprint
from workbench.core.specs import CalibrateSpec
from workbench.engine.data.table_file import load_table
from workbench.engine.insight.confidence.detector import Detector, fit_detector
from workbench.engine.insight.confidence.heads import FEW, doubts, few_pictures, fit_heads
from workbench.engine.insight.confidence.rescored import stored_answers, tempered
from workbench.engine.insight.confidence.stored import Confidence, Facts, HeadConfidence, write_confidence
from workbench.engine.insight.confidence.strangeness import MISTAKEN, fit_limit, quantiles, remoteness
from workbench.engine.insight.outputs import DISTANCE, Outputs
from workbench.engine.insight.predictor import warm_predictor
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.keeper import read_outputs
from workbench.engine.training.results import write_results


def calibrate(spec: CalibrateSpec, control: Control) -> Iterator[Event]:
    """Fit temperatures, sets of classes and the detector of unknown pictures, and keep them with the run's best model.

    The results that are stored of its parts are written anew, so that they say what `evaluate` says from now on.

    Yields:
        Progress, Notices, and one Result "calibrate". Where it is told to end, no Result, and nothing is kept.

    Raises:
        RequestError: nothing was validated, a task that is to abstain does not answer with one class, or neither
            classes nor labels are answered and no picture can be read.
        RunError: the run has kept no model.
    """
    predictor = warm_predictor(spec.run_dir)
    table = load_table(spec.run_dir / TABLE_FILE, spec.project_dir)
    outputs = _validated(spec)
    before = predictor.confidence.facts.tasks if predictor.confidence is not None else {}
    heads = fit_heads(spec, predictor.facts, outputs, table, before)
    yield from doubts(heads)
    detector = yield from fit_detector(spec, predictor, table, control)
    if control.ending:
        return
    if detector is None and not heads:
        raise RequestError(
            f"Of run {spec.run} no training or no validation picture can be read any more.",
            "Put the pictures back where they were.",
        )
    if detector is not None and not heads and len(detector.rows) < FEW:
        yield few_pictures(len(detector.rows))
    if detector is not None:
        heads = _with_limits(heads, detector, outputs)
        outputs = replace(outputs, beside={DISTANCE: detector.distances_of(outputs)})
    neighbours = detector.neighbours if detector else None
    folders = (spec.run_dir, spec.project_dir)
    answers = yield from stored_answers(*folders, predictor, table, outputs, heads, control, neighbours)
    if answers is None:
        return
    confidence = Confidence(_facts(spec, heads, detector), neighbours)
    write_confidence(spec.run_dir, confidence)
    scored = {part: tempered(each, heads) for part, each in answers.items()}
    write_results(*folders, table, predictor.resolved.tasks, scored, {}, confidence)
    yield Result(what="calibrate", document=_document(spec, confidence))


def _validated(spec: CalibrateSpec) -> Outputs:
    """The answers to validation pictures that are kept with the best model."""
    stored = Checkpoints(spec.run_dir).read("best")
    outputs = None if stored is None else read_outputs(stored.state)
    if outputs is None or not len(outputs.rows):
        raise RequestError(f"Run {spec.run} has validated nothing.", "Train with a validation part.")
    return outputs


def _with_limits(
    heads: Mapping[str, HeadConfidence], detector: Detector, outputs: Outputs
) -> dict[str, HeadConfidence]:
    """Those that answer with one class, which alone have a coverage, take their own energy into account."""
    return {
        name: head if head.coverage is None else detector.with_limit(head, name, outputs)
        for name, head in heads.items()
    }


def _facts(spec: CalibrateSpec, heads: dict[str, HeadConfidence], detector: Detector | None) -> Facts:
    """What is kept beside the training pictures."""
    model = fingerprint(Checkpoints(spec.run_dir).folder("best"))
    if detector is None:
        return Facts(model=model, tasks=heads)
    known = quantiles(detector.distances)
    limit = fit_limit(remoteness(detector.distances, known))
    return Facts(model=model, tasks=heads, distances=known, unknown_from=limit)


def _document(spec: CalibrateSpec, confidence: Confidence) -> dict[str, Any]:
    """What `--json` prints."""
    facts, neighbours = confidence.facts, confidence.neighbours
    unknown = None
    if neighbours is not None:
        pictures = len(neighbours.features)
        unknown = {"pictures": pictures, "mistaken": MISTAKEN, "unknown_from": facts.unknown_from}
    return {
        "run": spec.run,
        "tasks": {name: head.document() for name, head in facts.tasks.items()},
        "unknown": unknown,
    }
