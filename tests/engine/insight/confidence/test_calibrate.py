"""The `calibrate` job and command, and `evaluate` and `predict` that obey it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.documents import document_of
from tests.engine.training.runs import four_kinds, on_resnet18
from workbench.cli import main
from workbench.engine.insight.confidence.stored import FACTS, FOLDER, read_confidence
from workbench.project.runs import read_results, read_run
from workbench.project.store import project_text


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    asked = on_resnet18(four_kinds(folder), {"freeze": "all"}, epochs=3, preset="probe")
    asked = asked.model_copy(update={"split": asked.split.model_copy(update={"test": 0.2})})
    (folder / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(folder)]) == 0
    return folder


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    shutil.copytree(trained, tmp_path / "p")
    return tmp_path / "p"


def test_predict_and_evaluate_obey_what_was_fitted(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    picture = folder / "pictures" / "000.png"
    before = document_of(capfd, "predict", folder, picture)[0]["tasks"]
    scores = document_of(capfd, "evaluate", folder, "--part", "validation")["tasks"]
    document = document_of(capfd, "calibrate", folder, "--coverage", "0.8", "--abstain", "colour=1")
    after = document_of(capfd, "predict", folder, picture)[0]["tasks"]
    head = document["tasks"]["colour"]
    logits = np.log([before["colour"]["probabilities"][name] for name in sorted(before["colour"]["probabilities"])])
    expected = np.exp(logits / head["temperature"]) / np.exp(logits / head["temperature"]).sum()
    found = [after["colour"]["probabilities"][name] for name in sorted(after["colour"]["probabilities"])]
    assert found == pytest.approx(expected.tolist(), abs=1e-4)
    assert after["colour"]["label"] == before["colour"]["label"]
    assert after["colour"]["abstained"] and after["colour"]["coverage"] == 0.8
    likely = [name for name, share in after["colour"]["probabilities"].items() if share >= head["threshold"]]
    assert sorted(after["colour"]["set"]) == sorted(likely)
    for task in ("size", "area"):
        answer = {key: value for key, value in after[task].items() if key not in ("distance", "strangeness")}
        assert {**answer, "unknown": None} == before[task], "neither a number nor a mask has a temperature"
    labels = document["tasks"]["marks"]
    assert labels["error_before"] == pytest.approx(scores["marks"]["metrics"]["calibration_error"], abs=1e-4)
    rescored = document_of(capfd, "evaluate", folder, "--part", "validation")["tasks"]
    assert all(image["abstained"] for image in rescored["colour"]["images"]), "the window filters by it"
    assert rescored["colour"]["metrics"]["answered"] == 0 and rescored["colour"]["metrics"]["answered_accuracy"] is None
    for task in ("colour", "marks"):
        assert rescored[task]["metrics"]["loss"] == pytest.approx(document["tasks"][task]["loss"], abs=1e-3)
        error = rescored[task]["metrics"]["calibration_error"]
        assert error == pytest.approx(document["tasks"][task]["error"], abs=1e-3)
    assert rescored["colour"]["confusion"] == scores["colour"]["confusion"]


def test_what_is_not_named_stays_as_it_was_calibrated(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    document_of(capfd, "calibrate", folder, "--coverage", "0.8", "--abstain", "colour=0.7")
    assert main(["calibrate", str(folder)]) == 0
    assert "it abstains below 70.0 %" in capfd.readouterr().out
    run_dir = next((folder / "runs").glob("001-*"))
    for document in (document_of(capfd, "evaluate", folder), read_results(run_dir)):
        said = document["tasks"]["colour"]["calibration"]
        assert (said["coverage"], said["abstain_below"]) == (0.8, 0.7)
        assert document["tasks"]["marks"]["calibration"]["temperature"] > 0
        assert "calibration" not in document["tasks"]["size"]
    assert main(["calibrate", str(folder), "--coverage", "0.995"]) == 0
    said = capfd.readouterr().out
    assert "so the set is every class where 99.5 % are asked. Ask for less, or validate on 199 pictures" in said
    assert "only all classes together make a set that is right 99.5 %" in said
    head = document_of(capfd, "calibrate", folder, "--abstain", "colour=0", "--coverage", "0.8")["tasks"]["colour"]
    assert (head["coverage"], head["abstain_below"]) == (0.8, 0)


def test_what_is_stored_and_explained_says_the_same_numbers(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    picture = folder / "pictures" / "000.png"
    run_dir = next((folder / "runs").glob("001-*"))
    stale = read_results(run_dir, "test")
    document_of(capfd, "calibrate", folder)
    document_of(capfd, "calibrate", folder, "--coverage", "0.7")  # a temperature is never divided by twice
    for part in ("validation", "test"):
        _same(read_results(run_dir, part), document_of(capfd, "evaluate", folder, "--part", part))
    assert read_run(folder, run_dir.name).metrics == {
        name: task["metrics"] for name, task in read_results(run_dir)["tasks"].items()
    }
    assert read_results(run_dir, "test")["tasks"]["colour"]["metrics"]["loss"] != pytest.approx(
        stale["tasks"]["colour"]["metrics"]["loss"], abs=1e-4
    )
    said = document_of(capfd, "predict", folder, picture)[0]["tasks"]["colour"]
    _same(said, document_of(capfd, "explain", folder, picture, "--task", "colour")["answer"])


def _same(one: object, other: object) -> None:
    """Two documents agree, numbers but for rounding."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys()
        for key in one:
            _same(one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            _same(left, right)
    else:
        assert one == (pytest.approx(other, abs=1e-4) if isinstance(other, float) else other)


def test_a_picture_unlike_training_is_unknown(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    strange = folder / "strange.png"
    checks = np.indices((40, 40)).sum(axis=0) % 2 * 255
    Image.fromarray(checks.astype(np.uint8)).convert("RGB").save(strange)
    assert document_of(capfd, "predict", folder, strange)[0]["tasks"]["colour"]["unknown"] is None
    document = document_of(capfd, "calibrate", folder)
    known, unknown = document_of(capfd, "predict", folder, folder / "pictures" / "001.png", strange)
    assert unknown["tasks"]["colour"]["distance"] > known["tasks"]["colour"]["distance"]
    limit = document["tasks"]["colour"]["unknown_from"]
    for said in (known["tasks"]["colour"], unknown["tasks"]["colour"]):
        assert said["unknown"] is (said["strangeness"] > limit)
    assert unknown["tasks"]["colour"]["unknown"]
    for task in ("marks", "size", "area"):  # by the distance alone
        assert unknown["tasks"][task]["unknown"] and not known["tasks"][task]["unknown"]
        assert unknown["tasks"][task]["strangeness"] > document["unknown"]["unknown_from"]
    table = folder / "strange.csv"
    table.write_text("image,colour\nstrange.png,red\npictures/001.png,green\n", encoding="utf-8")
    scored = document_of(capfd, "evaluate", folder, "--data", f"colour={table}:colour")["tasks"]["colour"]["images"]
    flags = {Path(image["image"]).name: image["unknown"] for image in scored}
    assert flags == {"strange.png": True, "001.png": known["tasks"]["colour"]["unknown"]}


def test_numbers_alone_tell_unknown_pictures(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked = on_resnet18(four_kinds(tmp_path)[2:3], {"freeze": "all"}, epochs=1, preset="probe")
    (tmp_path / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(tmp_path)]) == 0
    capfd.readouterr()
    assert main(["calibrate", str(tmp_path)]) == 0
    said = capfd.readouterr().out
    assert "6 validation pictures are few" in said
    assert "counts as unknown, by its distance from 30 training pictures." in said, "there is no task of one class"
    scored = document_of(capfd, "evaluate", tmp_path)["tasks"]["size"]
    assert {image["unknown"] for image in scored["images"]} == {False} and "calibration" not in scored
    shutil.move(tmp_path / "pictures", tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "cache")
    assert main(["calibrate", str(tmp_path)]) == 2
    assert "no training or no validation picture can be read any more." in capfd.readouterr().err


def test_what_was_fitted_to_another_model_is_void(folder: Path) -> None:
    assert main(["calibrate", str(folder)]) == 0
    run_dir = next((folder / "runs").glob("001-*"))
    assert read_confidence(run_dir) is not None
    manifest = run_dir / "checkpoints" / "best" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert read_confidence(run_dir) is None


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--coverage", "1.5"], "--coverage 1.5 cannot be promised: only all classes at once always hold the truth."),
        (["--abstain", "colour"], "--abstain colour is not of the form TASK=SHARE."),
        (["--abstain", "size=0.5"], "size is no task that answers with one class, so it cannot abstain."),
    ],
)
def test_what_cannot_be_fitted_is_said_and_nothing_written(
    folder: Path, capfd: pytest.CaptureFixture[str], words: list[str], text: str
) -> None:
    assert main(["calibrate", str(folder), *words]) == 2
    assert text in capfd.readouterr().err
    assert not list(folder.glob(f"runs/*/{FOLDER}/{FACTS}"))
