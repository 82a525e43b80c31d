from typing import Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QScrollArea, QSpinBox

from workbench.core.recipe import Recipe
from workbench.core.settings import all_settings, setting
from workbench.gui.widgets.inputs import DoubleSpinBox
from workbench.gui.widgets.settings_form import SettingsForm
from workbench.gui.widgets.switch import Switch


class Example(Recipe):
    """Every type of setting, of which two are advanced."""

    rounds: int = setting(5, title="Rounds", help="How often.", unit="times", ge=1, le=50)
    share: float = setting(0.2, title="Share", help="How much.", ge=0.0, le=1.0)
    size: int | Literal["auto"] = setting("auto", title="Size", help="How many at once.", ge=1, le=512)
    shape: Literal["square", "round"] = setting("square", title="Shape", help="Which shape.")
    strict: bool = setting(False, title="Strict", help="No exceptions.", advanced=True)
    note: str = setting("", title="Note", help="Anything.", advanced=True)


@pytest.fixture
def form(qtbot):
    own = [each for each in all_settings(Example, "recipe.") if each.name in Example.__annotations__]
    widget = SettingsForm(own)
    qtbot.addWidget(widget)
    widget.resize(420, 400)
    widget.show()
    return widget


def in_rows():
    """The settings of a recipe that have a row of their own; phases have a strip instead."""
    return [setting for setting in all_settings(Recipe, "recipe.") if setting.type != "tables"]


def control(form, name, kind):
    return form.row(f"recipe.{name}").editor.findChild(kind)


def test_each_type_has_its_control_and_tells_the_key_and_the_value(form):
    told = []
    form.changed.connect(lambda key, value: told.append((key, value)))
    form.set_advanced(True)
    control(form, "rounds", QSpinBox).setValue(7)
    control(form, "share", DoubleSpinBox).setValue(0.35)
    QTest.keyClick(control(form, "shape", QComboBox), Qt.Key.Key_Down)
    control(form, "strict", Switch).click()
    note = control(form, "note", QLineEdit)
    QTest.keyClicks(note, "Glas")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert told == [
        ("recipe.rounds", 7),
        ("recipe.share", 0.35),
        ("recipe.shape", "round"),
        ("recipe.strict", True),
        ("recipe.note", "Glas"),
    ]


def test_automatic_or_a_number_of_one_s_own(form):
    told = []
    form.changed.connect(lambda key, value: told.append(value))
    choice, spin = control(form, "size", QComboBox), control(form, "size", QSpinBox)
    assert choice.currentText() == "automatic" and spin.isHidden()
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert not spin.isHidden()
    spin.setValue(32)
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert told == [1, 32, "auto"]
    assert spin.isHidden()


def test_values_are_shown_without_telling(form):
    told = []
    form.changed.connect(lambda *changed: told.append(changed))
    values = {"recipe.rounds": 9, "recipe.size": 64, "recipe.shape": "round", "recipe.strict": True, "other": 1}
    form.set_values(values)
    shown = form.values()
    assert told == []
    assert {key: shown[key] for key in values if key != "other"} == {k: v for k, v in values.items() if k != "other"}
    assert control(form, "rounds", QSpinBox).text() == "9 times"
    form.set_values({"recipe.size": "auto"})
    assert form.values()["recipe.size"] == "auto"


def test_ranges_are_those_of_the_setting(form):
    spin = control(form, "rounds", QSpinBox)
    assert (spin.minimum(), spin.maximum()) == (1, 50)
    assert control(form, "share", DoubleSpinBox).maximum() == 1.0


def test_advanced_settings_hide_and_help_opens_at_the_label(form):
    assert form.row("recipe.note").isHidden()
    form.set_advanced(True)
    assert form.row("recipe.note").isVisible()
    row = form.row("recipe.rounds")
    assert row._help.isHidden()
    QTest.mouseClick(row.label, Qt.MouseButton.LeftButton)
    assert row._help.isVisible() and row._help.text() == "How often."
    assert "a whole number from 1 to 50" in row.label.toolTip() and "recipe.rounds" in row.label.toolTip()


def test_a_problem_is_said_under_its_setting_until_the_value_changes(form):
    form.show_problem("recipe.rounds", "rounds must be at least 1.")
    row = form.row("recipe.rounds")
    assert row._problem.isVisible()
    control(form, "rounds", QSpinBox).setValue(3)
    assert row._problem.isHidden()


def test_the_whole_recipe_fits_a_narrow_column_in_every_look(qtbot, look):
    form = SettingsForm(in_rows())
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    area.setWidget(form)
    form.set_advanced(True)
    area.resize(340, 600)
    area.show()
    assert form.width() <= area.viewport().width()
    rows = [form.row(key) for key in form.values()]
    qtbot.waitUntil(lambda: all(row.height() >= row.minimumSizeHint().height() for row in rows), timeout=2000)
    for row in rows:
        key = row.setting.key
        assert row.editor.height() >= row.editor.fontMetrics().height() + 6, key
        assert row.editor.geometry().right() <= row.width(), key
        assert row.label.width() >= row.label.sizeHint().width() - 1, key
        assert row.editor.focusProxy().accessibleName() == row.setting.title
    assert set(form.values()) == set(form.keys())


def test_values_of_a_recipe_come_back_unchanged(qtbot):
    settings = in_rows()
    form = SettingsForm(settings)
    qtbot.addWidget(form)
    defaults = {each.key: each.default for each in settings if each.default is not None}
    form.set_values(defaults)
    assert {key: form.values()[key] for key in defaults} == defaults


def test_each_choice_says_what_it_does(qtbot):
    form = SettingsForm(in_rows())
    qtbot.addWidget(form)
    combo = form.row("recipe.balancing").editor.focusProxy()
    setting = form.row("recipe.balancing").setting
    told = [combo.itemData(row, Qt.ItemDataRole.ToolTipRole) for row in range(combo.count())]
    assert told == list(setting.choice_help)


def test_a_choice_has_the_title_that_people_read_and_the_value_that_is_written(qtbot):
    form = SettingsForm(in_rows())
    qtbot.addWidget(form)
    told = []
    form.changed.connect(lambda key, value: told.append(value))
    editor = form.row("recipe.balancing").editor
    combo = editor.focusProxy()
    editor.set_value("aligned_mtl")
    assert combo.currentText() == "Aligned-MTL" and editor.value() == "aligned_mtl"
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert told == ["upgrad"] and combo.currentText() == "UPGrad"
    editor.set_value("another")
    assert combo.currentText() == editor.value() == "another"


def test_one_of_a_unit_is_said_in_the_singular(qtbot):
    form = SettingsForm(in_rows())
    qtbot.addWidget(form)
    spin = form.row("recipe.epochs").editor.focusProxy()
    form.set_values({"recipe.epochs": 1})
    assert spin.text() == "1 epoch"
    spin.stepUp()
    assert spin.text() == "2 epochs"
