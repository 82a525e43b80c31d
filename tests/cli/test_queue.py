"""The queue as typed in a shell."""

import argparse
import json
import subprocess

import pytest

from tests.warm import shell
from workbench.cli import main
from workbench.cli.commands.queue import StartJob
from workbench.core.parsing import assign, validate_project
from workbench.project.awake import kept_awake
from workbench.project.queue import read_queue
from workbench.project.runs import list_runs
from workbench.project.store import ProjectFile


@pytest.fixture
def project(picture_project):
    """A project that trains in a moment."""
    file = ProjectFile.read(picture_project)
    quick = ["preset=probe", "epochs=1", "image_size=32", "precision=fp32"]
    data = assign(file.project.written(), [f"recipe.{setting}" for setting in quick])
    data["backbone"] = {"name": "squeezenet1_0", "weights": "none"}
    file.save(validate_project(data))
    return picture_project


@pytest.fixture
def told(project, capsys):
    """Carry `queue` out in this process; its JSON."""

    def told(*words, code=0):
        action, rest = words[:1], words[1:]
        assert main(["queue", str(project), *action, *map(str, rest), "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return told


def waiting(document):
    return [(row["place"], row["run"]) for row in document["runs"]]


def test_runs_are_added_moved_paused_and_removed(told, project, capsys):
    assert told() == {"paused": False, "running": None, "interrupted": None, "runs": []}
    told("add")
    told("add", "--name", "long", "--set", "recipe.epochs=50")
    document = told("move", "long", 1)
    assert waiting(document) == [(1, "long"), (2, "probe")]
    assert document["runs"][0]["settings"]["recipe"]["epochs"] == 50
    assert main(["runs", str(project), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["run"], row["status"]) for row in rows] == [("long", "queued"), ("probe", "queued")]
    assert told("pause")["paused"]
    assert waiting(told("remove", "2")) == [(1, "long")]
    assert main(["queue", str(project)]) == 0
    words = capsys.readouterr().out
    assert "it is paused" in words and "long" in words and "epochs 50" in words


def test_seeds_and_folds_are_added_at_once(told, project, capsys):
    told("add", "--seeds", 2, "--set", "recipe.epochs=2")
    document = told("add", "--folds", 3, "--name", "cross")
    assert [run for _, run in waiting(document)] == [
        "probe-seed0",
        "probe-seed1",
        *(f"cross-fold{fold}of3" for fold in (1, 2, 3)),
    ]
    assert [row["settings"].get("split", {}).get("fold") for row in document["runs"]] == [None, None, 1, 2, 3]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["remove", "9"], "No run 9 waits"),
        (["move", "probe", "1"], "The queue is empty"),
        (["add", "--set", "recipe.epoch=1"], "recipe.epochs"),
        (["move", "1", "0"], "There is no place 0."),
        (["add", "--seeds", "2", "--folds", "2"], "exclude each other"),
    ],
)
def test_wrong_requests_write_nothing(project, capsys, words, named):
    assert main(["queue", str(project), *words]) == 2
    assert named in capsys.readouterr().err
    assert not (project / "queue.json").exists()


def test_the_queue_is_worked_through_past_what_cannot_begin(told, project):
    told("add", "--name", "first")
    told("add", "--name", "nowhere", "--set", "tasks.colour.source=nowhere")
    told("add", "--name", "last", "--set", "recipe.seed=1")
    told("pause")
    done = shell("queue", project, "start", "--events", "--notify", stdin=subprocess.DEVNULL)
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\a") in (0, 2), "the bell, where no desktop shows the two ends"
    events = [json.loads(line) for line in done.stdout.splitlines()]
    ended = [(event["run"], event["status"]) for event in events if event["event"] == "run_ended"]
    assert ended == [("001-first", "finished"), ("002-last", "finished"), ("queue", "failed")]
    document = next(event["document"] for event in events if event["event"] == "result" and event["run"] == "queue")
    assert [run["run"] for run in document["done"]] == ["001-first", "002-last"]
    assert waiting(document) == [(1, "nowhere")] and "does not exist" in document["runs"][0]["problem"]
    assert not document["paused"], "who starts the queue wants it to go"
    assert [run.run for run in list_runs(project)] == ["001-first", "002-last"]
    assert list_runs(project)[1].settings["recipe"]["seed"] == 1
    with kept_awake() as awake:
        said = [event["text"] for event in events if event["event"] == "notice" and "kept awake" in event["text"]]
        assert len(said) == 2 * awake


def test_a_run_killed_before_it_resolved_anything_starts_again_as_it_was_queued(told, project, monkeypatch):
    told("add", "--name", "again", "--set", "recipe.seed=3")
    monkeypatch.setattr("workbench.cli.commands.train._recorded", lambda spec, control: iter(()))
    main(["train", str(project), "--queued", "1"])
    assert not read_queue(project).runs
    assert told()["interrupted"] == "001-again"
    asked = []
    monkeypatch.setattr(
        "workbench.cli.commands.train._recorded", lambda spec, control: iter(asked.append(spec) or ())
    )
    main(["train", str(project), "--resume"])
    assert [(spec.run, spec.resume, spec.project.recipe.seed) for spec in asked] == [("001-again", False, 3)]


def test_a_queued_run_keeps_its_settings(project, capsys):
    assert main(["train", str(project), "--queued", "1", "--set", "recipe.epochs=2"]) == 2
    assert "keeps its settings" in capsys.readouterr().err


def test_each_run_and_then_the_queue_are_told_to_people():
    job = StartJob(argparse.Namespace())
    assert job.describe({"run": "001-probe", "status": "finished", "metrics": {}}) == "Run 001-probe is finished."
    left = {"paused": True, "running": None, "interrupted": "001-probe", "runs": [], "done": []}
    assert job.describe(left).splitlines()[-1] == "No run waits in the queue."
