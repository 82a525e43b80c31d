"""The transfer report: every way on one split, stopped and gone on with, its curves kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.training.runs import project, two_tasks
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Epoch, Event, Notice, Result, RunEnded, Trial
from workbench.core.project import Project
from workbench.core.specs import TransferSpec
from workbench.core.transfer_ways import WAYS
from workbench.engine.transfer.report.job import transfer

NAME = "Transfer report 001"


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    folder = tmp_path_factory.mktemp("transfer")
    tasks = two_tasks(folder, each=6)[:1]
    recipe = {"preset": "balanced", "head_epochs": 1, "epochs": 1}
    made = project(tasks, {"name": "squeezenet1_0", "weights": f"file:{_weights(folder)}"}, **recipe)
    return made.model_copy(update={"split": made.split.model_copy(update={"validation": 0.4})}), folder


def _weights(folder: Path) -> Path:
    import torch
    from torchvision.models import squeezenet1_0

    torch.manual_seed(0)
    torch.save(squeezenet1_0().state_dict(), folder / "squeezenet1_0.pt")
    return folder / "squeezenet1_0.pt"


def carried_out(
    wanted: tuple[Project, Path], watch: Callable[[Event, Control], None] | None = None, **more: Any
) -> list[Event]:
    made, folder = wanted
    place = folder / "transfers" / "001"
    place.mkdir(parents=True, exist_ok=True)
    control, events = Control(), []
    spec = TransferSpec(
        project=made, project_dir=folder, transfer_dir=place, transfer=NAME, **{"fractions": (0.5,), **more}
    )
    for event in transfer(spec, control):
        events.append(event)
        if watch is not None:
            watch(event, control)
    return events


def test_it_is_stopped_and_gone_on_with(wanted: tuple[Project, Path]) -> None:
    def stop(event: Event, control: Control) -> None:
        if isinstance(event, Trial) and event.number == 3:
            control.stop()

    first = carried_out(wanted, stop)
    assert isinstance(first[-1], RunEnded) and first[-1].status == "interrupted"
    events = carried_out(wanted)
    assert any(isinstance(event, Notice) and event.text == "2 of 8 runs are done already." for event in events)
    (document,) = [event.document for event in events if isinstance(event, Result) and event.run == NAME]
    task = document["tasks"]["colour"]
    assert list(task["ways"]) == list(WAYS) and task["conclusion"] in ("helps", "harms", "unclear")
    assert [len(document["curves"][way]) for way in WAYS] == [2, 2, 2, 2]
    for way in WAYS:  # every run keeps its last epoch, whatever validation said of it
        last = document["curves"][way][-1]
        assert last["epoch"] == 2 and last["tasks"]["colour"] == pytest.approx(task["ways"][way]["score"])
    half, whole = task["sizes"]
    assert half["pictures"] < whole["pictures"] == document["training_pictures"]
    assert set(half["ways"]) == set(whole["ways"]) == set(WAYS)
    assert not any(isinstance(event, Epoch) for event in carried_out(wanted))


@pytest.mark.parametrize(("more", "said"), [({"seeds": 4}, "4 seeds"), ({"fractions": (2.0,)}, "fraction of 2")])
def test_what_is_not_possible_is_refused(wanted: tuple[Project, Path], more: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        carried_out(wanted, **more)
