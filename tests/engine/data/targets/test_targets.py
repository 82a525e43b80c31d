"""Every kind of label: from texts to numbers, and to what the split shares out."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.core.errors import RequestError
from workbench.core.kinds import KINDS
from workbench.core.project import Task
from workbench.engine.data.targets import TARGETS, Labelled
from workbench.engine.data.targets.multi_label import unite

NONE = np.zeros((0, 0), np.int64)


def read(kind: str, *cells: str, **values: str) -> list[str | None]:
    task = Task(name="t", source="l.csv", column="c", kind=kind, **values)
    return TARGETS[kind].read(cells, task, lambda row: f"row {row + 2} of l.csv")


def labelled(kind: str, texts: list[str | None], pixels: np.ndarray = NONE) -> Labelled:
    labels = TARGETS[kind].sort(text for text in texts if text is not None)
    targets = np.array([-1 if text is None else labels.index(text) for text in texts], dtype=np.int64)
    return Labelled(targets, labels, TARGETS[kind].classes(labels), pixels)


def test_every_kind_has_its_targets() -> None:
    assert set(TARGETS) == set(KINDS)


def test_labels_of_a_cell_are_trimmed_sorted_and_once() -> None:
    assert read("multi-label", "b | a|b", "", " | ", "img10|img2", "ü") == ["a\x1fb", None, "", "img2\x1fimg10", "ü"]
    assert read("multi-label", "a;b", "a|b", separator=";") == ["a\x1fb", "a|b"]
    assert unite(["a\x1fc", "", "b", "a"]) == "a\x1fb\x1fc"


def test_several_labels_are_a_row_of_yes_and_no() -> None:
    said = labelled("multi-label", ["a\x1fb", None, "", "b", "b"])
    assert said.classes == ["a", "b"]
    encoded = TARGETS["multi-label"].encode(said)
    assert encoded.dtype == np.int8 and encoded.tolist() == [[1, 1], [-1, -1], [0, 0], [0, 1], [0, 1]]
    assert TARGETS["multi-label"].pictures(said).tolist() == [1, 3]
    assert TARGETS["multi-label"].strata(said).tolist() == [
        [0, 1, -1],
        [-1, -1, -1],
        [-1, -1, 2],
        [-1, 1, -1],
        [-1, 1, -1],
    ]
    assert [TARGETS["multi-label"].words(text) for text in ("a\x1fb", "")] == ["a, b", "none"]


def test_numbers_keep_every_bit() -> None:
    assert read("number", "0.1", "", "1e-3", "-0.0", "12") == ["0.1", None, "0.001", "0.0", "12.0"]
    said = labelled("number", ["10.0", None, "9.5", "-1.0"])
    assert said.labels == ["-1.0", "9.5", "10.0"] and said.classes == []
    encoded = TARGETS["number"].encode(said)
    assert encoded.dtype == np.float64 and np.array_equal(encoded, [10.0, np.nan, 9.5, -1.0], equal_nan=True)
    assert TARGETS["number"].class_counts(said).shape == (0,)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["1", "12 g"], r"column c holds '12 g' in row 3 of l\.csv, which is no number.*empty the cell"),
        (["1,234", "2"], r"'1,234' in row 2 of l\.csv, which could mean 1\.234 or 1234.*without a comma"),
        (["nan"], "'nan' in row 2"),
    ],
)
def test_a_cell_that_is_no_number_is_named(cells: list[str], words: str) -> None:
    with pytest.raises(RequestError, match=words):
        read("number", *cells)


def test_numbers_are_shared_out_by_bins_of_equal_size() -> None:
    values = np.random.default_rng(0).permutation(100).astype(float)
    said = labelled("number", [repr(float(value)) for value in values])
    bins = TARGETS["number"].strata(said)[:, 0]
    assert np.bincount(bins).tolist() == [10] * 10
    assert all(values[bins == one].max() < values[bins == one + 1].min() for one in range(9))


def test_equal_numbers_share_a_bin() -> None:
    said = labelled("number", ["1.0"] * 90 + ["0.0"] * 5 + ["2.0"] * 5 + [None])
    bins = TARGETS["number"].strata(said)[:, 0]
    assert len(set(bins[:90].tolist())) == 1 and bins[-1] == -1
    few = labelled("number", ["1.0", "2.0"])
    assert TARGETS["number"].strata(few).tolist() == [[0], [0]]


def test_masks_count_pixels_and_share_out_their_classes() -> None:
    said = labelled("mask", ["/m/a.png", "/m/b.png", None, "/m/a.png"], np.array([[5, 0], [1, 4]]))
    assert TARGETS["mask"].encode(said).tolist() == [0, 1, -1, 0]
    assert TARGETS["mask"].class_counts(said).tolist() == [11, 4]
    assert TARGETS["mask"].pictures(said).tolist() == [3, 1]
    assert TARGETS["mask"].strata(said).tolist() == [[0, -1], [0, 1], [-1, -1], [0, -1]]
    with pytest.raises(RequestError, match="cannot come from a column"):
        read("mask", "x.png")


@pytest.mark.parametrize(
    ("kind", "labels", "words"),
    [
        ("single-label", ["a"], "one class, 'a'"),
        ("multi-label", ["a\x1fb"], r"same labels \(a, b\)"),
        ("multi-label", [""], "no label at all"),
        ("number", ["5.0"], "same number, 5,"),
    ],
)
def test_labels_that_all_say_the_same_teach_nothing(kind: str, labels: list[str], words: str) -> None:
    import re

    wrong = TARGETS[kind].nothing_to_learn(labels, [])
    assert wrong is not None and re.search(words, wrong[0]) and wrong[1]
    assert TARGETS[kind].nothing_to_learn([*labels, "1.0"], []) is None
