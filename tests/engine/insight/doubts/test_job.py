"""The `doubts` job on drawn pictures: planted labels are found, decisions are obeyed, and it can be ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.training.runs import draw, four_kinds, project, two_tasks
from workbench.core.control import Control
from workbench.core.corrections import Correction
from workbench.core.doubts import doubts_file
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, Progress, Result
from workbench.core.project import Project
from workbench.core.specs import DoubtsSpec
from workbench.engine.insight.doubts import job as module
from workbench.engine.insight.doubts.job import doubts
from workbench.engine.insight.doubts.merged import merged
from workbench.project.corrections import decide, restore


def asked(
    wanted: Project, folder: Path, *tasks: str, top: int = 100, watch: Callable[[Event, Control], None] | None = None
) -> tuple[list[Event], dict[str, Any] | None]:
    """Everything that the job says, and the document where it gives one."""
    control, events = Control(), []
    for event in doubts(DoubtsSpec(project=wanted, project_dir=folder, tasks=tasks, top=top), control):
        events.append(event)
        if watch is not None:
            watch(event, control)
    found = [event.document for event in events if isinstance(event, Result)]
    return events, found[0] if found else None


def colours(folder: Path) -> Project:
    """Twelve pictures of each of two colours in class folders; two lie in the wrong one, one of them twice."""
    for number, colour in enumerate(("blue", "red")):
        for index in range(12):
            draw(folder / "d" / colour / f"{index:03}.png", colour, False, 1000 * number + index)
    draw(folder / "d" / "red" / "wrong.png", "blue", False, 77)
    draw(folder / "d" / "blue" / "wrong.png", "red", False, 78)
    (folder / "d" / "red" / "copy.png").write_bytes((folder / "d" / "blue" / "000.png").read_bytes())
    return project([{"name": "colour", "source": "d"}], {"name": "squeezenet1_0"}, image_size=32)


def test_wrong_labels_and_contradictions_are_found_and_decisions_are_not_asked_again(tmp_path: Path) -> None:
    wanted = colours(tmp_path)
    _, document = asked(wanted, tmp_path)
    assert document is not None and document == json.loads(doubts_file(tmp_path).read_text(encoding="utf-8"))
    colour = document["tasks"]["colour"]
    first = {each["image"]: each for each in colour["doubts"]}
    wrong = {"d/red/wrong.png": "blue", "d/blue/wrong.png": "red", "d/red/copy.png": "blue"}
    assert set(list(first)[:3]) == set(wrong)
    for name, right in wrong.items():
        assert first[name]["suggestion"] == right and first[name]["label"] != right
        assert first[name]["suggestion_probability"] > first[name]["label_probability"]
    assert colour["pictures"] == 27 and colour["agreement"] > 0.8
    twin = first["d/red/copy.png"]["twins"][0]
    assert (twin["image"], twin["label"]) == ("d/blue/000.png", "blue") and twin["likeness"] > 0.999
    assert {each["image"] for each in colour["twins"][0]["pictures"]} == {"d/blue/000.png", "d/red/copy.png"}
    decide(tmp_path, Correction(picture="d/red/wrong.png", task="colour", label="blue"))
    decide(tmp_path, Correction(picture="d/blue/wrong.png", task="colour", keep=True))
    decide(tmp_path, Correction(picture="d/red/copy.png", task="colour", aside=True))
    events, document = asked(wanted, tmp_path)
    assert document is not None
    colour = document["tasks"]["colour"]
    assert not {each["image"] for each in colour["doubts"]} & set(wrong) and colour["decided"] == 2
    assert colour["pictures"] == 26 and "d/red/copy.png" not in json.dumps(document)
    assert any("1 label is corrected" in event.text for event in events if isinstance(event, Notice))
    assert restore(tmp_path, "d/red/wrong.png", "colour") and not restore(tmp_path, "d/red/wrong.png", "colour")


def test_a_look_at_one_task_leaves_what_is_known_of_the_others(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), {"name": "squeezenet1_0"}, image_size=32)

    def kept() -> dict[str, Any]:
        return json.loads(doubts_file(tmp_path).read_text(encoding="utf-8"))

    asked(wanted, tmp_path)
    before = kept()
    assert list(before["tasks"]) == ["colour", "pattern"]
    decide(tmp_path, Correction(picture=before["tasks"]["pattern"]["doubts"][0]["image"], task="pattern", keep=True))
    _, document = asked(wanted, tmp_path, "pattern")
    assert document is not None and list(document["tasks"]) == ["pattern"]
    after = kept()
    assert after["tasks"] == {"colour": before["tasks"]["colour"], "pattern": document["tasks"]["pattern"]}
    assert after["tasks"]["pattern"]["decided"] == 1
    other = wanted.model_copy(update={"backbone": wanted.backbone.model_copy(update={"name": "shufflenet_v2_x0_5"})})
    events, _ = asked(other, tmp_path, "pattern")
    assert list(kept()["tasks"]) == ["pattern"]
    assert any(
        "doubted of colour was found with another backbone" in each.text for each in events if isinstance(each, Notice)
    )


def test_pairs_that_were_not_looked_at_this_time_stay_known() -> None:
    def pairs(*names: str) -> dict[str, Any]:
        listed = [{"pictures": [{"image": one}, {"image": other}], "likeness": 1.0} for one, other in names]
        return {"count": len(listed), "pairs": listed}

    before = {"tasks": {"a": 1, "gone": 2}, "left_out": {}, "leaks": pairs("pq", "rs", "tu")}
    document = {"tasks": {"b": 3}, "left_out": {}, "leaks": pairs("pr")}
    found = merged(document, before, ["a", "b"], {"p", "q", "r"})
    assert found["tasks"] == {"a": 1, "b": 3} and found["leaks"] == pairs("pr", "rs", "tu")


def test_copies_lie_in_one_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    inner = module.in_folds
    monkeypatch.setattr(module, "in_folds", lambda *words: seen.append(inner(*words)) or seen[-1])
    asked(colours(tmp_path), tmp_path)
    (sample,) = seen
    assert len(sample.rows) == 27 > len(np.unique(sample.groups))
    for group in np.unique(sample.groups):
        assert len(set(sample.folds[sample.groups == group].tolist())) == 1


def test_all_kinds_but_masks_are_covered(tmp_path: Path) -> None:
    tasks = four_kinds(tmp_path)
    events, document = asked(project(tasks, {"name": "squeezenet1_0"}), tmp_path)
    assert document is not None and list(document["tasks"]) == ["colour", "marks", "size"]
    assert "masks are not covered" in document["left_out"]["area"]
    assert any(event.text.startswith("area is left out") for event in events if isinstance(event, Notice))
    marks = document["tasks"]["marks"]
    allowed = {"striped", "warm", "striped|warm", "|"}
    assert {each["label"] for each in marks["doubts"]} | {each["suggestion"] for each in marks["doubts"]} <= allowed
    assert document["tasks"]["size"]["agreement"] is None and 0 < marks["agreement"] <= 1
    size = document["tasks"]["size"]["doubts"]
    assert size and size[0]["label_probability"] is None and float(size[0]["suggestion"]) > 0
    _, one = asked(project(tasks, {"name": "squeezenet1_0"}), tmp_path, "size", top=2)
    assert one is not None and list(one["tasks"]) == ["size"] and len(one["tasks"]["size"]["doubts"]) == 2
    stored = json.loads(doubts_file(tmp_path).read_text(encoding="utf-8"))["tasks"]["size"]["doubts"]
    assert stored[:2] == one["tasks"]["size"]["doubts"]
    assert len(stored) == len(size) > 2, "a short list in a terminal does not cut that of the window"


def test_nearly_the_same_picture_in_training_and_validation_is_a_leak(tmp_path: Path) -> None:
    for part, seed in (("train", 0), ("val", 500)):
        for colour in ("blue", "red"):
            for index in range(8):
                draw(tmp_path / "d" / part / colour / f"{index:03}.png", colour, index % 2 == 0, seed + index)
    same = (tmp_path / "d" / "train" / "red" / "000.png").read_bytes()
    (tmp_path / "d" / "val" / "red" / "again.png").write_bytes(same + b"another file")
    wanted = project([{"name": "colour", "source": "d"}], {"name": "squeezenet1_0"})
    _, document = asked(wanted, tmp_path)
    assert document is not None
    pairs = [{each["image"] for each in pair["pictures"]} for pair in document["leaks"]["pairs"]]
    assert {"d/train/red/000.png", "d/val/red/again.png"} in pairs and document["leaks"]["count"] == len(pairs)
    assert {each["part"] for each in document["leaks"]["pairs"][0]["pictures"]} == {"train", "validation"}


@pytest.mark.parametrize("when", ["computing features", "comparing pictures", "probing"])
def test_it_ends_when_it_is_told(tmp_path: Path, when: str) -> None:
    def cancel(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == when:
            control.cancel()

    _, document = asked(colours(tmp_path), tmp_path, watch=cancel)
    assert document is None and not doubts_file(tmp_path).exists()


def test_many_pictures_are_looked_at_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PICTURES", 20)
    events, document = asked(colours(tmp_path), tmp_path)
    assert document is not None and document["images"] == 20
    assert any("20 pictures of 27 are looked at" in event.text for event in events if isinstance(event, Notice))


def test_what_cannot_be_doubted_is_refused(tmp_path: Path) -> None:
    wanted = colours(tmp_path)
    with pytest.raises(RequestError, match="has no task size"):
        asked(wanted, tmp_path, "size")
    for path in list((tmp_path / "d").glob("*/00[3-9].png")) + list((tmp_path / "d").glob("*/01*.png")):
        path.unlink()
    with pytest.raises(RequestError, match="it labels 9 pictures, and probes need 10"):
        asked(wanted, tmp_path)


def test_nothing_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    tasks = [task.model_dump(exclude_unset=True) for task in colours(tmp_path).tasks]
    for weights, said in (("default", "not on this computer"), ("run:9", "There is no run 9")):
        with pytest.raises(RequestError, match=said):
            asked(project(tasks, {"name": "resnet18", "weights": weights}), tmp_path)
    assert not (tmp_path / "torch").exists() and not (tmp_path / "cache").exists()
