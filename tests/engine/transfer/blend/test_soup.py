"""Soups: means of runs that belong together, scored beside each of them; others are refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests.engine.transfer.blend.runs import RUNS, document, stopped
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Progress
from workbench.core.resolved import Resolved, load_resolved
from workbench.core.specs import SoupSpec
from workbench.engine.transfer.blend.ingredients import check_ingredients
from workbench.engine.transfer.blend.soup import STATISTICS, average, soup
from workbench.project.store import ProjectFile


def spec(file: ProjectFile, **more: Any) -> SoupSpec:
    folders = tuple(file.folder / "runs" / run for run in RUNS)
    return SoupSpec.model_validate({"project_dir": file.folder, "run_dirs": folders, **more})


def best(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "checkpoints" / "best" / "weights.safetensors")


def test_the_mean_of_states() -> None:
    states = [{"weight": torch.tensor([1.0, 3.0]), "seen": torch.tensor(each)} for each in (4, 8)]
    states[1]["weight"] = torch.tensor([2.0, 5.0])
    found = average(states)
    assert found["weight"].tolist() == [1.5, 4.0] and found["weight"].dtype == torch.float32
    assert int(found["seen"]) == 4


def test_a_soup_is_scored_beside_its_ingredients_and_kept(file: ProjectFile) -> None:
    made = file.folder / "runs" / "900-soup"
    made.mkdir()
    events = list(soup(spec(file, keep=made), Control()))
    found = document(iter(events))
    assert list(found["runs"]) == list(RUNS) and found["kept"] == made.name
    scores = {run: each["scores"]["validation"]["score"] for run, each in found["runs"].items()}
    assert scores[found["best"]] == max(scores.values())
    greedy = found["greedy"]
    assert greedy["runs"][0] == found["best"]
    assert greedy["scores"]["validation"]["score"] >= max(scores.values())
    assert found["uniform"]["runs"] == list(RUNS)
    kept, parts = best(made), [best(file.folder / "runs" / run) for run in RUNS]
    name = "backbone.features.0.0.weight"
    assert torch.allclose(kept[name], (parts[0][name] + parts[1][name]) / 2, atol=1e-7)
    assert found["scores"]["validation"]["colour"]["accuracy"] == pytest.approx(
        found["uniform"]["scores"]["validation"]["tasks"]["colour"]["score"]
    )


def test_the_statistics_of_an_average_are_worked_out_anew(file: ProjectFile) -> None:
    runs = [load_resolved(file.folder / "runs" / run) for run in RUNS]
    assert all(run.batch_norm == "train" for run in runs)
    made = file.folder / "runs" / "902-soup"
    made.mkdir()
    progress = {event.what for event in soup(spec(file, keep=made), Control()) if isinstance(event, Progress)}
    assert STATISTICS in progress
    kept, parts = best(made), [best(file.folder / "runs" / run) for run in RUNS]
    mean, weight = "backbone.features.0.1.running_mean", "backbone.features.0.1.weight"
    assert torch.allclose(kept[weight], (parts[0][weight] + parts[1][weight]) / 2, atol=1e-7)
    assert not torch.allclose(kept[mean], (parts[0][mean] + parts[1][mean]) / 2, atol=1e-6)


def test_a_greedy_soup_of_one_run_is_that_run(file: ProjectFile) -> None:
    made = file.folder / "runs" / "901-soup"
    made.mkdir()
    found = document(soup(spec(file, greedy=True, keep=made), Control()))
    if len(found["greedy"]["runs"]) == 1:
        first, second = best(made), best(file.folder / "runs" / found["best"])
        assert all(torch.equal(first[name], value) for name, value in second.items())
    derived = load_resolved(made).derived
    assert derived is not None and derived.origins == found["greedy"]["runs"]


def test_it_ends_when_it_is_told_to(file: ProjectFile) -> None:
    control = Control()
    heard = stopped(soup(spec(file), control), control)
    assert heard and all(event.event == "progress" for event in heard)


def test_runs_that_do_not_belong_together_are_refused(file: ProjectFile) -> None:
    one, other = (load_resolved(file.folder / "runs" / run) for run in RUNS)
    check_ingredients([one, other])

    def refused(second: Resolved, first: Resolved = one) -> str:
        with pytest.raises(RequestError) as error:
            check_ingredients([first, second])
        return error.value.text

    assert "pretrained weights to begin with" in refused(other.model_copy(update={"weights_sha256": "f" * 64}))
    assert "pictures and split" in refused(other.model_copy(update={"data_hash": "0"}))
    assert "tasks, classes or heads" in refused(other.model_copy(update={"tasks": other.tasks[:1]}))
    random = one.model_copy(update={"weights_sha256": ""})
    assert "random weights" in refused(random, random)
    hidden = [_with_mlp(each) for each in (one, other)]
    assert "hidden layer" in refused(hidden[1], hidden[0])
    with pytest.raises(RequestError, match="two runs"):
        list(soup(spec(file, run_dirs=(file.folder / "runs" / RUNS[0],)), Control()))


def _with_mlp(run: Resolved) -> Resolved:
    tasks = [task.model_copy(update={"head": "mlp"}) for task in run.project.tasks]
    facts = [task.model_copy(update={"head": "mlp"}) for task in run.tasks]
    return run.model_copy(update={"project": run.project.model_copy(update={"tasks": tasks}), "tasks": facts})
