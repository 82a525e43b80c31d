from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.engine.data.pictures import picture, pixels
from tests.engine.data.test_headers import oriented
from workbench.core.resolved import ViewParameters
from workbench.engine.data import view as view_module
from workbench.engine.data.pixel_cache import picture_keys
from workbench.engine.data.view import PAD_COLOUR, UnreadableImage, decode, read_header, upright

SMALL = ViewParameters(size=16)


def seen(tmp_path: Path, image: Image.Image, suffix: str = "png", **options: object) -> np.ndarray:
    image.save(tmp_path / f"a.{suffix}", **options)
    return decode(tmp_path / f"a.{suffix}", ViewParameters(size=image.width))


def grey_ramp(dtype: type, top: float) -> np.ndarray:
    return (np.linspace(0, top, 256).reshape(16, 16)).astype(dtype)


def assert_is_grey_ramp(view: np.ndarray) -> None:
    assert view.dtype == np.uint8 and view.shape == (16, 16, 3)
    assert np.abs(view[..., 0].astype(int) - np.arange(256).reshape(16, 16)).max() <= 1
    assert (view == view[..., :1]).all()


def test_a_picture_of_the_views_size_is_unchanged(tmp_path: Path) -> None:
    assert np.array_equal(decode(picture(tmp_path / "a.png", 3, 16, 16), SMALL), pixels(3, 16, 16))


def test_deeper_greys_are_scaled_to_8_bits(tmp_path: Path) -> None:
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.uint8, 255))))
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.uint16, 65535))))
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.uint16, 4095))))
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.uint16, 65535)), "tif"))
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.int32, 65535)), "tif"))
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.float32, 1.0)), "tif"))
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.float32, 255.0)), "tif"))
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(grey_ramp(np.float32, 1e6) - 5e5), "tif"))


def test_floating_point_pictures_may_hold_no_numbers(tmp_path: Path) -> None:
    values = grey_ramp(np.float32, 1.0)
    values[0, 0] = np.nan
    assert_is_grey_ramp(seen(tmp_path, Image.fromarray(values), "tif"))
    assert seen(tmp_path, Image.fromarray(np.full((8, 8), 1e9, np.float32)), "tif").max() == 0


def test_one_bit_and_palette(tmp_path: Path) -> None:
    black_white = Image.fromarray((np.arange(64).reshape(8, 8) % 2 * 255).astype(np.uint8)).convert("1")
    assert np.array_equal(np.unique(seen(tmp_path, black_white)), [0, 255])
    red = Image.new("P", (8, 8), 1)
    red.putpalette([0, 0, 0, 250, 10, 20])
    assert (seen(tmp_path, red) == (250, 10, 20)).all()


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGBA", (10, 20, 30, 0)), ("LA", (0, 0)), ("RGBa", (0, 0, 0, 0)), ("PA", (0, 0))]
)
def test_what_is_transparent_is_white(tmp_path: Path, mode: str, colour: tuple[int, ...]) -> None:
    from workbench.engine.data.view import to_rgb

    assert set(to_rgb(Image.new(mode, (4, 4), colour)).get_flattened_data()) == {(255, 255, 255)}


@pytest.mark.parametrize("mode", ["P", "L", "RGB", "1"])
def test_a_transparent_colour_is_white(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (8, 8), 0)
    assert (seen(tmp_path, image, transparency=(0, 0, 0) if mode == "RGB" else 0) == 255).all()


def test_half_transparency_lies_on_white(tmp_path: Path) -> None:
    assert np.abs(seen(tmp_path, Image.new("RGBA", (4, 4), (0, 0, 0, 128))).astype(int) - 127).max() <= 1


def test_cmyk(tmp_path: Path) -> None:
    view = seen(tmp_path, Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "jpg")
    assert view[..., 0].min() > 240 and view[..., 1:].max() < 20


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_honoured(tmp_path: Path, suffix: str, orientation: int) -> None:
    """A picture that is stored turned and says so looks like the one that is stored upright."""
    upright = Image.new("L", (32, 32), 0)
    upright.paste(255, (0, 0, 32, 8))
    upright.paste(128, (0, 8, 8, 32))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.convert("RGB").save(tmp_path / f"a.{suffix}", exif=exif, **({"quality": 100} if suffix == "jpg" else {}))
    view = decode(tmp_path / f"a.{suffix}", ViewParameters(size=32))[..., 0].astype(int)
    assert np.abs(view - np.asarray(upright, dtype=int)).mean() < 4


def test_damaged_notes_about_a_picture_do_not_spoil_it(tmp_path: Path) -> None:
    Image.new("RGB", (16, 16), (90, 90, 90)).save(tmp_path / "a.jpg", exif=b"Exif\0\0rubbish rubbish rubbish")
    assert read_header(tmp_path / "a.jpg") == (16, 16)
    assert np.abs(decode(tmp_path / "a.jpg", SMALL).astype(int) - 90).max() <= 2


