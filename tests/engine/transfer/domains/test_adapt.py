"""The `adapt` job and command with AdaBN: a run of its own, in which nothing but batch-norm statistics has changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from tests.cli.documents import document_of
from tests.engine.training.runs import weights
from tests.engine.transfer.domains.pictures import lamplit, trained
from workbench.cli import main
from workbench.core.control import Control
from workbench.core.events import Progress
from workbench.core.resolved import load_resolved
from workbench.core.specs import AdaptSpec
from workbench.engine.transfer.domains.job import adapt


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "p")
    return tmp_path / "p"


def test_only_statistics_change_and_gain_and_harm_are_told(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = lamplit(folder)
    document = document_of(capfd, "adapt", folder, "--target", target)
    assert (document["run"], document["origin"], document["method"]) == ("002-adabn", "001-run", "adabn")
    assert document["target"]["labelled"] == {"colour": 18} and document["target"]["pictures"] == 18
    rows = {row["on"]: row for row in document["tasks"]["colour"]["rows"]}
    assert set(rows) == {"target", "validation"} and rows["target"]["pictures"] == 18
    for row in rows.values():
        for side in ("before", "after"):
            low, high = row[side]["interval"]
            assert low <= row[side]["score"] <= high
        assert row["difference"] == pytest.approx(row["after"]["score"] - row["before"]["score"])
    assert rows["target"]["after"]["score"] > rows["target"]["before"]["score"], "the lamp is reckoned in"
    changed = document["tasks"]["colour"]["changed"]
    assert changed["pictures"] == 18 and changed["share"] > 0
    kept = json.loads((folder / "runs" / "002-adabn" / "results" / "adapted.json").read_text(encoding="utf-8"))
    assert kept == document
    before, after = weights(folder, "best"), weights(folder, "best", "002-adabn")
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved and all(name.endswith(("running_mean", "running_var")) for name in moved)
    derived = load_resolved(folder / "runs" / "002-adabn").derived
    assert derived is not None and derived.origins == ["001-run"] and derived.settings["prior"] == 16
    assert main(["evaluate", str(folder), "--run", "2"]) == 0
    assert main(["train", str(folder), "--resume", "2"]) == 0, "a finished run is said to be finished"


def test_unlabelled_pictures_are_adapted_to_without_being_scored(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    document = document_of(capfd, "adapt", folder, "--target", lamplit(folder, classes=False), "--share", "0.5")
    assert document["target"]["labelled"] == {}
    assert [row["on"] for row in document["tasks"]["colour"]["rows"]] == ["validation"]


def test_where_the_runs_own_pictures_are_gone_those_of_the_target_are_enough(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "colours")
    shutil.rmtree(folder / "cache")
    document = document_of(capfd, "adapt", folder, "--target", lamplit(folder))
    assert [row["on"] for row in document["tasks"]["colour"]["rows"]] == ["target"]


def test_no_part_of_the_target_is_the_same_model(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    document_of(capfd, "adapt", folder, "--target", lamplit(folder), "--share", "0")
    before, after = weights(folder, "best"), weights(folder, "best", "002-adabn")
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_the_runs_own_pictures_are_no_other_domain(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(folder / "colours" / "red", folder / "new" / "red")
    assert main(["adapt", str(folder), "--target", str(folder / "nowhere")]) == 2
    assert "There is no folder" in capsys.readouterr().err
    assert main(["adapt", str(folder), "--target", str(folder / "colours")]) == 2
    assert "no picture that is new to the run" in capsys.readouterr().err
    new = ["adapt", str(folder), "--target", str(folder / "new")]
    for words, said in (
        (["--share", "2"], "--share 2 is not possible"),
        (["--prior", "-1"], "--prior -1 is not possible"),
        (["--top", "0.5"], "The method adabn has no --top. Leave it out; this method takes --share and --prior."),
        (["--set", "recipe.epochs=1"], "The method adabn has no --set."),
        (["--method", "mcc", "--share", "0.5", "--top", "1"], "The method mcc has no --share or --top."),
        (["--method", "pseudo-labels", "--prior", "3"], "this method takes --top and --set"),
        (["--method", "pseudo-labels", "--top", "0"], "--top 0 is not possible"),
    ):
        assert main([*new, *words]) == 2
        assert said in capsys.readouterr().err
    assert not (folder / "runs" / "002-adabn").exists()


def test_a_network_without_batch_norm_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = trained(tmp_path, "squeezenet1_0", epochs=1)
    assert main(["adapt", str(folder), "--target", str(lamplit(folder))]) == 2
    assert "squeezenet1_0 has no batch norm" in capsys.readouterr().err
    assert [path.name for path in (folder / "runs").glob("0*")] == ["001-run"]


def test_it_can_be_ended_and_leaves_nothing(folder: Path) -> None:
    control, seen = Control(), 0
    spec = AdaptSpec(
        project_dir=folder,
        origin_dir=folder / "runs" / "001-run",
        run_dir=folder / "runs" / "002-adabn",
        target=lamplit(folder),
    )
    for event in adapt(spec, control):
        if isinstance(event, Progress) and event.what.startswith("statistics"):
            control.cancel()
        seen += event.event == "result"
    assert not seen and not (folder / "runs" / "002-adabn").exists()
