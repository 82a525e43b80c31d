import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from tests.gui.frame import QuietWorkspace, drag_over, drop
from workbench.core.project import Project
from workbench.gui.actions import PAGES, TABLE
from workbench.gui.main_window import MainWindow
from workbench.gui.new_project import NewProjectDialog
from workbench.gui.preferences import Preferences
from workbench.project.store import ProjectFile


@pytest.fixture
def window(qtbot, tmp_path, qapp):
    preferences = Preferences(tmp_path / "settings.ini")
    preferences.projects_folder = tmp_path / "kept here"
    window = MainWindow(QuietWorkspace(), preferences)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    yield window
    window.close_without_asking()


@pytest.fixture
def opened(window, tmp_path):
    assert window.projects.open(ProjectFile.create(tmp_path / "waste", Project(name="Waste")).folder)
    return window


def class_folders(folder, *classes):
    for name in classes:
        (folder / name).mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(folder / name / "1.JPG")
    return folder


def test_without_a_project_the_welcome_stands_in_front(window):
    assert window.pages.current == ""
    assert window.welcome.isVisible() and not window.rail.isVisible()
    assert not window.actions_["train"].isEnabled()
    assert window.top_bar.project_button.text() == "No project"


def test_a_project_shows_its_name_and_the_data_page(opened):
    assert opened.pages.current == "data"
    assert opened.rail.isVisible() and opened.rail.button("data").isChecked()
    assert opened.top_bar.project_button.text() == "Waste"
    assert opened.windowTitle() == "Waste"


def test_every_page_opens_by_its_shortcut_and_from_the_rail(opened, qtbot):
    for page in PAGES:
        opened.actions_[f"page_{page}"].trigger()
        assert opened.pages.current == page and opened.rail.button(page).isChecked()
    qtbot.mouseClick(opened.rail.button("model"), Qt.MouseButton.LeftButton)
    assert opened.pages.current == "model"
    assert opened.actions_["page_model"].isChecked()


def test_arrow_keys_walk_through_the_rail(opened, qtbot):
    qtbot.keyClick(opened.rail.button("data"), Qt.Key.Key_Down)
    assert opened.pages.current == "model"
    qtbot.keyClick(opened.rail.button("model"), Qt.Key.Key_Up)
    qtbot.keyClick(opened.rail.button("data"), Qt.Key.Key_Up)
    assert opened.pages.current == "tools"


def test_a_page_can_send_the_user_to_another(opened):
    opened.pages.page("data").page_requested.emit("model")
    assert opened.pages.current == "model"


def test_every_action_has_a_text_and_a_place_and_no_shortcut_is_taken_twice(window):
    placed = [action for menu in window.top_bar.menu_button.menu().actions() for action in menu.menu().actions()]
    keys = []
    for facts in TABLE:
        action = window.actions_[facts.name]
        assert action.text().strip() and action in placed
        assert action in window.actions()
        keys += [key.toString() for key in action.shortcuts()]
    assert len(keys) == len(set(keys)) and all(keys)
    expected = {"Ctrl+N", "Ctrl+O", "Ctrl+S", "Ctrl+Z", "Ctrl+K", "Ctrl+R", "F1", *(f"Ctrl+{n}" for n in range(1, 6))}
    assert expected <= set(keys)


def test_every_control_has_an_accessible_name(opened):
    for page in ("data", "model"):
        opened.pages.show_page(page)
        controls = [*opened.findChildren(QAbstractButton), *opened.findChildren(QComboBox)]
        nameless = [
            control
            for control in [*controls, *opened.findChildren(QLineEdit)]
            if control.isVisible() and not (control.accessibleName() or getattr(control, "text", str)())
            and not isinstance(control.parent(), QComboBox)
            and not control.objectName().startswith("qt_")
        ]  # fmt: skip
        assert not nameless


def test_only_what_can_be_done_is_enabled(opened):
    actions, workspace = opened.actions_, opened.workspace
    assert actions["save"].isEnabled() and not actions["pause"].isEnabled() and not actions["undo"].isEnabled()
    assert not actions["train"].isEnabled()  # there is no task yet
    workspace.set_values("recipe", epochs=3)
    assert actions["undo"].isEnabled()
    workspace.set_run_state("running")
    assert actions["pause"].isEnabled() and actions["stop"].isEnabled() and not actions["open"].isEnabled()
    workspace.set_run_state("paused")
    assert actions["pause"].text() == "Go on"
    actions["pause"].trigger()
    assert workspace.asked[-1] == "go_on"
    workspace.set_run_state("idle")


def test_undo_takes_the_last_change_back(opened):
    opened.workspace.set_values("recipe", epochs=3)
    opened.actions_["undo"].trigger()
    assert opened.workspace.project.recipe.epochs == 10


