import itertools

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.gui.widgets.confusion_matrix import ConfusionMatrix


@pytest.fixture
def matrix(qtbot):
    widget = ConfusionMatrix()
    qtbot.addWidget(widget)
    widget.set_matrix(["glass", "metal", "paper"], [[30, 7, 0], [1, 20, 0], [0, 0, 12]])
    widget.resize(400, 420)
    widget.show()
    return widget


def test_a_click_opens_a_cell_and_a_second_click_closes_it(qtbot, matrix):
    grid = matrix.grid
    where = grid.cell_rectangle(0, 1).center()
    with qtbot.waitSignal(matrix.cell_selected) as caught:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert caught.args == ["glass", "metal"]
    with qtbot.waitSignal(matrix.selection_cleared):
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_keys_move_choose_and_clear(qtbot, matrix):
    grid = matrix.grid
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
    assert grid.current() == (1, 0)
    with qtbot.waitSignal(matrix.cell_selected) as caught:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert caught.args == ["metal", "glass"]
    with qtbot.waitSignal(matrix.selection_cleared):
        QTest.keyClick(grid, Qt.Key.Key_Escape)
    QTest.keyClick(grid, Qt.Key.Key_End)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current() == (2, 2)


def test_a_cell_is_told_in_words(matrix):
    grid = matrix.grid
    assert grid.describe((0, 1)) == "true glass, said metal: 7 pictures (19 %)"
    assert grid.describe((1, 0)) == "true metal, said glass: 1 picture (5 %)"
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.accessibleDescription() == "true glass, said metal: 7 pictures (19 %)"


def test_the_larger_the_share_the_deeper_the_colour_in_both_themes(matrix, look):
    grid = matrix.grid
    image = grid.viewport().grab().toImage()
    corners = [grid.cell_rectangle(0, column).topLeft() for column in range(3)]
    shades = [image.pixelColor(corner.x() + 4, corner.y() + 4) for corner in corners]
    saturation = [shade.hsvSaturation() for shade in shades]
    assert saturation[0] > saturation[1] > saturation[2]


def test_counts_and_shares_of_rows_and_columns(matrix):
    written = {}
    for place in range(matrix.written.count()):
        matrix.written.setCurrentIndex(place)
        written[matrix.written.currentData()] = matrix.grid._written(0, 1)
    assert (written["counts"], written["rows"], written["columns"]) == ("7", "19", "26")
    matrix.written.setCurrentIndex(matrix.written.findData("columns"))
    assert matrix.grid.describe((0, 1)) == "true glass, said metal: 7 pictures (26 % of what was said)"


def test_similar_classes_stand_side_by_side_and_cells_keep_their_names(qtbot, matrix):
    counts = np.diag([9] * 8)
    for one, other in ((0, 7), (1, 6), (2, 5)):  # each is taken for one far from it
        counts[one, other] = counts[other, one] = 6
    order = [0, 7, 3, 1, 6, 4, 2, 5]
    place = np.argsort(order)
    names = [f"c{at}" for at in range(8)]
    matrix.set_matrix(names, counts.tolist(), order)
    with qtbot.waitSignal(matrix.cell_selected) as caught:
        matrix.grid._toggle((int(place[0]), int(place[7])))
    assert caught.args == ["c0", "c7"]
    matrix.similar.click()
    assert matrix.grid.choice() == (0, 7) and not matrix.similar.isChecked()


def test_few_classes_stay_as_they_are_until_similarity_is_asked_for(matrix):
    names, counts = ["a", "b", "c"], [[5, 0, 4], [0, 5, 0], [4, 0, 5]]
    matrix.set_matrix(names, counts, [1, 0, 2])
    assert not matrix.similar.isHidden() and not matrix.similar.isChecked() and matrix._order == [0, 1, 2]
    matrix.similar.click()
    assert matrix._order == [1, 0, 2]
    matrix.set_matrix(names, counts, [0, 2, 1])
    assert matrix.similar.isChecked() and matrix._order == [0, 2, 1], "what the user chose stays"


def test_without_numbers_a_hundred_classes_have_room(qtbot):
    widget = ConfusionMatrix()
    qtbot.addWidget(widget)
    widget.set_matrix([f"class {index}" for index in range(100)], np.eye(100, dtype=int).tolist())
    widget.resize(460, 460)
    widget.show()
    widget.written.setCurrentIndex(widget.written.findData("nothing"))
    assert widget.grid.viewport().rect().contains(widget.grid.cell_rectangle(99, 99))


def test_a_hundred_classes_scroll_and_the_current_cell_stays_in_sight(qtbot, look):
    widget = ConfusionMatrix()
    qtbot.addWidget(widget)
    counts = np.random.default_rng(0).integers(0, 9, (100, 100))
    widget.set_matrix([f"a rather long class name {index}" for index in range(100)], counts.tolist())
    widget.resize(500, 400)
    widget.show()
    grid = widget.grid
    QTest.keyClick(grid, Qt.Key.Key_End)
    for _ in range(60):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current() == (60, 99)
    assert grid.viewport().rect().contains(grid.cell_rectangle(60, 99).adjusted(0, 0, -2, -2))
    assert grid.cell_at(grid.cell_rectangle(60, 99).center()) == (60, 99)
    assert grid.cell_rectangle(0, 0).height() >= 14
    assert not widget.grab().isNull()


def test_long_names_that_differ_in_few_letters_can_be_told_apart(qtbot):
    widget = ConfusionMatrix()
    qtbot.addWidget(widget)
    names = [f"class {index} of a family with a long name" for index in range(100)]
    widget.set_matrix(names, np.eye(100, dtype=int).tolist())
    widget.resize(460, 460)
    widget.show()
    assert len(set(widget.grid._short)) == 100 and widget.grid._short != names


def test_a_matrix_of_the_wrong_shape_is_refused(matrix):
    with pytest.raises(ValueError, match="2 classes need a square matrix"):
        matrix.set_matrix(["a", "b"], [[1, 2, 3, 4]])


def test_empty_says_what_will_appear(qtbot):
    widget = ConfusionMatrix()
    qtbot.addWidget(widget)
    widget.show()
    QTest.keyClick(widget.grid, Qt.Key.Key_Down)
    assert "After a run" in widget.grid.accessibleDescription()


def test_a_capital_in_a_label_keeps_its_accent(matrix):
    matrix.set_matrix(["Öl", "Ol"], [[3, 0], [0, 3]])
    picture = matrix.grid.viewport().grab().toImage()
    first, second = (matrix.grid.cell_rectangle(index, index) for index in (0, 1))
    dotted, plain = (_ink(picture.copy(0, cell.top(), first.left() - 1, cell.height())) for cell in (first, second))
    assert len({y for _, y in dotted}) > len({y for _, y in plain}) + 1, "down the side"
    dotted, plain = (_ink(picture.copy(cell.left(), 0, cell.width(), first.top() - 1)) for cell in (first, second))
    assert len({x for x, _ in dotted}) > len({x for x, _ in plain}) + 1, "along the top"


def _ink(picture):
    """The places of a picture that are not as its first one."""
    ground = picture.pixel(0, 0)
    places = itertools.product(range(picture.width()), range(picture.height()))
    return [(x, y) for x, y in places if picture.pixel(x, y) != ground]
