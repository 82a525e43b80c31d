"""Scenes: two views of the same things, the same for the same seed and step."""

from __future__ import annotations

import pytest
import torch

from tests.engine.data.pictures import drain
from workbench.core.control import Control
from workbench.core.specs import PretrainSpec
from workbench.engine.transfer.pretrain.banks import Banks, draw_banks
from workbench.engine.transfer.pretrain.scenes import Scenes

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> Banks:
    spec = PretrainSpec(out=tmp_path_factory.mktemp("out") / "x.safetensors", systems=4, signs=3, variants=2, grounds=5)
    events, found = drain(draw_banks(spec, Control()))
    assert found is not None and [events[0].done, events[-1].done] == [0, 12]
    return found


def test_banks_hold_every_class_in_every_variant(banks: Banks) -> None:
    assert banks.shapes.shape == (7, 2, 2, 64, 64) and banks.grounds.shape == (5, 3, 96, 96)
    assert banks.classes == 7 and banks.fractals == 4
    assert bool((banks.shapes.flatten(2).amax(2) > 0).all())


def test_a_batch_depends_on_seed_and_step_alone(banks: Banks) -> None:
    scenes = Scenes(banks, 0, CPU)
    batch = scenes.batch(3, 6, 32)
    assert batch.views.shape == (2, 6, 3, 32, 32) and batch.classes.shape == (6, 7)
    assert float(batch.views.min()) >= 0 and float(batch.views.max()) <= 1
    torch.testing.assert_close(batch.classes.sum(1), torch.ones(6))
    again = Scenes(banks, 0, CPU).batch(3, 6, 32)
    assert torch.equal(batch.views, again.views) and torch.equal(batch.classes, again.classes)
    assert not torch.equal(batch.views, scenes.batch(4, 6, 32).views)
    assert not torch.equal(batch.views, Scenes(banks, 1, CPU).batch(3, 6, 32).views)


def test_views_of_one_scene_are_more_alike_than_views_of_two(banks: Banks) -> None:
    views = Scenes(banks, 0, CPU, ink=0.0).batch(0, 48, 32).views
    first, second = (torch.nn.functional.normalize(view.mean((2, 3)), dim=1) for view in views)
    likeness = first @ second.T
    own = likeness.diagonal()
    others = likeness[~torch.eye(48, dtype=torch.bool)]
    assert float(own.mean()) > float(others.mean())


def test_all_ink_scenes_hold_signs_only_on_plain_paper(banks: Banks) -> None:
    batch = Scenes(banks, 0, CPU, ink=1.0).batch(0, 64, 32)
    assert float(batch.classes[:, : banks.fractals].sum()) == 0
    views = batch.views[0].mean(1).flatten(1)
    middle = views.median(1).values
    plain = ((views - middle[:, None]).abs() < 0.15).float().mean(1)
    assert float(plain.mean()) > 0.75  # most of each picture is paper
    assert bool((middle > 0.7).any()) and bool((middle < 0.3).any())  # dark on light, and light on dark


def test_drawing_banks_stops_when_told(banks: Banks, tmp_path_factory: pytest.TempPathFactory) -> None:
    control = Control()
    control.stop()
    spec = PretrainSpec(out=tmp_path_factory.mktemp("out") / "x.safetensors", systems=4, signs=3, variants=1, grounds=2)
    _, found = drain(draw_banks(spec, control))
    assert found is None
