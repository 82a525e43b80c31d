"""`advise`: what it measures of whom, its order, and that training finds the features that it computed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.engine.training.runs import carry_out, ended, four_kinds, project, two_tasks
from workbench.core import catalogue, weights_cache
from workbench.core.advice import Candidate, advice_file
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.project import Project
from workbench.core.specs import AdviseSpec
from workbench.engine.model.backbones import build_backbone
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.feature_cache import COMPUTING
from workbench.engine.transfer.advisor import job as module
from workbench.engine.transfer.advisor.job import advise

SMALL = (Candidate("squeezenet1_0", "none"), Candidate("mobilenet_v3_small", "none"))


def asked(
    wanted: Project,
    folder: Path,
    *backbones: Candidate,
    images: int = 2000,
    watch: Callable[[Event, Control], None] | None = None,
) -> tuple[list[Event], dict[str, Any] | None]:
    """Everything that the job says, and the document where it gives one."""
    control, events = Control(), []
    for event in advise(AdviseSpec(project=wanted, project_dir=folder, backbones=backbones, images=images), control):
        events.append(event)
        if watch is not None:
            watch(event, control)
    found = [event.document for event in events if isinstance(event, Result)]
    return events, found[0] if found else None


def said(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Notice)]


def test_every_column_of_every_backbone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    missing = Candidate("resnet50", "IMAGENET1K_V2")
    events, document = asked(project(two_tasks(tmp_path, 16), {"freeze": 0}), tmp_path, missing, *SMALL)
    assert document is not None
    first, second, last = document["backbones"]
    assert [first["rank"], second["rank"], last["rank"]] == [1, 2, None]
    assert {first["name"], second["name"]} == {"squeezenet1_0", "mobilenet_v3_small"}
    assert (last["name"], last["status"], last["tasks"], last["images"]) == ("resnet50", "not here", {}, None)
    assert "not on this computer" in last["reason"] and last["parameters"] > 20_000_000
    assert document["image_size"] == 32 and set(document["counts"]) == set(document["backbones"][0]["tasks"])
    assert all(count > 10 for count in document["counts"].values())
    for row in (first, second):
        assert row["status"] == "measured" and row["reason"] is None and row["accuracy"] is None
        assert list(row["tasks"]) == ["colour", "pattern"]
        for found in row["tasks"].values():
            assert 0 <= found["probe"] <= 1 and 0 <= found["knn"] <= 1 and found["standard_error"] >= 0
            assert np.isfinite(found["logme"])
        assert row["images_per_s"] > 0 and row["peak_memory_mb"] > 0 and row["macs"] > 0
        assert 1 <= row["mean_rank"] <= 2 and row["images"] == document["images"] == 39
    assert first["mean_rank"] <= second["mean_rank"]
    assert first["tasks"]["colour"]["probe"] > 0.6
    assert document["advice"].endswith(".") and document["seconds"] > 0
    assert json.loads(advice_file(tmp_path).read_text(encoding="utf-8")) == json.loads(json.dumps(document))
    assert [path.name for path in advice_file(tmp_path).parent.iterdir()] == ["advice.json"]
    places = {event.what.split(":")[0] for event in events if isinstance(event, Progress) and "of 2)" in event.what}
    assert places == {"squeezenet1_0 (1 of 2)", "mobilenet_v3_small (2 of 2)"}


def test_all_kinds_but_masks_are_judged(tmp_path: Path) -> None:
    events, document = asked(project(four_kinds(tmp_path)), tmp_path, SMALL[1])
    assert document is not None and list(document["left_out"]) == ["area"]
    assert any(text.startswith("area is left out") for text in said(events))
    (row,) = document["backbones"]
    assert list(row["tasks"]) == ["colour", "marks", "size"]
    assert all(found["probe"] is not None for found in row["tasks"].values())
    assert row["tasks"]["size"]["probe"] < 0.9 and not row["tied"]


def test_training_computes_no_feature_again_that_advice_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = two_tasks(tmp_path, 16)
    wanted = project(tasks, {"freeze": 0}, epochs=1, head_epochs=1)
    _, document = asked(wanted, tmp_path, SMALL[1])
    assert document is not None
    seen: list[int] = []
    through = MultiTaskNetwork.features
    monkeypatch.setattr(
        MultiTaskNetwork, "features", lambda self, images: seen.append(len(images)) or through(self, images)
    )
    probe = project(tasks, {"freeze": "all"}, preset="probe", epochs=2)
    events = carry_out(probe, tmp_path)
    assert ended(events).status == "finished"
    computed = [event for event in events if isinstance(event, Progress) and event.what == COMPUTING]
    assert computed[0].done == document["images"] and computed[-1].done == computed[-1].total == 48
    assert seen == [1, 32] and computed[-1].total - computed[0].done == 9  # to measure; validation, padded
    seen.clear()
    _, again = asked(wanted, tmp_path, SMALL[1])
    assert again is not None and again["backbones"][0]["tasks"] == document["backbones"][0]["tasks"]
    deeper = project(tasks, {"freeze": 3}, preset="balanced", epochs=1, head_epochs=1)
    events = carry_out(deeper, tmp_path, "002-run")
    assert not [event for event in events if isinstance(event, Progress) and event.what == COMPUTING]


def test_two_rounds_where_there_are_many_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_IMAGES", 20)
    wanted = project(two_tasks(tmp_path, 16))
    _, document = asked(wanted, tmp_path, *SMALL, Candidate("mobilenet_v2", "none"), images=30)
    assert document is not None
    measured = [row["images"] for row in document["backbones"]]
    assert measured == sorted(measured, reverse=True) and set(measured) <= {20, 30}
    assert document["images"] == measured[0]


def test_the_second_round_is_for_those_that_are_not_clearly_worse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_IMAGES", 20)
    monkeypatch.setattr(module, "not_clearly_worse", lambda scores, best: [at != 1 for at in range(len(scores))])
    third = Candidate("mobilenet_v2", "none")
    _, document = asked(project(two_tasks(tmp_path, 16)), tmp_path, *SMALL, third, images=30)
    assert document is not None
    measured = {row["name"]: row["images"] for row in document["backbones"]}
    assert measured == {"squeezenet1_0": 30, "mobilenet_v3_small": 20, "mobilenet_v2": 30}
    assert document["backbones"][-1]["name"] == "mobilenet_v3_small" and not document["backbones"][-1]["tied"]


def test_the_same_backbone_twice_is_tied_with_itself(tmp_path: Path) -> None:
    weights = tmp_path / "weights.pt"
    torch.save(build_backbone("squeezenet1_0", 0).state_dict(), weights)
    of_file = Candidate("squeezenet1_0", f"file:{weights}")
    _, document = asked(project(two_tasks(tmp_path, 8)), tmp_path, SMALL[0], of_file)
    assert document is not None
    rows = document["backbones"]
    assert [row["tied"] for row in rows] == [True, True] and rows[0]["tasks"] == rows[1]["tasks"]
    assert "among the two that cannot be told apart" in document["advice"]
    (row,) = [row for row in rows if row["weights"] != "none"]
    assert row["accuracy_of"] == "backbone" and row["accuracy"] == pytest.approx(58.1, abs=0.1)


def test_one_that_fails_does_not_end_the_others(tmp_path: Path) -> None:
    torn = tmp_path / "torn.pt"
    torn.write_bytes(b"no weights")
    wanted = project(two_tasks(tmp_path, 8))
    _, document = asked(wanted, tmp_path, Candidate("mobilenet_v3_small", f"file:{torn}"), SMALL[0])
    assert document is not None
    first, second = document["backbones"]
    assert (first["status"], second["status"]) == ("measured", "failed")
    assert second["reason"] and "Traceback" not in second["reason"]
    assert "Only squeezenet1_0" in document["advice"]


@pytest.mark.parametrize("when", ["computing features", "probing"])
def test_it_ends_when_it_is_told_and_keeps_the_features(tmp_path: Path, when: str) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what.endswith(when) and event.done > 0:
            control.cancel()

    wanted = project(two_tasks(tmp_path, 16))
    events, document = asked(wanted, tmp_path, *SMALL, watch=cancel)
    assert document is None and not advice_file(tmp_path).exists()
    assert not any(isinstance(event, Progress) and event.what.startswith("mobilenet_v3_small") for event in events)
    assert list((tmp_path / "cache" / "features").glob("*.safetensors"))
    _, document = asked(wanted, tmp_path, *SMALL)
    assert document is not None


def test_what_is_not_known_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="resnet19"):
        asked(project(two_tasks(tmp_path, 8)), tmp_path, Candidate("resnet19", "none"))
    assert not (tmp_path / "cache").exists()


def test_weights_that_cannot_be_had_or_are_damaged_are_told_and_nothing_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    damaged = weights_cache.folder() / catalogue.get("mobilenet_v3_small").versions[0].file
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"damaged")
    wanted = (Candidate("mobilenet_v3_small", "default"), Candidate("mobilenet_v3_small", "run:9"), SMALL[0])
    _, document = asked(project(two_tasks(tmp_path, 16), {"freeze": 0}), tmp_path, *wanted)
    assert document is not None
    told = {row["weights"]: (row["status"], row["reason"]) for row in document["backbones"]}
    assert told["none"] == ("measured", None)
    assert told["run:9"][0] == "failed" and "There is no run 9." in told["run:9"][1]
    assert told["default"][0] == "failed" and "is not what its name says" in told["default"][1]
    assert [path.name for path in damaged.parent.iterdir()] == [damaged.name]
