"""The `explain` job: which places of a picture an answer hangs on, and whether the map that says so can be trusted."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result
from workbench.core.resolved import ResolvedTask
from workbench.core.specs import ExplainSpec
from workbench.engine import device as devices
from workbench.engine.data.unreadable import UnreadableImage
from workbench.engine.data.view import decode, open_rgb
from workbench.engine.insight.confidence.believed import believed
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.overlay import as_grey, at_picture_size, laid_over, save
from workbench.engine.insight.predictor import Predictor, warm_predictor
from workbench.engine.insight.saliency import METHODS, Question, fitting, method_for
from workbench.engine.insight.saliency.trust import CHECKS, Trust, check
from workbench.engine.training.inputs import as_they_are

LOOKING, CHECKING = "looking", "checking the map"


def explain(spec: ExplainSpec, control: Control) -> Iterator[Event]:
    """Draw where one head looked in one picture.

    Yields:
        Progress, and one Result "explain": run, image, task, class (None for a number), method, the methods that fit
        the network, the rows and columns of places that the map tells apart (None where it is not drawn from the last
        stage), the head's answer, the files written, and with `spec.trust` what the checks found. Where it is told to
        end, no Result.

    Raises:
        RequestError: the run has no such task or class, the task has no map, the method does not fit the network, or
            the picture cannot be read.
        RunError: the run has kept no model, or a file cannot be written.
    """
    predictor = warm_predictor(spec.run_dir)
    task, view = _task(predictor, spec.task), predictor.resolved.view
    try:
        picture, seen = open_rgb(spec.image), decode(spec.image, view)
    except UnreadableImage as error:
        raise RequestError(f"{spec.image} cannot be read: {error.reason}.", "Give another picture.") from error
    pixels = devices.move(seen.copy(), predictor.device)
    image = as_they_are(pixels[None].permute(0, 3, 1, 2))
    yield Progress(what=LOOKING, done=0, total=1)
    answer = predictor.predict([spec.image])[0]
    values = answer.answers[task.name].numpy()
    output = _output(task, spec.of, values)
    question = Question(predictor.network, task.name, output)
    methods, name = fitting(question), method_for(question, spec.method)
    found = METHODS[name](question, image)[0]
    yield Progress(what=LOOKING, done=1, total=1)
    trust = (yield from _checked(question, name, image[0], found, task.kind, control)) if spec.trust else None
    if control.ending:
        return
    shares = at_picture_size(found, (picture.height, picture.width), view)
    overlay = save(laid_over(picture, shares, spec.colours, spec.opacity), spec.out) if spec.out else None
    grey = save(as_grey(shares), spec.map) if spec.map else None
    said = REPORTS[task.kind].answer(task, values)
    document = {
        "run": spec.run,
        "image": str(spec.image),
        "task": task.name,
        "class": task.classes[output] if task.classes else None,
        "method": name,
        "methods": methods,
        "places": question.places(image) if name == methods[0] else None,
        "answer": believed(task, said, values, predictor.confidence, answer.distance),
        "out": overlay,
        "map": grey,
        "trust": _trust_document(trust) if trust else None,
    }
    yield Result(what="explain", document=document)


def _checked(
    question: Question, method: str, image: Tensor, found: Tensor, kind: str, control: Control
) -> Generator[Event, None, Trust | None]:
    """What the checks of a map found; None when told to end meanwhile."""
    checks = check(question, METHODS[method], image, found, kind)
    while not control.ending:
        try:
            yield Progress(what=CHECKING, done=next(checks), total=CHECKS)
        except StopIteration as end:
            trust: Trust = end.value
            return trust
    return None


def _task(predictor: Predictor, name: str) -> ResolvedTask:
    facts = predictor.facts
    if name not in facts:
        raise RequestError(f"The run has no task {name}.", f"Its tasks are: {', '.join(facts)}.")
    if facts[name].kind == "mask":
        raise RequestError(
            f"{name} marks pixels itself, so there is no map behind its answer.", "Look at its mask instead."
        )
    return facts[name]


def _output(task: ResolvedTask, of: str | None, answers: npt.NDArray[np.float32]) -> int:
    """The column that is asked for: of the class named, else of the one that the head finds likeliest."""
    if task.kind == "number":
        if of is not None:
            raise RequestError(f"{task.name} is a number and has no classes.", "Leave --class out.")
        return 0
    if of is None:
        return int(answers.argmax())
    if of not in task.classes:
        raise RequestError(f"{task.name} has no class {of}.", f"Its classes are: {', '.join(task.classes)}.")
    return task.classes.index(of)


def _trust_document(trust: Trust) -> dict[str, Any]:
    return {
        "text": trust.sentence,
        "trusted": trust.hangs_on_head and trust.finds_places,
        "remains_with_random_head": trust.remains,
        "deletion": trust.deletion,
        "deletion_random": list(trust.deletion_random),
        "insertion": trust.insertion,
        "insertion_random": list(trust.insertion_random),
    }
