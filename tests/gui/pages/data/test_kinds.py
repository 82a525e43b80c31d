"""Kinds of task on the data page: what can be chosen, what each shows, and how they are added."""

import csv

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from tests.gui.frame import QuietWorkspace
from tests.gui.pages.data.reports import mask_report, multi_label_report, number_report, single_label_report, tell
from workbench.core.project import Project, Task
from workbench.gui.pages.data.column_table import ColumnTable
from workbench.gui.pages.data.facts import Problem, TaskRemedy, task_remedy
from workbench.gui.pages.data.kind_chooser import refusals
from workbench.gui.pages.data.mask_dialog import MaskDialog
from workbench.gui.pages.data.page import DataPage
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.project.csv_columns import Column
from workbench.project.store import ProjectFile


@pytest.fixture
def workspace(qtbot, tmp_path):
    workspace = QuietWorkspace()
    table = str(tmp_path / "t.csv")
    tasks = [
        Task(name="material", source=str(tmp_path / "waste"), head="mlp", class_weights=True),
        Task(name="present", kind="multi-label", source=table, column="present"),
        Task(name="age", kind="number", source=table, column="age"),
        Task(name="wall", kind="mask", source=str(tmp_path / "cells/images"), masks=str(tmp_path / "cells/masks")),
        Task(name="sex", source=table, column="sex"),
    ]
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


@pytest.fixture
def cells(tmp_path):
    """Three pictures with masks of two values."""
    for number in range(3):
        for folder, mode, colour in (("images", "RGB", (90, 90, 90)), ("masks", "L", 0)):
            path = tmp_path / "cells" / folder / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            image = Image.new(mode, (40, 30), colour)
            if folder == "masks":
                image.paste(255, (0, 0, 20, 30))
            image.save(path)
    return tmp_path / "cells"


def choose_kind(card, kind):
    card.controls.kind.setCurrentIndex(card.controls.kind.findData(kind))


def test_kinds_that_the_source_cannot_be_say_why_not(page):
    folder, column, masks = (page.cards[name].controls.kind for name in ("material", "sex", "wall"))
    assert "a column of a table" in folder.refusal("number") and "folder of masks" in folder.refusal("mask")
    assert not folder.refusal("multi-label") and not folder.refusal("single-label")
    assert not column.refusal("number") and column.refusal("mask")
    assert all(masks.refusal(kind) for kind in ("single-label", "multi-label", "number"))
    assert "any number of labels" in folder.itemData(folder.findData("multi-label"), Qt.ItemDataRole.ToolTipRole)


def test_words_are_no_numbers(workspace):
    task = workspace.project.task("sex")
    assert "such as m" in refusals(task, single_label_report(["m", "f"]))["number"]
    assert "number" not in refusals(task, single_label_report(["1", "2", "n/a"]))


def test_another_kind_drops_what_does_not_fit_and_can_be_undone(page, workspace):
    choose_kind(page.cards["material"], "multi-label")
    task = workspace.project.task("material")
    assert (task.kind, task.head, task.class_weights) == ("multi-label", "multi-label", True)
    choose_kind(page.cards["sex"], "number")
    assert workspace.project.task("sex").kind == "number"
    workspace.undo()
    workspace.undo()
    assert workspace.project.task("material").head == "mlp"
    assert page.cards["material"].controls.kind.currentData() == "single-label"


def test_a_kind_is_chosen_by_keyboard(page, workspace, qtbot):
    combo = page.cards["material"].controls.kind
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert workspace.project.task("material").kind == "multi-label"
    qtbot.keyClick(combo, Qt.Key.Key_Down)  # number and mask cannot be chosen
    assert workspace.project.task("material").kind == "multi-label"


def test_each_kind_says_its_figures(page, workspace, cells):
    tell(
        workspace,
        material=single_label_report(["glass", "metal"]),
        present=multi_label_report({"RBC": 349, "WBC": 358, "Platelets": 201}, 364),
        age=number_report(),
        wall=mask_report(cells),
        sex=single_label_report(["m"]),
    )
    figures = {name: card.figures.text() for name, card in page.cards.items()}
    assert figures == {
        "material": "2 classes · 20 pictures",
        "present": "3 labels · 364 pictures",
        "age": "numbers from 2 to 31 · 364 pictures",
        "wall": "2 classes of pixels · 3 pictures",
        "sex": "1 class · 10 pictures",
    }


def test_labels_add_up_to_more_than_the_pictures_and_that_is_said(page, workspace):
    tell(workspace, present=multi_label_report({"RBC": 349, "WBC": 358, "Platelets": 201}, 364))
    view = page.cards["present"].view
    assert "908 labels on 364 pictures" in view.note.text()
    assert [row.name for row in view.bars.shown()] == ["RBC", "WBC", "Platelets"]
    assert view.bars._bars._totals == (291, 73, 0)
    assert view.bars.accessibleDescription().startswith("3 labels:")


