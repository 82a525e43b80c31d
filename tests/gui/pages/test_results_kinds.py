"""Documents of every kind of task as arrays: orders, captions, filters, score cards."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from tests.gui import kinds_of_tasks as kinds
from workbench.core.events import Best, Epoch, RunEnded, RunStarted, TaskFacts, to_json
from workbench.core.kinds import KINDS
from workbench.gui.numbers import measured
from workbench.gui.pages.results.details import gallery_items
from workbench.gui.pages.results.document import parse
from workbench.gui.pages.results.metric_words import (
    LOWER_IS_BETTER,
    SHOWN,
    better,
    metric_help,
    short_score,
    shown_metric,
)
from workbench.gui.pages.results.patient_json import read_patiently
from workbench.gui.pages.results.scored import RESULTS
from workbench.gui.pages.results.views import VIEWS
from workbench.gui.pages.train.outcome import end_words
from workbench.project.history import RunHistory

NAMES = [f"picture {index}.jpg" for index in range(120)]


def parsed(task):
    return parse({"run": "001", "part": "validation", "tasks": {"a": json.loads(to_json(task))}}).tasks["a"]


def test_every_kind_of_task_has_its_results_its_view_and_its_metric():
    assert set(RESULTS) == set(VIEWS) == set(SHOWN) == set(KINDS)
    document = kinds.evaluate_document(NAMES, NAMES)
    read = parse(read_patiently(to_json(document)))
    assert {name: result.kind for name, result in read.tasks.items()} == kinds.KINDS
    for name, result in read.tasks.items():
        assert shown_metric(result.metrics) == SHOWN[kinds.KINDS[name]]
        assert all(metric_help(metric) for metric in result.metrics)
        for order, words in result.orders():
            rows = result.ordered(order)
            title, empty = result.order_title(order, rows)
            assert words and title and empty and len(set(rows.tolist())) == len(rows)
        assert len(gallery_items(result, range(len(NAMES)), Path("/project"))) == len(NAMES)


@pytest.mark.parametrize("kind", sorted(RESULTS))
def test_nulls_and_missing_entries_are_no_error(kind):
    empty = {"kind": kind, "count": 0, "metrics": {"loss": None, "mae_interval": None}}
    result = parsed(empty)
    assert result.images == [] and result.metrics == {}
    assert result.headline().score == "–"
    for order, _ in result.orders():
        assert len(result.ordered(order)) == 0


def test_a_kind_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="cannot be read"):
        parsed({"kind": "poem", "count": 0, "metrics": {}})


def test_numbers_are_shown_worst_first_with_what_was_said():
    rows = [("a.jpg", 41.0, 38.2, 1.25), ("b.jpg", 10.0, 10.4, 0.6), ("c.jpg", 20.0, None, None)]
    task = kinds.number_task(NAMES) | {
        "metrics": {"mae": 1.6, "mae_interval": [1.2, 2.0], "r2": 0.9},
        "images": [{"image": i, "target": t, "prediction": p, "spread": s} for i, t, p, s in rows],
    }
    result = parsed(task)
    assert result.ordered("worst").tolist() == [0, 1, 2], "what has no answer comes last"
    assert result.ordered("best").tolist() == [1, 0, 2]
    assert result.ordered("unsure").tolist() == [0, 1, 2] and result.ordered("value").tolist() == [1, 2, 0]
    caption = result.caption(0)
    assert caption.text == "true 41 → said 38.2 ± 2.1" and caption.right is None
    assert "90 % interval: 36.1 to 40.3" in caption.tip
    assert result.caption(2).text == "true 20 → said –"
    card = result.headline()
    assert (card.score, card.doubt) == ("1.60", "± 0.40")
    assert "always saying the mean: 14.3" in card.caption and "between 1.2 and 2" in card.tip


def test_decimals_follow_what_they_are_worth():
    assert measured(41.7312, 2.1) == "41.7" and measured(41.7312, 12) == "42" and measured(0.41234, 0.03) == "0.412"
    assert measured(41.0, 2.1) == "41" and measured(-0.04, 2.0) == "0" and measured(-1.5, 0.2) == "−1.5"
    assert measured(float("nan"), 1.0) == "–" and measured(3.14159, float("nan")) == "3.142"
    assert measured(2016.37, 0.8) == "2016.37"


def test_wrong_labels_come_first_and_are_named():
    images = [
        {"image": "a", "target": ["RBC"], "prediction": ["RBC"], "probabilities": [0.1, 0.9, 0.2]},
        {"image": "b", "target": ["WBC"], "prediction": ["RBC"], "probabilities": [0.1, 0.6, 0.45]},
        {"image": "c", "target": [], "prediction": ["Platelets", "RBC"], "probabilities": [0.99, 0.9, 0.1]},
        {"image": "d", "target": [], "prediction": [], "probabilities": None},
    ]
    result = parsed(kinds.labels_task(["a"]) | {"images": images})
    assert result.ordered("worst").tolist() == [2, 1]
    assert sorted(result.ordered("best").tolist()) == [0, 3]
    assert result.ordered("unsure")[0] == 1
    assert result.ordered("all").tolist()[:2] == [2, 1]
    assert result.caption(1).text == "−WBC  +RBC" and result.caption(1).right is False
    assert "Missing: WBC" in result.caption(1).tip and "Too much: RBC" in result.caption(1).tip
    assert result.caption(0).text == "RBC" and result.caption(3).text == "no label" and result.caption(3).right
    rbc = result.classes.index("RBC")
    assert result.of_label(rbc, "false alarm").tolist() == [2, 1] and result.of_label(rbc, "has").tolist() == [0]
    assert result.of_label(result.classes.index("WBC"), "missed").tolist() == [1]
    at = result.at(rbc, 0.7)
    assert (at.said, at.right, at.true, at.precision, at.recall) == (2, 1, 1, 0.5, 1.0)
    assert np.isnan(result.at(rbc, 1.0).precision)


def test_a_caption_of_many_labels_counts_those_it_does_not_name():
    labels = [f"label {index}" for index in range(30)]
    image = {"image": "a", "target": labels, "prediction": [], "probabilities": [0.1] * 30}
    result = parsed(kinds.labels_task(["a"], labels) | {"images": [image]})
    assert result.caption(0).text == "−30 +0 labels" and result.caption(0).tip.count("label") > 30


def test_masks_come_by_their_overlap():
    result = parsed(kinds.mask_task(NAMES, [f"masks/{name}" for name in NAMES]))
    assert (np.diff(result.image_iou[result.ordered("worst")]) >= 0).all()
    assert (np.diff(result.image_iou[result.ordered("best")]) <= 0).all()
    assert result.caption(0).text == f"overlap {result.image_iou[0] * 100:.0f} %"
    assert result.masks[3] == "masks/picture 3.jpg" and result.share.sum() == pytest.approx(1)


def test_of_errors_the_least_is_the_best():
    assert "mae" in LOWER_IS_BETTER and better("mae", [0.5, 0.4]) == 0.4 and better("accuracy", [0.5, 0.4]) == 0.5
    assert short_score({"mae": 0.4123, "r2": 0.3}) == "off by 0.412" and short_score({"mean_iou": 0.77}) == "77 %"
    assert short_score({"mae": None}) == "" == short_score({})


def test_the_end_of_a_run_of_several_kinds_names_each_task():
    tasks = {name: TaskFacts(kind=kind, head="linear") for name, kind in kinds.KINDS.items()}
    history = RunHistory()
    history.add(
        RunStarted(
            tasks=tasks,
            backbone="resnet18",
            stages=[],
            trainable_parameters=1,
            total_parameters=1,
            device="cpu",
            precision="fp32",
            batch_size=8,
            epochs=1,
        )
    )
    validation = {"white_cells": {"mae": 0.41, "r2": 0.3}, "material": {"accuracy": 0.94}}
    history.add(
        Epoch(
            phase="heads",
            epoch=1,
            step=4,
            train={},
            validation=validation,
            score=0.62,
            elapsed_s=5,
            remaining_s=0,
            best=True,
        )
    )
    history.add(RunEnded(status="finished", best=Best(epoch=1, step=4, score=0.62), elapsed_s=5))
    words = "Finished in 0:05, best at epoch 1: white_cells off by 0.41, material 94 %."
    assert end_words(history, "± 2.9") == words


def test_fifty_thousand_pictures_are_sorted_and_filtered_at_once():
    names = [f"{index}.jpg" for index in range(50_000)]
    numbers = parsed(kinds.number_task(names))
    labels = parsed(kinds.labels_task(names))
    started = time.perf_counter()
    for result in (numbers, labels):
        for order, _ in result.orders():
            result.ordered(order)
    labels.of_label(1, "wrong")
    labels.at(1, 0.4)
    assert time.perf_counter() - started < 1.0
