"""The `report` job: the facts of a run that only its model and its pictures can tell."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from workbench.core.control import Control
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.project import Task
from workbench.core.specs import EvaluateSpec, ReportSpec
from workbench.engine.data.unreadable import UnreadableImage
from workbench.engine.insight.evaluate import evaluate
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.insight.report.small import erred, looked, thumbnail
from workbench.engine.insight.report.worst import best, caption, worst

COLLECTING = "collecting pictures"
_PICTURES, _MAPS = 96, 36
"""Over all tasks, at most: they make the size of the file."""
_PICTURES_PER_TASK, _MAPS_PER_TASK = 18, 6

_Draw = Callable[[Mapping[str, Any]], str]


def report(spec: ReportSpec, control: Control) -> Iterator[Event]:
    """Score a run on a part or on other pictures, and draw its worst pictures and where it looked in some.

    Yields:
        Progress, Notices, and one Result "report": `evaluation`, the document of `evaluate`; `pictures`, for each task
        `worst` and `looked` (of a mask: where it is wrong), each a list of image, caption and picture (a data URI);
        `confidence`, for each calibrated task what was fitted; `sources`, for each task that was scored on other
        pictures the name of their folder or table. Where it is told to end, no Result.

    Raises:
        RequestError: the part is empty.
        RunError: the run has kept no model.
    """
    predictor = warm_predictor(spec.run_dir)
    asked = EvaluateSpec(
        project_dir=spec.project_dir, run_dir=spec.run_dir, run=spec.run, part=spec.part, data=spec.data
    )
    document: dict[str, Any] | None = None
    for event in evaluate(asked, control):
        if isinstance(event, Result):
            document = event.document
        else:
            yield event
    if document is None:
        return
    pictures = yield from _pictures(spec, predictor, document["tasks"], control)
    if control.ending:
        return
    fitted = predictor.confidence.facts.tasks if predictor.confidence is not None else {}
    yield Result(
        what="report",
        document={
            "evaluation": document,
            "pictures": pictures,
            "confidence": {name: head.document() for name, head in fitted.items()},
            "sources": {task.name: _called(task) for task in spec.data},
        },
    )


def _called(task: Task) -> str:
    """Where a task's pictures come from, without the folders around it, which are nobody else's business."""
    name = task.source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return f"{name}, column {task.column}" if task.column else name


def _pictures(
    spec: ReportSpec, predictor: Predictor, tasks: Mapping[str, Any], control: Control
) -> Generator[Event, None, dict[str, Any]]:
    most = max(3, min(_PICTURES_PER_TASK, _PICTURES // max(1, len(tasks))))
    maps = max(2, min(_MAPS_PER_TASK, _MAPS // max(1, len(tasks))))
    found: dict[str, Any] = {}
    for at, (name, task) in enumerate(tasks.items()):
        yield Progress(what=COLLECTING, done=at, total=len(tasks))
        kind, entries = task["kind"], task["images"]
        bad = worst(kind, entries, most)
        shown = [*bad[: maps // 2], *best(kind, entries, maps - maps // 2)]
        found[name] = {
            "worst": (yield from _drawn(kind, bad, _plain(spec), control)),
            "looked": (yield from _drawn(kind, shown, _looking(spec, predictor, name, kind), control)),
        }
    yield Progress(what=COLLECTING, done=len(tasks), total=len(tasks))
    return found


def _plain(spec: ReportSpec) -> _Draw:
    return lambda entry: thumbnail(spec.project_dir / entry["image"])


def _looking(spec: ReportSpec, predictor: Predictor, task: str, kind: str) -> _Draw:
    """Where the head looked, or of a mask which pixels are wrong."""
    folder = spec.project_dir
    if kind == "mask":
        return lambda entry: erred(predictor, task, folder / entry["image"], folder / entry["mask"])
    return lambda entry: looked(predictor, task, folder / entry["image"])


def _drawn(
    kind: str, entries: list[Mapping[str, Any]], draw: _Draw, control: Control
) -> Generator[Event, None, list[dict[str, Any]]]:
    """Pictures with their captions; those that cannot be read any more are left out, and it is said."""
    drawn = []
    for entry in entries:
        control.wait_while_paused()
        if control.ending:
            break
        try:
            picture = draw(entry)
        except UnreadableImage as error:
            yield Notice(level="warning", text=f"{entry['image']} cannot be read ({error.reason}) and is left out.")
            continue
        drawn.append({"image": entry["image"], "caption": caption(kind, entry), "picture": picture})
    return drawn
