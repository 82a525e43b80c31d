from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from workbench.gui.widgets.class_bars import SHOWN, ClassBars


def bars(qtbot, counts, width=600):
    widget = ClassBars()
    qtbot.addWidget(widget)
    widget.set_counts(counts)
    widget.resize(width, 500)
    widget.show()
    return widget


def test_each_class_has_its_counts_in_words(qtbot):
    widget = bars(qtbot, {"train": {"glass": 32, "metal": 8}, "validation": {"glass": 8}, "test": {"paper": 1200}})
    rows = {row.name: row for row in widget.shown()}
    assert rows["glass"].parts == (32, 8, 0)
    assert rows["paper"].total == 1200
    inner = widget._bars
    assert inner.describe(rows["paper"]) == "paper: 1,200 pictures (train 0, validation 0, test 1,200)"
    assert widget.accessibleDescription() == "3 classes: glass 40, metal 8, paper 1,200"


def test_lengths_of_the_bars_are_in_proportion(qtbot):
    widget = bars(qtbot, {"train": {"many": 100, "half": 50}})
    widget.set_colour(QColor("#D55E00"))
    inner = widget._bars
    image = inner.grab().toImage()
    inked = [
        sum(
            image.pixelColor(x, inner._rectangle(index).center().y()).name().upper() == "#D55E00"
            for x in range(image.width())
        )
        for index in (0, 1)
    ]
    assert abs(inked[0] - 2 * inked[1]) <= 2 < inked[1]


def test_long_names_that_differ_in_few_letters_are_cut_where_they_can_be_told_apart(qtbot):
    def first_row(name):
        widget = bars(qtbot, {"train": dict.fromkeys([name, "species 02 with a long name that goes on"], 5)}, 300)
        return widget._bars.grab(widget._bars._rectangle(0)).toImage()

    one, other = (first_row(f"species {number} with a long name that goes on") for number in ("01", "07"))
    assert one != other


def test_a_hundred_classes_are_folded_and_unfolded(qtbot):
    widget = bars(qtbot, {"train": {f"class {index}": index + 1 for index in range(100)}})
    assert len(widget.shown()) == SHOWN
    button = widget.findChild(QPushButton)
    assert button.text() == f"and {100 - SHOWN} more"
    folded = widget._bars.heightForWidth(600)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(widget.shown()) == 100
    assert widget._bars.heightForWidth(600) > 3 * folded
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(widget.shown()) == SHOWN


def test_wide_places_have_more_columns_and_each_row_is_found_under_the_mouse(qtbot):
    widget = bars(qtbot, {"train": {f"class {index}": 5 for index in range(12)}}, width=1200)
    inner = widget._bars
    assert inner.heightForWidth(1200) < inner.heightForWidth(300)
    for index, row in enumerate(widget.shown()):
        centre = inner._rectangle(index).center()
        assert inner.row_at(centre.x(), centre.y()) == row
    assert inner.row_at(5, 4000) is None


def test_nothing_is_said_to_be_nothing(qtbot):
    widget = bars(qtbot, {})
    assert widget.shown() == []
    assert widget.accessibleDescription() == "No pictures yet"