def test_the_running_job_is_in_sight_on_every_page(opened, qtbot):
    job = opened.top_bar.job
    assert not job.isVisible()
    opened.workspace.set_run_state("running")
    for page in PAGES:
        opened.pages.show_page(page)
        assert job.isVisible() and "New run" in job.line.text()
    opened.pages.show_page("tools/transfer_report")
    assert opened.pages.current == "tools" and opened.pages.page("tools").current == "transfer_report"
    opened.pages.show_page("data")
    qtbot.mouseClick(job.line, Qt.MouseButton.LeftButton)
    assert opened.pages.current == "train"
    qtbot.mouseClick(job.stop, Qt.MouseButton.LeftButton)
    assert opened.workspace.asked[-1] == "stop"
    opened.workspace.set_run_state("idle")
    assert not job.isVisible()


def test_failures_are_told_at_the_top_and_can_be_closed(opened):
    opened.workspace.failed.emit("It did not work.", "Try again.")
    opened.workspace.failed.emit("It did not work.", "Try again.")
    notices = opened.pages.notices
    assert notices.texts() == ["It did not work. Try again."]
    assert notices.isVisible()
    QApplication.processEvents()
    cross = [button for button in notices.findChildren(QAbstractButton) if button.accessibleName().startswith("Close")]
    next(button for button in cross if button.isVisible()).click()
    assert notices.texts() == [] and not notices.isVisible()


def test_what_was_done_is_said_in_the_status_bar(opened):
    opened.actions_["save"].trigger()
    assert opened.status.middle.text().startswith("Saved.")
    opened.status._said.stop()
    opened.status.refresh()
    assert opened.status.middle.text() == "0 tasks"


def test_the_status_bar_warns_of_a_card_that_cannot_be_used(opened):
    text = "This machine has a graphics card (H100), but the installed torch is built without CUDA."
    problem = {"level": "warning", "text": text, "fix": "Run: pip install torch"}
    opened.workspace.report = {"ok": True, "pictures": 1891, "problems": [problem], "tasks": {}}
    opened.workspace.report_changed.emit()
    assert opened.status.machine.text() == f"{text} Run: pip install torch"
    assert "1,891 pictures" in opened.status.middle.text()


def test_a_drop_is_announced_before_it_happens_and_adds_tasks(opened, tmp_path):
    folders = [class_folders(tmp_path / name, "yes", "no") for name in ("wet", "ß 雨")]
    event, _ = drag_over(opened, *folders)
    overlay = opened.drops.zone.overlay
    assert event.isAccepted() and event.dropAction() == Qt.DropAction.CopyAction
    assert overlay.isVisible() and overlay.text.text() == "Add 2 tasks"
    assert "ß 雨" in overlay.hint.text()
    drop(opened, *folders)
    assert not overlay.isVisible()
    assert [task.name for task in opened.workspace.project.tasks] == ["wet", "ß 雨"]
    assert opened.workspace.asked[-1] == "check"
    drop(opened, folders[0])
    assert [task.name for task in opened.workspace.project.tasks] == ["wet", "ß 雨", "wet 2"]


def test_pictures_dropped_with_their_masks_are_asked_about(opened, tmp_path):
    for part in ("images", "masks"):
        (tmp_path / "cells" / part).mkdir(parents=True)
        Image.new("L", (8, 8)).save(tmp_path / "cells" / part / "1.png")
    drag_over(opened, tmp_path / "cells")
    assert opened.drops.zone.overlay.text.text() == "Add pictures with their masks"
    drop(opened, tmp_path / "cells" / "images", tmp_path / "cells" / "masks")
    dialog = opened.pages.page("data").adding.dialog
    assert dialog.pair() == (tmp_path / "cells" / "images", tmp_path / "cells" / "masks")
    dialog.reject()


def test_pictures_with_masks_are_added_from_the_menu(opened):
    opened.pages.show_page("train")
    opened.actions_["add_masks"].trigger()
    assert opened.pages.current == "data"
    dialog = opened.pages.page("data").adding.dialog
    assert dialog.isVisible() and dialog.pictures.line.text() == ""
    dialog.reject()


def test_a_drop_works_on_every_page(opened, tmp_path):
    opened.pages.show_page("model")
    drop(opened, class_folders(tmp_path / "wet", "yes", "no"))
    assert opened.pages.current == "data"
    assert len(opened.workspace.project.tasks) == 1


