"""Loading weights by what a project says about them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from workbench.core import catalogue, weights_cache
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.engine.model import download
from workbench.engine.model.backbones import Backbone, build_backbone
from workbench.engine.model.network import HeadChoice, build_network
from workbench.engine.model.weights import WeightsReport, batch_norm_mode, load_weights
from workbench.engine.model.zoo import network

Answer = TypeVar("Answer")
NAME = "squeezenet1_0"


def outcome(job: Generator[Event, None, Answer]) -> tuple[list[Event], Answer]:
    events = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return events, end.value


def load(backbone: Backbone, spec: str, folder: Path) -> tuple[Notice, WeightsReport]:
    events, report = outcome(load_weights(backbone, spec, folder))
    assert report is not None
    notice = events[-1]
    assert isinstance(notice, Notice)
    return notice, report


def full_state(name: str = NAME) -> dict[str, Tensor]:
    torch.manual_seed(8)
    return network(name).state_dict()


def holds(backbone: Backbone, state: dict[str, Tensor]) -> bool:
    return all(torch.equal(value, state[name].to(value.dtype)) for name, value in backbone.state_dict().items())


def test_a_file_beside_the_project_goes_round(tmp_path: Path) -> None:
    state = full_state()
    torch.save(state, tmp_path / "a.pt")
    save_file(state, tmp_path / "a.safetensors")
    for name in ("a.pt", "a.safetensors"):
        backbone = build_backbone(NAME, seed=3)
        notice, report = load(backbone, f"file:{name}", tmp_path)
        assert holds(backbone, state)
        assert report.complete and report.pretrained and report.matched == report.total == 50
        assert report.sha256 == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        assert (notice.level, notice.text) == (
            "info",
            f"squeezenet1_0 takes its weights from {name}: 50 of 50 tensors fit.",
        )


def test_an_absolute_path_and_half_precision_are_taken(tmp_path: Path) -> None:
    state = {name: value.half() for name, value in full_state().items()}
    torch.save(state, tmp_path / "a.pt")
    backbone = build_backbone(NAME)
    load(backbone, f"file:{tmp_path / 'a.pt'}", Path("/elsewhere"))
    assert holds(backbone, state)
    assert {parameter.dtype for parameter in backbone.parameters()} == {torch.float32}


@pytest.mark.parametrize(
    "prefix", ["module.", "model.", "backbone.", "module.model.backbone.", "_orig_mod.", "module.encoder_q."]
)
def test_prefixes_of_wrappers_are_taken_off(tmp_path: Path, prefix: str) -> None:
    state = full_state("mobilenet_v3_small")
    torch.save({"state_dict": {prefix + name: value for name, value in state.items()}}, tmp_path / "a.pt")
    backbone = build_backbone("mobilenet_v3_small", seed=3)
    _, report = load(backbone, "file:a.pt", tmp_path)
    assert report.complete and holds(backbone, state)


def test_what_stands_beside_a_prefix_of_a_foreign_program_is_named(tmp_path: Path) -> None:
    state = full_state("mobilenet_v3_small")
    inner = {f"student.trunk.{name}": value for name, value in state.items()}
    torch.save({"teacher": {**inner, "queue": torch.zeros(3)}}, tmp_path / "a.pt")
    backbone = build_backbone("mobilenet_v3_small", seed=3)
    _, report = load(backbone, "file:a.pt", tmp_path)
    assert holds(backbone, state) and not report.missing and report.unexpected == ("queue",)


def test_old_files_without_batch_norms_counters_are_complete(tmp_path: Path) -> None:
    state = {k: v for k, v in full_state("resnet18").items() if not k.endswith("num_batches_tracked")}
    torch.save(state, tmp_path / "a.pt")
    notice, report = load(build_backbone("resnet18"), "file:a.pt", tmp_path)
    assert report.complete and report.total == 100 and notice.level == "info"


def test_what_does_not_fit_is_named(tmp_path: Path) -> None:
    state = full_state()
    del state["features.0.bias"]
    state["features.3.squeeze.bias"] = torch.zeros(7)
    state |= {f"extra.{index}": torch.zeros(1) for index in range(5)}
    torch.save(state, tmp_path / "a.pt")
    backbone = build_backbone(NAME, seed=3)
    kept = backbone.get_parameter("features.3.squeeze.bias").clone()
    notice, report = load(backbone, "file:a.pt", tmp_path)
    assert report.missing == ("features.0.bias",)
    assert report.mismatched == ("features.3.squeeze.bias",)
    assert len(report.unexpected) == 5 and report.matched == 48
    assert torch.equal(backbone.get_parameter("features.3.squeeze.bias"), kept)
    assert notice.level == "warning"
    for part in (
        "48 of 50",
        "features.0.bias missing",
        "features.3.squeeze.bias of another shape",
        "and 2 more not used",
    ):
        assert part in notice.text
    assert notice.text.count(". ") == 0


def test_another_networks_file_is_refused_and_its_network_named(tmp_path: Path) -> None:
    torch.save(full_state("mobilenet_v3_small"), tmp_path / "a.pt")
    backbone = build_backbone(NAME)
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    with pytest.raises(RequestError, match=r"does not hold weights of squeezenet1_0") as caught:
        load(backbone, "file:a.pt", tmp_path)
    assert "It fits mobilenet_v3_small" in caught.value.fix
    assert holds(backbone, before)


def test_a_file_of_no_known_network_is_refused(tmp_path: Path) -> None:
    torch.save({"conv.weight": torch.ones(3)}, tmp_path / "a.pt")
    with pytest.raises(RequestError, match=r"0 of its 50 tensors are there\. Choose the backbone"):
        load(build_backbone(NAME), "file:a.pt", tmp_path)


def test_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    state = full_state()
    state["features.0.weight"][0, 0, 0, 0] = float("nan")
    torch.save(state, tmp_path / "a.pt")
    backbone = build_backbone(NAME)
    with pytest.raises(RequestError, match=r"no numbers, in features\.0\.weight"):
        load(backbone, "file:a.pt", tmp_path)
    assert bool(torch.isfinite(backbone.get_parameter("features.0.weight")).all())


def test_none_leaves_the_backbone_as_it_is(tmp_path: Path) -> None:
    backbone = build_backbone(NAME, seed=6)
    notice, report = load(backbone, "none", tmp_path)
    assert holds(backbone, build_backbone(NAME, seed=6).state_dict())
    assert not report.pretrained and report.sha256 == "" and "random" in notice.text


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("starter", r"No starter weights ship for squeezenet1_0\. Choose default .*file:PATH .*none"),
        (
            "IMAGENET9K",
            r"IMAGENET9K is no source of weights for squeezenet1_0\. "
            r"Choose default, none, run:NAME, file:PATH or IMAGENET1K_V1\.",
        ),
        ("run:001", r"There is no run 001\. The runs are: none yet\."),
        ("run:", r"name no run\. Write run: and"),
        ("file:", r"name no file\. Write file: and the path"),
        ("file:nothing.pt", r"There is no file .*nothing\.pt\."),
    ],
)
def test_wrong_requests_are_answered_in_a_sentence(tmp_path: Path, spec: str, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        load(build_backbone(NAME), spec, tmp_path)


def test_a_pickle_that_would_run_code_is_refused_and_does_not_run(tmp_path: Path) -> None:
    torch.save({"features.0.weight": _RunsCode(tmp_path / "it ran")}, tmp_path / "a.pt")
    with pytest.raises(RequestError) as caught:
        load(build_backbone(NAME), "file:a.pt", tmp_path)
    assert caught.value.text == f"{tmp_path / 'a.pt'} is not opened, because it could run code of its own."
    assert "torch.save(model.state_dict(), PATH)" in caught.value.fix and not (tmp_path / "it ran").exists()


class _RunsCode:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.fixture
def starters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of starters that ship, for this test."""
    folder = tmp_path / "starters"
    folder.mkdir()

    def starter(name: str) -> Path | None:
        path = folder / f"{name}.safetensors"
        return path if path.exists() else None

    monkeypatch.setattr(catalogue, "starter", starter)
    return folder


