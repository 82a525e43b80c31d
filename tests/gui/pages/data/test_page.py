import csv

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from tests.gui.frame import QuietWorkspace
from workbench.core.events import Progress
from workbench.core.project import Project, Task
from workbench.gui.pages.data.page import DataPage
from workbench.gui.pages.data.unreadable_dialog import UnreadableDialog
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.project.store import ProjectFile


@pytest.fixture
def workspace(qtbot, tmp_path):
    workspace = QuietWorkspace()
    tasks = [Task(name="material", source=str(tmp_path / "waste")), Task(name="colour", source=str(tmp_path / "hues"))]
    workspace.open(ProjectFile.create(tmp_path / "p", Project(name="p", tasks=tasks)).folder)
    yield workspace
    workspace.close()


@pytest.fixture
def page(workspace, qtbot):
    page = DataPage(workspace)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    return page


def task_report(classes, first=(), unreadable=()):
    parts = {name: {"train": 8, "validation": 2, "test": 0} for name in classes}
    return {
        "kind": "single-label", "count": 10 * len(classes), "classes": dict.fromkeys(classes, 10),
        "parts": {"train": 8 * len(classes), "validation": 2 * len(classes), "test": 0}, "parts_by_class": parts,
        "unreadable": list(unreadable), "samples": {}, "first": list(first),
    }  # fmt: skip


def tell(workspace, problems=(), **tasks):
    workspace.report = {"ok": True, "pictures": 60, "problems": list(problems), "shared": {}, "tasks": tasks}
    workspace.report_changed.emit()


def warning(text, fix="Mend it."):
    return {"level": "warning", "text": text, "fix": fix}


def notices(widget):
    QApplication.processEvents()  # what was put into a layout is shown by an event
    return [bar.text() for bar in widget.findChildren(NoticeBar) if bar.isVisible()]


def test_each_task_has_a_card_in_the_projects_order(page):
    assert list(page.cards) == ["material", "colour"]
    assert page.cards["material"].name.name() == "material"
    assert page.split.isVisible()


def test_what_is_known_of_the_pictures_is_shown(page, workspace):
    tell(workspace, material=task_report(["glass", "metal"]), colour=task_report([f"class {n}" for n in range(100)]))
    assert page.cards["material"].figures.text() == "2 classes · 20 pictures"
    assert page.cards["colour"].figures.text() == "100 classes · 1,000 pictures"
    assert len(page.cards["colour"].view.bars.shown()) < 30
    assert page.header.next.isEnabled()


def test_reading_is_shown_and_only_the_bar_moves(page, workspace, monkeypatch):
    moved = []
    monkeypatch.setattr(page.cards["material"], "show_task", lambda *arguments: moved.append(arguments))
    workspace.checking = Progress(what="", done=3, total=12)
    workspace.report_changed.emit()
    assert page.progress.isVisible() and (page.progress.value(), page.progress.maximum()) == (3, 12)
    assert not moved
    workspace.checking = None
    tell(workspace, material=task_report(["a", "b"]), colour=task_report(["a", "b"]))
    assert not page.progress.isVisible() and moved


def test_renaming_by_keyboard_keeps_the_card_and_can_be_undone(page, workspace, qtbot):
    card = page.cards["material"]
    card.rename.trigger()
    assert card.name.editing()
    card.name.field.setText("waste: kind")
    qtbot.keyClick(card.name.field, Qt.Key.Key_Return)
    assert workspace.project.tasks[0].name == "material"  # a colon is not allowed, and that was said
    card.rename.trigger()
    qtbot.keyClicks(card.name.field, "waste")
    qtbot.keyClick(card.name.field, Qt.Key.Key_Return)
    assert workspace.project.tasks[0].name == "waste"
    assert page.cards["waste"] is card
    workspace.undo()
    assert set(page.cards) == {"colour", "material"}
    assert page._cards.indexOf(page.cards["material"]) == 0


