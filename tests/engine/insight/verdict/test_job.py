"""The verdict as a job: the same split for all runs, stopped and gone on with, and what it comes to."""

import json
from pathlib import Path

import pytest

from tests.engine.training.runs import project, two_tasks
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Epoch, Result, RunEnded, Trial
from workbench.core.specs import VerdictSpec
from workbench.engine.data.table_file import load_table
from workbench.engine.insight.verdict.job import verdict

TASKS = ("colour", "pattern")


@pytest.fixture
def tasks(tmp_path):
    return two_tasks(tmp_path, each=12)


def wanted(tmp_path, tasks, seeds=2, **recipe):
    folder = tmp_path / "project" / "verdicts" / "001"
    folder.mkdir(parents=True, exist_ok=True)
    asked = project(
        tasks,
        {"name": "squeezenet1_0"},
        preset="probe",
        **{"epochs": 2, "patience": 1, "seed": 5, **recipe},
    )
    asked = type(asked).model_validate({**asked.written(), "split": {"validation": 0.25}})
    return VerdictSpec(
        project=asked, project_dir=folder.parent.parent, verdict_dir=folder, verdict="Verdict 001", seeds=seeds
    )


def carry_out(spec, watch=lambda event, control: None):
    control, events = Control(), []
    for event in verdict(spec, control):
        events.append(event)
        watch(event, control)
    return events


def verdicts(events):
    return [event for event in events if isinstance(event, Result) and event.what == "verdict"]


def test_a_verdict_trains_both_ways_on_one_split(tmp_path, tasks):
    spec = wanted(tmp_path, tasks)
    events = carry_out(spec)
    ended = events[-1]
    assert isinstance(ended, RunEnded) and ended.status == "finished" and ended.run == "Verdict 001"
    names = [path.name for path in sorted(spec.verdict_dir.iterdir()) if path.is_dir()]
    kinds = ("alone01", "alone02", "together")
    assert names == [f"{kind}-seed{seed}" for kind in kinds for seed in (5, 6)]
    whole = load_table(spec.verdict_dir / "table.csv", spec.project_dir)
    for place, task in enumerate(TASKS, start=1):
        for seed in (5, 6):
            own = load_table(spec.verdict_dir / f"alone{place:02d}-seed{seed}" / "table.csv", spec.project_dir)
            assert own.digest() == whole.only([task]).digest() and own.paths == whole.only([task]).paths
            for part in ("train", "validation"):
                mine = {own.paths[row] for row in own.rows(part)}
                assert mine == {whole.paths[row] for row in whole.rows(part, task)}
    epochs = {event.run: event.epoch for event in events if isinstance(event, Epoch)}
    assert set(epochs) == set(names) and set(epochs.values()) == {2}
    assert not list(spec.verdict_dir.glob("*/checkpoints"))
    trials = [event for event in events if isinstance(event, Trial)]
    numbers = [event.number for event in trials]
    assert numbers == sorted(numbers) and set(numbers) == set(range(1, 7))
    assert all(0 <= event.share <= 1 for event in trials) and trials[-1].remaining_s is not None


def test_the_document_says_what_was_compared(tmp_path, tasks):
    spec = wanted(tmp_path, tasks)
    (result,) = verdicts(carry_out(spec))
    document = result.document
    assert json.loads((spec.verdict_dir / "verdict.json").read_text()) == json.loads(json.dumps(document))
    assert list(document["tasks"]) == list(TASKS) and document["seeds"] == [5, 6]
    for name, row in document["tasks"].items():
        scored = [
            json.loads((spec.verdict_dir / f"{way}-seed{seed}" / "results/metrics-validation.json").read_text())
            for way in ("together", f"alone{1 + TASKS.index(name):02d}")
            for seed in (5, 6)
        ]
        values = [each["tasks"][name]["metrics"]["accuracy"] for each in scored]
        assert row["part"] == "validation" and row["pictures"] == scored[0]["tasks"][name]["count"]
        assert row["by_seed"] == {"together": pytest.approx(values[:2]), "alone": pytest.approx(values[2:])}
        assert row["difference"] == pytest.approx(sum(values[:2]) / 2 - sum(values[2:]) / 2)
        assert row["interval"][0] <= row["difference"] <= row["interval"][1]
    assert document["conclusion"] == "no difference", "a frozen backbone lets no task help or hinder another"
    assert document["cost"]["together_s"] > 0 and document["cost"]["times"] > 0


def test_a_stopped_verdict_is_gone_on_with(tmp_path, tasks):
    spec = wanted(tmp_path, tasks)

    def stop(event, control):
        if isinstance(event, Trial) and event.number == 3:
            control.stop()

    events = carry_out(spec, stop)
    assert events[-1].status == "interrupted" and not verdicts(events)
    done = sorted(path.parent.name for path in spec.verdict_dir.glob("*/done.json"))
    assert done == ["alone01-seed5", "together-seed5"]
    again = carry_out(spec)
    assert again[-1].status == "finished"
    assert next(event.number for event in again if isinstance(event, Trial)) == 3
    assert not {event.run for event in again} & set(done)


def test_another_recipe_begins_anew_and_more_seeds_do_not(tmp_path, tasks):
    spec = wanted(tmp_path, tasks)
    carry_out(spec)
    more = carry_out(spec.model_copy(update={"seeds": 3}))
    assert {event.run for event in more if isinstance(event, Epoch)} == {
        "together-seed7",
        "alone01-seed7",
        "alone02-seed7",
    }
    other = carry_out(wanted(tmp_path, tasks, epochs=1))
    assert len({event.run for event in other if isinstance(event, Epoch)}) == 6


def test_what_cannot_be_judged_is_refused(tmp_path, tasks):
    spec = wanted(tmp_path, tasks)
    for change, words in (
        ({"tasks": ("colour",)}, "two tasks"),
        ({"tasks": ("colour", "shape")}, "no task shape"),
        ({"seeds": 1}, "1 seeds"),
    ):
        with pytest.raises(RequestError, match=words):
            carry_out(spec.model_copy(update=change))
    unscored = type(spec.project).model_validate({**spec.project.written(), "split": {"validation": 0.0}})
    with pytest.raises(RequestError, match="too few pictures"):
        carry_out(spec.model_copy(update={"project": unscored}))
    assert not list(Path(spec.verdict_dir).iterdir())
