import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.theme import theme
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.flow_layout import FlowLayout
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.picture_view import PictureView
from workbench.gui.widgets.probability_bars import ProbabilityBars
from workbench.gui.widgets.score_card import ScoreCard
from workbench.gui.widgets.switch import Switch

LONG = "a very long name of a task that somebody gave to a folder of pictures of waste"


def shown(qtbot, widget, width=400, height=200):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


def test_long_text_is_cut_in_the_middle_and_whole_in_the_tooltip(qtbot):
    label = shown(qtbot, ElidedLabel(LONG), 120, 24)
    assert label.is_elided() and label.toolTip() == LONG
    label.resize(1200, 24)
    assert not label.is_elided() and label.toolTip() == ""
    label.setText(LONG * 3)
    assert label.toolTip() == LONG * 3
    assert label.minimumSizeHint().width() < 100


def test_labels_follow_theme_font_and_read_no_markup(qtbot, dressed):
    label = shown(qtbot, Label("<b>not bold</b>", "title", "secondary"))
    assert label.textFormat() == Qt.TextFormat.PlainText
    theme().apply(dressed, "dark")
    assert label.palette().windowText().color().name().upper() == theme().colours().secondary
    before = label.font().pointSizeF()
    large = dressed.font()
    large.setPointSizeF(large.pointSizeF() * 2)
    dressed.setFont(large)
    qtbot.waitUntil(lambda: label.font().pointSizeF() == pytest.approx(2 * before), timeout=2000)


def test_flow_breaks_lines_and_leaves_no_room_for_what_is_hidden(qtbot):
    host = QWidget()
    flow = FlowLayout(host, gap=8)
    boxes = [QWidget() for _ in range(6)]
    for box in boxes:
        box.setFixedSize(QSize(100, 30))
        flow.addWidget(box)
    shown(qtbot, host, 330, 200)
    assert [(box.x(), box.y()) for box in boxes] == [(x, y) for y in (0, 38) for x in (0, 108, 216)]
    assert flow.heightForWidth(330) == 68
    assert flow.heightForWidth(2000) == 30
    boxes[0].hide()
    assert flow.heightForWidth(330) == 68
    assert flow.heightForWidth(540) == 30
    flow.setGeometry(QRect(0, 0, 330, 200))
    assert boxes[3].y() == 0
    assert flow.takeAt(99) is None and flow.count() == 6


def test_a_notice_speaks_acts_and_closes(qtbot):
    bar = shown(qtbot, NoticeBar("caution", "3 pictures could not be read.", closable=True))
    pressed = []
    button = bar.add_action("Show them", lambda: pressed.append(1))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    assert bar.accessibleName() == "3 pictures could not be read."
    bar.set_notice("good", "All is well.")
    assert bar.text() == bar.accessibleName() == "All is well."
    bar.clear_actions()
    assert [each.text() for each in bar.findChildren(QPushButton) if each.isVisibleTo(bar)] in ([], ["Show them"])
    with qtbot.waitSignal(bar.closed):
        QTest.mouseClick(bar._close, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_a_notice_is_as_high_as_its_text_however_narrow(qtbot):
    room = QWidget()
    qtbot.addWidget(room)
    column = QVBoxLayout(room)
    notice = NoticeBar("info", "The preset freezes nothing: every stage of the network learns from the first step.")
    notice.add_action("Choose another one", room.close)
    column.addWidget(notice)
    column.addStretch(1)
    room.resize(330, 400)
    room.show()
    label = next(each for each in notice.findChildren(Label) if each.text() == notice.text())
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))


def test_the_buttons_of_a_narrow_notice_stand_below_its_text(qtbot):
    notice = NoticeBar("good", "Finished in 1:00, best at epoch 13: material 100 %, season 73 %.")
    buttons = [notice.add_action(text, notice.hide) for text in ("See results", "Train again")]
    shown(qtbot, notice, 700, 60)
    label = next(each for each in notice.findChildren(Label) if each.text() == notice.text())
    assert buttons[0].x() > label.geometry().right()
    notice.resize(320, notice.heightForWidth(320))
    qtbot.waitUntil(lambda: buttons[0].y() > label.geometry().bottom())
    assert buttons[1].geometry().right() < 320 and label.width() > 240
    assert notice.minimumSizeHint().width() < 320
    notice.resize(700, 60)
    qtbot.waitUntil(lambda: buttons[0].x() > label.geometry().right())


def test_a_card_has_title_actions_and_body(qtbot):
    card = shown(qtbot, Card("material", "6 classes"))
    action = QPushButton("Edit")
    card.add_action(action)
    card.add(QLabel("inside"))
    card.set_title(LONG)
    card.set_caption("")
    qtbot.waitUntil(action.isVisible)
    assert card.accessibleName() == LONG
    assert action.geometry().right() <= card.width()


