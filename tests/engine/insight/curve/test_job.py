"""The `curve` job and command on a run of drawn pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.cli.documents import document_of
from tests.engine.data.pictures import mask
from tests.engine.training.runs import draw, project
from workbench.cli import main
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result
from workbench.core.learning_curve import curve_file
from workbench.core.specs import CurveSpec
from workbench.engine.insight.curve.job import FITTING, curve
from workbench.project.store import project_text


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on 90 small pictures of three colours, some striped; of a third task there are few labels, and masks."""
    folder = tmp_path_factory.mktemp("curve")
    lines = ["image,colour,size,rare"]
    for index in range(90):
        colour, striped = ("red", "green", "blue")[index % 3], index % 2 == 0
        path = draw(folder / "pictures" / f"{index:03}.png", colour, striped, index)
        rare = ("a", "b")[index % 2] if index < 8 else ""
        lines.append(f"pictures/{path.name},{colour},{10 + 5 * (index % 3)},{rare}")
    (folder / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    kinds = {"colour": "single-label", "size": "number", "rare": "single-label"}
    tasks = [{"name": name, "kind": kind, "column": name, "source": "table.csv"} for name, kind in kinds.items()]
    for index in range(24):
        cell = np.tile(np.arange(40) < 12 + index % 16, (40, 1)).astype(np.uint8) * 255
        mask(folder / "cells" / "images" / f"{index:03}.png", cell)
        mask(folder / "cells" / "masks" / f"{index:03}.png", cell)
    tasks.append({"name": "cell", "kind": "mask", "source": "cells/images", "masks": "cells/masks"})
    asked = project(tasks, {"freeze": "all"}, epochs=1, preset="probe")
    asked = asked.model_copy(update={"split": asked.split.model_copy(update={"validation": 0.3})})
    (folder / "project.toml").write_text(project_text(asked), encoding="utf-8")
    assert main(["train", str(folder)]) == 0
    return next((folder / "runs").glob("001-*"))


def asked(run_dir: Path, *tasks: str, watch: Callable[[Event, Control], None] | None = None) -> list[Event]:
    control, events = Control(), []
    spec = CurveSpec(project_dir=run_dir.parent.parent, run_dir=run_dir, run=run_dir.name, tasks=tasks)
    for event in curve(spec, control):
        events.append(event)
        if watch is not None:
            watch(event, control)
    return events


def test_a_curve_is_drawn_kept_and_told(run_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    document = document_of(capfd, "curve", run_dir.parent.parent)
    assert document == json.loads(curve_file(run_dir).read_text(encoding="utf-8"))
    assert list(document["tasks"]) == ["colour", "size", "cell"] and "a curve needs 40" in document["left_out"]["rare"]
    pictures, cells = ([16, 31, 62], 28), ([2, 4, 8, 17], 7)
    for name, score, (sizes, judged) in (
        ("colour", "accuracy", pictures), ("size", "r2", pictures), ("cell", "mean_iou", cells)
    ):
        task = document["tasks"][name]
        assert task["score"] == score and [each["pictures"] for each in task["sizes"]] == sizes
        assert task["judged_on"] == judged
        assert [each["choices"] for each in task["sizes"]] == [*[5] * (len(sizes) - 1), 1]
        assert [each["pictures"] for each in task["projection"]] == [2 * sizes[-1], 4 * sizes[-1]]
        for each in (*task["sizes"], *task["projection"]):
            assert each["interval"][0] <= each["score"] <= each["interval"][1] + 1e-9
    assert document["tasks"]["colour"]["sizes"][-1]["score"] > 0.8, "a colour is read from any features"
    assert document["tasks"]["cell"]["sizes"][-1]["score"] > 0.6, "cells are brighter than what is around them"
    assert main(["curve", str(run_dir.parent.parent), "--task", "colour"]) == 0
    told = capfd.readouterr().out
    assert "colour: " in told and "124 in place of 62" in told and "projected" in told and "size" not in told


def test_it_can_be_told_to_end_and_then_gives_nothing(run_dir: Path) -> None:
    def end(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what == FITTING and event.done == 3:
            control.cancel()

    events = asked(run_dir, watch=end)
    assert not any(isinstance(event, Result) for event in events)
    assert max(event.done for event in events if isinstance(event, Progress) and event.what == FITTING) == 3


def test_what_cannot_be_drawn_is_refused_in_words(run_dir: Path) -> None:
    with pytest.raises(RequestError, match="no task shape"):
        asked(run_dir, "shape")
    with pytest.raises(RequestError, match="rare: it has"):
        asked(run_dir, "rare")