def test_squash_crop_and_pad(tmp_path: Path) -> None:
    wide = Image.new("RGB", (60, 20), (0, 0, 255))
    wide.paste((255, 0, 0), (20, 0, 40, 20))
    wide.save(tmp_path / "a.png")

    def view(resize: str) -> np.ndarray:
        return decode(tmp_path / "a.png", ViewParameters(size=30, resize=resize))

    assert (view("squash")[:, 0] == (0, 0, 255)).all() and (view("squash")[:, 15] == (255, 0, 0)).all()
    assert (view("crop")[:, 2:-2] == (255, 0, 0)).all()
    assert (view("pad")[0] == PAD_COLOUR).all() and (view("pad")[15, 0] == (0, 0, 255)).all()
    assert (view("pad")[:10] == PAD_COLOUR).all() and (view("pad")[20:] == PAD_COLOUR).all()


def test_shrinking_averages(tmp_path: Path) -> None:
    board = np.indices((256, 256)).sum(axis=0) % 2 * 255
    Image.fromarray(board.astype(np.uint8)).save(tmp_path / "a.png")
    assert np.abs(decode(tmp_path / "a.png", SMALL).astype(int) - 127).max() <= 2


def test_a_very_long_picture_fits(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", 0, 900, 1)
    for resize in ("squash", "crop", "pad"):
        assert decode(tmp_path / "a.png", ViewParameters(size=16, resize=resize)).shape == (16, 16, 3)


@pytest.mark.parametrize("suffix", ["gif", "tif", "png", "webp"])
def test_the_first_of_several_frames(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ((250, 0, 0), (0, 250, 0))]
    options = {"lossless": True} if suffix == "webp" else {}
    frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:], **options)
    assert (decode(tmp_path / f"a.{suffix}", SMALL) == (250, 0, 0)).all()


def test_damaged_files_say_why(tmp_path: Path) -> None:
    def reason(data: bytes, name: str = "a.jpg") -> str:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UnreadableImage) as caught:
            decode(tmp_path / name, SMALL)
        return caught.value.reason

    whole = picture(tmp_path / "whole.jpg", 0, 64, 64).read_bytes()
    assert reason(whole[: len(whole) // 2]) == "the file is cut off: part of the picture is missing"
    assert reason(b"") == "the file is empty"
    assert reason(b"GIF89a") != ""
    assert "not a picture" in reason(b"not a picture at all")
    png = bytearray(picture(tmp_path / "whole.png", 0, 64, 64).read_bytes())
    png[200:260] = bytes(60)
    assert reason(bytes(png), "a.png") != ""
    with pytest.raises(UnreadableImage, match="no such file"):
        decode(tmp_path / "none.png", SMALL)
    with pytest.raises(UnreadableImage):
        decode(tmp_path, SMALL)


def test_large_jpegs_are_decoded_at_full_size(tmp_path: Path) -> None:
    """The view is what resizing the whole picture gives, to the last bit."""
    oriented(tmp_path / "a.jpg", 1, (640, 480))
    noise = Image.fromarray(pixels(1, 640, 480))
    noise.save(tmp_path / "a.jpg", quality=90)
    expected = Image.open(tmp_path / "a.jpg").convert("RGB").resize((16, 16), Image.Resampling.BILINEAR)
    assert np.array_equal(decode(tmp_path / "a.jpg", SMALL), np.asarray(expected))


@pytest.mark.parametrize("resize", ["squash", "crop", "pad"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_large_jpeg_files_are_decoded_at_a_reduced_scale_and_look_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resize: Any, orientation: int
) -> None:
    smooth = Image.fromarray(pixels(5, 24, 18)).resize((480, 360), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = orientation
    smooth.save(tmp_path / "a.jpg", quality=95, exif=exif)
    sizes = []
    monkeypatch.setattr(view_module, "upright", lambda image: sizes.append(image.size) or upright(image))
    whole = decode(tmp_path / "a.jpg", ViewParameters(size=40, resize=resize))
    reduced = decode(tmp_path / "a.jpg", ViewParameters(size=40, resize=resize, reduced=2))
    assert sizes == [(480, 360), (120, 90)]
    assert np.abs(whole.astype(int) - reduced).mean() < 2


def test_a_small_or_lossless_picture_is_decoded_at_full_scale(tmp_path: Path) -> None:
    for name, size in (("a.jpg", 79), ("b.png", 400)):
        path = picture(tmp_path / name, 3, size, size)
        views = (ViewParameters(size=40, reduced=reduced) for reduced in (0, 2))
        assert np.array_equal(*(decode(path, view) for view in views))


def test_pictures_of_different_scales_are_kept_apart(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", 3, 8, 8)
    keys = {picture_keys([path], ViewParameters(size=8, reduced=reduced))[0] for reduced in (0, 2)}
    assert len(keys) == 2
