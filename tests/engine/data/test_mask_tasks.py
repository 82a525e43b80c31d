"""Folders of pictures and folders of masks: how they are paired, and what their values mean."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.engine.data.pictures import drain, mask, masked_pictures, picture, table_for
from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Progress
from workbench.core.project import Project, Task
from workbench.engine.data import mask_scan
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.table import MISSING, build_table


def task(**values: str) -> Task:
    return Task(**{"name": "m", "kind": "mask", "source": "images", "masks": "masks", **values})


def test_masks_are_paired_by_path_and_stem(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a" / "1.jpg", 0)
    picture(tmp_path / "images" / "b" / "1.JPG", 1)
    picture(tmp_path / "images" / "2.png", 2)
    mask(tmp_path / "masks" / "a" / "1.png", np.eye(4))
    mask(tmp_path / "masks" / "b" / "1.bmp", np.eye(4))
    mask(tmp_path / "masks" / "3.png", np.eye(4))
    source = SourceReader(tmp_path).read(task())
    assert dict(zip(source.paths, source.labels, strict=True)) == {
        str(tmp_path / "images" / "2.png"): None,
        str(tmp_path / "images" / "a" / "1.jpg"): str(tmp_path / "masks" / "a" / "1.png"),
        str(tmp_path / "images" / "b" / "1.JPG"): str(tmp_path / "masks" / "b" / "1.bmp"),
    }
    assert source.notes == [
        "1 picture has no mask, and so no label: 2.png.",
        "1 mask has no picture: 3.png.",
    ]


def test_first_folders_may_be_parts(tmp_path: Path) -> None:
    for part, count in (("train", 8), ("val", 2), ("test", 3)):
        masked_pictures(tmp_path / part, count, first_seed=10 * len(part))
        for kind in ("images", "masks"):
            (tmp_path / kind).mkdir(exist_ok=True)
            shutil.move(tmp_path / part / kind, tmp_path / kind / part)
    table, _ = table_for(tmp_path, [task()], test=0.5)
    assert [len(table.rows(part)) for part in ("train", "validation", "test")] == [8, 2, 3]


def test_masks_may_lie_within_the_folder_of_pictures(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 4)
    shutil.move(tmp_path / "masks", tmp_path / "images" / "masks")
    source = SourceReader(tmp_path).read(task(masks="images/masks"))
    assert len(source.paths) == 4 and all(source.labels) and source.notes == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"masks": ""}, "`masks` is empty"),
        ({"masks": "images"}, "folder of the pictures itself"),
        ({"masks": "mask"}, r"`masks` = '.*mask' does not exist\. Did you mean masks"),
        ({"source": "image"}, r"`source` = '.*image' does not exist\. Did you mean images\?"),
        ({"source": "l.csv"}, "is a file.*Give the folder of pictures"),
        ({"masks": "others"}, "no mask in .* is named like a picture.*'000.png' and 'x.png'"),
        ({"masks": "twice"}, "two masks have the same name"),
        ({"masks": "empty"}, "no picture lies in `masks`"),
    ],
)
def test_folders_that_hold_no_pairs(tmp_path: Path, values: dict[str, str], words: str) -> None:
    masked_pictures(tmp_path, 2)
    mask(tmp_path / "others" / "x.png", np.eye(4))
    for suffix in ("png", "bmp"):
        mask(tmp_path / "twice" / f"000.{suffix}", np.eye(4))
    (tmp_path / "empty").mkdir()
    (tmp_path / "l.csv").touch()
    with pytest.raises(RequestError, match=words):
        SourceReader(tmp_path).read(task(**values))


@pytest.mark.parametrize(
    ("values", "lines", "found", "classes"),
    [
        ((0, 255), None, [0, 255], ["background", "foreground"]),
        ((3, 7), None, [3, 7], ["background", "foreground"]),
        ((0, 1, 2), None, [0, 1, 2], ["0", "1", "2"]),
        ((0, 1, 255), None, [0, 1], ["background", "foreground"]),
        ((0, 1, 5, 255), None, [0, 1, 5], ["0", "1", "5"]),
        ((0, 128, 255), None, [0, 128, 255], ["0", "128", "255"]),
        ((0, 255), "wall\n\ninside\n", [0, 255], ["wall", "inside"]),
        ((0, 1, 255), "a\nb\nc", [0, 1, 255], ["a", "b", "c"]),
        ((0, 2, 255), "sky\nroad\ncar\n", [0, 2, 255], ["sky", "road", "car"]),
        ((0, 2), "sky\nroad\ncar\n", [0, 2], ["sky", "car"]),
    ],
)
def test_what_values_mean(
    tmp_path: Path, values: tuple[int, ...], lines: str | None, found: list[int], classes: list[str]
) -> None:
    masked_pictures(tmp_path, 6, values)
    if lines is not None:
        (tmp_path / "masks" / "classes.txt").write_text(lines, encoding="utf-8")
    table, notices = table_for(tmp_path, [task()])
    assert table.mask_values == {"m": found} and table.classes == {"m": classes}
    assert any("255 are ignored" in notice for notice in notices) == (values[-1] == 255 and 255 not in found)
    shown = [np.asarray(Image.open(path)) for path in table.label_texts("m")]
    expected = [[int((pixels == value).sum()) for value in found] for pixels in shown]
    assert table.mask_pixels["m"].tolist() == expected
    assert (table.class_counts("m", "train") + table.class_counts("m", "validation")).tolist() == np.sum(
        expected, axis=0
    ).tolist()


def test_masks_that_are_none_are_refused(tmp_path: Path) -> None:
    masked_pictures(tmp_path / "colour", 4)
    picture(tmp_path / "colour" / "masks" / "002.png", 7)
    masked_pictures(tmp_path / "smooth", 4, tuple(range(101)))
    masked_pictures(tmp_path / "plain", 4, (7,))
    masked_pictures(tmp_path / "named", 4, (0, 1, 7))
    (tmp_path / "named" / "masks" / "classes.txt").write_text("a\nb", encoding="utf-8")
    for folder, words in {
        "colour": r"002\.png cannot be used: it holds colours.*PNG",
        "smooth": "101 different values.*JPEG.*without smoothing",
        "plain": "only the value 7",
        "named": r"classes\.txt .* 2 names, and the masks 3 values \(0, 1 and 7\)",
    }.items():
        with pytest.raises(RequestError, match=words):
            table_for(tmp_path / folder, [task()])


def test_masks_that_do_not_fit_count_as_missing(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 8)
    mask(tmp_path / "masks" / "001.png", np.eye(9))
    (tmp_path / "masks" / "002.png").write_text("no mask")
    table, notices = table_for(tmp_path, [task()])
    assert len(table) == 6 and len(table.label_texts("m")) == 6
    assert {(left.path.name, left.reason, left.what) for left in table.unreadable} == {
        ("001.png", "it is 9 × 9 pixels and its picture 12 × 10", "mask"),
        ("002.png", "it is not a picture in any format that can be read", "mask"),
    }
    assert any(notice.startswith("2 masks were left out, such as ") for notice in notices)
    for number in range(8):
        mask(tmp_path / "masks" / f"{number:03}.png", np.eye(9))
    with pytest.raises(RunError, match=r"none of its masks can be used .*9 × 9"):
        table_for(tmp_path, [task()])


def test_a_picture_that_another_task_labels_stays_without_its_mask(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 8)
    mask(tmp_path / "masks" / "001.png", np.eye(9))
    lines = ["image,c", *(f"images/{number:03}.png,{'xy'[number % 2]}" for number in range(8))]
    (tmp_path / "l.csv").write_text("\n".join(lines), encoding="utf-8")
    table, _ = table_for(tmp_path, [task(), Task(name="c", source="l.csv", column="c")])
    assert len(table) == 8 and (table.encoded("m") == MISSING).sum() == 1
    row = next(row for row, path in enumerate(table.paths) if path.name == "001.png")
    assert table.labels_of(row) == {"c": "y"}


def test_masks_are_read_once_while_they_do_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    masked_pictures(tmp_path, 6)
    events, _ = drain(build_table(Project(tasks=[task()]), tmp_path, Control()))
    assert Progress(what="reading masks", done=6, total=6) in events
    read: list[Path] = []
    monkeypatch.setattr(mask_scan, "read_mask", lambda path: read.append(Path(path)) or np.eye(3, dtype=np.uint8))
    table_for(tmp_path, [task()])
    assert read == []
    changed = np.zeros((10, 12))
    changed[:5] = 255
    mask(tmp_path / "masks" / "003.png", changed)
    table_for(tmp_path, [task()])
    assert [path.name for path in read] == ["003.png"]


def test_a_scan_ends_when_asked(tmp_path: Path) -> None:
    masked_pictures(tmp_path, 30)
    control = Control()
    project = Project(tasks=[task(), task(name="other")])
    for event in build_table(project, tmp_path, control):
        if isinstance(event, Progress) and event.what == "reading masks":
            control.stop()
        assert event.event != "notice"