def test_an_empty_state_offers_its_button(qtbot):
    pressed = []
    state = shown(
        qtbot, EmptyState("folder", "Drop folders here", "One task each", "Browse…", lambda: pressed.append(1))
    )
    QTest.mouseClick(state.button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    assert (state.accessibleName(), state.accessibleDescription()) == ("Drop folders here", "One task each")


def test_a_score_card_is_chosen_by_mouse_and_keyboard(qtbot):
    card = shown(qtbot, ScoreCard("material", theme().task_colour(0)))
    card.set_score("94.1 %", "± 2.9", "accuracy on 48 pictures")
    with qtbot.waitSignal(card.chosen) as caught:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert caught.args == ["material"]
    with qtbot.waitSignal(card.chosen):
        QTest.keyClick(card, Qt.Key.Key_Space)
    card.set_chosen(True)
    assert card.accessibleDescription() == "94.1 %, ± 2.9, accuracy on 48 pictures, shown below"


def test_choosing_a_score_card_does_not_move_its_content(qtbot):
    card = shown(qtbot, ScoreCard("material"))
    before = card.chip.mapTo(card, card.chip.rect().topLeft())
    card.set_chosen(True)
    qtbot.waitUntil(lambda: card.property("chosen"))
    card.ensurePolished()
    card.layout().activate()
    assert card.chip.mapTo(card, card.chip.rect().topLeft()) == before


def test_a_switch_is_toggled_by_click_and_space(qtbot):
    switch = shown(qtbot, Switch("Log scale"))
    with qtbot.waitSignal(switch.toggled):
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()
    assert switch.sizeHint().height() >= 32


def test_the_most_likely_come_first_and_the_rest_share_a_row(qtbot):
    bars = shown(qtbot, ProbabilityBars())
    bars.set_probabilities({"a": 0.02, "glass": 0.9, "b": 0.03, "c": 0.02, "d": 0.01, "e": 0.01, "f": 0.01})
    assert bars.rows()[0] == ("glass", 0.9)
    assert bars.rows()[-1] == ("2 others", pytest.approx(0.02))
    assert bars.accessibleDescription().startswith("glass 90.0 %, b 3.0 %")
    bars.set_probabilities({"a": 0.6, "b": 0.4, "c": 0.0, "d": 0.0, "e": 0.0, "f": 0.0})
    assert len(bars.rows()) == 6  # one left over is shown as itself


def test_a_picture_is_fitted_enlarged_and_loaded_in_the_background(qtbot, loader, pictures):
    view = shown(qtbot, PictureView(loader), 300, 200)
    view.set_path(pictures[0])
    qtbot.waitUntil(lambda: not view._item.pixmap().isNull(), timeout=10000)
    assert view.scale_factor() == pytest.approx(4.0)  # 60 × 40, at most four times
    QTest.keyClick(view, Qt.Key.Key_1)
    assert view.scale_factor() == pytest.approx(1.0)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.scale_factor() == pytest.approx(1.25)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.scale_factor() == pytest.approx(4.0)
    view.set_image(QImage(3000, 2000, QImage.Format.Format_RGB32))
    assert view.scale_factor() < 0.11
    view.set_path("/absent.png")
    qtbot.waitUntil(lambda: "not there any more" in view._text, timeout=10000)


def everything(loader, pictures):
    """One of each small widget, with long names."""
    notice = NoticeBar("bad", LONG * 2, closable=True)
    notice.add_action("Show them", notice.hide)
    score = ScoreCard(LONG)
    score.set_score("94.1 %", "± 2.9", LONG)
    bars = ProbabilityBars()
    bars.set_probabilities({LONG: 0.9, **{f"class {index}": 0.01 for index in range(9)}})
    card = Card(LONG, LONG)
    card.add(QLabel(LONG))
    return [notice, score, bars, card, Switch(LONG[:30]), EmptyState("folder", LONG, LONG, "Browse…")]


def test_nothing_is_clipped_with_long_names_in_any_look(qtbot, look, loader, pictures):
    for widget in everything(loader, pictures):
        shown(qtbot, widget, 620, 10)
        high = widget.heightForWidth(620) if widget.hasHeightForWidth() else widget.sizeHint().height()
        widget.resize(620, max(high, widget.minimumSizeHint().height()))
        labels = [each for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]
        for label in labels:
            assert label.height() >= label.fontMetrics().height(), (look, widget, label.text())
            if label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()) - 1, (look, widget, label.text())
            if (
                not isinstance(label, ElidedLabel)
                and not label.wordWrap()
                and widget.metaObject().className() != "Card"
            ):
                assert label.width() >= label.sizeHint().width() - 1, (look, widget, label.text())


def test_a_fitted_picture_settles_at_every_size_and_an_enlarged_one_has_bars(qtbot):
    view = shown(qtbot, PictureView(), 300, 200)
    view.set_image(QImage(640, 480, QImage.Format.Format_RGB32))
    bars = (view.horizontalScrollBar(), view.verticalScrollBar())
    for width in range(300, 320):
        view.resize(width, 225)
        assert view.viewport().size() == view.size() and not any(bar.isVisible() for bar in bars)
    view.zoom(4)
    qtbot.waitUntil(lambda: all(bar.isVisible() for bar in bars))
    view.fit()
    assert view.viewport().size() == view.size()


@pytest.mark.parametrize("kind", [Label, ElidedLabel])
@pytest.mark.parametrize("role", ["caption", "body", "title", "page"])
@pytest.mark.parametrize("bold", [False, True])
def test_a_label_as_high_as_it_asks_shows_the_accents_of_capitals(qtbot, kind, role, bold):
    rows = []
    for room in (0, 12):
        label = kind("Äg", role, bold=bold)
        qtbot.addWidget(label)
        label.resize(80, label.sizeHint().height() + room)
        picture = label.grab().toImage()
        ground = picture.pixel(79, 0)
        rows.append(sum(any(picture.pixel(x, y) != ground for x in range(79)) for y in range(picture.height())))
    assert rows[0] == rows[1]
