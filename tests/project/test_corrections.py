"""Decisions are written one at a time, undone, and found again where the project has moved."""

from __future__ import annotations

import shutil
from pathlib import Path

from workbench.core.corrections import CORRECTIONS_FILE, Correction, read_corrections
from workbench.project.corrections import decide, picture_name, restore


def test_decisions_are_kept_replaced_and_undone(tmp_path: Path) -> None:
    first = Correction(picture="d/a.png", task="t", label='two "quoted" words')
    decide(tmp_path, first)
    decide(tmp_path, Correction(picture="d/b.png", task="t", aside=True))
    decide(tmp_path, Correction(picture="d/a.png", task="u", keep=True))
    assert read_corrections(tmp_path).decided[0] == first
    decide(tmp_path, Correction(picture="d/a.png", task="t", keep=True))
    assert [each.verdict for each in read_corrections(tmp_path).decided] == ["aside", "kept", "kept"]
    assert not restore(tmp_path, "d/b.png", "u")
    for picture, task in (("d/a.png", "t"), ("d/b.png", "t"), ("d/a.png", "u")):
        assert restore(tmp_path, picture, task)
    assert not (tmp_path / CORRECTIONS_FILE).exists() and list(tmp_path.iterdir()) == []


def test_the_file_reads_as_a_person_would_write_it(tmp_path: Path) -> None:
    decide(tmp_path, Correction(picture="d/a.png", task="t", label="x"))
    text = (tmp_path / CORRECTIONS_FILE).read_text(encoding="utf-8")
    assert text == 'format = 1\n\n[[corrections]]\npicture = "d/a.png"\ntask = "t"\nlabel = "x"\n'


def test_pictures_inside_the_project_move_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    inside, outside = folder / "d" / "a.png", tmp_path / "b.png"
    assert picture_name(inside, folder) == "d/a.png" and picture_name(outside, folder) == str(outside)
    for path in (inside, outside):
        decide(folder, Correction(picture=picture_name(path, folder), task="t", aside=True))
    shutil.move(folder, tmp_path / "moved")
    assert set(read_corrections(tmp_path / "moved").of("t")) == {str(tmp_path / "moved" / "d" / "a.png"), str(outside)}
