"""Every control has a name for screen readers, and every visible word goes through Qt's translation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QScrollBar,
    QStackedWidget,
    QTabBar,
    QWidget,
)

from tests.gui import synthetic
from workbench.gui.main_window import MainWindow
from workbench.gui.page_table import BUILDERS
from workbench.gui.preferences import Preferences

GUI = Path(__file__).parents[2] / "workbench" / "gui"
CONTROLS = (QAbstractButton, QLineEdit, QAbstractSpinBox, QComboBox, QAbstractSlider, QAbstractItemView)
WHOLE = (QComboBox, QAbstractSpinBox, QLineEdit, QAbstractItemView, QTabBar, QGraphicsView)
PAGES = ("data", "model", "train", "results", "try")
# Methods and widgets whose first text is seen or spoken.
SAID = {"setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName", "set_name"}
SAID |= {"setAccessibleDescription", "setInformativeText", "addTab", "set_title", "set_caption", "set_empty_text"}
SAID |= {"Label", "ElidedLabel", "Button", "Switch", "Card", "showMessage"}


@pytest.fixture
def workspace(qapp, tmp_path):
    made = synthetic.SyntheticWorkspace(tmp_path / "project")
    images = synthetic.pictures(made.folder / "pictures", 4)
    synthetic.write_run(made.folder, images=[path.relative_to(made.folder).as_posix() for path in images])
    yield made
    made.close()


@pytest.fixture
def window(workspace, tmp_path):
    made = MainWindow(workspace, Preferences(tmp_path / "settings.ini"))
    made.show()
    yield made
    made.close_without_asking()
    made.deleteLater()


def walk(widget: QWidget) -> Iterator[QWidget]:
    """The widgets below this one; not what Qt and the plots put inside a control, which has the control's name."""
    for child in widget.children():
        if isinstance(child, QWidget) and not isinstance(child, (QScrollBar, QMenu)):
            if child.objectName().startswith("qt_") and not isinstance(child, (QStackedWidget, QTabBar)):
                yield from walk(child)
                continue
            yield child
            if not isinstance(child, WHOLE):
                yield from walk(child)


@pytest.mark.parametrize("name", PAGES)
def test_every_control_of_a_page_has_a_name(workspace, qtbot, name):
    page = BUILDERS[name](workspace)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    if name == "results":
        qtbot.waitUntil(lambda: bool(page.view.scores.cards))
    assert len(controls(page)) >= 5, "the walk has seen the page"
    assert [_place(each) for each in controls(page) if not _name(each)] == []


def test_every_control_of_the_frame_has_a_name(window):
    assert len(controls(window)) > 20
    assert [_place(each) for each in controls(window) if not _name(each)] == []


def test_no_visible_word_escapes_translation():
    escaped = []
    for file in sorted(GUI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in SAID:
                escaped += [f"{file.name}:{node.lineno} {text!r}" for text in map(_literal, node.args[:1]) if text]
    assert escaped == []


def test_the_scan_for_words_sees_them():
    call = ast.parse("label.setText('Nothing yet')").body[0].value
    assert _called(call) in SAID and _literal(call.args[0]) == "Nothing yet"
    assert not _literal(ast.parse("label.setText(self.tr('Nothing yet'))").body[0].value.args[0])


def controls(inside: QWidget) -> list[QWidget]:
    """What can be pressed, typed into or reached with Tab."""
    return [
        widget
        for widget in walk(inside)
        if isinstance(widget, CONTROLS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return widget.accessibleName() or (text() if callable(text) else "")


def _place(widget: QWidget) -> str:
    chain: list[str] = []
    while widget is not None and len(chain) < 5:
        chain.append(type(widget).__name__)
        widget = widget.parentWidget()
    return " in ".join(chain)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _literal(argument: ast.expr) -> str:
    """A text written as it is, with letters in it; empty for anything else."""
    if isinstance(argument, ast.JoinedStr):
        text = "".join(str(part.value) for part in argument.values if isinstance(part, ast.Constant))
    else:
        text = argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""
    return text if any(letter.isalpha() for letter in text) else ""
