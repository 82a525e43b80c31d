"""How far two models agree, and what is said of a table of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from workbench.core.resolved import ResolvedTask
from workbench.engine.transfer.shrink.agreement import alike, in_order_of, summary
from workbench.engine.transfer.shrink.words import sentences


def task(kind: str, classes: str) -> ResolvedTask:
    return ResolvedTask(name="t", kind=kind, head="linear", classes=list(classes), counts={}, class_counts=[])


def test_classes_agree_where_the_likeliest_is_the_same() -> None:
    one = torch.tensor([[2.0, 1.0, 0.0], [0.0, 1.0, 2.0]])
    assert alike("single-label", one, 5 * one).tolist() == [1.0, 1.0]
    assert alike("single-label", one, one.flip(0)).tolist() == [0.0, 0.0]


def test_labels_numbers_and_masks_agree_by_their_parts() -> None:
    labels = alike("multi-label", torch.tensor([[1.0, -1.0]]), torch.tensor([[2.0, 3.0]]))
    numbers = alike("number", torch.tensor([[3.0, 1.0]]), torch.tensor([[5.5, 9.0]]))
    mask = torch.zeros(1, 2, 2, 2)
    mask[:, 1, 0] = 1
    assert labels.tolist() == [0.5] and numbers.tolist() == [2.5]
    assert alike("mask", mask, torch.zeros(1, 2, 2, 2)).tolist() == [0.5]


def test_another_models_classes_are_put_in_order_and_unknown_ones_never_answered() -> None:
    found = in_order_of(task("single-label", "abc"), task("single-label", "cxa"), torch.tensor([[1.0, 9.0, 2.0]]))
    assert found[0, [0, 2]].tolist() == [2.0, 1.0] and float(found[0, 1]) < -1000


def test_a_share_has_wilsons_interval_and_a_mean_of_parts_students() -> None:
    whole = summary("single-label", np.ones(20))
    assert whole["value"] == 1.0 and whole["interval"][1] == 1.0 and 0.8 < whole["interval"][0] < 0.9
    number = summary("number", np.array([1.0, 2.0, 3.0]))
    assert number["value"] == 2.0 and number["interval"][0] == 0.0 and number["interval"][1] > 4
    assert summary("mask", np.zeros(0)) == {"value": None, "interval": None, "count": 0}


def model(name: str, size: int, ms: float, same: float | None = None) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": "single-label", "metrics": {}}
    if same is not None:
        facts["agreement_with_fp32"] = {"value": same}
    own = {"run": f"001-{name}", "run_precision": "fp32"}
    return {"name": name, **own, "bytes": size, "ms_one": ms, "tasks": {"kind of waste": facts}}


@pytest.mark.parametrize(("same", "warned"), [(0.99, False), (0.7, True)])
def test_answers_that_int8_changes_are_told(same: float, warned: bool) -> None:
    models = [model("teacher", 9_000_000, 8.0), model("student", 4_000_000, 2.0), model("int8", 1_000_000, 3.0, same)]
    said = " ".join(sentences(models, None))
    assert "2.2 times less, and is 4.0 times as fast" in said
    assert ("Rounding to int8 changes 30 % of the answers of kind of waste" in said) == warned
    assert "int8 is no faster than fp32 of the same network" in said


@pytest.mark.parametrize(("ms", "pace"), [(4.0, "2.0 times as fast"), (8.2, "as fast"), (16.0, "2.0 times as slow")])
def test_a_pace_that_is_the_same_is_not_called_slow(ms: float, pace: str) -> None:
    said = sentences([model("teacher", 9_000_000, 8.0), model("student", 4_000_000, ms)], None)
    assert f"and is {pace} on a picture" in said[0]


@pytest.mark.parametrize("rows", [1, 2])
def test_a_run_that_answers_in_another_precision_than_its_file_is_told(rows: int) -> None:
    models = [{**model("run", 4_000_000, 2.0), "run_precision": "bf16"}]
    models += [{**models[0], **model("int8", 1_000_000, 3.0, 0.99), "run": "001-run", "run_precision": "bf16"}]
    assert " ".join(sentences(models[:rows], None)).count("the scores of 001-run in bf16. Those here") == 1
