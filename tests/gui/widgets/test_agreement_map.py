import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import theme
from workbench.gui.widgets.agreement_map import AgreementMap, ink_on

TASKS = ["material", "season", "copy"]
MATRIX = [[1.0, -0.62, 0.97], [-0.62, 1.0, None], [0.97, None, 1.0]]


@pytest.fixture
def shown(qtbot):
    around = QWidget()
    qtbot.addWidget(around)
    widget = AgreementMap(around)
    widget.set_agreement(TASKS, MATRIX)
    widget.resize(420, 300)
    around.resize(420, 300)
    around.show()
    yield widget  # the widget around it lives until the test ends


def test_a_cell_is_told_in_words_as_the_keys_and_clicks_move(qtbot, shown):
    assert shown.accessibleName() == "Gradient agreement between tasks"
    assert shown.accessibleDescription() == "material with itself: 1"
    QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.accessibleDescription() == "material and season: −0.62, they pull against each other"
    QTest.keyClick(shown, Qt.Key.Key_End)
    assert shown.accessibleDescription() == "material and copy: +0.97, they pull the same way"
    QTest.keyClick(shown, Qt.Key.Key_Down)
    assert shown.accessibleDescription() == "season and copy: not measured yet"
    QTest.keyClick(shown, Qt.Key.Key_Return)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert shown.current() == (1, 2)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.cell_rectangle(2, 0).center())
    assert shown.current() == (2, 0)


def test_new_numbers_leave_the_keys_where_they_are_and_other_tasks_do_not(shown):
    QTest.keyClick(shown, Qt.Key.Key_Right)
    shown.set_agreement(TASKS, np.eye(3).tolist())
    assert shown.current() == (0, 1)
    assert shown.accessibleDescription() == "material and season: 0.00, hardly related"
    shown.set_agreement(["a", "b"], np.eye(2).tolist())
    assert shown.current() == (0, 0)


def test_blue_agrees_orange_opposes_and_nothing_is_the_ground(shown, look):
    shown.set_agreement(["a", "b", "c"], [[1, 0.8, -0.8], [0.8, 1, 0.0], [-0.8, 0.0, 1]])
    agrees, opposes, nothing = (shown.cell_colour(*cell) for cell in ((0, 1), (0, 2), (1, 2)))
    assert agrees.blue() > agrees.red() and opposes.red() > opposes.blue()
    assert nothing.name().upper() == theme().colours().surface
    image = shown.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    corner = shown.cell_rectangle(0, 2).topLeft() * ratio
    assert image.pixelColor(corner.x() + 3, corner.y() + 3) == opposes


def luminance(colour):
    parts = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_numbers_can_be_read_on_every_ground(shown, look):
    for value in np.linspace(-1, 1, 41):
        shown.set_agreement(["a", "b"], [[1, value], [value, 1]])
        ground = shown.cell_colour(0, 1)
        light, dark = sorted((luminance(ground), luminance(ink_on(ground))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, value


@pytest.mark.parametrize("count", [2, 5, 12])
def test_two_to_twelve_tasks_have_room_for_their_numbers(qtbot, look, count):
    widget = AgreementMap()
    qtbot.addWidget(widget)
    widget.set_agreement([f"a rather long task {n}" for n in range(count)], (-0.88 * np.ones((count, count))).tolist())
    widget.resize(900, 200)
    widget.show()
    metrics = widget.fontMetrics()
    cell = widget.cell_rectangle(0, 0)
    assert cell.height() >= metrics.height() * 0.8 and cell.width() >= 4 * metrics.averageCharWidth()
    assert widget.verticalScrollBar().maximum() == 0, "it is as high as its rows"
    QTest.keyClick(widget, Qt.Key.Key_End)
    seen = widget.viewport().rect()
    assert seen.contains(widget.cell_rectangle(0, count - 1).adjusted(0, 0, -2, -2))
    assert not widget.grab().isNull()


def test_empty_says_what_will_appear_and_a_wrong_shape_is_refused(qtbot):
    widget = AgreementMap()
    qtbot.addWidget(widget)
    widget.show()
    QTest.keyClick(widget, Qt.Key.Key_Down)
    assert "pull it the same way" in widget.accessibleDescription()
    with pytest.raises(ValueError, match="2 tasks need a square matrix"):
        widget.set_agreement(["a", "b"], [[1.0, 0.0]])