def test_numbers_are_a_histogram(page, workspace):
    tell(workspace, age=number_report())
    view = page.cards["age"].view
    assert len(view.histogram.bins) == 3 and "mean 11.2" in view.histogram.accessibleDescription()
    assert view.parts.text() == "train 291 · validation 73"


def test_masks_lie_over_their_pictures(page, workspace, cells, qtbot):
    tell(workspace, wall=mask_report(cells))
    view = page.cards["wall"].view
    page.resize(1100, 3000)  # so that every card is seen
    qtbot.waitUntil(lambda: view.strip.values() == [0, 255])
    assert view.legend.names == ["0", "255"]
    cell = view.strip.cell(0)

    def red(x):
        return view.strip.grab().toImage().pixelColor(x, 30).red()

    qtbot.waitUntil(lambda: red(cell.right() - 8) == 90)  # the first of two classes is left as the picture is
    assert 120 < red(cell.left() + 8) < 200


def test_a_view_changes_with_the_kind(page, workspace):
    tell(workspace, sex=single_label_report(["1", "2"]))
    card = page.cards["sex"]
    assert hasattr(card.view, "bars")
    choose_kind(card, "number")
    assert not card.view.isVisible()  # what is known is of the other kind
    tell(workspace, sex=number_report())
    assert hasattr(card.view, "histogram") and card.view.isVisibleTo(card)


def test_the_separator_is_only_for_columns_of_labels(page, workspace, qtbot):
    shown = {name: not card.controls.separator.isHidden() for name, card in page.cards.items()}
    assert shown == dict.fromkeys(page.cards, True)  # their pairs hide
    visible = [name for name, card in page.cards.items() if card.controls.separator.isVisible()]
    assert visible == ["present"]
    field = page.cards["present"].controls.separator
    field.selectAll()
    qtbot.keyClicks(field, ";")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert workspace.project.task("present").separator == ";"
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == ";" and workspace.project.task("present").separator == ";"


def test_a_folder_of_pictures_and_masks_is_asked_about(page, workspace, qtbot, cells):
    page.add_sources([cells])
    dialog = page.adding.dialog
    assert isinstance(dialog, MaskDialog) and dialog.as_classes.isVisible()
    with qtbot.waitSignal(dialog.counted):
        pass
    assert dialog.note.text() == "3 of 3 pictures have a mask of the same name."
    dialog.add.click()
    task = workspace.project.tasks[-1]
    assert (task.name, task.kind, task.source, task.masks) == (
        "cells", "mask", str(cells / "images"), str(cells / "masks"),
    )  # fmt: skip


def test_they_can_be_classes_instead(page, workspace, qtbot, cells):
    page.add_sources([cells])
    page.adding.dialog.as_classes.click()
    task = workspace.project.tasks[-1]
    assert (task.name, task.kind, task.source) == ("cells", "single-label", str(cells))
    assert page.adding.dialog is None


def test_two_folders_at_once_are_asked_about_together(page, workspace, qtbot, cells):
    page.add_sources([cells / "masks", cells / "images"])
    dialog = page.adding.dialog
    assert dialog.pair() == (cells / "images", cells / "masks")
    dialog.reject()
    assert len(workspace.project.tasks) == 5


def test_the_empty_dialog_wants_two_folders(page, workspace, qtbot, cells):
    page.add_row.masks.click()
    dialog = page.adding.dialog
    assert not dialog.add.isEnabled() and dialog.note.text() == "Choose both folders."
    assert not dialog.as_classes.isVisible()
    dialog.pictures.line.setText(str(cells / "images"))
    dialog.masks.line.setText(str(cells / "nothing"))
    assert "There is no folder" in dialog.note.text()
    dialog.masks.line.setText(str(cells / "images"))
    assert dialog.note.text() == "Both are the same folder."
    with qtbot.waitSignal(dialog.counted):
        dialog.masks.line.setText(str(cells / "masks"))
    assert dialog.add.isEnabled()
    dialog.reject()


def test_the_folders_of_a_mask_task_are_changed(page, workspace, qtbot, cells, tmp_path):
    other = tmp_path / "other"
    (cells / "masks").rename(other)
    page.cards["wall"].controls.masks.click()
    dialog = page.adding.dialog
    with qtbot.waitSignal(dialog.counted):
        dialog.masks.line.setText(str(other))
    dialog.add.click()
    assert workspace.project.task("wall").masks == str(other)
    assert page.cards["wall"].source.text().endswith(f"masks in {other}")


LABELS = ("RBC|WBC", "WBC", "Platelets|RBC", "Platelets|WBC")


