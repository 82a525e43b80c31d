import threading

from workbench.core.control import Control


def test_commands_are_heard_and_an_end_goes_before_a_pause():
    control = Control()
    control.pause()
    assert control.paused and control.resting() and not control.wait_while_paused(0.01)
    control.resume()
    assert not control.paused and control.wait_while_paused()
    control.pause()
    control.stop()
    assert control.ending and control.stop_requested and not control.cancel_requested and not control.paused
    control.cancel()
    assert control.cancel_requested


def test_single_tasks_are_paused_and_all_of_them_let_the_run_rest():
    control = Control()
    control.pause_task("a")
    assert control.paused_tasks == {"a"} and not control.resting(["a", "b"]) and not control.paused
    control.pause_task("b")
    assert control.resting(["a", "b"]) and not control.resting()
    assert not control.wait_while_paused(0.01, ["a", "b"])
    control.resume_task("a")
    control.resume_task("never heard of")
    assert control.paused_tasks == {"b"} and control.wait_while_paused(tasks=["a", "b"])


def test_a_rest_is_over_for_a_moment_when_another_task_is_paused():
    control = Control()
    control.pause()
    threading.Timer(0.05, control.pause_task, ["a"]).start()
    assert not control.wait_while_paused(10.0, ["a", "b"])
    assert control.paused_tasks == {"a"}
    threading.Timer(0.05, control.cancel).start()
    assert control.wait_while_paused(10.0, ["a", "b"])


def test_a_rest_is_over_for_a_moment_when_memory_is_to_be_released_and_an_end_ends_it():
    control = Control()
    control.pause()
    threading.Timer(0.05, control.pause, [True]).start()
    assert not control.wait_while_paused(10.0)
    assert control.release_requested
    control.stop()
    assert not control.release_requested and control.wait_while_paused()


def test_changes_that_are_told_in_a_rest_are_kept_in_it_by_the_one_that_rests():
    control, kept = Control(), list[tuple[str, object]]()
    control.pause()
    control.change({"early": 1})
    assert not control.wait_while_paused(0.01) and control.take_changes() == [{"early": 1}]  # nobody keeps them

    control.keep_changes = lambda: kept.append((threading.current_thread().name, control.take_changes()))
    threading.Timer(0.05, control.change, [{"a": 1}]).start()
    threading.Timer(0.1, control.change, [{"b": 2}]).start()
    threading.Timer(0.15, control.resume).start()
    assert control.wait_while_paused(10.0)
    assert kept == [(threading.current_thread().name, [{"a": 1}]), (threading.current_thread().name, [{"b": 2}])]
