from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.core.errors import RequestError
from workbench.core.resolved import ViewParameters
from workbench.engine.data.masks import IGNORED, MaskStore, NotAMask, read_mask, to_classes, view_mask
from workbench.engine.data.unreadable import UnreadableImage
from workbench.engine.data.view import open_rgb, to_view

VALUES = np.array([[0, 1, 2], [3, 4, 255]], np.uint8)


def saved(path: Path, image: Image.Image) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def test_palettes_are_indices_and_greys_are_values(tmp_path: Path) -> None:
    palette = Image.fromarray(VALUES).convert("P")
    palette.putpalette([*np.random.default_rng(0).integers(0, 256, 768).tolist()])
    assert np.array_equal(read_mask(saved(tmp_path / "p.png", palette)), VALUES)
    assert np.array_equal(read_mask(saved(tmp_path / "l.png", Image.fromarray(VALUES))), VALUES)
    grey = Image.fromarray(np.stack([VALUES] * 3, axis=2))
    for name, image in (("rgb.png", grey), ("rgba.png", grey.convert("RGBA")), ("x.bmp", grey)):
        assert np.array_equal(read_mask(saved(tmp_path / name, image)), VALUES)
    deep = Image.fromarray(VALUES.astype(np.uint16))
    assert np.array_equal(read_mask(saved(tmp_path / "deep.png", deep)), VALUES)
    two = Image.fromarray(VALUES > 2)
    assert np.array_equal(read_mask(saved(tmp_path / "two.png", two)), (VALUES > 2) * np.uint8(255))


def test_colours_and_deep_values_are_no_mask(tmp_path: Path) -> None:
    colours = np.zeros((2, 2, 3), np.uint8)
    colours[0, 0, 1] = 9
    with pytest.raises(NotAMask, match="colours"):
        read_mask(saved(tmp_path / "c.png", Image.fromarray(colours)))
    with pytest.raises(NotAMask, match="0 to 255"):
        read_mask(saved(tmp_path / "d.png", Image.fromarray(VALUES.astype(np.uint16) * 300)))
    (tmp_path / "x.png").write_text("no picture")
    with pytest.raises(UnreadableImage, match="not a picture"):
        read_mask(tmp_path / "x.png")


def test_values_become_classes_and_all_others_are_ignored() -> None:
    assert to_classes(VALUES, [0, 2, 4]).tolist() == [[0, IGNORED, 1], [IGNORED, 2, IGNORED]]
    assert to_classes(VALUES, [0, 255]).tolist() == [[0, IGNORED, IGNORED], [IGNORED, IGNORED, 1]]


@pytest.mark.parametrize("resize", ["squash", "pad"])
@pytest.mark.parametrize("size", [(40, 20), (13, 30)])
def test_a_mask_lies_where_its_picture_does(tmp_path: Path, resize: str, size: tuple[int, int]) -> None:
    """A picture that is white where the mask is 1: after the view both still agree, away from the edges."""
    width, height = size
    mask = np.zeros((height, width), np.uint8)
    mask[height // 4 : height // 2, width // 3 :] = 1
    path = saved(tmp_path / "m.png", Image.fromarray(mask))
    picture = saved(tmp_path / "p.png", Image.fromarray(np.repeat(mask[:, :, None] * np.uint8(255), 3, axis=2)))
    view = ViewParameters(size=64, resize=resize)
    seen, classes = np.asarray(to_view(open_rgb(picture), view))[..., 0], view_mask(path, [0, 1], view)
    assert classes.shape == (64, 64) and classes.dtype == np.uint8
    bars = classes == IGNORED
    assert bars.any() == (resize == "pad") and (seen[bars] == 124).all()
    sure = ~bars & ((seen < 5) | (seen > 250))
    assert sure.mean() > 0.3 and np.array_equal(classes[sure] == 1, seen[sure] > 250)


def test_a_turned_mask_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(VALUES).save(tmp_path / "m.png", exif=exif)
    assert np.array_equal(read_mask(tmp_path / "m.png"), np.rot90(VALUES, -1))


def test_a_cropping_view_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="crop"):
        view_mask(tmp_path / "m.png", [0, 1], ViewParameters(size=8, resize="crop"))
    with pytest.raises(RequestError, match="crop"):
        MaskStore([], [0, 1], ViewParameters(size=8, resize="crop"), 1)


def test_the_store_reads_each_mask_once_from_many_threads(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    masks = [random.integers(0, 3, (16, 16), dtype=np.uint8) for _ in range(6)]
    paths = [saved(tmp_path / f"{at}.png", Image.fromarray(mask)) for at, mask in enumerate(masks)]
    paths.append(tmp_path / "gone.png")
    view = ViewParameters(size=16)
    with MaskStore(paths, [0, 1, 2], view, 3) as store:
        orders = [random.integers(-1, 7, 20) for _ in range(8)]
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(store.read, orders))
        for path in paths[:6]:
            path.unlink()
        results.append(store.read(np.array([0, -1, 6, 5])))
        orders.append(np.array([0, -1, 6, 5]))
        for order, read in zip(orders, results, strict=True):
            assert read.shape == (len(order), 16, 16) and read.dtype == np.uint8
            for index, mask in zip(order.tolist(), read, strict=True):
                assert np.array_equal(mask, masks[index]) if 0 <= index < 6 else (mask == IGNORED).all()
        assert store.failures == {6: "there is no such file"}
        assert store.read(np.zeros(0, np.int64)).shape == (0, 16, 16)
