"""A network of every kind of task as an ONNX file, whole and in int8."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from workbench.core.errors import RequestError, RunError
from workbench.core.project import Project
from workbench.core.resolved import Resolved, ResolvedTask, ViewParameters
from workbench.engine.export import library
from workbench.engine.export.onnx import METADATA, TOLERANCE, export_onnx, parity
from workbench.engine.export.quantise import left_as_they_are, quantise
from workbench.engine.export.session import Session
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.training.resolve import new_network

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxscript")
pytest.importorskip("onnxruntime")

SIZE = 32
TASKS = {
    "colour": ("single-label", "linear", ["red", "green", "blue"]),
    "marks": ("multi-label", "multi-label", ["striped", "warm"]),
    "size of it": ("number", "number", []),
    "area": ("mask", "dense", ["0", "255"]),
}


class Exported(NamedTuple):
    network: MultiTaskNetwork
    resolved: Resolved
    images: Tensor
    path: Path
    difference: float


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    tasks = [{"name": name, "kind": kind, "head": head, "source": "x"} for name, (kind, head, _) in TASKS.items()]
    project = Project.model_validate(
        {"tasks": tasks, "backbone": {"name": "squeezenet1_1", "weights": "none"}, "recipe": {"image_size": SIZE}}
    ).effective()
    facts = [
        ResolvedTask(name=name, kind=kind, head=head, classes=classes, counts={}, class_counts=[], mean=5, deviation=2)
        for name, (kind, head, classes) in TASKS.items()
    ]
    resolved = Resolved(
        run="001-run",
        started="",
        project=project,
        tasks=facts,
        view=ViewParameters(size=SIZE),
        weights="",
        weights_sha256="",
        data_hash="",
        device="cpu",
        precision="fp32",
        layout="contiguous",
        batch_norm="eval",
        threads=1,
        batch_size=8,
        versions={},
    )
    network = new_network(project, facts).eval()
    images = torch.rand(5, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    path = tmp_path_factory.mktemp("exports") / "run.onnx"
    return Exported(network, resolved, images, path, export_onnx(network, resolved, images, path))


def test_the_file_answers_every_task_as_the_network_does(exported: Exported) -> None:
    assert exported.difference <= TOLERANCE
    session = Session(exported.path)
    assert session.tasks == tuple(TASKS)
    with torch.no_grad():
        for count in (1, 3, 5):  # any number of pictures at once
            expected, found = exported.network(exported.images[:count]), session(exported.images[:count])
            assert all(torch.allclose(found[task], expected[task], rtol=1e-3, atol=1e-3) for task in TASKS)
            assert found["area"].shape == (count, 2, SIZE, SIZE)


def test_the_file_is_whole_and_says_how_pictures_are_prepared(exported: Exported) -> None:
    assert [each.name for each in exported.path.parent.iterdir()] == [exported.path.name]
    (prop,) = onnx.load(exported.path).metadata_props
    facts = json.loads(prop.value)
    assert prop.key == METADATA and facts["run"] == "001-run"
    assert facts["input"]["size"] == SIZE and facts["input"]["fit"] == "squash"
    assert [(each["task"], each["kind"], each["classes"]) for each in facts["outputs"]] == [
        (name, kind, classes) for name, (kind, _, classes) in TASKS.items()
    ]


def test_a_file_that_answers_otherwise_is_refused(exported: Exported) -> None:
    network = new_network(exported.resolved.project, exported.resolved.tasks).eval()
    with torch.no_grad():
        for parameter in network.heads["colour"].parameters():
            parameter += 1.0
    with pytest.raises(RunError, match="does not answer as the network does"):
        parity(network, Session(exported.path), exported.images)


def test_int8_is_smaller_and_answers_nearly_the_same(exported: Exported) -> None:
    target = exported.path.with_name("small.onnx")
    quantise(exported.path, target, list(exported.images))
    assert target.stat().st_size < 0.5 * exported.path.stat().st_size
    whole, small = Session(exported.path)(exported.images), Session(target)(exported.images)
    for task in TASKS:
        far = (whole[task] - small[task]).abs().max() / whole[task].abs().max()
        assert 0 < float(far) < 0.2
    target.unlink()


def test_the_first_operation_and_the_last_of_each_task_stay_in_fp32(exported: Exported) -> None:
    nodes = onnx.load(exported.path).graph.node
    heavy = [node.name for node in nodes if node.op_type in ("Conv", "Gemm", "MatMul")]
    kept = left_as_they_are(exported.path)
    assert heavy[0] in kept and len(set(TASKS)) < len(kept) + 1 < len(heavy) / 2


def test_int8_needs_pictures(exported: Exported) -> None:
    with pytest.raises(RunError, match="calibrate"):
        quantise(exported.path, exported.path.with_name("none.onnx"), [])
    assert not exported.path.with_name("none.onnx").exists()


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library.importlib.util, "find_spec", lambda name: None if name == "onnx" else object())
    with pytest.raises(RequestError, match=r"needs onnx, which is not installed.*\[export\]"):
        library.check_export_library()
