"""Which run begins when: the queue of a window over a real file, without an engine."""

import os

import pytest

from tests.gui import synthetic
from workbench.project.lock import run_lock
from workbench.project.queue import add_run, pause_queue, put_run, read_queue, remove_run


@pytest.fixture
def workspace(qtbot, tmp_path):
    workspace = synthetic.SyntheticWorkspace(tmp_path / "p")
    workspace.opened.emit()
    yield workspace
    workspace.close()


@pytest.fixture
def queue(workspace):
    return workspace.queue


def add(workspace, name):
    run = add_run(workspace.folder, workspace.project, name)
    workspace.queue.look()
    return run


def begun(workspace):
    return [run for what, run in (wish for wish in workspace.asked if len(wish) == 2) if what == "train queued"]


def carry_out(workspace, run):
    """What the child does with a run that waits, up to its end."""
    workspace.be("starting")
    remove_run(workspace.folder, run.id)
    workspace.be("running")
    workspace.be("idle")


def test_what_waits_in_a_project_that_is_opened_waits_on(workspace, queue):
    add(workspace, "a")
    workspace.opened.emit()
    assert [run.name for run in queue.queue.runs] == ["a"]
    assert not queue.going and not begun(workspace)


def test_the_queue_begins_one_run_after_another_until_none_waits(workspace, queue, qtbot):
    a, b = add(workspace, "a"), add(workspace, "b")
    queue.start()
    assert begun(workspace) == [a.id] and queue.going
    carry_out(workspace, a)
    qtbot.waitUntil(lambda: begun(workspace) == [a.id, b.id])
    carry_out(workspace, b)
    qtbot.waitUntil(lambda: not queue.going)
    c = add(workspace, "c")
    assert c.id not in begun(workspace), "what is added while nothing trains waits to be started"


def test_a_run_of_the_users_own_is_followed_by_what_waits(workspace, queue, qtbot):
    workspace.be("starting")
    workspace.be("running")
    assert queue.add()
    assert queue.going and not begun(workspace)
    workspace.be("idle")
    qtbot.waitUntil(lambda: len(begun(workspace)) == 1)


def test_a_paused_queue_begins_nothing(workspace, queue, qtbot):
    a = add(workspace, "a")
    workspace.be("starting")
    queue.pause()
    assert read_queue(workspace.folder).paused and not queue.going
    with qtbot.waitSignal(queue.changed):
        workspace.be("idle")
    queue.look()
    assert not begun(workspace)
    queue.start()
    assert begun(workspace) == [a.id]


def test_another_program_is_waited_for(workspace, queue, qtbot):
    a = add(workspace, "a")
    with run_lock(workspace.folder / "runs", "007-terminal"), qtbot.waitSignal(workspace.runs_changed):
        queue.start()
        assert queue.elsewhere == "007-terminal" and not begun(workspace)
    with qtbot.waitSignal(workspace.runs_changed):
        queue.look()
    assert begun(workspace) == [a.id] and not queue.elsewhere


def test_changes_by_other_programs_are_seen_by_themselves(workspace, queue, qtbot):
    with qtbot.waitSignal(queue.changed, timeout=5000):
        add_run(workspace.folder, workspace.project, "from a terminal")
    assert [run.name for run in queue.queue.runs] == ["from a terminal"]
    with qtbot.waitSignal(queue.changed, timeout=5000):
        pause_queue(workspace.folder)
    assert queue.queue.paused


def test_a_run_that_the_engine_never_took_is_tried_once(workspace, queue, qtbot):
    a = add(workspace, "a")
    queue.start()
    with qtbot.waitSignal(workspace.failed) as told:
        workspace.be("starting")
        workspace.be("idle")
    assert "could not be begun" in told.args[0] and begun(workspace) == [a.id] and not queue.going
    queue.start()
    assert begun(workspace) == [a.id, a.id]


def test_a_run_that_is_cancelled_before_the_engine_takes_it_waits_on_and_the_queue_rests(workspace, queue, qtbot):
    a, told = add(workspace, "a"), []
    workspace.failed.connect(lambda *words: told.append(words))
    queue.start()
    for state in ("starting", "stopping", "idle"):
        workspace.be(state)
    qtbot.waitUntil(lambda: not queue.going)
    assert told == [] and begun(workspace) == [a.id] and queue.queue.runs == (a,)
    queue.start()
    assert begun(workspace) == [a.id, a.id]


def test_what_could_not_begin_lets_others_go_before(workspace, queue):
    a, b = add(workspace, "a"), add(workspace, "b")
    workspace.be("starting")
    put_run(workspace.folder, a.model_copy(update={"problem": "Its pictures are gone."}), 1)
    workspace.be("idle")
    queue.look()
    assert begun(workspace) == [b.id]


def test_a_removed_run_can_be_put_back(workspace, queue, qtbot):
    a, _ = add(workspace, "a"), add(workspace, "b")
    with qtbot.waitSignal(queue.removed) as told:
        queue.remove(a.id)
    queue.put_back(*told.args)
    assert [run.name for run in queue.queue.runs] == ["a", "b"]
    queue.move(a.id, 2)
    assert [run.name for run in queue.queue.runs] == ["b", "a"]


def test_a_damaged_queue_is_told_once(workspace, queue, qtbot):
    with qtbot.waitSignal(workspace.failed) as told:
        (workspace.folder / "queue.json").write_text("{")
        queue.look()
    assert "cannot be read" in told.args[0]
    told_again = []
    workspace.failed.connect(told_again.append)
    queue.look()
    assert not told_again and not queue.queue.runs


def test_a_closing_window_begins_nothing(workspace, queue, qtbot):
    add(workspace, "a")
    workspace.be("starting")
    queue.hold()
    with qtbot.waitSignal(queue.changed):
        workspace.be("idle")
    queue.look()
    assert not begun(workspace)


def test_a_project_that_cannot_be_written_says_so(workspace, queue, qtbot):
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    workspace.folder.chmod(0o500)
    with qtbot.waitSignal(workspace.failed) as told:
        assert not queue.add()
    workspace.folder.chmod(0o700)
    assert "cannot be written" in told.args[0]
