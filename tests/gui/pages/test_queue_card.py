"""The Train page's queue: what waits, and what the user wants of it."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent

from workbench.gui.pages.train.page import TrainPage
from workbench.gui.pages.train.queue_card import QueueCard
from workbench.gui.pages.train.queue_words import made_of
from workbench.project.edits import changed
from workbench.project.queue import add_run, put_run, read_queue


@pytest.fixture
def page(workspace, show):
    page = show(TrainPage(workspace))
    yield page
    workspace.queue.close()


@pytest.fixture
def runs(workspace, page):
    """Three runs that wait."""
    longer = changed(workspace.project, recipe={"preset": "full", "epochs": 30})
    added = [add_run(workspace.folder, workspace.project), add_run(workspace.folder, longer, "long")]
    added.append(add_run(workspace.folder, workspace.project, "third"))
    workspace.queue.look()
    return added


@pytest.fixture
def card(page):
    return page.columns.queue


def names(workspace):
    return [run.name for run in read_queue(workspace.folder).runs]


def shown(card):
    return [card.list.item(row).text() for row in range(card.list.count())]


def drop_on(view, row, *, below):
    """What Qt sends when the chosen row is let go over the upper or lower half of another."""
    where = view.visualRect(view.model().index(row, 0))
    at = QPointF(where.center().x(), where.bottom() - 2 if below else where.top() + 2)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    data = QMimeData()
    event = QDropEvent(at, Qt.DropAction.MoveAction, data, buttons, keys)
    event.source = lambda: view
    view.dropEvent(event)


def test_the_card_takes_no_room_while_nothing_waits(page, card, workspace, qtbot):
    assert not card.isVisible()
    qtbot.mouseClick(page.controls.queue, Qt.MouseButton.LeftButton)
    assert card.isVisible() and shown(card) == ["1  balanced"]


def test_rows_say_what_was_asked(runs, card):
    assert shown(card) == ["1  balanced", "2  long", "3  third"]
    assert made_of(runs[1]) == "mobilenet_v2 · full · freeze depth 3 · epochs 30"
    said = card.list.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("2, long") and "epochs 30" in said


def test_a_row_says_why_it_could_not_begin(runs, card, workspace):
    put_run(workspace.folder, runs[0].model_copy(update={"problem": "Its pictures are gone."}), 1)
    workspace.queue.look()
    assert "Its pictures are gone." in card.list.item(0).toolTip()


def test_runs_are_moved_and_removed_by_keyboard(runs, card, workspace, qtbot):
    card.list.setCurrentRow(0)
    qtbot.keyClick(card.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(workspace) == ["long", "balanced", "third"]
    assert card.list.current == runs[0], "the moved run stays chosen"
    qtbot.keyClick(card.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(card.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(workspace) == ["balanced", "long", "third"]
    qtbot.keyClick(card.list, Qt.Key.Key_Delete)
    assert names(workspace) == ["long", "third"] and card.list.currentRow() == 0


def test_runs_are_moved_and_removed_by_buttons(runs, card, workspace, qtbot):
    card.list.setCurrentRow(2)
    assert card.up.isEnabled() and not card.down.isEnabled()
    qtbot.mouseClick(card.up, Qt.MouseButton.LeftButton)
    assert names(workspace) == ["balanced", "third", "long"]
    qtbot.mouseClick(card.remove, Qt.MouseButton.LeftButton)
    assert names(workspace) == ["balanced", "long"]


@pytest.mark.parametrize(
    ("chosen", "row", "below", "wanted"),
    [
        (0, 2, True, ["long", "third", "balanced"]),
        (0, 1, True, ["long", "balanced", "third"]),
        (2, 0, False, ["third", "balanced", "long"]),
        (1, 1, False, ["balanced", "long", "third"]),
    ],
)
def test_runs_are_moved_by_mouse(runs, card, workspace, chosen, row, below, wanted):
    card.list.setCurrentRow(chosen)
    drop_on(card.list, row, below=below)
    assert names(workspace) == wanted


def test_the_switch_starts_and_pauses(runs, card, workspace, qtbot):
    assert card.switch.accessibleName() == "Start the queue"
    assert "before you start" in card._caption.text()
    qtbot.mouseClick(card.switch, Qt.MouseButton.LeftButton)
    assert workspace.asked == [("train queued", runs[0].id)]
    workspace.be("starting")
    assert card.switch.accessibleName() == "Pause the queue"
    assert "when this run has ended" in card._caption.text()
    qtbot.mouseClick(card.switch, Qt.MouseButton.LeftButton)
    assert read_queue(workspace.folder).paused and "the next waits" in card._caption.text()


def test_a_further_run_is_set_up_while_one_trains(page, workspace, qtbot):
    workspace.be("starting")
    workspace.be("running")
    controls = page.controls
    assert not page.recipe.isVisible() and not controls.queue.isVisible()
    qtbot.mouseClick(controls.another, Qt.MouseButton.LeftButton)
    assert page.recipe.isVisible() and not page.notices.isVisible()
    page.recipe.form.row("recipe.epochs").edited.emit("recipe.epochs", 7)
    qtbot.mouseClick(controls.queue, Qt.MouseButton.LeftButton)
    assert read_queue(workspace.folder).runs[0].project().recipe.epochs == 7
    qtbot.mouseClick(controls.another, Qt.MouseButton.LeftButton)
    assert page.notices.isVisible() and controls.stop.isVisible()
    qtbot.mouseClick(controls.another, Qt.MouseButton.LeftButton)
    workspace.be("idle")
    workspace.be("starting")
    assert page.recipe.isVisible(), "the next run of the queue does not take the settings away"
    workspace.queue.hold()
    workspace.be("idle")
    workspace.be("starting")
    assert not page.recipe.isVisible()


def test_it_is_read_at_any_size(qtbot, look, workspace, page, runs, card):
    assert isinstance(card, QueueCard)
    row = card.list.sizeHintForRow(0)
    assert row >= 1.8 * card.list.fontMetrics().height()
    assert card.list.height() >= 3 * row
    for button in (card.up, card.down, card.remove, card.switch):
        qtbot.waitUntil(lambda button=button: min(button.width(), button.height()) >= 30)
