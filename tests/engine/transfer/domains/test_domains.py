"""How far domains lie apart, and both on one map."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.cli.documents import document_of
from tests.engine.transfer.domains.pictures import lamplit, trained
from workbench.cli import main
from workbench.core.control import Control
from workbench.core.domains import apart
from workbench.engine.transfer.domains.distance import distance


def features(count: int, shift: float, seed: int) -> torch.Tensor:
    random = np.random.default_rng(seed)
    return torch.from_numpy(random.normal(size=(count, 12)) + shift).float()


def test_one_domain_is_nothing_apart_and_two_strangers_are_all_of_two() -> None:
    same = distance(features(120, 0.0, 0), features(150, 0.0, 1), 0, Control())
    far = distance(features(120, 0.0, 0), features(150, 3.0, 1), 0, Control())
    assert same is not None and far is not None
    assert same.pictures == far.pictures == 120
    assert same.interval[0] == 0.0 and same.value < 0.5
    assert far.value > 1.9 and far.interval[0] > 1.8 and far.interval[1] <= 2.0
    assert "nothing" not in apart(vars(far)) and "cannot tell" in apart(vars(same))


def test_it_can_be_ended() -> None:
    control = Control()
    control.cancel()
    assert distance(features(20, 0.0, 0), features(20, 0.0, 1), 0, control) is None


def test_the_document_holds_distance_scores_and_a_map_of_both(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = trained(tmp_path, epochs=3)
    target = lamplit(folder)
    (target / "red" / "broken.png").write_bytes(b"no picture")
    document = document_of(capfd, "domains", folder, "--target", target, "--out", folder / "map.csv")
    assert document["source"] == {"pictures": 36, "parts": ["train", "validation"]}
    assert document["target"]["pictures"] == 18 and document["target"]["labelled"] == {"colour": 18}
    assert document["distance"]["pictures"] == 18 and document["distance"]["value"] > 1, "the lamp is seen"
    assert document["batch_norm"] > 10
    rows = {row["on"]: row["pictures"] for row in document["tasks"]["colour"]["rows"]}
    assert rows == {"validation": 6, "target": 18}
    drawn = document["map"]
    assert drawn["domain"] == ["source"] * 36 + ["target"] * 18 and len(drawn["x"]) == len(drawn["y"]) == 54
    assert set(drawn["tasks"]["colour"]["label"]) == {"blue", "green", "red"}
    with (folder / "map.csv").open(encoding="utf-8", newline="") as file:
        assert [row["domain"] for row in csv.DictReader(file)] == drawn["domain"]


def test_too_few_pictures_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = trained(tmp_path, epochs=1)
    assert main(["domains", str(folder), "--target", str(lamplit(folder, each=1))]) == 2
    assert "10 readable pictures of each domain are needed, and one has 3" in capsys.readouterr().err
