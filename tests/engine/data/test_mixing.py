from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.engine.data.mixing import Mix, alike, draw_mix

DRAWS = np.arange(40, dtype=np.int64) * 3
ONE_GROUP = np.zeros(40, np.int64)


def mix(mixup: float = 0.0, cutmix: float = 0.0, groups: np.ndarray = ONE_GROUP, draws: np.ndarray = DRAWS) -> Mix:
    return draw_mix(draws, groups, 7, 3, mixup, cutmix, 32)


def test_partners_are_others_of_the_same_group() -> None:
    groups = np.arange(40) % 3
    groups[[4, 9]] = -1
    groups[39] = 5
    partners = mix(mixup=0.4, groups=groups).partners
    assert sorted(partners.tolist()) == list(range(40))
    assert (groups[partners] == groups).all()
    alone = partners == np.arange(40)
    assert np.flatnonzero(alone).tolist() == [4, 9, 39]
    assert (mix(mixup=0.4, groups=groups).shares[alone] == 1).all()


@pytest.mark.parametrize(("mixup", "cutmix"), [(0.4, 0.0), (0.0, 1.0), (0.3, 0.7)])
def test_what_is_drawn_follows_the_picture_not_its_place(mixup: float, cutmix: float) -> None:
    order = np.random.default_rng(0).permutation(40)
    here, there = mix(mixup, cutmix), mix(mixup, cutmix, draws=DRAWS[order])
    assert np.array_equal(here.shares[order], there.shares) and np.array_equal(here.boxes[order], there.boxes)
    assert np.array_equal(DRAWS[here.partners][order], DRAWS[order][there.partners])
    other = draw_mix(DRAWS, ONE_GROUP, 7, 4, mixup, cutmix, 32)
    assert not np.array_equal(here.shares, other.shares)


def test_shares_follow_the_beta_distribution() -> None:
    draws, group = np.arange(20000, dtype=np.int64), np.zeros(20000, np.int64)
    shares = draw_mix(draws, group, 0, 1, 0.2, 0.0, 32).shares
    assert shares.mean() == pytest.approx(0.5, abs=0.01)
    assert shares.var() == pytest.approx(1 / (4 * (2 * 0.2 + 1)), rel=0.02)
    both = draw_mix(draws, group, 0, 1, 0.2, 1.0, 32)
    assert (both.boxes.any(axis=1)).mean() == pytest.approx(0.5, abs=0.03)


def test_blending_is_the_weighted_mean() -> None:
    drawn = mix(mixup=1.0)
    images = torch.rand(40, 3, 32, 32)
    others = images[torch.from_numpy(drawn.partners)]
    own = torch.from_numpy(drawn.shares).float().view(-1, 1, 1, 1)
    assert torch.allclose(drawn.blend(images, others), own * images + (1 - own) * others, atol=1e-6)
    assert not drawn.boxes.any()


def test_a_pasted_rectangle_is_the_others_and_counts_by_its_area() -> None:
    drawn = mix(cutmix=1.0)
    images, others = torch.zeros(40, 3, 32, 32), torch.ones(40, 3, 32, 32)
    mixed = drawn.blend(images, others)
    assert set(mixed.unique().tolist()) == {0.0, 1.0}
    assert np.allclose(1 - mixed.mean(dim=(1, 2, 3)).numpy(), drawn.shares, atol=1e-6)
    masks, own = drawn.paste(torch.zeros(40, 32, 32, dtype=torch.uint8), torch.ones(40, 32, 32, dtype=torch.uint8))
    assert torch.equal(masks.float(), mixed[:, 0]) and bool((own[torch.from_numpy(drawn.boxes.any(axis=1))] == 1).all())


def test_some_of_a_batch_are_mixed_as_in_the_whole() -> None:
    drawn = mix(0.3, 0.7)
    images = torch.rand(40, 3, 32, 32).contiguous(memory_format=torch.channels_last)
    whole = drawn.blend(images, images[torch.from_numpy(drawn.partners)])
    part = drawn.at(slice(10, 25))
    assert torch.equal(part.blend(images[10:25], images[torch.from_numpy(part.partners)]), whole[10:25])
    assert whole.is_contiguous(memory_format=torch.channels_last)


def test_pictures_with_labels_of_the_same_tasks_are_alike() -> None:
    labelled = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 0], [1, 0, 1]], np.bool_)
    groups = alike(labelled, np.array([False, False, True])).tolist()
    assert groups[0] == groups[2] and len({groups[0], groups[1], groups[4]}) == 3 and -1 not in groups[:3]
    assert groups[3] == groups[5] == -1