def test_what_nothing_can_be_made_of_is_refused_before_the_drop(opened, tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    event, _ = drag_over(opened, tmp_path / "notes.txt")
    assert not event.isAccepted()
    assert opened.drops.zone.overlay.text.text() == "Drop folders of pictures or CSV files."


def test_a_folder_of_one_class_is_explained(opened, tmp_path):
    drop(opened, class_folders(tmp_path / "wet", "yes", "no") / "yes")
    assert opened.workspace.project.tasks == []
    assert "yes holds pictures but no class folders" in opened.pages.notices.texts()[0]
    assert "wet" in opened.pages.notices.texts()[0]


def test_a_drop_without_a_project_makes_one_first(window, tmp_path, qtbot):
    drop(window, class_folders(tmp_path / "Abfälle", "glass", "metal"))
    dialog = window.findChild(NewProjectDialog)
    assert dialog.name.text() == "Abfälle"
    assert dialog.folder == tmp_path / "kept here" / "Abfälle"
    dialog.accept()
    assert window.workspace.folder == tmp_path / "kept here" / "Abfälle"
    assert [task.name for task in window.workspace.project.tasks] == ["Abfälle"]


def test_a_dropped_project_is_opened(window, tmp_path):
    folder = ProjectFile.create(tmp_path / "waste", Project(name="Waste")).folder
    drop(window, folder)
    assert window.workspace.folder == folder


def test_opened_projects_are_offered_again(opened, tmp_path, qtbot):
    waste = opened.workspace.folder
    other = ProjectFile.create(tmp_path / "other", Project()).folder
    opened.projects.open(other)
    opened.recent.fill()
    assert [action.text() for action in opened.recent.actions()][:2] == ["other", "waste"]
    opened.recent.actions()[1].trigger()
    assert opened.workspace.folder == waste


def test_a_project_that_cannot_be_opened_is_said(window, tmp_path):
    assert not window.projects.open(tmp_path / "nothing")
    assert "holds no project" in window.pages.notices.texts()[0]
    assert window.pages.current == ""


def test_a_copy_stands_alone(opened, tmp_path):
    drop(opened, class_folders(opened.workspace.folder / "inside", "a", "b"))
    assert opened.workspace.project.tasks[0].source == "inside"
    assert opened.projects.copy_to(tmp_path / "copy")
    copy = ProjectFile.read(tmp_path / "copy").project
    assert copy.name == "copy"
    assert copy.tasks[0].source == str(opened.workspace.folder / "inside")


def test_a_name_that_is_taken_cannot_be_chosen(window, tmp_path, qtbot):
    ProjectFile.create(tmp_path / "kept here" / "Waste", Project())
    dialog = window.projects.ask_new("Waste")
    assert dialog.name.text() == "Waste 2" and dialog.confirm.isEnabled()
    dialog.name.setText("Waste")
    assert not dialog.confirm.isEnabled() and "already" in dialog.note.text()
    dialog.name.setText("  ")
    assert not dialog.confirm.isEnabled()
    dialog.reject()


def test_the_theme_is_changed_and_remembered(window, dressed):
    window.actions_["theme_dark"].trigger()
    assert window._preferences.theme == "dark"
    window.actions_["theme_light"].trigger()
    assert "background" in QApplication.instance().styleSheet()


def test_the_palette_finds_and_does(opened, qtbot):
    opened.actions_["palette"].trigger()
    palette = opened.commands.palette
    assert "Go to Model" in palette.found() and "Try the demo" in palette.found()
    qtbot.keyClicks(palette.field, "modl")
    assert palette.found()[0] == "Go to Model"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert opened.pages.current == "model"


def test_the_palette_is_walked_by_keys_and_says_when_nothing_fits(opened, qtbot):
    opened.actions_["palette"].trigger()
    palette = opened.commands.palette
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentRow() == len(palette.found()) - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 0
    qtbot.keyClicks(palette.field, "qqqq")
    assert palette.found() == [] and palette.nothing.isVisible()
    palette.close()


def test_a_resting_mouse_marks_no_row_of_the_palette_and_a_moving_one_does(opened, qtbot):
    QCursor.setPos(opened.mapToGlobal(QPoint(opened.width() // 2, 300)))
    opened.actions_["palette"].trigger()
    palette = opened.commands.palette
    qtbot.waitExposed(palette)
    under = palette.list.itemAt(palette.list.viewport().mapFromGlobal(QCursor.pos()))
    assert palette.list.row(under) > 0 and palette.list.currentRow() == 0
    qtbot.mouseMove(palette.list.viewport(), palette.list.visualItemRect(palette.list.item(3)).center())
    qtbot.waitUntil(lambda: palette.list.currentRow() == 3)
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 4
    palette.close()


def test_the_palette_offers_recent_projects(opened, tmp_path):
    other = ProjectFile.create(tmp_path / "other", Project()).folder
    opened._preferences.add_recent(other)
    opened.actions_["palette"].trigger()
    assert "Open other" in opened.commands.palette.found()
    opened.commands.palette.close()


def test_the_end_of_a_run_is_told_on_other_pages(opened):
    from workbench.core.events import RunEnded, RunFailed

    opened.workspace.run_name = "003-balanced"
    opened.workspace.run_advanced.emit([RunEnded(status="finished", best=None, elapsed_s=3.0)])
    assert opened.pages.notices.texts() == ["Run 003 has finished."]
    opened.pages.notices.clear()
    opened.workspace.job, opened.workspace.run_name = "verdict", "Verdict 002"
    opened.workspace.run_advanced.emit([RunEnded(status="finished", best=None, elapsed_s=3.0)])
    assert opened.pages.notices.texts() == ["Verdict 002 has finished."]
    opened.pages.notices.clear()
    opened.pages.show_page("results")
    opened.workspace.run_advanced.emit([RunEnded(status="finished", best=None, elapsed_s=3.0)])
    assert opened.pages.notices.texts() == [], "the page shows it"
    opened.workspace.job, opened.workspace.run_name = "train", ""
    opened.workspace.history.failure = RunFailed(error="There is no folder x.", advice="Give one.", traceback="")
    opened.workspace.run_advanced.emit([RunEnded(status="failed", best=None, elapsed_s=0.0)])
    assert opened.pages.notices.texts() == ["There is no folder x. Give one."], "there is no run to look at"


@pytest.mark.parametrize("place", ["train", "results"])
def test_the_end_of_a_run_is_told_until_a_page_that_shows_it_is_in_front(opened, place):
    from workbench.core.events import RunEnded

    opened.pages.show_page("data")
    opened.workspace.run_name = "003-balanced"
    opened.workspace.run_advanced.emit([RunEnded(status="finished", best=None, elapsed_s=3.0)])
    opened.pages.notices.failed("Something else.")
    opened.pages.show_page("model")
    assert opened.pages.notices.texts() == ["Something else.", "Run 003 has finished."]
    opened.pages.show_page(place)
    assert opened.pages.notices.texts() == ["Something else."]
    opened.pages.show_page("train")
    opened.pages.notices.clear()
    opened.workspace.run_advanced.emit([RunEnded(status="failed", best=None, elapsed_s=3.0)])
    assert opened.pages.notices.texts() == []


def test_train_goes_to_its_page(opened, tmp_path):
    drop(opened, class_folders(tmp_path / "wet", "yes", "no"))
    opened.actions_["train"].trigger()
    assert opened.pages.current == "train"
    assert opened.workspace.asked[-1] == "train"


def test_full_screen_and_back(window, qtbot):
    window.actions_["full_screen"].trigger()
    assert window.isFullScreen()
    window.actions_["full_screen"].trigger()
    assert not window.isFullScreen()


def test_the_menu_opens_by_f10(window):
    assert window.top_bar.menu_button.shortcut() == QKeySequence("F10")


def test_the_demo_is_drawn_opened_and_trained(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.projects.demo_ready, timeout=60000):
        window.actions_["demo"].trigger()
    assert window.workspace.folder == tmp_path / "kept here" / "Demo"
    assert [task.name for task in window.workspace.project.tasks] == ["object", "ground"]
    assert window.pages.current == "train"
    qtbot.waitUntil(lambda: "train" in window.workspace.asked)
    qtbot.waitUntil(lambda: window.projects._demo is None)


def test_the_demo_can_be_given_up(window, qtbot):
    window.projects.start_demo()
    window.projects.close()
    qtbot.waitUntil(lambda: window.projects._demo is None)
    assert window.workspace.project is None


def test_the_window_does_not_grow_beyond_a_small_screen(opened):
    hint = opened.minimumSizeHint()
    assert hint.width() <= 1280 and hint.height() <= 720


def test_whether_all_settings_are_shown_is_remembered(opened):
    opened.pages.show_page("train")
    assert not opened._preferences.expert
    opened.pages.page("train").recipe.advanced.click()
    assert opened._preferences.expert
    opened.commands._on_built("train")
    assert opened.pages.page("train").recipe.advanced.isChecked()


def test_a_table_dropped_on_the_try_page_becomes_tasks(opened, tmp_path, monkeypatch):
    table = tmp_path / "labels.csv"
    table.write_text("image,size\na.jpg,big\n", encoding="utf-8")
    opened.pages.show_page("try")
    taken = []
    monkeypatch.setattr(opened.drops, "add_sources", taken.append)
    drop(opened, table)
    assert taken == [[table]]
