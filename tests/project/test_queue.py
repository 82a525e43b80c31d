import subprocess
import sys

import pytest

from workbench.core.errors import RequestError
from workbench.core.parsing import assign, validate_project
from workbench.project.queue import (
    QUEUE_FILE,
    add_run,
    move_run,
    open_queue,
    pause_queue,
    put_run,
    queued_runs,
    read_queue,
    remove_run,
)
from workbench.project.store import ProjectFile

ADD = """
import sys
from pathlib import Path
from workbench.project.queue import add_run
from workbench.project.store import ProjectFile
file = ProjectFile.read(Path(sys.argv[1]))
for number in range(20):
    add_run(file.folder, file.project, f"{sys.argv[2]} {number}")
"""


@pytest.fixture
def add(picture_project):
    def add(name="", *assignments):
        project = ProjectFile.read(picture_project).project
        return add_run(picture_project, validate_project(assign(project.written(), assignments)), name)

    return add


def names(folder):
    return [run.name for run in read_queue(folder).runs]


def test_a_project_begins_with_nothing_waiting(picture_project):
    queue = read_queue(picture_project)
    assert not queue.runs and not queue.paused and queue.next is None
    assert not (picture_project / QUEUE_FILE).exists()


def test_a_run_keeps_the_settings_that_it_was_queued_with(add, picture_project):
    add("", "recipe.epochs=3")
    file = ProjectFile.read(picture_project)
    file.save(validate_project(assign(file.project.written(), ["recipe.epochs=7"])))
    waiting = read_queue(picture_project).next
    assert (waiting.name, waiting.project().recipe.epochs) == ("balanced", 3)
    assert [(run.status, run.settings["recipe"]) for run in queued_runs(picture_project)] == [("queued", {"epochs": 3})]


def test_runs_are_moved_removed_and_put_back(add, picture_project):
    a, b, c = (add(name) for name in "abc")
    move_run(picture_project, c.id, 1)
    assert names(picture_project) == ["c", "a", "b"]
    move_run(picture_project, c.id, 99)
    assert names(picture_project) == ["a", "b", "c"]
    remove_run(picture_project, b.id)
    move_run(picture_project, b.id, 1)
    assert names(picture_project) == ["a", "c"], "what waits no more is not brought back"
    put_run(picture_project, b, 2)
    put_run(picture_project, a, 1)
    assert names(picture_project) == ["a", "b", "c"]


def test_a_run_is_found_by_place_id_or_single_name(add, picture_project):
    first, twin, _ = add("first"), add("twin"), add("twin")
    queue = read_queue(picture_project)
    assert queue.find("2") == twin == queue.find(twin.id)
    assert queue.find("first") == first
    with pytest.raises(RequestError, match="2 runs in the queue are called twin"):
        queue.find("twin")
    with pytest.raises(RequestError, match=r"No run 9 waits.*1 first, 2 twin"):
        queue.find("9")


def test_what_could_not_begin_is_passed_over_until_the_queue_is_started(add, picture_project):
    wrong, right = add("wrong"), add("right")
    put_run(picture_project, wrong.model_copy(update={"problem": "Its pictures are gone."}), 1)
    assert read_queue(picture_project).next == right
    pause_queue(picture_project)
    assert read_queue(picture_project).paused
    queue = open_queue(picture_project)
    assert not queue.paused and queue.next == wrong


def test_what_could_never_train_is_refused_and_nothing_written(add, picture_project):
    for arguments, named in ((("", "recipe.epochs=0"), "epochs"), (("???",), "cannot be a run's name")):
        with pytest.raises(RequestError, match=named):
            add(*arguments)
    assert not (picture_project / QUEUE_FILE).exists()


def test_a_damaged_queue_is_named_and_left_as_it_is(add, picture_project):
    path = picture_project / QUEUE_FILE
    path.write_text('{"runs": [')
    for act in (read_queue, pause_queue):
        with pytest.raises(RequestError, match=r"queue\.json cannot be read"):
            act(picture_project)
    assert path.read_text() == '{"runs": ['


def test_programs_that_add_at_once_lose_nothing(picture_project):
    adding = [subprocess.Popen([sys.executable, "-c", ADD, str(picture_project), who]) for who in ("a", "b")]
    assert [process.wait(60) for process in adding] == [0, 0]
    assert sorted(names(picture_project)) == sorted(f"{who} {number}" for who in "ab" for number in range(20))
