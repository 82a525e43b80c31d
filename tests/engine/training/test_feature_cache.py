from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from tests.engine.data.pictures import drain, picture
from tests.engine.training.test_phases import resolved
from workbench.core.control import Control
from workbench.core.events import Progress
from workbench.core.resolved import ViewParameters
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.view import decode
from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.training import feature_cache
from workbench.engine.training.feature_cache import (
    Features,
    compute_features,
    feature_key,
    load_features,
    save_features,
)

CPU = torch.device("cpu")
VIEW = ViewParameters(size=32)
FACTS = resolved().model_copy(update={"view": VIEW, "versions": {"torch": "x"}})


def some() -> Features:
    return Features(torch.randn(5, 3), np.array([True, True, False, True, True]))


def pictures(folder: Path, count: int = 7) -> list[Path]:
    return [picture(folder / f"{number}.png", number, 40, 36) for number in range(count)]


def test_stored_features_give_the_logits_of_the_whole_network(tmp_path: Path) -> None:
    paths = pictures(tmp_path)
    paths[3].write_bytes(b"no picture")
    network = build_network("resnet18", {"a": HeadChoice("linear", 3)})
    with PixelStore(tmp_path / "cache", paths, VIEW, 10**9, 1) as store:
        events, features = drain(compute_features(network, store, 7, 3, FACTS, CPU, Control()))
    assert [e.done for e in events if isinstance(e, Progress)] == [0, 3, 6, 7]
    assert features.readable.tolist() == [True, True, True, False, True, True, True]
    good = [0, 1, 2, 4, 5, 6]
    images = torch.from_numpy(np.stack([decode(paths[row], VIEW) for row in good])).permute(0, 3, 1, 2) / 255
    with torch.no_grad():
        expected = network(images)["a"]
        found = network.from_features(features.values[good])["a"]
    assert torch.allclose(found, expected, atol=1e-5)
    assert torch.equal(features.values[3], torch.zeros(512))


def test_computing_breaks_off(tmp_path: Path) -> None:
    control = Control()
    network = build_network("resnet18", {"a": HeadChoice("linear", 3)})
    with PixelStore(tmp_path / "cache", pictures(tmp_path), VIEW, 10**9, 1) as store:
        job = compute_features(network, store, 7, 2, FACTS, CPU, control)
        next(job)
        control.stop()
        events, features = drain(job)
    assert features is None and len(events) == 1


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    assert load_features(tmp_path, "k") is None
    kept = some()
    save_features(tmp_path, "k", kept)
    found = load_features(tmp_path, "k")
    assert found is not None and torch.equal(found.values, kept.values)
    assert found.readable.dtype == np.bool_ and found.readable.tolist() == kept.readable.tolist()
    assert [path.name for path in tmp_path.iterdir()] == ["k.safetensors"]


def test_a_damaged_entry_or_one_of_another_make_counts_as_none(tmp_path: Path) -> None:
    save_features(tmp_path, "k", some())
    (tmp_path / "k.safetensors").write_bytes(b"torn")
    assert load_features(tmp_path, "k") is None
    save_file({"features": torch.ones(5, 3)}, tmp_path / "k.safetensors")
    assert load_features(tmp_path, "k") is None


def test_the_longest_unused_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate("abc"):
        save_features(tmp_path, name, some())
        os.utime(tmp_path / f"{name}.safetensors", (number, number))
    size = (tmp_path / "a.safetensors").stat().st_size
    monkeypatch.setattr(feature_cache, "LIMIT_BYTES", 2 * size)
    save_features(tmp_path, "d", some())
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["b", "c", "d"]


def test_the_key_follows_everything_that_matters(tmp_path: Path) -> None:
    paths = pictures(tmp_path)
    other_seed = resolved(seed=3).model_copy(update={"versions": {"torch": "x"}, "view": VIEW})
    changes = [
        FACTS.model_copy(update={"precision": "bf16"}),
        FACTS.model_copy(update={"layout": "channels_last"}),
        FACTS.model_copy(update={"weights_sha256": "cd"}),
        FACTS.model_copy(update={"view": ViewParameters(size=33)}),
        FACTS.model_copy(update={"view": ViewParameters(size=32, resize="pad")}),
        resolved({"name": "resnet34"}).model_copy(update={"versions": {"torch": "x"}, "view": VIEW}),
        FACTS.model_copy(update={"weights_sha256": ""}),
        other_seed.model_copy(update={"weights_sha256": ""}),
    ]
    keys = [feature_key(facts, paths, 8) for facts in [FACTS, *changes]]
    keys += [feature_key(FACTS, paths, 9), feature_key(FACTS, paths[::-1], 8), feature_key(FACTS, paths[1:], 8)]
    assert len(set(keys)) == len(keys)
    assert feature_key(other_seed, paths, 8) == keys[0]
    picture(paths[0], 99, 40, 36)
    os.utime(paths[0], (1, 1))
    assert feature_key(FACTS, paths, 8) not in keys
