import locale

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from workbench.gui import icons
from workbench.gui.colours import DARK, LIGHT, TASK_COLOURS, mix
from workbench.gui.numbers import amount, count, duration, figure, percent
from workbench.gui.theme import font, theme, use_c_numbers
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.inputs import ComboBox, DoubleSpinBox, Slider, SpinBox


def contrast(first, second):
    """WCAG 2.2, relative luminance."""

    def luminance(colour):
        parts = QColor(colour).getRgbF()[:3]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_its_ground(colours):
    for ground in (colours.surface, colours.window, colours.hover, colours.accent_soft):
        assert contrast(colours.text, ground) >= 7
        assert contrast(colours.secondary, ground) >= 4.5
    for tone in (colours.accent, colours.good, colours.caution, colours.bad):
        assert contrast(tone, colours.surface) >= 4.5
        assert contrast(colours.text, mix(colours.surface, tone, 0.10)) >= 7
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.accent, colours.window) >= 3  # the focus ring


def test_a_change_of_theme_reaches_the_palette_and_is_told(dressed, qtbot):
    with qtbot.waitSignal(theme().changed):
        theme().apply(dressed, "dark")
    assert theme().current() == "dark"
    assert dressed.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    theme().apply(dressed, "light")
    assert dressed.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.window


def test_the_system_s_choice_is_followed(dressed, monkeypatch):
    hints = dressed.styleHints()
    monkeypatch.setattr(type(hints), "colorScheme", lambda self: Qt.ColorScheme.Dark)
    theme().apply(dressed, "system")
    assert (theme().choice(), theme().current()) == ("system", "dark")


def test_tasks_keep_their_colour_and_differ_by_dash_and_marker():
    styles = [theme().task_style(index) for index in range(7)]
    assert len({style.colour for style in styles}) == 7
    assert len({style.dash for style in styles}) == 7
    assert len({style.marker for style in styles}) == 7
    assert theme().task_style(7).colour == TASK_COLOURS[0].colour
    assert len({theme().task_style(index) for index in range(49)}) == 49, "in colour, dash or marker"


def test_numbers_keep_their_point_and_fonts_their_proportion():
    use_c_numbers()
    assert locale.localeconv()["decimal_point"] == "."
    body = QApplication.font().pointSizeF()
    assert font("score").pointSizeF() == pytest.approx(body * 2.2)
    assert font("caption").pointSizeF() == pytest.approx(body * 0.85)
    assert len(font("body", figures=True).featureTags()) == 1


@pytest.mark.parametrize("make", [QPushButton, QLineEdit, ComboBox, SpinBox, DoubleSpinBox, Button])
def test_controls_are_32_high_and_grow_with_the_font(qtbot, dressed, make):
    widget = make()
    qtbot.addWidget(widget)
    widget.show()
    assert widget.sizeHint().height() >= 32
    large = QFont(dressed.font())
    large.setPointSizeF(large.pointSizeF() * 3)
    dressed.setFont(large)
    theme().apply(dressed, "light")
    widget.ensurePolished()
    assert widget.sizeHint().height() >= widget.fontMetrics().height() + 4
    assert widget.minimumHeight() >= widget.fontMetrics().height()


def wheel(widget):
    here, there = QPointF(5, 5), QPointF(widget.mapToGlobal(QPoint(5, 5)))
    down, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(here, there, QPoint(), QPoint(0, -120), down, none, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, event)
    return event


@pytest.mark.parametrize("make", [ComboBox, SpinBox, DoubleSpinBox, Slider])
def test_a_passing_wheel_changes_nothing_and_goes_on_to_the_page(qtbot, make):
    widget = make()
    qtbot.addWidget(widget)
    if isinstance(widget, ComboBox):
        widget.addItems(["first", "second"])
    else:
        widget.setRange(0, 10)
        widget.setValue(5)
    read = widget.currentIndex if isinstance(widget, ComboBox) else widget.value
    widget.show()
    before = read()
    assert not wheel(widget).isAccepted()
    assert read() == before
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    wheel(widget)
    assert read() != before


def test_a_number_is_typed_with_point_or_comma_and_shown_short(qtbot):
    box = DoubleSpinBox()
    qtbot.addWidget(box)
    box.setRange(0, 10)
    box.setSuffix(" px")
    assert box.valueFromText("0,25 px") == 0.25
    box.setValue(0.0003)
    assert box.text() == "0.0003 px"
    box.setValue(2)
    assert box.text() == "2 px"
    box.setValue(0)
    assert box.text() == "0 px"


@pytest.mark.parametrize("path", sorted(icons.resource("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_every_drawing_is_sharp_at_one_and_two_pixels_and_is_not_empty(dressed, path):
    if path.stem.startswith(("control-", "application")):
        assert "currentColor" not in path.read_text(encoding="utf-8")
        return
    for ratio in (1, 2):
        picture = icons.pixmap(path.stem, ratio=ratio)
        assert picture.width() == 20 * ratio
        image = picture.toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(20 * ratio) for y in range(20 * ratio))
        assert inked > 8 * ratio


def test_an_icon_on_a_button_follows_the_theme(qtbot, dressed):
    button = IconButton("stop", "Stop")
    qtbot.addWidget(button)

    def darkest():
        image = button.icon().pixmap(20, 20).toImage()
        colours = [image.pixelColor(x, y) for x in range(20) for y in range(20)]
        return max((colour for colour in colours), key=QColor.alpha).lightness()

    light = darkest()
    theme().apply(dressed, "dark")
    assert darkest() > 180 > 80 > light
    assert button.accessibleName() == button.toolTip() == "Stop"


def test_an_unknown_drawing_is_an_error():
    with pytest.raises(FileNotFoundError):
        icons.icon("no such drawing")
    assert not icons.application_icon().isNull()


def test_numbers_read_well():
    assert [amount(value) for value in (7, 950, 5130, 96_000, 999_999, 3_000_000, 11_689_512, 2.5e9)] == [
        "7",
        "950",
        "5.1 k",
        "96 k",
        "1.0 M",
        "3.0 M",
        "11.7 M",
        "2.5 G",
    ]
    assert (count(1891), percent(0.941), percent(None), percent(float("nan"))) == ("1,891", "94.1 %", "–", "–")
    assert (duration(61.2), duration(3725)) == ("1:01", "1:02:05")
    assert (figure(0.12345), figure(0.00003), figure(float("inf"))) == ("0.1235", "3.00e-05", "–")
