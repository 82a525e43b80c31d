"""Blends of pretrained and trained weights: the ends are what they were, and every point is scored as a run is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from tests.engine.training.runs import carry_out, project, two_tasks
from tests.engine.transfer.blend.runs import document, stopped
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.core.resolved import ViewParameters, load_resolved
from workbench.core.specs import BlendSpec, EvaluateSpec
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.evaluate import evaluate
from workbench.engine.training.interpolation import between
from workbench.engine.transfer.blend.job import blend
from workbench.engine.transfer.blend.scorer import Ground
from workbench.project.store import ProjectFile


def spec(file: ProjectFile, *shares: float, **more: object) -> BlendSpec:
    folder = file.folder / "runs" / "001-full"
    return BlendSpec.model_validate(
        {"project_dir": file.folder, "run_dir": folder, "run": folder.name, "shares": shares, **more}
    )


def best(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "checkpoints" / "best" / "weights.safetensors")


def test_the_ends_are_what_they_were_bit_for_bit() -> None:
    origin = {"weight": torch.tensor([-0.0, 1.0, 3e38]), "seen": torch.tensor(3)}
    trained = {"weight": torch.tensor([5.0, -0.0, -3e38]), "seen": torch.tensor(9)}
    for share, end in ((0.0, origin), (1.0, trained)):
        found = between(origin, trained, share)
        assert {name: value.numpy().tobytes() for name, value in found.items()} == {
            name: value.numpy().tobytes() for name, value in end.items()
        }
    middle = between({"weight": torch.zeros(2)}, {"weight": torch.tensor([2.0, 4.0])}, 0.25)["weight"]
    assert middle.tolist() == [0.5, 1.0]


def test_each_share_is_scored_beside_the_trained_end(file: ProjectFile) -> None:
    found = document(blend(spec(file, 1.0, 0.0, 0.5), Control()))
    points = found["curves"]["validation"]
    assert [point["share"] for point in points] == [0.0, 0.5, 1.0]
    asked = EvaluateSpec(
        project_dir=file.folder, run_dir=file.folder / "runs" / "001-full", run="001-full", part="validation"
    )
    trained = document(evaluate(asked, Control()))["tasks"]
    for task, said in points[-1]["tasks"].items():
        assert said["score"] == trained[task]["metrics"]["accuracy"]
        assert said["interval"] == trained[task]["metrics"]["accuracy_interval"]
        assert said["difference"] == 0.0 and said["conclusion"] == "noise"
    for point in points:
        scores = [task["score"] for task in point["tasks"].values()]
        assert point["score"] == pytest.approx(sum(scores) / len(scores))


def test_a_kept_end_is_the_run_or_its_pretrained_weights(file: ProjectFile) -> None:
    trained = best(file.folder / "runs" / "001-full")
    for number, share in enumerate((0.0, 1.0)):
        made = file.folder / "runs" / f"90{number}-blend"
        made.mkdir()
        events = list(blend(spec(file, share, keep=made), Control()))
        assert document(iter(events))["kept"] == made.name and events[-1].event == "run_ended"
        derived = load_resolved(made).derived
        assert derived is not None and derived.origins == ["001-full"] and derived.settings == {"share": share}
        kept = best(made)
        same = [torch.equal(kept[name], value) for name, value in trained.items() if name.startswith("backbone.")]
        assert (
            all(same)
            if share
            else not any(
                torch.equal(kept[name], trained[name]) for name in trained if name.endswith("features.0.0.weight")
            )
        )
    starter = load_file(Path("resources/starters/mobilenet_v3_small.safetensors"))
    pretrained = best(file.folder / "runs" / "900-blend")
    name = "features.0.0.weight"
    assert torch.equal(pretrained[f"backbone.{name}"], starter[name].float())


def test_other_pictures_have_a_curve_of_their_own(file: ProjectFile) -> None:
    other = Task(name="colour", source=str(file.folder.parent / "colours"))
    found = document(blend(spec(file, 0.5, data=(other,)), Control()))
    assert list(found["curves"]) == ["validation", "data"]
    (point,) = found["curves"]["data"]
    assert list(point["tasks"]) == ["colour"] and point["tasks"]["colour"]["count"] == 18


def test_namesakes_in_another_folder_are_other_pictures(file: ProjectFile, tmp_path: Path) -> None:
    """A folder beside its altered copy, with the same names and labels, has scores of its own."""
    colours = file.folder.parent / "colours"
    altered = tmp_path / "altered"
    copytree(colours, altered)
    chance = np.random.default_rng(0)
    for picture in altered.rglob("*.png"):
        Image.fromarray(chance.integers(0, 255, (32, 32, 3), np.uint8)).save(picture)
    passes = []
    for folder in (colours, altered, altered):
        data = (Task(name="colour", source=str(folder)),)
        heard = list(blend(spec(file, 0.4, data=data), Control()))
        passes.append(sum(event.event == "progress" for event in heard))
    assert passes[1] > passes[2], "the copy is scored itself, once"


def test_pictures_are_known_again_until_they_or_their_masks_change(tmp_path: Path) -> None:
    picture, mask = tmp_path / "a.png", tmp_path / "m.png"
    for path in (picture, mask):
        path.write_bytes(b"1")
    table = replace(
        SampleTable.unlabelled([picture]),
        targets={"wall": np.zeros(1, np.int64)},
        classes={"wall": ["0", "1"]},
        kinds={"wall": "mask"},
        labels={"wall": [str(mask)]},
        mask_values={"wall": [0, 255]},
    )
    view = ViewParameters(size=32, resize="squash")
    ground = Ground("data", table, np.arange(1))
    keys = [ground.key(view), ground.key(view)]
    for path in (mask, picture):
        path.write_bytes(b"22")
        keys.append(ground.key(view))
    assert keys[0] == keys[1] and len(set(keys)) == 3


def test_what_cannot_be_blended_is_refused(file: ProjectFile, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="is not possible"):
        list(blend(spec(file, 1.5), Control()))
    with pytest.raises(RequestError, match="One share"):
        list(blend(spec(file, 0.2, 0.4, keep=tmp_path), Control()))
    probed = project(
        two_tasks(tmp_path), {"name": "mobilenet_v3_small", "weights": "starter"}, preset="probe", epochs=1
    )
    carry_out(probed, file.folder, "800-probe")
    heads_alone = spec(file, 0.5, run_dir=file.folder / "runs" / "800-probe")
    with pytest.raises(RequestError, match="pretrained backbone"):
        list(blend(heads_alone, Control()))
    from_nothing = project(two_tasks(tmp_path), {"name": "squeezenet1_0"}, preset="probe", epochs=1)
    carry_out(from_nothing, file.folder, "801-none")
    with pytest.raises(RequestError, match="random weights"):
        list(blend(spec(file, 0.5, run_dir=file.folder / "runs" / "801-none"), Control()))


def test_it_ends_when_it_is_told_to(file: ProjectFile) -> None:
    control = Control()
    heard = stopped(blend(spec(file, 0.3, 0.6), control), control)
    assert heard and all(event.event == "progress" for event in heard)
