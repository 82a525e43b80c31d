"""Work off the window's thread: the latest answer counts, and failures are said."""

import threading

from workbench.gui.pages.loading import Loader


def test_only_the_latest_answer_is_heard(qtbot):
    loader = Loader()
    heard = []
    loader.loaded.connect(heard.append)
    gate = threading.Event()
    loader.load(lambda: gate.wait(10) and "old")
    loader.load(lambda: "new")
    with qtbot.waitSignal(loader.loaded):
        gate.set()
    qtbot.waitUntil(lambda: not loader.busy)
    assert heard == ["new"]


def test_it_works_on_another_thread(qtbot):
    loader = Loader()
    with qtbot.waitSignal(loader.loaded) as caught:
        loader.load(threading.get_ident)
    assert caught.args[0] != threading.get_ident()


def test_a_failure_is_said_in_words(qtbot):
    loader = Loader()
    with qtbot.waitSignal(loader.failed) as caught:
        loader.load(int, "no number")
    assert "no number" in caught.args[0]


def test_what_was_dropped_is_not_heard(qtbot):
    loader = Loader()
    heard = []
    loader.loaded.connect(heard.append)
    loader.load(lambda: 1)
    loader.drop()
    with qtbot.waitSignal(loader.loaded):
        loader.load(lambda: 2)
    assert heard == [2]
