"""Ways to adapt that train: class confusion, and pseudo-labels; runs with another one's weights, pictures and heads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.cli.documents import document_of
from tests.engine.transfer.domains.pictures import asked, lamplit, trained
from workbench.cli import main
from workbench.cli.commands import adapt
from workbench.core.adapting import adapted_from, adapting
from workbench.core.errors import RequestError
from workbench.core.events import Event, RunEnded
from workbench.core.resolved import load_resolved
from workbench.engine.data.table_file import load_table
from workbench.engine.transfer.domains.pseudo_labels import surest
from workbench.project.runs import list_runs

QUICK = ("--set", "recipe.epochs=1", "--set", "recipe.augment=none")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("made"))


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "p")
    return tmp_path / "p"


def test_class_confusion_is_a_training_run_beside_the_model_as_it_is(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target = lamplit(folder)
    document = document_of(capfd, "adapt", folder, "--target", target, "--method", "mcc", *QUICK)
    assert (document["run"], document["origin"], document["method"]) == ("002-mcc", "001-run", "mcc")
    assert {row["on"] for row in document["tasks"]["colour"]["rows"]} == {"target", "validation"}
    run_dir = folder / "runs" / "002-mcc"
    resolved = load_resolved(run_dir)
    assert resolved.project.transfer.adaptation == "mcc" and resolved.project.backbone.weights == "run:001-run"
    assert resolved.derived is None and resolved.project.backbone.freeze == 2
    assert len(load_table(run_dir / "target.csv", folder)) == 18
    before, after = (load_table(folder / "runs" / run / "table.csv", folder) for run in ("001-run", "002-mcc"))
    assert before.digest() == after.digest(), "the pictures stay in their parts"
    assert [run.status for run in list_runs(folder)] == ["finished", "finished"]
    assert not (folder / "project.toml").read_text(encoding="utf-8").count("transfer"), "the project stays as it is"
    assert main(["train", str(folder), "--resume", "2"]) == 0
    (run_dir / "results" / "adapted.json").unlink()
    assert adapted_from(resolved, folder) == ("001-run", target)
    assert document_of(capfd, "adapt", folder, "--score", "2") == document
    assert main(["adapt", str(folder), "--score", "1"]) == 2 and main(["adapt", str(folder)]) == 2


def test_a_run_that_cannot_be_scored_is_none_that_failed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = lamplit(folder)

    def trains(*_: object) -> Iterator[Event]:
        shutil.rmtree(target)
        yield RunEnded(status="finished", best=None, elapsed_s=1.0, run="002-mcc")

    monkeypatch.setattr(adapt, "new_run", trains)
    assert main(["adapt", str(folder), "--target", str(target), "--method", "mcc"]) == 0
    told = capsys.readouterr().out
    assert "Run 002-mcc is trained, but cannot be scored beside 001-run: There is no folder" in told


def test_pseudo_labels_are_learned_as_training_pictures(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--target", lamplit(folder), "--method", "pseudo-labels", "--top", "0.5", *QUICK]
    document = document_of(capfd, "adapt", folder, *words)
    assert document["run"] == "002-pseudo-labels" and document["method"] == "pseudo-labels"
    before, after = (
        load_table(folder / "runs" / run / "table.csv", folder) for run in ("001-run", "002-pseudo-labels")
    )
    more = len(after) - len(before)
    assert 1 <= more <= 9 and after.paths[: len(before)] == before.paths
    assert len(after.rows("train")) == len(before.rows("train")) + more
    assert len(set(after.copies.tolist())) == len(after)
    assert all("lamplit" in str(path) for path in after.paths[len(before) :])


def test_heads_that_are_worked_out_at_once_are_refused(tmp_path: Path) -> None:
    project = asked(tmp_path, preset="few-shot").effective()
    with pytest.raises(RequestError, match="worked out at once and cannot be trained further"):
        adapting(project, "run:001-few-shot", "mcc", tmp_path)


def test_an_adapted_run_trains_as_deep_as_the_other_did(tmp_path: Path) -> None:
    data = asked(tmp_path, "resnet18", preset="full", epochs=30).effective()
    made = adapting(data, "run:001-full", "mcc", tmp_path / "target").effective()
    assert made.recipe.preset == "full" and made.backbone.freeze == 0
    assert made.recipe.head_epochs == 0 and made.recipe.patience == 0 and made.recipe.image_size == 32


def test_the_surest_share_of_each_class_is_kept_by_itself() -> None:
    chances = np.array([[0.9, 0.1], [0.6, 0.4], [0.8, 0.2], [0.7, 0.3], [0.45, 0.55], [0.0, 0.0]])
    assert surest(chances, 0.5).tolist() == [0, -1, 0, -1, 1, -1], "a class of one picture keeps it"
    assert surest(chances, 1.0).tolist() == [0, 0, 0, 0, 1, -1], "a picture that cannot be read has no answer"
    assert surest(np.zeros((0, 2)), 0.5).tolist() == []
