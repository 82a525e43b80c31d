import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import theme
from workbench.gui.widgets.affinity_map import AffinityMap

TASKS = ["material", "season", "copy"]
MATRIX = [[0.0101, 0.004, -0.003], [0.0002, 0.0098, None], [-0.0051, None, 0.01]]
ERRORS = [[0.0001, 0.0005, 0.0004], [0.0004, 0.0001, None], [0.0003, None, None]]


@pytest.fixture
def shown(qtbot):
    around = QWidget()
    qtbot.addWidget(around)
    widget = AffinityMap(around)
    widget.set_affinity(TASKS, MATRIX, ERRORS)
    widget.resize(420, 300)
    around.resize(420, 300)
    around.show()
    yield widget  # the widget around it lives until the test ends


def test_a_cell_is_told_in_words_as_the_keys_and_clicks_move(qtbot, shown):
    said = []
    shown.told.connect(said.append)
    assert shown.accessibleName() == "What a step for one task does to the others"
    assert shown.accessibleDescription() == "A step for material lowers its own loss by 1.01 %"
    QTest.keyClick(shown, Qt.Key.Key_Right)
    QTest.keyClick(shown, Qt.Key.Key_Right)
    QTest.keyClick(shown, Qt.Key.Key_Down)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.cell_rectangle(1, 0).center())
    assert said == [
        "A step for material helps season: its loss falls by 0.40 %",
        "A step for material harms copy: its loss rises by 0.30 %",
        "season on copy: no batch had labels of both",
        "A step for season leaves the loss of material as it is, within doubt (+0.02 %)",
    ]
    assert shown.accessibleDescription() == said[-1] and shown.current() == (1, 0)


def test_what_was_measured_once_is_doubted(shown):
    shown.set_affinity(["a", "b"], [[0.01, 0.5], [-0.5, 0.01]], [[None, None], [None, None]])
    assert "within doubt" in shown.describe((0, 1)) and "within doubt" in shown.describe((1, 0))
    assert shown.describe((0, 0)) == "A step for a lowers its own loss by 1.00 %"


def test_blue_helps_orange_harms_and_doubt_is_the_ground(shown, look):
    helps, harms, doubtful, none = (shown.cell_colour(*cell) for cell in ((0, 1), (0, 2), (1, 0), (1, 2)))
    assert helps.blue() > helps.red() and harms.red() > harms.blue()
    assert doubtful.name().upper() == theme().colours().surface and none != doubtful
    image = shown.viewport().grab().toImage()
    corner = shown.cell_rectangle(0, 2).topLeft() * image.devicePixelRatio()
    assert image.pixelColor(corner.x() + 3, corner.y() + 3) == harms


@pytest.mark.parametrize("count", [2, 8])
def test_the_widest_number_has_room_in_its_cell(qtbot, look, count):
    widget = AffinityMap()
    qtbot.addWidget(widget)
    names = [f"a rather long task {n}" for n in range(count)]
    widget.set_affinity(names, np.full((count, count), -12.3456).tolist(), np.ones((count, count)).tolist())
    widget.resize(700, 200)
    widget.show()
    cell = widget.cell_rectangle(0, 0)
    assert cell.width() >= widget.fontMetrics().horizontalAdvance("−1234.56") * 0.8
    assert widget.verticalScrollBar().maximum() == 0, "it is as high as its rows"
    QTest.keyClick(widget, Qt.Key.Key_End)
    seen = widget.viewport().rect()
    assert seen.contains(widget.cell_rectangle(0, count - 1).adjusted(0, 0, -2, -2))


def test_empty_says_what_will_appear_and_a_wrong_shape_is_refused(qtbot):
    widget = AffinityMap()
    qtbot.addWidget(widget)
    widget.show()
    QTest.keyClick(widget, Qt.Key.Key_Down)
    assert "one step for each task" in widget.accessibleDescription()
    for matrix, errors in (([[1.0, 0.0]], np.eye(2).tolist()), (np.eye(2).tolist(), [[0.0]])):
        with pytest.raises(ValueError, match="2 tasks need square matrices"):
            widget.set_affinity(["a", "b"], matrix, errors)
