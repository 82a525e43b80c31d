"""Verdicts on disk: numbered, gone on with while they are of the same recipe, and nothing left of a refused one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.core.errors import RequestError
from workbench.project.lock import run_lock
from workbench.project.runs import runs_dir
from workbench.project.trials import VERDICTS, list_trials, new_trials, trials_lock, unfinished_trials

PLAN = {"recipe": "abc", "tasks": ["a", "b"], "seeds": [0, 1, 2]}


def write(project: Path, number: int, *, document: dict[str, object] | None = None, done: int = 0) -> None:
    folder = project / "verdicts" / f"{number:03d}"
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(json.dumps(PLAN))
    for run in range(done):
        (folder / f"run{run}").mkdir()
        (folder / f"run{run}" / "done.json").write_text("{}")
    if document is not None:
        (folder / "verdict.json").write_text(json.dumps(document))


def test_they_are_listed_with_how_much_is_done(tmp_path: Path) -> None:
    assert list_trials(VERDICTS, tmp_path) == []
    assert new_trials(VERDICTS, tmp_path).folder == tmp_path / "verdicts" / "001"
    write(tmp_path, 2, done=4)
    write(tmp_path, 1, document={"conclusion": "apart"}, done=9)
    first, second = list_trials(VERDICTS, tmp_path)
    assert (first.number, first.done, first.total, first.name) == (1, 9, 9, "Verdict 001")
    assert first.document == {"conclusion": "apart"} and second.document is None
    assert new_trials(VERDICTS, tmp_path).number == 3


def test_only_the_latest_is_gone_on_with_and_only_for_its_recipe(tmp_path: Path) -> None:
    assert unfinished_trials(VERDICTS, tmp_path) is None
    write(tmp_path, 1, done=1)
    assert unfinished_trials(VERDICTS, tmp_path) == unfinished_trials(VERDICTS, tmp_path, "abc")
    assert unfinished_trials(VERDICTS, tmp_path, "abc") is not None
    assert unfinished_trials(VERDICTS, tmp_path, "other") is None
    write(tmp_path, 2, document={})
    assert unfinished_trials(VERDICTS, tmp_path) is None


def test_a_refused_verdict_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no"), trials_lock(tmp_path, new_trials(VERDICTS, tmp_path)):
        raise RequestError("no")
    assert not list(tmp_path.iterdir())
    write(tmp_path, 1, done=1)
    with pytest.raises(RequestError), trials_lock(tmp_path, list_trials(VERDICTS, tmp_path)[0]):
        raise RequestError("no")
    assert list_trials(VERDICTS, tmp_path)[0].done == 1


def test_one_that_was_ended_before_it_was_set_up_takes_no_number(tmp_path: Path) -> None:
    with trials_lock(tmp_path, new_trials(VERDICTS, tmp_path)):
        pass
    assert list_trials(VERDICTS, tmp_path) == []


def test_it_waits_for_no_run_that_trains(tmp_path: Path) -> None:
    held = run_lock(runs_dir(tmp_path), "001-balanced")
    with held, pytest.raises(RequestError, match="001-balanced"), trials_lock(tmp_path, new_trials(VERDICTS, tmp_path)):
        raise AssertionError("the lock was given twice")
    assert not (tmp_path / "verdicts").exists()