def test_a_starter_in_half_precision_without_a_class_head_fits_whole(tmp_path: Path, starters: Path) -> None:
    state = {name: value.half() for name, value in build_backbone(NAME, seed=9).state_dict().items()}
    save_file(state, starters / f"{NAME}.safetensors")
    backbone = build_backbone(NAME)
    notice, report = load(backbone, "starter", tmp_path)
    assert holds(backbone, state) and {p.dtype for p in backbone.parameters()} == {torch.float32}
    assert report.complete and report.pretrained and report.sha256
    assert notice.text == "squeezenet1_0 takes its weights from the starter that ships: 50 of 50 tensors fit."


def test_weights_of_a_run_are_its_best_models(tmp_path: Path) -> None:
    network = build_network(NAME, {"colour": HeadChoice("linear", 3)}, seed=4)
    for run, seed in (("001-balanced", 4), ("002-probe", 5)):
        folder = tmp_path / "runs" / run / "checkpoints" / "best"
        folder.mkdir(parents=True)
        network.backbone.load_state_dict(build_backbone(NAME, seed=seed).state_dict())
        save_file(network.state_dict(), folder / "weights.safetensors")
    elsewhere = tmp_path / "elsewhere"
    for spec, folder, seed in (
        ("run:001-balanced", tmp_path, 4),
        ("run:1", tmp_path, 4),
        ("run:latest", tmp_path, 5),
        ("run:2:backbone", tmp_path, 5),
        (f"run:{tmp_path / 'runs' / '001-balanced'}", elsewhere, 4),
    ):
        backbone = build_backbone(NAME)
        notice, report = load(backbone, spec, folder)
        assert holds(backbone, build_backbone(NAME, seed=seed).state_dict())
        assert report.complete and report.source == f"run {'001-balanced' if seed == 4 else '002-probe'}"
        assert notice.level == "info"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of downloads on an offline computer."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = tmp_path / "torch" / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("spec", ["default", "IMAGENET1K_V1"])
