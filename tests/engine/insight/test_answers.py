"""`evaluate` and `predict` of a trained run: the documents of the contract, and one model behind them all."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.engine.training.runs import carry_out, draw, project, two_tasks
from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.project import Task
from workbench.core.specs import EvaluateSpec, Part, PredictSpec
from workbench.engine.insight import predictor as predictors
from workbench.engine.insight.evaluate import evaluate
from workbench.engine.insight.predict import list_pictures, predict
from workbench.engine.insight.predictor import forget, warm_predictor


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a finished run."""
    folder = tmp_path_factory.mktemp("project")
    carry_out(project(two_tasks(folder), {"freeze": 4}, head_epochs=6, epochs=1, preset="balanced"), folder)
    return folder


def evaluated(
    folder: Path, part: Part | None = None, data: tuple[Task, ...] = ()
) -> tuple[dict[str, Any], list[Event]]:
    run_dir = folder / "runs" / "001-run"
    spec = EvaluateSpec(project_dir=folder, run_dir=run_dir, run="001-run", part=part, data=data)
    events = list(evaluate(spec, Control()))
    (result,) = [event for event in events if isinstance(event, Result)]
    return result.document, events


def predicted(folder: Path, *images: Path) -> list[dict[str, Any]]:
    spec = PredictSpec(project_dir=folder, run_dir=folder / "runs" / "001-run", run="001-run", images=images)
    (result,) = [event for event in predict(spec, Control()) if isinstance(event, Result)]
    document: list[dict[str, Any]] = result.document
    return document


def test_evaluating_says_what_the_run_said(folder: Path) -> None:
    document, events = evaluated(folder)
    stored = json.loads((folder / "runs" / "001-run" / "results" / "metrics.json").read_text(encoding="utf-8"))
    assert document["part"] == "validation" and any(isinstance(event, Progress) for event in events)
    for task, facts in stored["tasks"].items():
        found = document["tasks"][task]
        assert found["confusion"] == facts["confusion"] and found["classes"] == facts["classes"]
        for name in ("accuracy_interval", "balanced_accuracy_interval", "macro_f1_interval"):
            assert found["metrics"].pop(name) == pytest.approx(facts["metrics"].pop(name))
        assert found["metrics"] == pytest.approx(facts["metrics"], abs=1e-4)
        assert [i["image"] for i in found["images"]] == [i["image"] for i in facts["images"]]
        assert set(found["metrics"]) >= {"accuracy", "balanced_accuracy", "macro_f1", "calibration_error"}
        assert found["kind"] == "single-label" and found["count"] == len(found["images"])


def test_a_part_that_is_empty_is_said_so(folder: Path) -> None:
    assert evaluated(folder, "train")[0]["part"] == "train"
    with pytest.raises(RequestError, match="no picture in its test part"):
        evaluated(folder, "test")


def test_predicting_gives_the_numbers_of_evaluating(folder: Path) -> None:
    document, _ = evaluated(folder)
    images = document["tasks"]["colour"]["images"]
    answers = predicted(folder, *(folder / image["image"] for image in images))
    assert [answer["image"] for answer in answers] == [str(folder / image["image"]) for image in images]
    for answer, image in zip(answers, images, strict=True):
        colour = answer["tasks"]["colour"]
        assert answer["error"] is None and colour["unknown"] is None
        assert colour["label"] == image["prediction"]
        assert colour["confidence"] == pytest.approx(image["confidence"], abs=1e-5)
        assert sum(colour["probabilities"].values()) == pytest.approx(1.0)
        assert list(colour["probabilities"]) == ["blue", "green", "red"]
        assert set(answer["tasks"]) == {"colour", "pattern"}


def test_unreadable_pictures_are_said_and_the_others_answered(folder: Path, tmp_path: Path) -> None:
    for name in ("img10.png", "img2.png", "sub/Ünï 图.PNG"):
        draw(tmp_path / name, "red", False, 5)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("none", encoding="utf-8")
    answers = predicted(folder, tmp_path)
    names = [Path(answer["image"]).relative_to(tmp_path).as_posix() for answer in answers]
    assert names == ["broken.png", "img2.png", "img10.png", "sub/Ünï 图.PNG"]
    assert answers[0]["error"] and answers[0]["tasks"] == {}
    assert all(answer["error"] is None for answer in answers[1:])
    assert predicted(folder, tmp_path / "notes.txt")[0]["error"]


def test_nothing_to_answer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no picture in"):
        list_pictures([tmp_path])
    with pytest.raises(RequestError, match=r"There is no picture or folder .*absent"):
        list_pictures([tmp_path / "absent"])


def test_a_run_without_a_model_says_so(tmp_path: Path) -> None:
    (tmp_path / "runs" / "001-run").mkdir(parents=True)
    draw(tmp_path / "a.png", "red", False, 1)
    with pytest.raises(RunError, match="kept no model"):
        predicted(tmp_path, tmp_path / "a.png")


def test_other_pictures_are_scored_and_unknown_classes_listed(folder: Path, tmp_path: Path) -> None:
    for index in range(3):
        draw(tmp_path / "red" / f"{index}.png", "red", False, 70 + index)
        draw(tmp_path / "violet" / f"{index}.png", "blue", False, 80 + index)
    for name in "abcdef":
        (tmp_path / "red" / f"torn-{name}.png").write_bytes(b"torn")
    document, events = evaluated(folder, data=(Task(name="colour", source=str(tmp_path)),))
    assert document["part"] == "data" and list(document["tasks"]) == ["colour"]
    assert document["tasks"]["colour"]["count"] == 3
    assert {image["target"] for image in document["tasks"]["colour"]["images"]} == {"red"}
    notices = " ".join(event.text for event in events if isinstance(event, Notice))
    assert "violet" in notices and str(tmp_path / "violet" / "0.png") in notices
    assert "6 pictures cannot be read and are not scored: " in notices and notices.count("torn-") == 4
    assert notices.count("it is not a picture") == 1, "a reason that all share is said once"
    (tmp_path / "red" / "torn-c.png").write_bytes(b"")
    _, events = evaluated(folder, data=(Task(name="colour", source=str(tmp_path)),))
    notices = " ".join(event.text for event in events if isinstance(event, Notice))
    assert notices.count("it is not a picture") == 3 and notices.count("the file is empty") == 1
    with pytest.raises(RequestError, match="no task material"):
        evaluated(folder, data=(Task(name="material", source=str(tmp_path)),))


def test_a_model_stays_warm_until_it_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_dir = folder / "runs" / "001-run"
    forget()
    first = warm_predictor(run_dir)
    assert warm_predictor(run_dir) is first
    monkeypatch.setattr(predictors, "fingerprint", lambda path: "another")
    assert warm_predictor(run_dir) is not first
    forget()


def test_a_warm_answer_is_quick(folder: Path) -> None:
    image = folder / "colours" / "red" / "000.png"
    predicted(folder, image)
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        predicted(folder, image)
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.3


def test_jobs_end_when_they_are_told_to(folder: Path) -> None:
    control = Control()
    control.cancel()
    run_dir = folder / "runs" / "001-run"
    spec = EvaluateSpec(project_dir=folder, run_dir=run_dir, run="001-run")
    assert not any(isinstance(event, Result) for event in evaluate(spec, control))
    asked = PredictSpec(project_dir=folder, run_dir=run_dir, run="001-run", images=(folder / "colours",))
    assert not any(isinstance(event, Result) for event in predict(asked, control))
