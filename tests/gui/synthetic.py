"""Plausible events, documents and projects for tests of pages, with real small pictures and without an engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Signal

from workbench.core.events import (
    Best,
    Epoch,
    Event,
    Notice,
    PhaseStarted,
    RunEnded,
    RunStarted,
    StageFact,
    Step,
    TaskFacts,
    stamped,
    to_json,
)
from workbench.core.project import BackboneChoice, Project, Task
from workbench.core.recipe import Recipe
from workbench.core.resolved import Derived, Resolved, ResolvedTask, ViewParameters, load_resolved
from workbench.gui.answers import Reply
from workbench.gui.workspace import Workspace
from workbench.project.recorder import EVENTS_FILE, Recorder
from workbench.project.runs import runs_dir
from workbench.project.store import ProjectFile

TASKS = ("material", "season")
CLASSES = {
    "material": ["glass", "paper", "cardboard", "plastic", "metal", "trash"],
    "season": ["Spring", "Summer", "Fall", "Winter"],
}
GROUPS = ("stage 3", "stage 4", "heads")


def classes_of(tasks: Sequence[str], classes: int = 0) -> dict[str, list[str]]:
    """Class names of each task; `classes` of them where that is given."""
    if classes:
        return {task: [f"class {index:02d} of {task}" for index in range(classes)] for task in tasks}
    return {task: CLASSES.get(task, ["first", "second", "third"]) for task in tasks}


def run_started(tasks: Sequence[str] = TASKS, classes: int = 0, epochs: int = 16) -> RunStarted:
    """The first event of a run."""
    facts = {
        task: TaskFacts(
            kind="single-label",
            head="linear",
            classes=names,
            counts={"train": 192, "validation": 48, "test": 0},
        )
        for task, names in classes_of(tasks, classes).items()
    }
    stages = [StageFact(name=f"stage {index}", parameters=200_000 * index, frozen=index < 3) for index in range(5)]
    return RunStarted(
        tasks=facts,
        backbone="mobilenet_v2",
        stages=stages,
        trainable_parameters=1_412_000,
        total_parameters=2_230_000,
        device="cpu",
        precision="bf16",
        batch_size=32,
        epochs=epochs,
    )


def run_events(
    tasks: Sequence[str] = TASKS,
    *,
    run: str = "001-balanced",
    head_epochs: int = 6,
    epochs: int = 10,
    steps: int = 12,
    classes: int = 0,
    end: str | None = "finished",
    upto: int | None = None,
) -> Iterator[Event]:
    """The events of a two-phase run; with `upto` only so many epochs and no end."""
    rng = np.random.default_rng(3)
    yield _stamp(run_started(tasks, classes, head_epochs + epochs), run)
    split = "240 pictures: 192 to train on, 48 to validate with, the same for every task."
    yield _stamp(Notice(level="info", text=split), run)
    yield _stamp(Notice(level="warning", text="2 pictures could not be read and are left out."), run)
    best, epoch, total = -1.0, 0, head_epochs + epochs
    best_event: Epoch | None = None
    for name, length in (("heads", head_epochs), ("stages 3 to 4 and heads", epochs)):
        yield _stamp(
            PhaseStarted(
                name=name, epochs=length, steps_per_epoch=steps, first_epoch=epoch + 1, trainable_parameters=9_000
            ),
            run,
        )
        for _ in range(length):
            epoch += 1
            yield _stamp(_steps(rng, tasks, name, epoch, steps, total), run)
            event = _epoch(rng, tasks, name, epoch, steps, total, best)
            if event.best:
                best, best_event = event.score or 0.0, event
            yield _stamp(event, run)
            if upto is not None and epoch >= upto:
                return
    if end is not None:
        kept = Best(epoch=best_event.epoch, step=best_event.step, score=best) if best_event else None
        yield _stamp(RunEnded.model_validate({"status": end, "best": kept, "elapsed_s": 72.4}), run)


def _stamp(event: Event, run: str) -> Event:
    return stamped(event, run)


def _level(task: str, at: float) -> float:
    hardness = 0.4 + 0.12 * (sum(map(ord, task)) % 7)
    return hardness * (0.25 + 1.6 * np.exp(-4 * at))


def _steps(rng: np.random.Generator, tasks: Sequence[str], phase: str, epoch: int, steps: int, total: int) -> Step:
    first = (epoch - 1) * steps + 1
    at = [(first + offset) / (steps * total) for offset in range(steps)]
    return Step(
        phase=phase,
        epoch=epoch,
        first=first,
        last=first + steps - 1,
        losses={task: [float(_level(task, x) * rng.lognormal(0, 0.16)) for x in at] for task in tasks},
        weights={task: [1.0] * steps for task in tasks},
        learning_rates={
            group: [0.001 * 0.6 ** (2 - index) * (1 + np.cos(np.pi * x)) / 2 for x in at]
            for index, group in enumerate(GROUPS)
        },
        images_per_s=212.0 + float(rng.normal(0, 5)),
    )


def _epoch(
    rng: np.random.Generator, tasks: Sequence[str], phase: str, epoch: int, steps: int, total: int, best: float
) -> Epoch:
    at = epoch / total
    validation: dict[str, dict[str, float | None]] = {}
    for task in tasks:
        loss = float(_level(task, at) * 1.15 + 0.25 * max(0.0, at - 0.6) + rng.normal(0, 0.02))
        accuracy = float(np.clip(1 - loss / 2.2, 0, 1))
        validation[task] = {"loss": loss, "accuracy": accuracy, "balanced_accuracy": accuracy * 0.98}
        validation[task]["macro_f1"] = accuracy * 0.97
    score = float(np.mean([values["accuracy"] or 0.0 for values in validation.values()]))
    return Epoch(
        phase=phase,
        epoch=epoch,
        step=epoch * steps,
        train={task: {"loss": float(_level(task, at))} for task in tasks},
        validation=validation,
        score=score,
        elapsed_s=4.5 * epoch,
        remaining_s=4.5 * (total - epoch),
        best=score > best,
    )


def picture(path: Path, seed: int, size: tuple[int, int] = (64, 48)) -> Path:
    """Write one picture whose look depends on the seed."""
    rng = np.random.default_rng(seed)
    small = rng.integers(30, 226, (3, 4, 3)).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(small).resize(size, Image.Resampling.BICUBIC).save(path, quality=88)
    return path


def pictures(folder: Path, count: int) -> list[Path]:
    """`count` pictures in a folder."""
    return [picture(folder / f"picture {index:03d}.jpg", index) for index in range(count)]


def evaluate_document(
    images: Sequence[str],
    tasks: Sequence[str] = TASKS,
    *,
    run: str = "001-balanced",
    part: str = "validation",
    classes: int = 0,
    accuracy: float = 0.85,
) -> dict[str, Any]:
    """What `evaluate --json` prints, with one row a picture and task."""
    names = classes_of(tasks, classes)
    seeds = enumerate(tasks)
    scored = {task: _task_document(images, names[task], accuracy, seed) for seed, task in seeds}
    return {"run": run, "part": part, "tasks": scored}


def _task_document(images: Sequence[str], names: list[str], accuracy: float, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed + 10)
    target = rng.integers(0, len(names), len(images))
    wrong = rng.random(len(images)) > accuracy
    said = np.where(wrong, (target + rng.integers(1, len(names), len(images))) % len(names), target)
    sure = np.where(wrong, rng.uniform(0.4, 0.99, len(images)), rng.uniform(0.6, 1.0, len(images)))
    confusion = np.zeros((len(names), len(names)), int)
    np.add.at(confusion, (target, said), 1)
    share = float(np.mean(target == said))
    spread = 1.96 * float(np.sqrt(share * (1 - share) / max(1, len(images))))
    rows = zip(images, target, said, sure, strict=True)
    return {
        "kind": "single-label",
        "count": len(images),
        "metrics": {
            "accuracy": share,
            "accuracy_interval": [max(0.0, share - spread), min(1.0, share + spread)],
            "balanced_accuracy": share * 0.99,
            "macro_f1": share * 0.98,
            "calibration_error": 0.031,
        },
        "classes": names,
        "confusion": confusion.tolist(),
        "images": [
            {"image": image, "target": names[t], "prediction": names[p], "confidence": round(float(c), 4)}
            for image, t, p, c in rows
        ],
    }


def predict_document(images: Sequence[Path], tasks: Sequence[str] = TASKS, classes: int = 0) -> list[dict[str, Any]]:
    """What `predict --json` prints."""
    names = classes_of(tasks, classes)
    return [
        {
            "image": str(image),
            "error": None,
            "tasks": {task: _answer(names[task], place + seed) for seed, task in enumerate(tasks)},
        }
        for place, image in enumerate(images)
    ]


def _answer(names: list[str], seed: int) -> dict[str, Any]:
    share = np.random.default_rng(seed).dirichlet(np.full(len(names), 0.35))
    best = int(share.argmax())
    shares = {name: float(value) for name, value in zip(names, share, strict=True)}
    return {"label": names[best], "confidence": float(share[best]), "probabilities": shares, "unknown": None}


def report(tasks: Sequence[str] = TASKS, classes: int = 0) -> dict[str, Any]:
    """What `check --json` prints of a project that can be trained."""
    facts = {
        task: {
            "kind": "single-label",
            "count": 240,
            "classes": dict.fromkeys(names, 240 // len(names)),
            "parts": {"train": 192, "validation": 48, "test": 0},
            "unreadable": [],
        }
        for task, names in classes_of(tasks, classes).items()
    }
    return {"ok": True, "problems": [], "pictures": 240, "shared": {}, "tasks": facts}


def project(tasks: Sequence[str] = TASKS) -> Project:
    """A project with those tasks."""
    return Project(
        name="Waste sorting",
        tasks=[Task(name=task, source="labels.csv", column=task) for task in tasks],
        backbone=BackboneChoice(name="mobilenet_v2", freeze=3),
        recipe=Recipe(preset="balanced"),
    )


def write_run(
    folder: Path,
    tasks: Sequence[str] = TASKS,
    *,
    run: str = "001-balanced",
    end: str | None = "finished",
    upto: int | None = None,
    images: Sequence[str] = (),
    classes: int = 0,
    parts: Sequence[str] = ("train", "validation"),
    **recipe: Any,
) -> Path:
    """A run on disk as the engine leaves it: resolved.toml, events.jsonl and, with `images`, its results."""
    import tomli_w

    run_dir = runs_dir(folder) / run
    (run_dir / "results").mkdir(parents=True)
    resolved = _resolved(run, tasks, classes, recipe)
    (run_dir / "resolved.toml").write_text(tomli_w.dumps(resolved.to_data()), encoding="utf-8")
    with Recorder(run_dir) as recorder:
        for event in run_events(tasks, run=run, end=end, upto=upto, classes=classes):
            recorder.write(event)
    for part in parts if images else ():
        document = evaluate_document(images, tasks, run=run, part=part, classes=classes)
        (run_dir / "results" / f"metrics-{part}.json").write_text(to_json(document), encoding="utf-8")
        if part == "validation":
            (run_dir / "results" / "metrics.json").write_text(to_json(document), encoding="utf-8")
    assert (run_dir / EVENTS_FILE).exists()
    return run_dir


def say_made_of(run_dir: Path, method: str, origins: Sequence[str], **settings: Any) -> None:
    """Let a run on disk be one that was not trained but made of others."""
    import tomli_w

    derived = Derived(method=method, origins=list(origins), settings=settings)
    resolved = load_resolved(run_dir).model_copy(update={"derived": derived})
    (run_dir / "resolved.toml").write_text(tomli_w.dumps(resolved.to_data()), encoding="utf-8")


def verdict_document(
    tasks: Sequence[str] = TASKS, worse: Sequence[str] = (), kinds: Sequence[str] = ()
) -> dict[str, Any]:
    """What `verdict --json` prints."""
    names = {"number": "mean absolute error", "mask": "mean IoU of a picture", "multi-label": "label accuracy"}
    rows: dict[str, Any] = {}
    for place, task in enumerate(tasks):
        kind = kinds[place % len(kinds)] if kinds else "single-label"
        alone = 12.5 if kind == "number" else 0.8
        low, high = (-0.06, -0.01) if task in worse else (-0.015 + 0.004 * place, 0.02 + 0.01 * place)
        low, high = (25 * low, 25 * high) if kind == "number" else (low, high)
        middle = (low + high) / 2
        error = -1 if kind == "number" else 1
        rows[task] = {
            "kind": kind,
            "score": names.get(kind, "accuracy"),
            "part": "validation",
            "pictures": 48,
            "alone": alone,
            "together": alone + error * middle,
            "difference": middle,
            "interval": [low, high],
            "relative": 100 * middle / alone,
            "relative_interval": [100 * low / alone, 100 * high / alone],
            "conclusion": "apart" if task in worse else "together" if low > 0 else "no difference",
            "by_seed": {"alone": [alone] * 3, "together": [alone + error * middle] * 3},
            "metrics": {},
        }
    better = [task for task, row in rows.items() if row["conclusion"] == "together"]
    return {
        "verdict": "Verdict 001",
        "recipe": "0" * 16,
        "data_hash": "1" * 64,
        "tasks": rows,
        "seeds": [0, 1, 2],
        "started": "2026-11-24T09:10:00+00:00",
        "conclusion": "apart" if worse else "no difference",
        "sentence": "No difference that exceeds noise.",
        "worse": list(worse),
        "better": better,
        "level": 0.95,
        "delta_m": {"value": 0.9, "interval": [-0.4, 2.2]},
        "cost": {
            "together_s": 61.0,
            "alone_s": 61.0 * 0.65 * len(tasks),
            "times": 0.65 * len(tasks),
            "together_pictures_per_s": 212.0,
            "alone_pictures_per_s": 230.0,
        },
    }


def write_verdict(
    folder: Path, document: dict[str, Any] | None, *, number: int = 1, done: int = 0, **plan: Any
) -> Path:
    """A verdict on disk, finished or (without a document) stopped after `done` runs."""
    verdict_dir = folder / "verdicts" / f"{number:03d}"
    verdict_dir.mkdir(parents=True)
    facts = document or {"seeds": [0, 1, 2], "started": "2026-11-24T09:10:00+00:00"}
    kept = {"seeds": facts["seeds"], "started": facts["started"], "tasks": list(facts.get("tasks", TASKS)), **plan}
    (verdict_dir / "plan.json").write_text(to_json(kept), encoding="utf-8")
    for run in range(done):
        (verdict_dir / f"run{run}").mkdir()
        (verdict_dir / f"run{run}" / "done.json").write_text("{}", encoding="utf-8")
    if document is not None:
        (verdict_dir / "verdict.json").write_text(to_json({**document, **plan}), encoding="utf-8")
    return verdict_dir


def _resolved(run: str, tasks: Sequence[str], classes: int, recipe: dict[str, Any]) -> Resolved:
    asked = project(tasks)
    data = asked.effective().written()
    data["recipe"] = {**data["recipe"], **recipe}
    resolved_tasks = [
        ResolvedTask(
            name=task,
            kind="single-label",
            head="linear",
            classes=names,
            counts={"train": 192, "validation": 48, "test": 0},
            class_counts=[192 // len(names)] * len(names),
        )
        for task, names in classes_of(tasks, classes).items()
    ]
    return Resolved(
        run=run,
        started="2026-11-23T16:40:00.000+00:00",
        project=Project.model_validate(data),
        tasks=resolved_tasks,
        view=ViewParameters(size=224),
        weights="ImageNet",
        weights_sha256="0" * 64,
        data_hash="1" * 64,
        device="cpu",
        precision="bf16",
        layout="channels_last",
        batch_norm="eval",
        threads=2,
        batch_size=32,
        versions={"torch": "2.15.0"},
    )


class Asker(QObject):
    """Stands in for `Answers`: keeps the questions, so that a test answers them when it likes."""

    warmed = Signal()
    released = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.replies: list[Reply] = []
        self.cancelled: list[Reply] = []
        self.warm_count = 0
        self.release_count = 0

    def ask(self, argv: Sequence[str]) -> Reply:
        """Keep a question."""
        self.replies.append(Reply(argv, self))
        return self.replies[-1]

    def cancel(self, reply: Reply | None) -> None:
        """Keep what was given up."""
        if reply is not None:
            reply.cancelled = True
            self.cancelled.append(reply)

    def warm(self) -> None:
        """Count."""
        self.warm_count += 1
        self.warmed.emit()

    def release(self) -> None:
        """Count."""
        self.release_count += 1
        self.released.emit()

    def close(self) -> None:
        """Nothing runs here."""


class SyntheticWorkspace(Workspace):
    """A real workspace over a real folder that starts no engine child: runs and answers come from the test.

    Attributes:
        asked: what the pages asked for, in order, such as ("train",) or ("resume", "002-balanced").
    """

    def __init__(self, folder: Path, tasks: Sequence[str] = TASKS, classes: int = 0) -> None:
        super().__init__()
        self.model_answers.close()
        self._data_answers.close()
        self.download_answers.close()
        self.model_answers = Asker(self)  # type: ignore[assignment]
        self._data_answers = Asker(self)  # type: ignore[assignment]
        self.download_answers = Asker(self)  # type: ignore[assignment]
        self.asked: list[tuple[str, ...]] = []
        self._file = ProjectFile.create(folder, project(tasks)) if tasks else None
        self.report = report(tasks, classes) if tasks else None

    def check(self) -> None:
        """Nothing is read: the report stands."""

    def prepare(self) -> None:
        """No child is started."""

    def train(self) -> bool:
        """Keep the wish."""
        self.asked.append(("train",))
        return True

    def train_longer(self, run: str, epochs: int) -> bool:
        self.asked.append(("longer", run, str(epochs)))
        return True

    def train_from(self, run: str) -> bool:
        self.asked.append(("from", run))
        return True

    def train_by(self, command: str, *words: str) -> bool:
        self.asked.append(("train by", command, *words))
        return True

    def change(self, settings: dict[str, Any]) -> None:
        self.asked.append(("change", *(f"{key}={value}" for key, value in settings.items())))

    def train_queued(self, run: str) -> bool:
        """Keep the wish."""
        self.asked.append(("train queued", run))
        return True

    def resume(self, run: str) -> bool:
        """Keep the wish."""
        self.asked.append(("resume", run))
        return True

    def verdict(self, tasks: Sequence[str], seeds: int) -> bool:
        """Keep the wish."""
        self.asked.append(("verdict", *tasks, str(seeds)))
        return True

    def adapt(self, words: Sequence[str]) -> bool:
        """Keep the wish."""
        self.asked.append(("adapt", *words))
        return True

    def transfer(self, seeds: int, fractions: str = "") -> bool:
        """Keep the wish."""
        self.asked.append(("transfer", str(seeds), fractions))
        return True

    def train_with(self, *assignments: str) -> bool:
        """Keep the wish."""
        self.asked.append(("train with", *assignments))
        return True

    def pause(self, *, release: bool = False) -> None:
        """Keep the wish."""
        self.asked.append(("pause", "release") if release else ("pause",))

    def go_on(self) -> None:
        """Keep the wish."""
        self.asked.append(("go on",))

    def pause_task(self, task: str) -> None:
        """Keep the wish."""
        self.asked.append(("pause", task))
        self._set_paused_tasks(self.paused_tasks | {task})

    def resume_task(self, task: str) -> None:
        """Keep the wish."""
        self.asked.append(("go on", task))
        self._set_paused_tasks(self.paused_tasks - {task})

    def stop(self) -> None:
        """Keep the wish."""
        self.asked.append(("stop",))

    def cancel(self) -> None:
        """Keep the wish."""
        self.asked.append(("cancel",))

    def feed(self, events: Sequence[Event]) -> None:
        """Let the running job say these events at once."""
        self._on_drained(list(events))

    def be(self, state: Any) -> None:
        """Be in a state."""
        self._set_state(state)


def read_json(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