def test_torchvisions_weights_come_from_the_folder_that_was_carried_here(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, spec: str
) -> None:
    state = full_state()
    version = catalogue.get(NAME).versions[0]
    torch.save(state, cache / version.file)
    monkeypatch.setattr(download, "is_intact", lambda path, name, sha256="": True)
    backbone = build_backbone(NAME)
    notice, report = load(backbone, spec, tmp_path)
    assert holds(backbone, state) and report.source == "torchvision's IMAGENET1K_V1"
    assert "torchvision's IMAGENET1K_V1" in notice.text


def test_a_file_in_the_folder_that_is_refused_can_be_removed(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = catalogue.get(NAME).versions[0].file
    (cache / name).write_bytes(b"nonsense")
    monkeypatch.setattr(download, "is_intact", lambda path, name, sha256="": True)
    with pytest.raises(RequestError) as caught:
        load(build_backbone(NAME), "default", tmp_path)
    assert f"workbench weights remove {name}" in caught.value.fix


def test_a_cancelled_download_gives_nothing(tmp_path: Path, cache: Path) -> None:
    control = Control()
    control.cancel()
    assert outcome(load_weights(build_backbone(NAME), "default", tmp_path, control)) == ([], None)


def test_timms_weights_come_from_the_hubs_cache_when_offline(tmp_path: Path, cache: Path) -> None:
    timm = pytest.importorskip("timm")
    name = "timm/resnet18"
    version = catalogue.get(name).versions[0]
    torch.manual_seed(2)
    state = timm.create_model("resnet18").state_dict()
    snapshot = tmp_path / "hub" / f"models--{version.hub_id.replace('/', '--')}"
    (snapshot / "snapshots" / "abc").mkdir(parents=True)
    (snapshot / "refs").mkdir()
    (snapshot / "refs" / "main").write_text("abc")
    save_file(state, snapshot / "snapshots" / "abc" / version.file)
    for spec in ("hub", "default", version.name):
        backbone = build_backbone(name)
        _, report = load(backbone, spec, tmp_path)
        assert holds(backbone, state) and report.complete and report.source == f"timm's {version.name}"
    (cache / weights_cache.file_name(version)).write_bytes((snapshot / "snapshots/abc" / version.file).read_bytes())
    shutil.rmtree(snapshot)
    assert load(build_backbone(name), "hub", tmp_path)[1].complete


def test_batch_norm_learns_only_where_nothing_knows_photographs() -> None:
    assert batch_norm_mode("auto", "none") == batch_norm_mode("auto", "starter") == "train"
    assert batch_norm_mode("auto", "file:a.pt") == batch_norm_mode("auto", "default") == "eval"
    assert batch_norm_mode("train", "default") == "train"
