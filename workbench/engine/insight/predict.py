"""The `predict` job: every head's answer for pictures and folders of pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result
from workbench.core.specs import PredictSpec
from workbench.engine import device as devices
from workbench.engine.data.image_files import walk_pictures
from workbench.engine.data.labels import natural_key
from workbench.engine.insight.confidence.believed import believed
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.mask_writer import MaskWriter
from workbench.engine.insight.predictor import Answer, Predictor, warm_predictor
from workbench.engine.training.amounts import piece

ANSWERING = "answering"


def predict(spec: PredictSpec, control: Control) -> Iterator[Event]:
    """Answer pictures in the order given, folders in natural order at any depth.

    Yields:
        Progress, and one Result "predict": a list as the contract has it. Where it is told to end, no Result.

    Raises:
        RequestError: there is nothing to answer.
        RunError: the run has kept no model, or a mask cannot be written.
    """
    images = list_pictures(spec.images)
    predictor = warm_predictor(spec.run_dir)
    size = piece(predictor.resolved)
    document: list[dict[str, Any]] = []
    masks = MaskWriter(spec.out, predictor.resolved)
    with ThreadPoolExecutor(devices.cores(), thread_name_prefix="predict") as pool:
        for start in range(0, len(images), size):
            if len(images) > size:
                yield Progress(what=ANSWERING, done=start, total=len(images))
            control.wait_while_paused()
            if control.ending:
                return
            chosen = images[start : start + size]
            answers = predictor.predict(chosen, pool)
            document += _rows(chosen, answers, predictor, masks, control)
    if control.ending:
        return
    yield Progress(what=ANSWERING, done=len(images), total=len(images))
    yield Result(what="predict", document=document)


def list_pictures(given: Sequence[Path]) -> list[Path]:
    """Pictures in the order given; a folder stands for all pictures below it, img2 before img10.

    Raises:
        RequestError: something is not there, or there is no picture at all.
    """
    pictures: list[Path] = []
    for path in given:
        if path.is_dir():
            pictures += [Path(found) for found in sorted(walk_pictures(str(path)), key=natural_key)]
        elif path.exists():
            pictures.append(path)
        else:
            raise RequestError(f"There is no picture or folder {path}.", "Check the path.")
    if not pictures:
        names = ", ".join(map(str, given)) or "what was given"
        raise RequestError(f"There is no picture in {names}.", "Give pictures, or folders that hold some.")
    return pictures


def _rows(
    paths: Sequence[Path], answers: Sequence[Answer], predictor: Predictor, masks: MaskWriter, control: Control
) -> list[dict[str, Any]]:
    """Pictures of the document; those before `control.ending` came."""
    rows = []
    for path, answer in zip(paths, answers, strict=True):
        if control.ending:
            break
        rows.append(_row(path, answer, predictor, masks))
    return rows


def _row(path: Path, answer: Answer, predictor: Predictor, masks: MaskWriter) -> dict[str, Any]:
    """One picture of the document."""
    tasks = {}
    for name, values in answer.answers.items():
        facts = predictor.facts[name]
        if facts.kind == "mask":
            said = masks.answer(facts, values, path)
        else:
            said = REPORTS[facts.kind].answer(facts, values.numpy())
        tasks[name] = believed(facts, said, values.numpy(), predictor.confidence, answer.distance)
    return {"image": str(path), "error": answer.error, "tasks": tasks}
