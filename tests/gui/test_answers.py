import os
import signal

import psutil
import pytest

from workbench.core.events import Notice
from workbench.gui.answers import Answers, Reply
from workbench.project.engine_process import EngineProcess


@pytest.fixture
def answers(qtbot):
    answers = Answers(preload=False)
    yield answers
    answers.close()


def document(qtbot, reply):
    with qtbot.waitSignal(reply.answered, timeout=20000) as caught:
        pass
    return caught.args[0]


def test_questions_are_answered_by_one_child(answers, qtbot, picture_project):
    first = document(qtbot, answers.ask(["check", str(picture_project)]))
    child = answers._thread.process.pid
    second = document(qtbot, answers.ask(["check", str(picture_project)]))
    assert first == second and first["pictures"] == 12
    assert answers._thread.process.pid == child
    answers.close()
    assert not psutil.pid_exists(child)


def test_a_wrong_question_fails_with_the_sentence(answers, qtbot, tmp_path):
    reply = answers.ask(["check", str(tmp_path / "nothing")])
    with qtbot.waitSignal(reply.failed, timeout=20000) as caught:
        pass
    assert "holds no project" in caught.args[0] and caught.args[1]


def test_a_warning_beside_an_answer_is_passed_on_and_a_note_is_not(answers):
    reply, heard = Reply(["check"], answers), []
    reply.warned.connect(heard.append)
    for level in ("info", "warning"):
        answers._on_heard(reply, Notice(level=level, text=level))
    assert heard == ["warning"]


def test_a_cancelled_question_is_not_heard_and_the_next_one_is(answers, qtbot, picture_project):
    first = answers.ask(["check", str(picture_project)])
    heard = []
    first.answered.connect(heard.append)
    with qtbot.waitSignal(first.ended, timeout=20000):
        answers.cancel(first)
    assert heard == []
    assert document(qtbot, answers.ask(["check", str(picture_project)]))["ok"]


def test_a_child_that_does_not_give_a_question_up_is_ended(qtbot, picture_project, monkeypatch):
    monkeypatch.setattr("workbench.gui.answers.PATIENCE_MS", 100)
    answers = Answers(preload=False)
    with qtbot.waitSignal(answers.ask(["check", str(picture_project)]).ended, timeout=20000):
        pass
    child = answers._thread.process.pid
    os.kill(child, signal.SIGSTOP)
    stuck = answers.ask(["check", str(picture_project)])
    with qtbot.waitSignal(stuck.ended, timeout=5000):
        qtbot.waitUntil(lambda: answers._thread.questions.empty())
        answers.cancel(stuck)
    assert document(qtbot, answers.ask(["check", str(picture_project)]))["ok"]
    assert answers._thread.process.pid != child
    answers.close()


def test_a_question_given_up_while_the_child_imports_leaves_it_to_the_next_one(qtbot, picture_project, monkeypatch):
    monkeypatch.setattr("workbench.gui.answers.PATIENCE_MS", 1)
    answers = Answers(preload=False)
    answers.warm()
    qtbot.waitUntil(lambda: answers._thread.process is not None)
    child = answers._thread.process.pid
    os.kill(child, signal.SIGSTOP)
    monkeypatch.setattr(EngineProcess, "listening", False)
    first = answers.ask(["check", str(picture_project)])
    answers.cancel(first)
    assert not answers._patience.isActive()
    os.kill(child, signal.SIGCONT)
    assert document(qtbot, answers.ask(["check", str(picture_project)]))["ok"]
    assert answers._thread.process.pid == child
    answers.close()


def test_a_child_that_dies_is_said_and_replaced(answers, qtbot, picture_project):
    document(qtbot, answers.ask(["check", str(picture_project)]))
    os.kill(answers._thread.process.pid, signal.SIGKILL)
    assert document(qtbot, answers.ask(["check", str(picture_project)]))["ok"]


def test_released_means_no_child_is_left(answers, qtbot, picture_project):
    document(qtbot, answers.ask(["check", str(picture_project)]))
    child = answers._thread.process.pid
    answers.release()
    qtbot.waitUntil(lambda: not psutil.pid_exists(child), timeout=5000)
