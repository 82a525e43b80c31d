from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.engine.data.pictures import picture
from workbench.engine.data.headers import read_header
from workbench.engine.data.unreadable import UnreadableImage


def oriented(path: Path, orientation: int, size: tuple[int, int] = (30, 20), **options: object) -> Path:
    image = Image.new("RGB", size, (200, 10, 10))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(path, exif=exif, **options)
    return path


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "bmp", "tif", "webp", "ppm", "JPG"])
def test_size_of_each_format(tmp_path: Path, suffix: str) -> None:
    assert read_header(picture(tmp_path / f"a.{suffix}", 0, 31, 17)) == (31, 17)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_size_after_orientation(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = oriented(tmp_path / f"a.{suffix}", orientation)
    assert read_header(path) == ((30, 20) if orientation < 5 else (20, 30))


def test_a_jpeg_whose_frame_stands_far_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "profile.jpg"
    Image.new("RGB", (40, 30)).save(path, icc_profile=bytes(150_000))
    assert read_header(path) == (40, 30)
    Image.new("RGB", (40, 30)).save(path, icc_profile=bytes(600_000))
    assert read_header(path) == (40, 30)


def test_a_jpeg_under_the_name_of_a_png(tmp_path: Path) -> None:
    stream = BytesIO()
    Image.new("L", (9, 8)).save(stream, "JPEG")
    (tmp_path / "a.png").write_bytes(stream.getvalue())
    assert read_header(tmp_path / "a.png") == (9, 8)


def test_files_without_a_picture_say_why(tmp_path: Path) -> None:
    def reason(name: str, data: bytes) -> str:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UnreadableImage) as caught:
            read_header(tmp_path / name)
        return caught.value.reason

    assert reason("empty.jpg", b"") == "the file is empty"
    assert reason("text.jpg", b"hello") == "it is not a picture in any format that can be read"
    assert "not a picture" in reason("start.jpg", b"\xff\xd8\xff")
    with pytest.raises(UnreadableImage, match="no such file"):
        read_header(tmp_path / "none.jpg")


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", 0)
    data = bytearray((tmp_path / "a.png").read_bytes())
    data[16:24] = (60000).to_bytes(4, "big") * 2
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(UnreadableImage, match="60000 × 60000 pixels"):
        read_header(tmp_path / "a.png")


def test_parser_and_pillow_agree_on_damaged_starts(tmp_path: Path) -> None:
    """Whatever stands in the first bytes, the answer is a size or an UnreadableImage, never another error."""
    whole = oriented(tmp_path / "a.jpg", 6).read_bytes()
    random = np.random.default_rng(0)
    answers = set()
    for _ in range(300):
        data = bytearray(whole)
        for at in random.integers(0, 200, 3):
            data[at] = random.integers(0, 256)
        (tmp_path / "b.jpg").write_bytes(data[: random.integers(1, len(data))])
        try:
            answers.add(len(read_header(tmp_path / "b.jpg")))
        except UnreadableImage as error:
            answers.add(bool(error.reason))
    assert answers == {2, True}