@pytest.fixture
def blood(tmp_path):
    """A table of three counts and one column of several labels."""
    folder = tmp_path / "blood"
    folder.mkdir()
    rows = [["image", "red", "white", "platelets", "present"]]
    for number in range(40):
        Image.new("RGB", (6, 8)).save(folder / f"{number}.jpg")
        rows.append([f"{number}.jpg", str(number), str(number % 30), str(number % 25), LABELS[number % 4]])
    with open(folder / "labels.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return folder / "labels.csv"


def test_each_column_has_its_kind(page, workspace, qtbot, blood):
    page.add_sources([blood])
    dialog = page.adding.dialog
    with qtbot.waitSignal(dialog.counted):
        pass
    kinds = {name: combo.currentData() for name, combo in dialog.columns.kinds.items()}
    assert kinds["red"] == kinds["white"] == kinds["platelets"] == "number"
    assert kinds["present"] == "multi-label" and dialog.columns.chosen() == {"present": "multi-label"}
    for name in ("red", "white", "platelets"):
        dialog.columns.choose(name)
    combo = dialog.columns.kinds["present"]
    assert combo.accessibleName() == "Kind of present" and combo.findData("number") < 0
    dialog.add.click()
    added = {task.column: task.kind for task in workspace.project.tasks[5:]}
    assert added == {"red": "number", "white": "number", "platelets": "number", "present": "multi-label"}
    assert workspace.project.tasks[-1].separator == "|"
    assert "kind" not in workspace.project.written()["tasks"][0]


def test_choosing_a_kind_checks_the_column(page, qtbot, blood):
    page.add_sources([blood])
    dialog = page.adding.dialog
    with qtbot.waitSignal(dialog.counted):
        pass
    dialog.columns.choose("present", False)
    combo = dialog.columns.kinds["present"]
    combo.activated.emit(combo.findData("multi-label"))
    assert "present" in dialog.columns.chosen()
    dialog.reject()


def test_a_hundred_labels_and_long_names_fit(page, workspace, look):
    labels = {f"a label with quite a long name, number {number}": 400 - number for number in range(300)}
    tell(workspace, present=multi_label_report(labels, 500))
    QApplication.processEvents()
    assert page.cards["present"].figures.text() == "300 labels · 500 pictures"
    assert page.cards["present"].width() <= page.width()
    assert not page.grab().isNull()


def test_a_very_wide_table_gets_its_choosers_when_they_are_wanted(qtbot):
    table = ColumnTable()
    qtbot.addWidget(table)
    names = [f"gene {number}" for number in range(400)]
    table.show_columns([Column(name, 90, 50, ("1.5",), True, name == "gene 399", "number") for name in names])
    assert len(table.kinds) < 100 and table.chosen() == {"gene 399": "number"}
    table.choose("gene 200")
    table.kinds["gene 200"].setCurrentIndex(0)
    assert table.chosen() == {"gene 200": "single-label", "gene 399": "number"}


@pytest.mark.parametrize(
    ("fix", "button", "values"),
    [
        (
            "Set the task's kind to multi-label and its separator to ';'.",
            "Make it: Several labels",
            {"kind": "multi-label", "separator": ";"},
        ),
        ("Set the task's kind to number.", "Make it: A number", {"kind": "number"}),
    ],
)
def test_another_kind_is_one_click_away_where_the_check_proposes_it(page, workspace, qtbot, fix, button, values):
    workspace.report = {
        "ok": True, "pictures": 60, "shared": {}, "tasks": {"sex": single_label_report(["1", "2"])},
        "problems": [{"level": "warning", "text": "sex: something is odd.", "fix": fix}],
    }  # fmt: skip
    workspace.report_changed.emit()
    push = next(each for each in page.cards["sex"].findChildren(QPushButton) if each.text() == button)
    push.click()
    task = workspace.project.task("sex")
    assert {name: getattr(task, name) for name in values} == values


def test_a_proposed_separator_is_used():
    problem = Problem("warning", "The separator '|' stands in no cell.", "Set the task's separator to ',' if so.", ())
    assert task_remedy(problem) == TaskRemedy("Use ,", {"separator": ","})
    assert task_remedy(Problem("warning", "Odd.", "Add pictures of this kind to it.", ())) is None


def test_masks_that_cannot_be_used_are_said_once(page, workspace, cells):
    broken = [{"path": "/m/1.png", "reason": "it holds colours"}, {"path": "/m/2.png", "reason": "it is empty"}]
    workspace.report = {
        "ok": True, "pictures": 3, "shared": {}, "tasks": {"wall": {**mask_report(cells), "unreadable": broken}},
        "problems": [
            {"level": "warning", "text": "wall: 2 masks cannot be used, such as /m/1.png: it is grey.", "fix": "x"}
        ],
    }  # fmt: skip
    workspace.report_changed.emit()
    bars = page.cards["wall"].findChildren(NoticeBar)
    assert [bar.text() for bar in bars] == ["2 pictures or masks could not be used and are left out."]
