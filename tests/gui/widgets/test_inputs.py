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
