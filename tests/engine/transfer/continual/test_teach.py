"""Heads that take pictures and classes in later know what they would know had everything come at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.engine.training.runs import draw, weights
from tests.engine.transfer.continual.runs import copied, document, notices, said, trained, yellow
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.resolved import load_resolved
from workbench.core.specs import TrainSpec
from workbench.engine.training.job import train
from workbench.project.runs import list_runs
from workbench.project.store import ProjectFile


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("teach") / "p")


@pytest.fixture
def file(made: Path, tmp_path: Path) -> ProjectFile:
    return copied(made, tmp_path / "p")


def test_taught_in_two_goes_it_answers_as_if_it_had_learned_everything_at_once(
    file: ProjectFile, tmp_path: Path
) -> None:
    at = str(file.folder)
    for count, name in ((3, "one"), (2, "two")):
        more = yellow(tmp_path / name, count, first=3 * (name == "two"))
        events = list(said("teach", at, f"yellow={more}", "--task", "colour", "--validation", "0"))
        assert document(events)["added"] == {"yellow": {"train": count}}
    last = file.folder / "runs" / "003-taught"
    resolved = load_resolved(last)
    assert resolved.derived is not None and resolved.derived.origins == ["002-taught"]
    assert resolved.task("colour").classes == ["blue", "green", "red", "yellow"]
    run_dir = tmp_path / "q" / "runs" / "001-all"
    run_dir.mkdir(parents=True)
    spec = TrainSpec(
        project=resolved.project, project_dir=file.folder, run_dir=run_dir, run="001-all", table=last / "table.csv"
    )
    list(train(spec, Control()))
    found, joint = (
        weights(folder, "best", run) for folder, run in ((file.folder, last.name), (tmp_path / "q", "001-all"))
    )
    for name in ("weight", "bias"):
        one, other = (each[f"heads.task colour.{name}"] for each in (found, joint))
        assert one.shape[0] == 4 and float((one - other).abs().max()) <= 1e-6 * float(other.abs().max())


def test_one_picture_makes_a_class_and_before_and_after_are_told(file: ProjectFile, tmp_path: Path) -> None:
    picture = draw(tmp_path / "one.png", "red", True, 900)
    events = list(said("teach", str(file.folder), f"stripes={picture}", "--task", "colour"))
    found = document(events)
    assert found["new_classes"] == ["stripes"] and found["added"] == {"stripes": {"train": 1}}
    known, new = found["scores"]
    assert known["pictures"] > 0 and known["before"]["accuracy"] == pytest.approx(1.0, abs=0.4)
    assert new["pictures"] == 0 and new["before"] is None
    (shown,) = found["shown"]
    assert shown["before"]["label"] != "stripes" == shown["after"]["label"] == shown["label"]
    assert file.project == ProjectFile.read(file.folder).project


def test_a_calibration_does_not_come_along_and_that_is_said(file: ProjectFile, tmp_path: Path) -> None:
    at, more = str(file.folder), yellow(tmp_path, 1)
    list(said("calibrate", at))
    events = list(said("teach", at, f"yellow={more}", "--task", "colour"))
    assert "Run 001-first is calibrated and 002-taught is not yet" in notices(events)


def test_pictures_that_are_known_are_not_learned_twice(file: ProjectFile, tmp_path: Path) -> None:
    at = str(file.folder)
    with pytest.raises(RequestError, match="already"):
        list(said("teach", at, str(file.folder / "colours"), "--task", "colour"))
    more = yellow(tmp_path, 1)
    shutil.copy(file.folder / "colours" / "red" / "000.png", more / "copy of red.png")
    events = list(said("teach", at, f"yellow={more}", "--task", "colour"))
    assert document(events)["added"] == {"yellow": {"train": 1}}
    assert "with another label" in notices(events)


def test_old_pictures_may_be_gone(file: ProjectFile, tmp_path: Path) -> None:
    more = yellow(tmp_path, 6)
    shutil.rmtree(file.folder / "colours")
    shutil.rmtree(file.folder / "cache")
    found = document(list(said("teach", str(file.folder), f"yellow={more}", "--task", "colour")))
    known, new = found["scores"]
    assert known["pictures"] == 0 and new["pictures"] == 1 and new["after"]["accuracy"] == 1.0


def test_a_trained_head_is_refused_with_the_ways_on_and_changed_when_asked_for(tmp_path: Path) -> None:
    at = str(trained(tmp_path / "p", "linear", epochs=2))
    words = ["teach", at, f"yellow={yellow(tmp_path, 5)}", "--task", "colour"]
    with pytest.raises(RequestError, match="--head ridge"):
        list(said(*words))
    found = document(list(said(*words, "--head", "ridge")))
    assert found["head"] == {"before": "linear", "after": "ridge"}
    assert [each["pictures"] > 0 for each in found["scores"]] == [True, True]
    assert found["scores"][0]["after"]["accuracy"] > 0.5


def test_what_is_stopped_or_wrong_leaves_nothing(file: ProjectFile, tmp_path: Path) -> None:
    at, more = str(file.folder), yellow(tmp_path, 1)
    control = Control()
    control.stop()
    list(said("teach", at, f"yellow={more}", "--task", "colour", control=control))
    (tmp_path / "empty").mkdir()
    for words, part in (
        ([f"yellow={tmp_path / 'empty'}", "--task", "colour"], "no picture"),
        ([f"yellow={tmp_path / 'nowhere'}", "--task", "colour"], "no folder"),
        ([f"yellow={more}"], "Say which"),
        ([f"yellow={more}", "--task", "shape"], "no task shape"),
        ([f"yellow={more}", "--task", "colour", "--validation", "1"], "no share"),
    ):
        with pytest.raises(RequestError, match=part):
            list(said("teach", at, *words))
    assert [info.run for info in list_runs(file.folder)] == ["001-first"]