def test_escape_leaves_the_name(page, workspace, qtbot):
    card = page.cards["material"]
    qtbot.mouseDClick(card.name, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(card.name.field, "other")
    qtbot.keyClick(card.name.field, Qt.Key.Key_Escape)
    assert not card.name.editing() and workspace.project.tasks[0].name == "material"


def test_a_removed_task_can_be_brought_back(page, workspace):
    page.cards["material"].remove.trigger()
    assert [task.name for task in workspace.project.tasks] == ["colour"] and list(page.cards) == ["colour"]
    assert page.undo_bar.isVisible() and "pictures were not touched" in page.undo_bar.text()
    page.undo_bar.findChild(QPushButton).click()
    assert [task.name for task in workspace.project.tasks] == ["material", "colour"]
    assert page._cards.indexOf(page.cards["material"]) == 0 and not page.undo_bar.isVisible()


def test_head_weight_and_balance_are_set(page, workspace):
    card = page.cards["colour"]
    card.controls.head.setCurrentIndex(card.controls.head.findData("mlp"))
    card.controls.weight.setValue(2.5)
    card._balance.trigger()
    task = workspace.project.task("colour")
    assert (task.head, task.weight, task.class_weights) == ("mlp", 2.5, True)
    workspace.undo()
    assert not page.cards["colour"]._balance.isChecked()


def test_problems_stand_where_they_belong(page, workspace):
    problems = [
        warning("material: glass has 900 pictures and metal only 9.", "Set class_weights to true for this task."),
        warning("material and colour: most pictures are small."),
        {"level": "error", "text": "Task colour: `source` is empty.", "fix": "Give a folder."},
    ]
    tell(workspace, problems, material=task_report(["glass", "metal"]), colour=task_report(["a", "b"]))
    assert notices(page.cards["material"]) == [
        "Glass has 900 pictures and metal only 9. Set class_weights to true for this task."
    ]
    assert notices(page.cards["colour"]) == ["`source` is empty. Give a folder."]
    assert "material and colour: most pictures are small. Mend it." in notices(page)
    page.cards["material"].findChild(NoticeBar).findChild(QPushButton).click()
    assert workspace.project.task("material").class_weights


def test_unreadable_pictures_are_listed_with_their_reasons(page, workspace, qtbot):
    broken = [{"path": "/p/a.jpg", "reason": "it is empty"}, {"path": "/p/b.jpg", "reason": "it is cut off"}]
    problem = warning("material: 2 pictures cannot be read, such as /p/a.jpg: it is empty.")
    tell(workspace, [problem], material=task_report(["a", "b"], unreadable=broken), colour=task_report(["a", "b"]))
    assert notices(page.cards["material"]) == ["2 pictures could not be read and are left out."]
    page.cards["material"].findChild(NoticeBar).findChild(QPushButton).click()
    model = page.findChild(UnreadableDialog).table.model()
    cells = [model.data(model.index(row, column)) for row in range(2) for column in range(2)]
    assert cells == ["a.jpg", "it is empty", "b.jpg", "it is cut off"]
    page.findChild(UnreadableDialog).accept()


def test_why_the_data_could_not_be_read_is_said(page, workspace):
    workspace.report, workspace.check_failure = None, ("The engine ended with code 1.", "Try again.")
    workspace.report_changed.emit()
    assert "The engine ended with code 1. Try again." in notices(page)


def test_the_split_is_set_and_drawn_again(page, workspace):
    page.split.validation.setValue(30)
    page.split.test.setValue(10)
    page.split.again.click()
    page.split.group.setCurrentIndex(page.split.group.findData("folder"))
    split = workspace.project.split
    assert (split.validation, split.test, split.seed, split.group) == (0.3, 0.1, 1, "folder")


def test_a_split_that_leaves_nothing_is_refused_and_set_back(page, workspace, qtbot):
    page.split.test.setValue(10)
    with qtbot.waitSignal(workspace.failed):
        page.split.validation.setValue(90)
    assert page.split.validation.value() == 20


def test_columns_of_tables_can_keep_pictures_together(workspace, qtbot, tmp_path):
    (tmp_path / "t.csv").write_text("image;patient;kind\na.png;1;x\n", encoding="utf-8")
    workspace.add_tasks([Task(name="kind", source=str(tmp_path / "t.csv"), column="kind")])
    page = DataPage(workspace)
    qtbot.addWidget(page)
    assert page.split.group.findData("patient") >= 0


def test_the_way_on_leads_to_the_model(page, workspace, qtbot):
    tell(workspace, material=task_report(["a", "b"]), colour=task_report(["a", "b"]))
    with qtbot.waitSignal(page.page_requested) as asked:
        page.header.next.click()
    assert asked.args == ["model"]


def test_an_empty_project_asks_for_pictures(workspace, qtbot):
    for task in ("material", "colour"):
        workspace.remove_task(task)
    page = DataPage(workspace)
    qtbot.addWidget(page)
    page.show()
    assert page.add_row.isVisible() and not page.split.isVisible() and not page.header.next.isVisible()


@pytest.fixture
def fashion(tmp_path):
    (tmp_path / "fashion" / "images").mkdir(parents=True)
    rows = [["id", "gender", "season", "year"]]
    for number in range(12):
        rows.append([str(1000 + number), ("Men", "Women")[number % 2], ("Fall", "Summer", "")[number % 3], "2010"])
        if number:
            Image.new("RGB", (6, 8)).save(tmp_path / "fashion" / "images" / f"{1000 + number}.jpg")
    with open(tmp_path / "fashion" / "labels.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return tmp_path / "fashion" / "labels.csv"


def test_a_table_is_asked_about_and_becomes_tasks(page, workspace, qtbot, fashion):
    page.add_sources([fashion])
    dialog = page.adding.dialog
    with qtbot.waitSignal(dialog.counted):
        pass
    assert dialog.columns.chosen() == {"gender": "single-label", "season": "single-label"}
    dialog.image.setEditText("images/{id}.jpg")
    qtbot.waitUntil(lambda: dialog.note.text() == "11 of 12 pictures found")
    dialog.columns.choose("season", False)
    assert dialog.add.text() == "Add 1 task" and dialog.add.isEnabled()
    dialog.add.click()
    task = workspace.project.tasks[-1]
    assert (task.name, task.column, task.image, task.source) == ("gender", "gender", "images/{id}.jpg", str(fashion))
    assert page.adding.dialog is None


def test_a_wrong_pattern_cannot_be_added(page, qtbot, fashion):
    page.add_sources([fashion])
    dialog = page.adding.dialog
    with qtbot.waitSignal(dialog.counted):
        pass
    dialog.image.setEditText("{nothing}.jpg")
    qtbot.waitUntil(lambda: "no column 'nothing'" in dialog.note.text())
    assert not dialog.add.isEnabled()
    dialog.reject()


def test_a_file_that_is_no_table_is_said(page, qtbot, tmp_path):
    (tmp_path / "empty.csv").write_text("")
    page.add_sources([tmp_path / "empty.csv"])
    dialog = page.adding.dialog
    qtbot.waitUntil(lambda: "holds no rows" in dialog.note.text())
    assert not dialog.add.isEnabled()
    dialog.reject()


def test_several_tables_are_asked_about_one_after_another(page, qtbot, fashion, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("image,kind\nx.png,a\n", encoding="utf-8")
    page.add_sources([fashion, other])
    assert "labels.csv" in page.adding.dialog.windowTitle()
    page.adding.dialog.reject()
    assert "other.csv" in page.adding.dialog.windowTitle()
    page.adding.dialog.reject()
    assert page.adding.dialog is None


def test_a_hundred_thousand_pictures_do_not_slow_the_cards(page, workspace):
    import time

    classes = [f"class {number}" for number in range(100)]
    many = task_report(classes, first=[f"/nowhere/{number}.jpg" for number in range(12)])
    many["classes"] = dict.fromkeys(classes, 1000)
    many["unreadable"] = [{"path": f"/nowhere/{number}.jpg", "reason": "it is empty"} for number in range(100_000)]
    start = time.perf_counter()
    tell(workspace, material=many, colour=many)
    assert time.perf_counter() - start < 0.5
