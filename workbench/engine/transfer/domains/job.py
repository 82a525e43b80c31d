"""The `adapt` job: a run whose batch-norm statistics follow unlabelled pictures; and `adapted`: what adapting did."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from workbench.core.adaptation import ADABN
from workbench.core.control import Control
from workbench.core.events import Event, Result, to_json
from workbench.core.files import write_atomically
from workbench.core.resolved import Derived
from workbench.core.specs import AdaptedSpec, AdaptSpec
from workbench.engine.insight.predictor import Predictor
from workbench.engine.transfer.derived import Origin, derive, read_origin
from workbench.engine.transfer.domains.adabn import adapted_state
from workbench.engine.transfer.domains.beside import Side, beside
from workbench.engine.transfer.domains.target import Target, read_target

ADAPTED_FILE = "adapted.json"
"""In a run's results: what adapting did."""


def adapt(spec: AdaptSpec, control: Control) -> Iterator[Event]:
    """Make a run with batch-norm statistics of the target, and score it beside the one that it was made of.

    Yields:
        Progress, Notices, what a derived run says, one Result "adapted", and `run_ended`. Where it is told to end,
        neither of the two.

    Raises:
        RequestError: the network keeps no batch-norm statistics, or the target holds no picture.
        RunError: the run has kept no model or no table.
    """
    origin = read_origin(spec.origin_dir, spec.project_dir)
    before = plain_predictor(spec)
    target = yield from target_of(spec, origin, control)
    if target is None:
        return
    weights = yield from adapted_state(spec, before, origin.table, target, control)
    if weights is None:
        return
    settings: dict[str, Any] = {"target": str(target.folder), "share": spec.share, "prior": spec.prior}
    derived = Derived(method=ADABN, origins=[origin.run], settings=settings)
    made = yield from derive(spec.run_dir, spec.project_dir, origin.resolved, origin.table, weights, derived, control)
    if made is None:
        return
    document = yield from _document(spec, ADABN, origin, target, before, control)
    if document is None:
        return
    yield Result(what="adapted", document=document)
    yield made.ended


def adapted(spec: AdaptedSpec, control: Control) -> Iterator[Event]:
    """Score a run beside the one that it was adapted from.

    Yields:
        Progress, Notices, and one Result "adapted", which also lies in the run's results. Where it is told to end, no
        Result.

    Raises:
        RequestError: the target holds no picture.
        RunError: a run has kept no model or no table.
    """
    origin = read_origin(spec.origin_dir, spec.project_dir)
    target = yield from target_of(spec, origin, control)
    if target is None:
        return
    document = yield from _document(spec, _method(spec), origin, target, plain_predictor(spec), control)
    if document is not None:
        yield Result(what="adapted", document=document)


def plain_predictor(spec: AdaptSpec | AdaptedSpec) -> Predictor:
    """The model of the origin as it was trained: calibrated answers would not be comparable."""
    predictor = Predictor(spec.origin_dir)
    predictor.network.temperatures = {}
    return predictor


def target_of(spec: AdaptSpec | AdaptedSpec, origin: Origin, control: Control) -> Generator[Event, None, Target | None]:
    """The pictures that are no picture of the origin."""
    return (
        yield from read_target(spec.target, spec.labelled, origin.facts, spec.project_dir, origin.table.paths, control)
    )


def _method(spec: AdaptedSpec) -> str:
    resolved = read_origin(spec.run_dir, spec.project_dir).resolved
    return resolved.derived.method if resolved.derived else resolved.project.transfer.adaptation


def _document(
    spec: AdaptSpec | AdaptedSpec, method: str, origin: Origin, target: Target, before: Predictor, control: Control
) -> Generator[Event, None, dict[str, Any] | None]:
    after = Predictor(spec.run_dir)
    after.network.temperatures = {}
    sides = Side(spec.origin_dir, before), Side(spec.run_dir, after)
    found = yield from beside(*sides, origin.table, target, spec.project_dir, control)
    if found is None:
        return None
    document = {"run": spec.run_dir.name, "origin": origin.run, "method": method, **found}
    write_atomically(spec.run_dir / "results" / ADAPTED_FILE, to_json(document, indent=1))
    return document
