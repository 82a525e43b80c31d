from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.engine.data.pictures import drain, picture
from tests.engine.training.test_phases import resolved
from workbench.core.control import Control
from workbench.core.events import Progress
from workbench.core.resolved import Resolved, ViewParameters
from workbench.engine.data.pixel_cache import picture_keys
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.view import decode
from workbench.engine.model.network import HeadChoice, MultiTaskNetwork, build_network
from workbench.engine.training import feature_cache
from workbench.engine.training.feature_cache import FeatureCache, Features, FeatureSource, feature_key

CPU = torch.device("cpu")
VIEW = ViewParameters(size=32)
FACTS = resolved().model_copy(update={"view": VIEW, "versions": {"torch": "x"}})


def pictures(folder: Path, count: int = 7) -> list[Path]:
    return [picture(folder / f"{number}.png", number, 40, 36) for number in range(count)]


def a_network() -> MultiTaskNetwork:
    return build_network("resnet18", {"a": HeadChoice("linear", 3)})


def read(
    network: MultiTaskNetwork,
    paths: list[Path],
    folder: Path,
    rows: Iterable[int],
    control: Control | None = None,
    facts: Resolved = FACTS,
) -> tuple[list[int], Features | None]:
    """The features of some rows in chunks of three, and how many there were at each progress."""
    with PixelStore(folder / "pixels", paths, facts.view, 10**9, 1) as store:
        source = FeatureSource(network, store, paths, facts, CPU, 3, folder / "features")
        events, features = drain(source.features(np.array(list(rows), np.int64), control or Control()))
    return [event.done for event in events if isinstance(event, Progress)], features


def test_stored_features_give_the_logits_of_the_whole_network(tmp_path: Path) -> None:
    paths, network = pictures(tmp_path), a_network()
    paths[3].write_bytes(b"no picture")
    done, features = read(network, paths, tmp_path, range(7))
    assert done == [0, 3, 6, 7] and features is not None and features.images_per_s
    assert features.readable.tolist() == [True, True, True, False, True, True, True]
    good = [0, 1, 2, 4, 5, 6]
    images = torch.from_numpy(np.stack([decode(paths[row], VIEW) for row in good])).permute(0, 3, 1, 2) / 255
    with torch.no_grad():
        expected = network(images)["a"]
        found = network.from_features(features.values[good])["a"]
    assert torch.allclose(found, expected, atol=1e-5)
    assert torch.equal(features.values[3], torch.zeros(512))


def test_a_picture_is_computed_once_whoever_asks_and_gets_the_same_bits(tmp_path: Path) -> None:
    paths, network = pictures(tmp_path), a_network()
    _, whole = read(network, paths, tmp_path / "whole", range(7))
    done, some = read(network, paths, tmp_path, [5, 1])
    assert done == [0, 2]
    again, same = read(network, paths, tmp_path, [1, 5])
    assert again == [] and same is not None and same.images_per_s is None
    more, rest = read(network, paths, tmp_path, range(7))
    assert more[0] == 2 and more[-1] == 7
    assert whole is not None and some is not None and rest is not None
    assert torch.equal(rest.values, whole.values)
    assert torch.equal(some.values, whole.values[[5, 1]]) and torch.equal(same.values, whole.values[[1, 5]])


def test_what_cannot_be_decoded_is_tried_again(tmp_path: Path) -> None:
    paths, network = pictures(tmp_path, 3), a_network()
    good = paths[1].read_bytes()
    paths[1].write_bytes(b"no picture")
    _, before = read(network, paths, tmp_path, range(3))
    paths[1].write_bytes(good)
    done, after = read(network, paths, tmp_path, range(3))
    assert before is not None and before.readable.tolist() == [True, False, True]
    assert done == [2, 3] and after is not None and after.readable.all()


def test_what_was_computed_before_it_was_broken_off_is_kept(tmp_path: Path) -> None:
    paths, network, control = pictures(tmp_path), a_network(), Control()
    with PixelStore(tmp_path / "pixels", paths, VIEW, 10**9, 1) as store:
        source = FeatureSource(network, store, paths, FACTS, CPU, 3, tmp_path / "features")
        job = source.features(np.arange(7), control)
        next(job)
        next(job)
        control.stop()
        _, features = drain(job)
    assert features is None
    done, _ = read(network, paths, tmp_path, range(7))
    assert done[0] == 3


