"""The main job as typed in a shell: every command with its JSON, events and exit codes."""

import json
import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.warm import Popen, program, shell

QUICK = ["--set", "recipe.image_size=32", "--set", "recipe.precision=fp32", "--set", "recipe.epochs=3"]


def started_cold(*words, cwd, **options):
    """As `shell`, but in a process that has yet to import everything, as a person's has."""
    return subprocess.run(program(*words), cwd=cwd, capture_output=True, text=True, timeout=100, **options)


def draw(folder, label, number, colour):
    noise = np.random.default_rng(number).integers(0, 60, (40, 48, 3), dtype=np.uint8)
    folder = folder / label
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(noise + np.array(colour, dtype=np.uint8)).save(folder / f"ünï {number}.PNG")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Two class folders, one unreadable picture, and a project that has been trained once."""
    place = tmp_path_factory.mktemp("main job")
    for number in range(20):
        draw(place / "colours", "red", number, (180, 20, 20))
        draw(place / "colours", "blue", 100 + number, (20, 20, 180))
    (place / "colours" / "red" / "broken.jpg").write_bytes(b"no picture")
    made = shell(
        "new",
        "p",
        "--task",
        "colour=colours",
        "--backbone",
        "squeezenet1_0",
        "--weights",
        "none",
        "--preset",
        "probe",
        *QUICK,
        cwd=place,
    )
    assert made.returncode == 0, made.stderr
    assert "colour: single-label, 2 classes" in made.stdout
    trained = started_cold("train", "p", "--json", cwd=place)
    assert trained.returncode == 0, trained.stderr
    document = json.loads(trained.stdout)
    assert (document["run"], document["status"]) == ("001-probe", "finished")
    return place


def test_check_lists_the_unreadable_picture(place):
    checked = shell("check", "p", "--json", cwd=place)
    document = json.loads(checked.stdout)
    assert checked.returncode == 0 and document["ok"]
    task = document["tasks"]["colour"]
    assert task["classes"] == {"blue": 20, "red": 20}
    assert sum(task["parts"].values()) == 40
    assert [Path(row["path"]).name for row in task["unreadable"]] == ["broken.jpg"]
    assert any(
        "could not be read" in problem["text"] or "cannot be read" in problem["text"]
        for problem in document["problems"]
    )


def test_evaluate_prints_the_document_of_the_contract(place):
    done = shell("evaluate", "p", "--json", cwd=place)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    task = document["tasks"]["colour"]
    assert (document["run"], document["part"], task["kind"]) == ("001-probe", "validation", "single-label")
    assert {"accuracy", "balanced_accuracy", "macro_f1", "calibration_error"} <= set(task["metrics"])
    assert task["classes"] == ["blue", "red"]
    assert sum(map(sum, task["confusion"])) == task["count"] == len(task["images"])
    right = sum(image["target"] == image["prediction"] for image in task["images"])
    assert task["metrics"]["accuracy"] == pytest.approx(right / task["count"])
    stored = json.loads((place / "p/runs/001-probe/results/metrics.json").read_text())
    assert stored["tasks"]["colour"]["confusion"] == task["confusion"]


def test_evaluate_on_other_labelled_pictures(place):
    for number in range(4):
        draw(place / "others", "red", 500 + number, (190, 10, 10))
    done = shell("evaluate", "p", "--json", "--data", "colour=others", cwd=place)
    document = json.loads(done.stdout)
    assert (document["part"], document["tasks"]["colour"]["count"]) == ("data", 4)


def test_predict_answers_in_order_and_names_what_it_cannot_read(place):
    red, broken = "colours/red/ünï 3.PNG", "colours/red/broken.jpg"
    done = shell("predict", "p", "--json", red, broken, cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    first, second = json.loads(done.stdout)
    assert (first["image"], second["image"]) == (red, broken)
    answer = first["tasks"]["colour"]
    assert answer["label"] in ("red", "blue") and answer["unknown"] is None
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert answer["confidence"] == max(answer["probabilities"].values())
    assert second["error"] and not second["tasks"]
    assert shell("predict", "p", broken, cwd=place).returncode == 1


def test_runs_lists_settings_scores_and_state(place):
    rows = json.loads(shell("runs", "p", "--json", cwd=place).stdout)
    row = next(row for row in rows if row["run"] == "001-probe")
    assert row["status"] == "finished" and row["elapsed_s"] > 0
    assert "accuracy" in row["metrics"]["colour"]
    assert row["settings"]["recipe"]["epochs"] == 3


def test_events_are_lines_and_the_same_as_the_run_keeps(place):
    done = shell("train", "p", "--events", "--name", "told", cwd=place, stdin=subprocess.DEVNULL)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    kept = (next((place / "p/runs").glob("*-told")) / "events.jsonl").read_text().splitlines()
    assert events == [json.loads(line) for line in kept]
    names = [event["event"] for event in events]
    assert names[-1] == "run_ended"
    assert {"run_started", "phase_started", "step", "epoch", "checkpoint", "result"} <= set(names)
    steps = [event for event in events if event["event"] == "step"]
    assert [step["first"] for step in steps] == [1, *(step["last"] + 1 for step in steps[:-1])]
    assert all(len(step["losses"]["colour"]) == step["last"] - step["first"] + 1 for step in steps)


def test_wrong_requests_write_nothing_and_exit_2(place):
    before = sorted(path.name for path in (place / "p/runs").iterdir())
    rows = [f"colours/red/ünï {number % 20}.PNG,{number} g" for number in range(30)]
    (place / "weights.csv").write_text("\n".join(["image,grams", *rows]), encoding="utf-8")
    for words, named in [
        (["train", "p", "--set", "recipe.epoch=1"], "recipe.epochs"),
        (["train", "p", "--set", "tasks.colour.source=nowhere"], "nowhere"),
        (["train", "p", "--set", "recipe.device=tpu"], "tpu"),
        (["train", "p", "--set", "backbone.weights=file:missing.pt"], "missing.pt"),
        (["evaluate", "p", "--run", "99"], "no run 99"),
        (["predict", "p", "nowhere.jpg"], "nowhere.jpg"),
        (["new", "p", "--task", "a=colours"], "already holds a project"),
        (["new", "q", "--task", "a=nowhere"], "nowhere"),
        (["new", "q", "--task", "a=colours/red"], ""),
        (["new", "q", "--task", "a=weights.csv:grams", "--kind", "a=number"], "'0 g' in row 2"),
        (["new", "q"], "--task"),
        (["train"], "PROJECT"),
        (["trian"], "train"),
    ]:
        done = shell(*words, cwd=place)
        assert done.returncode == 2, (words, done.stderr)
        assert named in done.stderr and "Traceback" not in done.stderr, (words, done.stderr)
    assert sorted(path.name for path in (place / "p/runs").iterdir()) == before
    assert not (place / "q").exists()


def test_ctrl_c_saves_and_resume_goes_on(place):
    command = program("train", "p", "--name", "long", "--events")
    command += ["--set", "recipe.preset=full", "--set", "recipe.epochs=400", "--set", "recipe.patience=0"]
    process = Popen(command, cwd=place, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        if json.loads(line)["event"] == "epoch":
            process.send_signal(signal.SIGINT)
            break
    rest = [json.loads(line) for line in process.stdout]
    assert process.wait(20) == 130
    assert rest[-1]["status"] == "interrupted"
    resumed = Popen(
        program("train", "p", "--resume", "--events"),
        cwd=place,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    names = []
    for line in resumed.stdout:
        event = json.loads(line)
        names.append(event["event"])
        if event["event"] == "epoch":
            resumed.stdin.write('{"command": "stop"}\n')
            resumed.stdin.flush()
            break
    names += [json.loads(line)["event"] for line in resumed.stdout]
    assert resumed.wait(20) == 0
    assert "run_resumed" in names and names[-1] == "run_ended"
    row = json.loads(shell("runs", "p", "--json", cwd=place).stdout)[-1]
    assert row["status"] == "stopped" and "accuracy" in row["metrics"]["colour"]


def test_a_finished_run_is_said_to_be_finished(place):
    done = shell("train", "p", "--resume", "1", cwd=place)
    assert (done.returncode, "001-probe is finished" in done.stdout) == (0, True)


def test_the_window_is_refused_without_a_display(place):
    headless = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = started_cold("p", cwd=place, env=headless)
    assert done.returncode == 2
    assert "no display" in done.stderr and "workbench train" in done.stderr
