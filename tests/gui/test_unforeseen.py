import sys

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.core.errors import RunError
from workbench.gui.unforeseen import UnforeseenErrors


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    yield window


@pytest.fixture
def errors(window, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    errors = UnforeseenErrors(window)
    errors.install()
    yield errors
    errors.uninstall()


def raise_and_handle(error):
    try:
        raise error
    except type(error) as caught:
        sys.excepthook(type(caught), caught, caught.__traceback__)


def boxes(window):
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def test_an_error_is_shown_once_and_written(errors, window, capsys):
    raise_and_handle(ZeroDivisionError("by nought"))
    raise_and_handle(ValueError("another while the first is open"))
    (box,) = boxes(window)
    assert box.text() == "ZeroDivisionError: by nought"
    assert "test_unforeseen.py" in box.detailedText()
    told = capsys.readouterr().err
    assert "by nought" in told and "another while the first is open" in told
    box.accept()
    raise_and_handle(RunError("The card is gone.", "Start again."))
    assert boxes(window)[0].text() == "The card is gone. Start again."
    boxes(window)[0].accept()


def test_ctrl_c_closes_the_window_instead(errors, window, qtbot):
    raise_and_handle(KeyboardInterrupt())
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not boxes(window)
