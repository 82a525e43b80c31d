"""Combo boxes: the list under them."""

import pytest

from workbench.gui.widgets.inputs import ComboBox


@pytest.mark.parametrize("chosen", [0, 3])
def test_the_list_shows_every_choice_below_the_box(qtbot, look, chosen):
    combo = ComboBox()
    qtbot.addWidget(combo)
    combo.addItems([f"choice {at}" for at in range(4)])
    combo.setCurrentIndex(chosen)
    combo.move(40, 40)
    combo.show()
    combo.showPopup()
    view = combo.view()
    qtbot.waitUntil(view.isVisible)
    assert view.verticalScrollBar().maximum() == 0
    for row in range(4):
        assert view.viewport().rect().contains(view.visualRect(combo.model().index(row, 0))), row
    assert view.mapToGlobal(view.rect().topLeft()).y() >= combo.mapToGlobal(combo.rect().bottomLeft()).y() - 2
    combo.hidePopup()


def test_other_choices_keep_what_was_chosen_and_tell_nobody(qtbot):
    combo = ComboBox()
    qtbot.addWidget(combo)
    told = []
    combo.currentIndexChanged.connect(told.append)
    combo.set_choices(["a", ("the second", 2), ("both", ("x", "y"))])
    assert (combo.currentText(), combo.currentData()) == ("a", "a")
    combo.set_choices([("both", ("x", "y")), "a"])
    assert combo.currentText() == "a"
    combo.set_choices(["a", ("both", ("x", "y"))], ("x", "y"))
    assert combo.currentText() == "both"
    combo.set_choices(["b", "a"])
    assert combo.currentText() == "b"
    combo.set_choices([])
    assert combo.currentIndex() == -1 and combo.currentData() is None
    assert told == []


def test_the_same_choices_again_leave_an_open_list_as_it_is(qtbot):
    combo = ComboBox()
    qtbot.addWidget(combo)
    combo.set_choices(["a", ("the second", 2)])
    rows = []
    combo.model().rowsRemoved.connect(lambda *_: rows.append(1))
    combo.set_choices(["a", ("the second", 2)], 2)
    assert combo.currentData() == 2 and rows == []
