from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.engine.data.augment import LEVELS, augment
from workbench.engine.data.drawing import TURN

VARIED = ("light", "standard", "strong")


def batch(count: int = 12, size: int = 33) -> torch.Tensor:
    random = np.random.default_rng(0)
    rough = random.integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    return torch.from_numpy(rough).permute(0, 3, 1, 2)


@pytest.mark.parametrize("level", LEVELS)
def test_shape_range_and_memory_format(level: str) -> None:
    for pixels in (batch(), batch().contiguous()):
        varied = augment(pixels, np.arange(12), 0, 1, level)
        assert varied.shape == pixels.shape and varied.dtype == torch.float32
        assert varied.min() >= 0 and varied.max() <= 1
        assert varied.is_contiguous(memory_format=torch.channels_last) == pixels.is_contiguous(
            memory_format=torch.channels_last
        )


def test_none_only_converts() -> None:
    assert torch.equal(augment(batch(), np.arange(12), 0, 1, "none"), batch().float() / 255) or torch.allclose(
        augment(batch(), np.arange(12), 0, 1, "none"), batch().float() / 255, atol=1e-7
    )


@pytest.mark.parametrize("level", VARIED)
@pytest.mark.parametrize("channels_last", [True, False])
def test_a_picture_is_varied_alike_in_every_batch(level: str, channels_last: bool) -> None:
    pixels = batch(40) if channels_last else batch(40).contiguous()
    rows = np.arange(100, 140)
    together = augment(pixels, rows, 5, 2, level)
    for chosen in ([7], [39, 0, 7], list(range(1, 40, 3)), [5, 5, 6]):
        layout = torch.channels_last if channels_last else torch.contiguous_format
        part = pixels[chosen].contiguous(memory_format=layout)
        assert torch.equal(augment(part, rows[chosen], 5, 2, level), together[chosen])


@pytest.mark.parametrize("level", VARIED)
def test_epoch_seed_and_row_each_change_the_picture(level: str) -> None:
    rows = np.arange(12)
    first = augment(batch(), rows, 0, 1, level)
    assert torch.equal(first, augment(batch(), rows, 0, 1, level))
    for other in (augment(batch(), rows, 0, 2, level), augment(batch(), rows, 1, 1, level)):
        assert all(not torch.equal(one, two) for one, two in zip(first, other, strict=True))
    same = batch(1).expand(12, -1, -1, -1)
    varied = augment(same, rows, 0, 1, level)
    assert len({tuple(picture.flatten().tolist()) for picture in varied}) == 12


def test_the_global_generator_is_left_alone() -> None:
    before = torch.random.get_rng_state()
    augment(batch(), np.arange(12), 0, 1, "strong")
    assert torch.equal(torch.random.get_rng_state(), before)


def test_about_half_of_the_pictures_are_mirrored() -> None:
    """A picture that is dark on the left and bright on the right tells which way round it is."""
    ramp = torch.linspace(60, 190, 32).to(torch.uint8).expand(400, 3, 32, 32).contiguous()
    varied = augment(ramp, np.arange(400), 0, 1, "light").mean(dim=(1, 2))
    mirrored = int((varied[:, 0] > varied[:, -1]).sum())
    assert 160 < mirrored < 240


def test_light_keeps_the_middle_and_most_of_the_brightness() -> None:
    plain = torch.full((50, 3, 20, 20), 100, dtype=torch.uint8)
    varied = augment(plain, np.arange(50), 0, 1, "light") * 255
    assert (varied.amax(dim=(1, 2, 3)) - varied.amin(dim=(1, 2, 3))).max() < 0.01
    assert varied.min() > 89 and varied.max() < 111 and varied.std() > 2


def test_a_grey_picture_stays_grey() -> None:
    grey = batch()[:, :1].expand(-1, 3, -1, -1).contiguous()
    varied = augment(grey, np.arange(12), 0, 1, "strong")
    assert (varied.amax(dim=1) - varied.amin(dim=1)).max() < 1e-5


def test_strong_erases_a_share_of_the_pictures() -> None:
    black = torch.zeros((400, 3, 24, 24), dtype=torch.uint8)
    erased = augment(black, np.arange(400), 0, 1, "strong").amax(dim=(1, 2, 3)) > 0.4
    assert 60 < int(erased.sum()) < 140


def test_a_picture_that_comes_again_in_an_epoch_is_varied_anew() -> None:
    pixels, rows = batch(), np.arange(12)
    once, again = (augment(pixels, rows + TURN * turn, 3, 1, "standard") for turn in (0, 1))
    assert torch.equal(once, augment(pixels, rows, 3, 1, "standard"))
    assert not torch.isclose(once, again).flatten(1).all(dim=1).any()