def test_nothing_is_computed_that_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths, network = pictures(tmp_path), a_network()
    read(network, paths, tmp_path, [1])

    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(feature_cache, "check_writable", refuse)
    monkeypatch.setattr(FeatureSource, "_compute", None)
    assert read(network, paths, tmp_path, [1])[1] is not None, "what is kept is read all the same"
    with pytest.raises(PermissionError):
        read(network, paths, tmp_path, [1, 2])


def test_the_network_is_laid_out_for_features_only_meanwhile(tmp_path: Path) -> None:
    facts = FACTS.model_copy(update={"feature_layout": "channels_last"})
    network = a_network()
    read(network, pictures(tmp_path), tmp_path, range(3), facts=facts)
    assert all(p.is_contiguous() for p in network.parameters() if p.ndim == 4)


def cache(folder: Path, paths: list[Path], key: str = "k") -> FeatureCache:
    return FeatureCache(folder, key, picture_keys(paths, VIEW))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    paths, values = pictures(tmp_path), torch.randn(2, 3)
    assert not cache(tmp_path / "c", paths).find(np.arange(7)).there.any()
    cache(tmp_path / "c", paths).add(np.array([4, 2]), values, 0.25)
    found = cache(tmp_path / "c", paths).find(np.array([2, 3, 4]))
    assert found.there.tolist() == [True, False, True] and found.picture_s == 0.25
    assert found.values is not None and torch.equal(found.values[[2, 0]], values)
    assert not cache(tmp_path / "c", paths, "other").find(np.arange(7)).there.any()
    (file,) = (tmp_path / "c").iterdir()
    assert file.suffix == ".safetensors"
    picture(paths[2], 99, 40, 36)
    os.utime(paths[2], (1, 1))
    assert cache(tmp_path / "c", paths).find(np.array([2, 4])).there.tolist() == [False, True]


def test_a_damaged_file_counts_as_none(tmp_path: Path) -> None:
    paths = pictures(tmp_path)
    cache(tmp_path / "c", paths).add(np.arange(3), torch.randn(3, 50), 0.1)
    (file,) = (tmp_path / "c").iterdir()
    whole = bytearray(file.read_bytes())
    whole[-300] ^= 1
    file.write_bytes(whole)
    assert not cache(tmp_path / "c", paths).find(np.arange(3)).there.any()
    file.write_bytes(b"torn")
    assert not cache(tmp_path / "c", paths).find(np.arange(3)).there.any()


def test_the_longest_unused_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths, folder = pictures(tmp_path), tmp_path / "c"
    for number, name in enumerate("abc"):
        cache(folder, paths, name).add(np.arange(5), torch.randn(5, 3), 0.0)
        (file,) = folder.glob(f"{name}-*")
        os.utime(file, (number, number))
    monkeypatch.setattr(feature_cache, "LIMIT_BYTES", 2 * file.stat().st_size)
    cache(folder, paths, "d").add(np.arange(5), torch.randn(5, 3), 0.0)
    assert sorted(path.name[0] for path in folder.iterdir()) == ["b", "c", "d"]


def test_the_key_follows_everything_that_matters() -> None:
    other_seed = resolved(seed=3).model_copy(update={"versions": {"torch": "x"}, "view": VIEW})
    changes = [
        FACTS.model_copy(update={"precision": "bf16"}),
        FACTS.model_copy(update={"layout": "channels_last"}),
        FACTS.model_copy(update={"weights_sha256": "cd"}),
        FACTS.model_copy(update={"view": ViewParameters(size=33)}),
        FACTS.model_copy(update={"view": ViewParameters(size=32, resize="pad")}),
        FACTS.model_copy(update={"versions": {"torch": "y"}}),
        resolved({"name": "resnet34"}).model_copy(update={"versions": {"torch": "x"}, "view": VIEW}),
        FACTS.model_copy(update={"weights_sha256": ""}),
        other_seed.model_copy(update={"weights_sha256": ""}),
    ]
    keys = [feature_key(facts, 8) for facts in [FACTS, *changes]] + [feature_key(FACTS, 9)]
    assert len(set(keys)) == len(keys)
    assert feature_key(other_seed, 8) == keys[0]
    trained = {"precision": "bf16", "layout": "channels_last"}
    for_features = {"feature_precision": FACTS.precision, "feature_layout": FACTS.layout}
    assert feature_key(FACTS.model_copy(update={**trained, **for_features}), 8) == keys[0]
