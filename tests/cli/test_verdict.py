"""`workbench verdict` as it is typed: its JSON, its sentences, stopping and going on, and what it refuses."""

import json
import subprocess

import pytest

from tests.engine.training.runs import two_tasks
from tests.warm import Popen, program, shell

QUICK = ["recipe.image_size=32", "recipe.precision=fp32", "recipe.device=cpu", "recipe.epochs=2"]
QUICK += ["split.validation=0.3"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("verdict")
    two_tasks(place, each=8)
    settings = [word for setting in QUICK for word in ("--set", setting)]
    backbone = ["--backbone", "squeezenet1_0", "--weights", "none", "--preset", "probe"]
    tasks = ["--task", "colour=colours", "--task", "pattern=patterns.csv:pattern"]
    made = shell("new", "p", *tasks, *backbone, *settings, cwd=place)
    assert made.returncode == 0, made.stderr
    return place


def test_stopped_gone_on_with_and_told(place):
    events = []
    command = program("verdict", "p", "--seeds", "2", "--events")
    with Popen(command, cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "trial" and events[-1]["number"] == 3:
                child.stdin.write('{"command": "stop"}\n')
                child.stdin.flush()
    assert child.returncode == 130 and events[-1]["status"] == "interrupted"
    assert {event["run"] for event in events} == {"Verdict 001"}
    folder = place / "p" / "verdicts" / "001"
    assert (folder / "together-seed0" / "events.jsonl").exists() and not (folder / "verdict.json").exists()

    gone_on = shell("verdict", "p", "--resume", cwd=place)
    assert gone_on.returncode == 0, gone_on.stderr
    assert "2 of 6 runs are done already." in gone_on.stdout
    assert "Run 1 of 6" not in gone_on.stdout and "Run 6 of 6: pattern alone, seed 1." in gone_on.stdout
    document = json.loads((folder / "verdict.json").read_text())
    assert gone_on.stdout.rstrip().endswith(document["sentence"])
    assert "Δm" in gone_on.stdout and "One model instead of 2" in gone_on.stdout
    assert [path.name for path in (place / "p" / "runs").iterdir()] in ([], [".lock"])


def test_the_document_alone_on_standard_output(place):
    done = shell("verdict", "p", "--json", "--tasks", "pattern,colour", "--seeds", "2", cwd=place)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert list(document["tasks"]) == ["colour", "pattern"] and document["seeds"] == [0, 1]
    assert document["conclusion"] in ("together", "apart", "no difference")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--tasks", "colour"], "two tasks"),
        (["--tasks", "colour,shape"], "no task shape"),
        (["--seeds", "1"], "1 seeds"),
        (["--set", "split.validation=0.0"], "too few pictures"),
    ],
)
def test_a_wrong_request_writes_nothing(place, words, said):
    before = sorted((place / "p").rglob("*"))
    refused = shell("verdict", "p", *words, cwd=place)
    assert refused.returncode == 2 and said in refused.stderr and "Traceback" not in refused.stderr
    assert [path for path in sorted((place / "p").rglob("*")) if "cache" not in path.parts] == [
        path for path in before if "cache" not in path.parts
    ]


def test_there_must_be_something_to_go_on_with(tmp_path, place):
    refused = shell("verdict", "p", "--resume", cwd=place)
    finished = "no verdict to go on with" in refused.stderr
    assert refused.returncode == 2 and finished
