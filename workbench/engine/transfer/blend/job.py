"""The `blend` job: points between a run's pretrained weights and its trained ones.

WiSE-FT: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022, arXiv 2109.01903. The weights of a point
are (1 - share) pretrained + share trained. Both lie in one basin where the learning rate was gentle, so that the points
between do as well as the ends or better, above all on pictures of another kind than those trained on. It costs a pass
over the pictures that score it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.resolved import Derived
from workbench.core.specs import BlendSpec
from workbench.engine.transfer.blend.ends import Ends, ends_of
from workbench.engine.transfer.blend.scorer import Ground, grounds, scores_of
from workbench.engine.transfer.derived import derive


def blend(spec: BlendSpec, control: Control) -> Iterator[Event]:
    """Score points, and keep one of them where that was asked for.

    Yields:
        Progress, Notices, and one Result "blend"; of a run that is made, what `derive` says. Where it is told to end,
        no Result.

    Raises:
        RequestError: a share is none, more than one is to be kept, the run has no way between, or there are no
            pictures to score on.
        WorkbenchError: the run has kept no model, or its pretrained weights are not there any more.
    """
    for share in spec.shares:
        if not 0.0 <= share <= 1.0:
            raise RequestError(f"A share of {share:g} is not possible.", "Give shares from 0 to 1.")
    if spec.keep is not None and len(spec.shares) != 1:
        raise RequestError("One share is kept at a time.", "Say which one with --share.")
    ends = yield from ends_of(spec.run_dir, spec.project_dir, control)
    if ends is None:
        return
    curves = {}
    for ground in (yield from grounds(ends.scorer.predictor, ends.origin.table, spec.data, spec.project_dir)):
        points = yield from _points(spec, ends, ground, control)
        if points is None:
            return
        curves[ground.where] = points
    if not curves and spec.keep is None:
        raise RequestError(
            f"Run {spec.run} has no validation part to score on.",
            "Give other labelled pictures with --data NAME=FOLDER.",
        )
    document = {"run": spec.run, "kept": None, "curves": curves}
    if spec.keep is None:
        yield Result(what="blend", document=document)
    else:
        yield from _keep(spec, spec.keep, ends, document, control)


def _points(
    spec: BlendSpec, ends: Ends, ground: Ground, control: Control
) -> Generator[Event, None, list[dict[str, Any]] | None]:
    points = []
    for share in sorted(set(spec.shares)):
        point = yield from ends.point(share, ground, control)
        if point is None:
            return None
        points.append(point)
    return points


def _keep(spec: BlendSpec, run_dir: Path, ends: Ends, document: dict[str, Any], control: Control) -> Iterator[Event]:
    """Make a run of the one share."""
    (share,) = spec.shares
    origin = ends.origin
    derived = Derived(method="blend", origins=[origin.run], settings={"share": share})
    made = yield from derive(
        run_dir, spec.project_dir, origin.resolved, origin.table, ends.weights(share), derived, control
    )
    if made is not None:
        yield Result(what="blend", document={**document, "kept": run_dir.name, "scores": scores_of(made)})
        yield made.ended
