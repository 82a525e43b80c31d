from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.engine.data.pictures import picture
from workbench.engine.data.image_files import PathResolver, PictureFinder, is_picture, walk_pictures


@pytest.mark.parametrize("name", ["a.JPG", "ü.Png", "x.tif", "y.webp", "z.bmp", "w.GIF"])
def test_pictures_by_suffix_in_any_case(name: str) -> None:
    assert is_picture(name)


@pytest.mark.parametrize("name", [".hidden.jpg", "notes.txt", "a.pdf", "b.mpg", "jpg", "c.csv"])
def test_what_is_no_picture(name: str) -> None:
    assert not is_picture(name)


def test_walking_goes_into_nested_folders_but_not_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.png", "in/deep/a.png", ".thumbs/c.png", "in/.d.png"):
        picture(tmp_path / name, 0)
    assert [os.path.relpath(path, tmp_path) for path in walk_pictures(str(tmp_path))] == [
        "b.png",
        os.path.join("in", "deep", "a.png"),
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need special rights on Windows")
def test_walking_a_link_that_leads_back_ends(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", 0)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(list(walk_pictures(str(tmp_path)))) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need special rights on Windows")
def test_resolver_follows_links_of_folders_and_files(tmp_path: Path) -> None:
    real = picture(tmp_path / "real" / "a.png", 0)
    (tmp_path / "folder").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "file.png").symlink_to(real)
    resolve = PathResolver()
    assert resolve(str(tmp_path / "folder" / "a.png")) == resolve(str(real)) == resolve(str(tmp_path / "file.png"))


def test_finder_helps_but_never_guesses(tmp_path: Path) -> None:
    for name in ("One.JPG", "two.png", "three.png", "three.jpg"):
        picture(tmp_path / name, 0)
    find = PictureFinder().find
    assert find(str(tmp_path / "two.png")) == (str(tmp_path / "two.png"), "")
    assert find(str(tmp_path / "two"))[0] == str(tmp_path / "two.png")
    assert find(str(tmp_path / "one.jpg"))[0] == str(tmp_path / "One.JPG")
    assert find(str(tmp_path / "three")) == (None, "could be any of three.jpg, three.png")
    assert find(str(tmp_path / "four.png")) == (None, "there is no such file")
    assert find(str(tmp_path / "nowhere" / "a.png"))[0] is None
