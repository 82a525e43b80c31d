import json
import os

import pytest

from workbench.core.errors import RequestError
from workbench.core.events import Epoch, Notice, RunEnded
from workbench.project.lock import run_lock
from workbench.project.recorder import Recorder
from workbench.project.runs import find_run, interrupted_run, list_runs, new_run_name, read_run, run_names, runs_dir


def make_run(project_dir, name, status=None):
    folder = runs_dir(project_dir) / name
    folder.mkdir(parents=True)
    with Recorder(folder) as recorder:
        recorder.write(Notice(level="info", text="begun"))
        if status:
            recorder.write(RunEnded(status=status, best=None, elapsed_s=2.5))
    return folder


def test_names_count_upwards_and_fit_a_folder(tmp_path):
    assert new_run_name(tmp_path, "balanced") == "001-balanced"
    make_run(tmp_path, "009-a")
    make_run(tmp_path, "010-b")
    assert new_run_name(tmp_path, "Größe / heute: 2") == "011-Größe - heute- 2"
    with pytest.raises(RequestError):
        new_run_name(tmp_path, "///")


def test_runs_are_listed_by_number_and_other_folders_are_not_runs(tmp_path):
    for name in ("1000-c", "002-b", "001-a", "notes"):
        make_run(tmp_path, name)
    assert run_names(tmp_path) == ["001-a", "002-b", "1000-c"]


def test_a_run_is_found_by_name_number_or_as_the_latest_that_ended_well(tmp_path):
    make_run(tmp_path, "001-a", "finished")
    make_run(tmp_path, "002-b", "stopped")
    make_run(tmp_path, "003-c", "failed")
    assert [find_run(tmp_path, wanted).run for wanted in ("001-a", "1", "003", "latest")] == [
        "001-a",
        "001-a",
        "003-c",
        "002-b",
    ]
    with pytest.raises(RequestError, match="no run 9"):
        find_run(tmp_path, "9")


def test_nothing_has_finished(tmp_path):
    make_run(tmp_path, "001-a", "failed")
    with pytest.raises(RequestError, match="has finished yet"):
        find_run(tmp_path)


def test_a_run_without_an_end_is_running_or_interrupted(tmp_path):
    folder = make_run(tmp_path, "001-a")
    with Recorder(folder) as recorder:
        values = {"a": {"loss": 1.0}}
        recorder.write(
            Epoch(
                phase="heads",
                epoch=1,
                step=3,
                train=values,
                validation=values,
                score=0.5,
                elapsed_s=4.0,
                remaining_s=0,
                best=True,
            )
        )
    info = read_run(tmp_path, "001-a")
    assert (info.status, info.elapsed_s) == ("interrupted", 4.0)
    with run_lock(runs_dir(tmp_path), "001-a"):
        assert read_run(tmp_path, "001-a").status == "running"


def test_the_run_that_was_worked_on_last_may_be_an_older_one(tmp_path):
    older, newer = make_run(tmp_path, "001-a"), make_run(tmp_path, "002-b", "finished")
    os.utime(older / "events.jsonl", (1e9, 1e9))
    os.utime(newer / "events.jsonl", (2e9, 2e9))
    assert interrupted_run(tmp_path) is None
    os.utime(older / "events.jsonl", (3e9, 3e9))
    assert interrupted_run(tmp_path) == "001-a"


def test_metrics_come_from_the_results(tmp_path):
    folder = make_run(tmp_path, "001-a", "finished")
    (folder / "results").mkdir()
    (folder / "results" / "metrics.json").write_text(json.dumps({"tasks": {"m": {"metrics": {"accuracy": 0.5}}}}))
    document = list_runs(tmp_path)[0].to_document()
    assert document["metrics"] == {"m": {"accuracy": 0.5}}
    assert set(document) == {"run", "status", "started", "elapsed_s", "settings", "metrics", "images_per_s", "seconds"}
    assert document["images_per_s"] is None and document["seconds"] is None


def test_the_last_epoch_tells_the_pace_of_a_run(tmp_path):
    folder = make_run(tmp_path, "001-a")
    values = {"a": {"loss": 1.0}}
    plain = {"train": values, "validation": values, "score": 0.5, "elapsed_s": 4.0, "remaining_s": 0, "best": False}
    seconds = {"data": 0.5, "forward": 1.0, "backward": 2.0, "rest": 0.25}
    with Recorder(folder) as recorder:
        recorder.write(Epoch(phase="heads", epoch=1, step=3, images_per_s=9.0, **plain))
        recorder.write(Epoch(phase="heads", epoch=2, step=6, images_per_s=12.5, seconds=seconds, **plain))
        recorder.write(RunEnded(status="finished", best=None, elapsed_s=8.0))
    document = read_run(tmp_path, "001-a").to_document()
    assert document["images_per_s"] == 12.5 and document["seconds"] == seconds


def test_metrics_come_from_the_summary_where_there_is_one(tmp_path):
    folder = make_run(tmp_path, "001-a", "finished")
    (folder / "results").mkdir()
    (folder / "results" / "summary.json").write_text(json.dumps({"m": {"accuracy": 0.25}}))
    (folder / "results" / "metrics.json").write_text("not read")
    assert read_run(tmp_path, "001-a").metrics == {"m": {"accuracy": 0.25}}
