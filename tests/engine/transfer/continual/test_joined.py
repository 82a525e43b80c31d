"""A run's table and pictures that came later: each picture is one row, and what the run knows of it stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core.control import Control
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table_file import load_table, save_table
from workbench.engine.transfer.continual.joined import Joining, join_tables


def table(folder: Path, names: list[str], labels: list[str], kind: str = "single-label", **facts: Any) -> SampleTable:
    """Files with their own names as bytes; all to train on."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            (folder / name).write_bytes(name.encode())
    texts = facts.pop("texts", sorted(set(labels)))
    count = len(names)
    return SampleTable(
        paths=[folder / name for name in names],
        part=np.zeros(count, np.int8),
        targets={facts.pop("task", "kind"): np.array([texts.index(label) for label in labels], np.int64)},
        classes={"kind": facts.pop("classes", texts if kind != "number" else [])},
        sizes=np.ones((count, 2), np.int32),
        bytes=np.array([(folder / name).stat().st_size for name in names], np.int64),
        copies=np.arange(count, dtype=np.int64),
        kinds={"kind": kind},
        labels={} if kind == "single-label" else {"kind": texts},
        **facts,
    )


def joined(old: SampleTable, new: SampleTable) -> Joining:
    steps = join_tables(old, new, Control())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            assert isinstance(end.value, Joining)
            return end.value


def words(found: SampleTable) -> list[str]:
    return [found.labels_of(row)["kind"] for row in range(len(found))]


def test_new_classes_stand_in_natural_order_and_old_rows_keep_place_label_and_part(tmp_path: Path) -> None:
    old = table(tmp_path, ["a.png", "b.png"], ["img10", "zebra"])
    old.part[1] = 1
    found = joined(old, table(tmp_path, ["c.png", "d.png"], ["img2", "zebra"]))
    assert found.table.classes["kind"] == ["img2", "img10", "zebra"] and found.rows.tolist() == [2, 3]
    assert words(found.table) == ["img10", "zebra", "img2", "zebra"] and found.table.part.tolist() == [0, 1, 0, 0]
    assert len(set(found.table.copies.tolist())) == 4


def test_a_picture_that_is_known_by_its_path_or_its_bytes_comes_no_second_time(tmp_path: Path) -> None:
    old = table(tmp_path, ["a.png", "b.png"], ["x", "y"])
    (tmp_path / "e.png").write_bytes(b"a.png")
    found = joined(old, table(tmp_path, ["b.png", "e.png", "f.png"], ["y", "y", "y"]))
    assert len(found.table) == 3 and found.rows.tolist() == [2]
    assert [path.name for path in found.known] == ["b.png"] and [path.name for path in found.otherwise] == ["e.png"]


def test_another_task_labels_known_pictures_in_their_parts(tmp_path: Path) -> None:
    old = table(tmp_path, ["a.png", "b.png"], ["x", "y"])
    old.part[0] = 2
    new = table(tmp_path, ["a.png", "c.png"], ["p", "q"])
    new.targets = {"other": new.targets["kind"]}
    new.classes, new.kinds = {"other": ["p", "q"]}, {"other": "single-label"}
    found = joined(old, new)
    assert found.rows.tolist() == [0, 2] and found.table.part.tolist() == [2, 0, 0]
    assert found.table.targets["other"].tolist() == [0, -1, 1] and found.table.targets["kind"].tolist() == [0, 1, -1]
    save_table(found.table, tmp_path / "t.csv", tmp_path)
    again = load_table(tmp_path / "t.csv", tmp_path)
    assert again.digest() == found.table.digest()


@pytest.mark.parametrize(
    ("kind", "old", "new", "classes"),
    [
        ("number", ["2.0", "10.0"], ["3.5", "2.0"], []),
        ("multi-label", ["a", "a\x1fb"], ["c", ""], ["a", "b", "c"]),
    ],
)
def test_numbers_and_labels_keep_what_they_say(
    tmp_path: Path, kind: str, old: list[str], new: list[str], classes: list[str]
) -> None:
    first = table(tmp_path, ["a.png", "b.png"], old, kind)
    second = table(tmp_path, ["c.png", "d.png"], new, kind)
    before = [*words(first), *words(second)]
    found = joined(first, second)
    assert words(found.table) == before and found.table.classes["kind"] == classes


def test_masks_keep_their_pixels(tmp_path: Path) -> None:
    values = {"kind": [0, 255]}
    one, two = (np.array(pixels, np.int64) for pixels in ([[5, 1]], [[2, 4]]))
    facts: dict[str, Any] = {"kind": "mask", "classes": ["0", "255"], "mask_values": values}
    first = table(tmp_path, ["a.png"], ["/m/z.png"], **facts, mask_pixels={"kind": one})
    second = table(tmp_path, ["b.png"], ["/m/a.png"], **facts, mask_pixels={"kind": two})
    found = joined(first, second).table
    assert found.labels["kind"] == ["/m/a.png", "/m/z.png"] and found.mask_pixels["kind"].tolist() == [[2, 4], [5, 1]]
    assert found.class_counts("kind", "train").tolist() == [7, 5]
