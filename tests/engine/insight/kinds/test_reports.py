"""What each kind makes of its answers: numbers that can be checked by hand, and documents that outsiders read."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from workbench.core.events import to_json
from workbench.core.kinds import KINDS
from workbench.core.resolved import ResolvedTask
from workbench.engine.insight.kinds import REPORTS

PICTURES = ["a.png", "b.png", "c.png", "d.png"]


def task(kind: str, classes: list[str], **facts: Any) -> ResolvedTask:
    return ResolvedTask(
        name="t", kind=kind, head=KINDS[kind].heads[0], classes=classes, counts={}, class_counts=[], **facts
    )


LETTERS = task("single-label", ["x", "y", "z"])
LABELS = task("multi-label", ["red", "white", "never"])
WEIGHT = task("number", [], mean=10.0, deviation=2.0)
WALL = task("mask", ["background", "wall"], mask_values=[0, 255])


def counted(matrix: list[list[int]], loss: float) -> list[float]:
    return [*np.ravel(matrix).tolist(), loss]


EXAMPLES: dict[str, tuple[ResolvedTask, np.ndarray[Any, Any], np.ndarray[Any, Any]]] = {
    "single-label": (
        LETTERS,
        np.array([[3, 0, 0], [0, 2, 0], [2, 1, 0], [0, 0, 5]], np.float32),
        np.array([0, 1, 1, 2]),
    ),
    "multi-label": (
        LABELS,
        np.array([[2, -1, -3], [1, 3, -3], [-1, 2, -3], [-2, 1, -3]], np.float32),
        np.array([[1, 0, 0], [1, 1, 0], [1, 1, 0], [0, 0, 0]], np.int8),
    ),
    "number": (
        WEIGHT,
        np.array([[10, 1], [12, 1], [8, 1], [13, 1]], np.float32),
        np.array([10.0, 11.0, 8.0, 17.0]),
    ),
    "mask": (
        WALL,
        np.array(
            [counted([[6, 2], [0, 2]], 0.5), counted([[8, 0], [0, 2]], 0.1), *[counted([[10, 0], [0, 0]], 0.2)] * 2]
        ),
        np.array([0, 1, 2, 3]),
    ),
}


def document(kind: str) -> dict[str, Any]:
    facts, answers, truth = EXAMPLES[kind]
    return REPORTS[kind].document(facts, answers, truth, PICTURES, [f"{name}.label" for name in "abcd"])


def test_every_kind_has_a_report() -> None:
    assert set(REPORTS) == set(KINDS)


@pytest.mark.parametrize("kind", REPORTS)
def test_metrics_of_an_epoch_hold_loss_and_the_chief_figure(kind: str) -> None:
    facts, answers, truth = EXAMPLES[kind]
    assert answers.shape[1] == REPORTS[kind].width(facts)
    found = REPORTS[kind].metrics(facts, answers, truth)
    assert {"loss", KINDS[kind].metric} <= set(found) and all(value is not None for value in found.values())
    assert REPORTS[kind].guessing(facts) > 0


@pytest.mark.parametrize("kind", REPORTS)
def test_nothing_to_score_is_none_not_nan(kind: str) -> None:
    facts, answers, truth = EXAMPLES[kind]
    assert set(REPORTS[kind].metrics(facts, answers[:0], truth[:0]).values()) == {None}
    empty = REPORTS[kind].document(facts, answers[:0], truth[:0], [], [])
    assert empty["count"] == 0 and empty["images"] == []
    assert "NaN" not in json.dumps(empty)


@pytest.mark.parametrize("kind", REPORTS)
def test_documents_name_each_picture_and_are_json(kind: str) -> None:
    found = json.loads(to_json(document(kind)))
    assert (found["kind"], found["count"]) == (kind, 4)
    assert [row["image"] for row in found["images"]] == PICTURES
    assert found["metrics"] == json.loads(to_json({**found["metrics"]}))


@pytest.mark.parametrize("kind", REPORTS)
def test_cells_fill_the_columns_and_leave_out_missing_targets(kind: str) -> None:
    facts, answers, truth = EXAMPLES[kind]
    labelled = np.array([True, False, True, True])
    cells = REPORTS[kind].cells(facts, answers, truth, labelled)
    assert {len(line) for line in cells} == {len(REPORTS[kind].columns)}
    assert cells[1][0] == "" and cells[0][0] != ""


def test_single_label() -> None:
    found = document("single-label")
    assert found["metrics"]["accuracy"] == 0.75 and found["confusion"] == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    third = {"image": "c.png", "target": "y", "prediction": "x", "confidence": 0}
    assert found["images"][2] | {"confidence": 0} == third
    answer = REPORTS["single-label"].answer(LETTERS, np.array([0.0, 3.0, 0.0], np.float32))
    assert answer["label"] == "y" and sum(answer["probabilities"].values()) == pytest.approx(1)


def test_multi_label() -> None:
    found = document("multi-label")
    red, white, never = found["per_label"]
    assert (red["count"], red["precision"], red["recall"]) == (3, 1.0, pytest.approx(2 / 3))
    assert red["f1"] == pytest.approx(0.8) and red["average_precision"] == pytest.approx(1.0)
    assert (white["precision"], white["recall"]) == (pytest.approx(2 / 3), 1.0)
    assert (never["count"], never["precision"], never["recall"], never["average_precision"]) == (0, None, None, None)
    assert found["metrics"]["mean_average_precision"] == pytest.approx(1.0), "labels that never occur are left out"
    assert found["metrics"]["macro_f1"] == pytest.approx((0.8 + 0.8) / 2)
    assert found["metrics"]["label_accuracy"] == pytest.approx(10 / 12)
    assert found["images"][2]["target"] == ["red", "white"] and found["images"][2]["prediction"] == ["white"]
    curve = red["curve"]
    assert curve["threshold"] == sorted(curve["threshold"]) and len(curve["threshold"]) <= 101
    assert REPORTS["multi-label"].answer(LABELS, np.array([9.0, -9.0, -9.0], np.float32))["labels"] == ["red"]


def test_what_a_run_does_not_know_of_other_pictures() -> None:
    assert REPORTS["single-label"].known(LETTERS, "x") == ("x", [])
    assert REPORTS["single-label"].known(LETTERS, "q") == (None, ["q"])
    assert REPORTS["multi-label"].known(LABELS, "blue\x1fred") == ("red", ["blue"])
    assert REPORTS["multi-label"].known(LABELS, "blue") == (None, ["blue"])
    assert REPORTS["multi-label"].known(LABELS, "") == ("", [])
    assert REPORTS["number"].known(WEIGHT, "3.0") == ("3.0", [])


def test_number() -> None:
    found = document("number")
    assert found["metrics"]["mae"] == found["metrics"]["loss"] == pytest.approx(1.25)
    assert found["metrics"]["rmse"] == pytest.approx(np.sqrt(17 / 4))
    truth = EXAMPLES["number"][2]
    assert found["metrics"]["r2"] == pytest.approx(1 - 17 / ((truth - truth.mean()) ** 2).sum())
    assert found["metrics"]["coverage"] == 0.75 and found["constant_mae"] == pytest.approx(2.5)
    low, high = found["metrics"]["mae_interval"]
    assert 0 <= low < 1.25 < high
    answer = REPORTS["number"].answer(WEIGHT, np.array([10.0, 2.0], np.float32))
    assert answer["value"] == 10 and answer["interval"] == pytest.approx([10 - 3.2897, 10 + 3.2897], abs=1e-3)


def test_the_same_number_everywhere_has_no_explained_share() -> None:
    found = REPORTS["number"].metrics(WEIGHT, np.full((3, 2), 4.0), np.full(3, 4.0))
    assert (found["mae"], found["r2"]) == (0.0, None)


def test_mask() -> None:
    found = document("mask")
    assert found["confusion"] == [[34, 2], [0, 4]]
    assert [each["iou"] for each in found["per_class"]] == [pytest.approx(34 / 36), pytest.approx(4 / 6)]
    assert found["per_class"][1]["share"] == pytest.approx(4 / 40)
    assert found["metrics"]["mean_iou"] == pytest.approx((34 / 36 + 4 / 6) / 2)
    assert found["metrics"]["pixel_accuracy"] == pytest.approx(38 / 40)
    assert found["metrics"]["loss"] == pytest.approx(0.25)
    assert found["images"][0] == {
        "image": "a.png",
        "mask": "a.label",
        "iou": pytest.approx((6 / 8 + 2 / 4) / 2),
        "pixel_accuracy": 0.8,
    }
    assert found["images"][2]["iou"] == 1.0, "a class that is neither there nor said counts for nothing"
    low, high = found["metrics"]["mean_iou_interval"]
    assert low <= found["metrics"]["mean_iou"] <= high
