"""Fractals, signs and leaves: within bounds, the same for the same seed, and each class like itself."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from workbench.engine.transfer.pretrain import fractals, leaves, strokes


def _random(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_singular_values_keep_to_the_published_range() -> None:
    systems = fractals.draw_systems(200, _random(0))
    maps = (systems.shares > 0).sum(1)
    values = torch.linalg.svdvals(systems.matrices) * (systems.shares > 0)[..., None]
    total = values[..., 0].sum(1) + 2 * values[..., 1].sum(1)
    assert bool((total >= (5 + maps) / 2 - 1e-4).all()) and bool((total <= (6 + maps) / 2 + 1e-4).all())
    assert set(maps.tolist()) == {2, 3, 4}
    torch.testing.assert_close(systems.shares.sum(1), torch.ones(200))


def test_variants_of_a_system_shrink_and_keep_its_number_of_maps() -> None:
    systems = fractals.draw_systems(100, _random(1))
    moved = fractals.vary(systems, 0.3, _random(2))
    assert float(torch.linalg.matrix_norm(moved.matrices, ord=2).max()) < 1.0
    assert torch.equal(moved.shares > 0, systems.shares > 0)


def test_a_known_system_is_drawn_where_it_should_be() -> None:
    """Two maps that halve towards (-1, 0) and (1, 0) leave a segment of the x axis unchanged."""
    half = 0.5 * torch.eye(2)
    systems = fractals.Systems(
        half.expand(1, 4, 2, 2).contiguous(),
        torch.tensor([[[-0.5, 0.0], [0.5, 0.0], [0.0, 0.0], [0.0, 0.0]]]),
        torch.tensor([[0.5, 0.5, 0.0, 0.0]]),
    )
    density, tint = fractals.render(systems, 32, _random(0))[0]
    rows = density.sum(1).nonzero()[:, 0].tolist()
    assert rows == [16] and int((density[16] > 0).sum()) > 20
    left, right = tint[16, : 16][density[16, :16] > 0], tint[16, 16:][density[16, 16:] > 0]
    assert float(left.max()) < float(right.min())  # the last map that was applied decides the half


def _likeness(first: Tensor, second: Tensor) -> Tensor:
    """(S, S) cosines between pictures, blurred so that a small shift is forgiven."""
    flat = []
    for pictures in (first, second):
        blurred = torch.nn.functional.avg_pool2d(pictures[:, :1], 8)
        flat.append(torch.nn.functional.normalize(blurred.flatten(1), dim=1))
    return flat[0] @ flat[1].T


def test_a_fractal_is_more_like_its_variant_than_like_others() -> None:
    systems = fractals.draw_systems(40, _random(3))
    drawn = fractals.render(systems, 64, _random(4))
    assert drawn.shape == (40, 2, 64, 64) and float(drawn.min()) >= 0 and float(drawn.max()) <= 1
    likeness = _likeness(drawn, fractals.render(fractals.vary(systems, 0.04, _random(5)), 64, _random(6)))
    assert float((likeness.argmax(1) == torch.arange(40)).float().mean()) > 0.7


def test_a_sign_is_more_like_another_drawing_of_it_than_like_others() -> None:
    signs = strokes.draw_signs(40, _random(0))
    first, second = (strokes.render(signs, 64, _random(seed)) for seed in (1, 2))
    assert first.shape == (40, 1, 64, 64) and not torch.equal(first, second)
    share = first.mean((1, 2, 3))
    assert float(share.min()) > 0.005 and float(share.max()) < 0.5
    likeness = _likeness(first, second)
    assert float((likeness.argmax(1) == torch.arange(40)).float().mean()) > 0.4  # chance is 1 in 40


def test_leaves_are_scenes_of_many_brightnesses_and_the_same_for_the_same_seed() -> None:
    pictures = leaves.render(6, 48, np.random.default_rng(0))
    assert pictures.shape == (6, 48, 48, 3) and pictures.dtype == np.uint8
    assert np.array_equal(pictures, leaves.render(6, 48, np.random.default_rng(0)))
    assert all(picture.std() > 15 for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == 6


def test_textures_are_standardised_and_their_spectrum_falls() -> None:
    textures = leaves.noise(8, 64, np.random.default_rng(0))
    np.testing.assert_allclose(textures.std((1, 2)), 1.0, rtol=1e-3)
    power = np.abs(np.fft.rfft2(textures)).mean(0)
    assert power[1:4, 1:4].mean() > 5 * power[28:36, 20:].mean()
