"""`check` on several labels, numbers and masks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.data.pictures import class_folders, mask, masked_pictures, picture
from tests.engine.data.test_check import checked, texts
from workbench.core.project import Task
from workbench.core.recipe import Recipe
from workbench.engine.data import check as module


@pytest.fixture(autouse=True)
def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "card_problem", lambda: None)


def column(name: str, kind: str, **values: Any) -> Task:
    return Task(**{"name": name, "kind": kind, "source": "l.csv", "column": name, **values})


def masks(name: str = "m", **values: str) -> Task:
    return Task(**{"name": name, "kind": "mask", "source": "images", "masks": "masks", **values})


def written(folder: Path, **columns: list[object]) -> None:
    """l.csv with a picture for each row."""
    rows = len(next(iter(columns.values())))
    lines = [",".join(["image", *columns])]
    for at in range(rows):
        if not (folder / f"{at}.png").exists():
            picture(folder / f"{at}.png", at)
        lines.append(",".join([f"{at}.png", *(f'"{cells[at]}"' for cells in columns.values())]))
    (folder / "l.csv").write_text("\n".join(lines), encoding="utf-8")


def test_several_labels_are_described_label_by_label(tmp_path: Path) -> None:
    written(tmp_path, k=[("a", "a|b", "b|c", "|")[at % 4] for at in range(60)])
    document = checked(tmp_path, column("k", "multi-label"))
    task = document["tasks"]["k"]
    assert document["ok"] and document["problems"] == []
    assert (task["kind"], task["count"]) == ("multi-label", 60)
    assert task["classes"] == {"a": 30, "b": 30, "c": 15} and sum(task["parts"].values()) == 60
    assert task["parts_by_class"]["c"] == {"train": 12, "validation": 3, "test": 0}
    assert [Path(path).name for path in task["samples"]["c"]] == ["2.png", "6.png", "10.png"]
    assert len(task["first"]) == len(set(task["first"])) == 12


def test_numbers_are_described_by_their_range(tmp_path: Path) -> None:
    written(tmp_path, n=[at % 30 for at in range(60)])
    task = checked(tmp_path, column("n", "number"))["tasks"]["n"]
    assert (task["classes"], task["parts_by_class"], task["samples"]) == ({}, {}, {})
    assert [Path(path).name for path in (task["first"][0], task["first"][-1])] == ["0.png", "59.png"]
    numbers = task["numbers"]
    assert (numbers["minimum"], numbers["maximum"], numbers["mean"]) == (0.0, 29.0, 14.5)
    assert abs(numbers["deviation"] - np.arange(30).std()) < 1e-9
    assert numbers["histogram"][0] == [-0.5, 1.5, 4] and len(numbers["histogram"]) == 15
    written(tmp_path, n=[f"{at / 7:.4f}" for at in range(60)])
    histogram = checked(tmp_path, column("n", "number"))["tasks"]["n"]["numbers"]["histogram"]
    assert len(histogram) == 20 and sum(count for _, _, count in histogram) == 60


def test_masks_are_described_by_the_classes_that_they_show(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 30, (0, 1, 2))
    for number in range(20):
        mask(tmp_path / "masks" / f"{number:03}.png", np.arange(120).reshape(10, 12) % 2)
    document = checked(tmp_path, masks())
    task = document["tasks"]["m"]
    assert document["ok"] and task["count"] == 30 and task["classes"] == {"0": 30, "1": 30, "2": 10}
    assert task["parts_by_class"]["2"] == {"train": 8, "validation": 2, "test": 0}
    assert [Path(path).name for path in task["samples"]["2"]] == ["020.png", "021.png", "022.png"]
    assert len(task["mask_samples"]) == 12
    assert [Path(path).parent.name for path in task["mask_samples"][0]] == ["images", "masks"]


def test_a_task_that_cannot_be_read_has_an_empty_description(tmp_path: Path) -> None:
    document = checked(tmp_path, masks(), column("n", "number"))
    assert not document["ok"] and document["tasks"]["m"]["count"] == document["tasks"]["n"]["count"] == 0


def test_a_column_that_is_in_truth_of_another_kind(tmp_path: Path) -> None:
    written(
        tmp_path,
        one=[("a", "b")[at % 2] for at in range(60)],
        semi=[("a;b", "b", "a")[at % 3] for at in range(60)],
        bars=[("a|b", "b|c", "c", "a|b|c")[at % 4] for at in range(60)],
        few=[at % 3 for at in range(60)],
    )
    said = texts(
        checked(
            tmp_path,
            column("one", "multi-label"),
            column("semi", "multi-label"),
            column("bars", "single-label"),
            column("few", "number"),
        )
    )
    assert "one: each filled cell holds exactly one label." in said
    assert "semi: the separator '|' stands in no cell, but ';' stands in 20." in said
    assert "bars: 45 of 60 cells hold '|', so the column looks like several labels." in said
    assert "few: the column holds only 3 different numbers (0, 1, 2)." in said
    class_folders(tmp_path / "f", {"a": 10, "b": 10}, first_seed=500)
    folders = Task(name="f", source="f", kind="multi-label")
    assert "f: no picture lies in more than one class folder" in texts(checked(tmp_path, folders))


def test_labels_that_are_always_or_hardly_there(tmp_path: Path) -> None:
    written(tmp_path, k=["a|b" if at % 2 else "a|c" if at < 4 else "a" for at in range(60)])
    said = texts(checked(tmp_path, column("k", "multi-label")))
    assert "k: every picture has a, so nothing can be learnt of it." in said
    assert "k: 1 label has fewer than 5 pictures: c." in said
    assert "k: 1 label has no validation picture: c." in said


def test_constant_and_far_off_numbers(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    written(tmp_path, same=[7] * 60, n=[1e6 if at == 17 else f"{random.normal():.3f}" for at in range(60)])
    document = checked(tmp_path, column("same", "number"), column("n", "number"))
    assert not document["ok"] and "same: all pictures have the same number, 7, so" in texts(document, "error")
    assert "n: 1 picture has a number far from the others, such as 1e+06 of " in texts(document)
    assert document["tasks"]["n"]["numbers"]["maximum"] == 1e6


def test_weaknesses_of_masks(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 30, (0, 1, 255))
    (tmp_path / "masks" / "000.png").unlink()
    mask(tmp_path / "masks" / "001.png", np.eye(5))
    for number in range(2, 30):
        drawn = np.zeros((10, 12))
        drawn[0, :2] = (number == 2, 255)
        mask(tmp_path / "masks" / f"{number:03}.png", drawn)
    document = checked(tmp_path, masks())
    said = texts(document)
    assert document["ok"] and document["tasks"]["m"]["count"] == 28
    assert "m: 1 mask cannot be used, such as " in said and "it is 5 × 5 pixels and its picture 12 × 10" in said
    assert "m: 1 picture has no mask, and so no label: 000.png." in said
    assert "m: 1 class has fewer than 5 pictures: foreground." in said
    assert "m: less than 0.5 % of all pixels belong to foreground." in said
    assert "m: pixels of the value 255 are ignored" in said
    assert [entry["reason"] for entry in document["tasks"]["m"]["unreadable"]] == [
        "it is 5 × 5 pixels and its picture 12 × 10"
    ]


def test_masks_with_a_cropping_view_are_an_error(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 10)
    document = checked(tmp_path, masks(), recipe=Recipe(image_size=16, resize="crop"))
    assert "recipe.resize = 'crop' cuts off what the masks of m mark" in texts(document, "error")
    assert document["tasks"]["m"]["count"] == 10


def test_masks_that_hold_one_value_are_an_error(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 10, (9,))
    document = checked(tmp_path, masks())
    assert "all masks hold only the value 9" in texts(document, "error") and document["tasks"]["m"]["count"] == 10


def test_two_tasks_of_each_kind_that_say_the_same(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 20)
    for number in range(20):
        path = tmp_path / "copies" / f"{number:03}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((tmp_path / "masks" / f"{number:03}.png").read_bytes())
    random = np.random.default_rng(0).normal(size=40)
    written(
        tmp_path,
        n=[f"{value:.5f}" for value in random],
        fahrenheit=[f"{32 - 1.8 * float(f'{value:.5f}'):.7f}" for value in random],
        other=[f"{value:.5f}" for value in random**2],
        k=[("a|b", "b", "c")[at % 3] for at in range(40)],
        renamed=[("y|x", "x", "z")[at % 3] for at in range(40)],
        different=[("a|b", "b", "c")[at % 3 if at else 1] for at in range(40)],
    )
    document = checked(
        tmp_path,
        *(column(name, "number") for name in ("n", "fahrenheit", "other")),
        *(column(name, "multi-label") for name in ("k", "renamed", "different")),
        masks(),
        masks("copy", masks="copies"),
    )
    twins = [text for text in texts(document).splitlines() if "the same labels" in text]
    assert twins == [
        f"{one} and {other} have the same pictures and the same labels."
        for one, other in (("n", "fahrenheit"), ("k", "renamed"), ("m", "copy"))
    ]
