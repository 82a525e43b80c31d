"""Answers of every kind on the Try page: cards, masks over the picture, the table of a folder and its file."""

import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from tests.gui import kinds_of_tasks as kinds
from workbench.gui.pages.temporary_folder import TemporaryFolder
from workbench.gui.pages.try_out.answer import parse_answers, to_csv
from workbench.gui.pages.try_out.cards import CARDS
from workbench.gui.pages.try_out.page import TryPage
from workbench.gui.pages.try_out.said import ANSWERS


@pytest.fixture
def page(workspace, images, show, qtbot):
    workspace.report["tasks"]["white_cells"] = {"kind": "number", "numbers": {"minimum": 0.0, "maximum": 60.0}}
    kinds.write_run(workspace.folder, images)
    made = show(TryPage(workspace))
    qtbot.waitUntil(made.bench.isVisible)
    return made


@pytest.fixture
def paths(workspace, images):
    return [workspace.folder / image for image in images]


def answer(workspace, pictures):
    reply = workspace.model_answers.replies[-1]
    out = Path(reply.argv[reply.argv.index("--out") + 1])
    document = kinds.predict_document(pictures, out)
    reply.answered.emit(document)
    reply.ended.emit()
    return document, out


def test_every_kind_of_answer_has_a_card():
    assert set(CARDS) == set(ANSWERS.values()) and len(ANSWERS) == 4


def test_one_picture_is_answered_in_every_kind(page, workspace, paths, qtbot):
    page.ask_about([paths[0]])
    document, _ = answer(workspace, paths[:1])
    said, cards = document[0]["tasks"], page.bench.answers.cards
    assert list(cards) == list(kinds.KINDS)
    number, low, high = cards["white_cells"], *said["white_cells"]["interval"]
    assert float(number.label.text()) == pytest.approx(said["white_cells"]["value"], abs=0.06)
    assert number.beside.text().startswith("± ") and not number.bar.isHidden()
    assert number.bar.place_of(low) < number.bar.place_of(said["white_cells"]["value"]) < number.bar.place_of(high)
    assert "Scale: the training pictures, 0 to 60." in number.words.text()
    assert dict(cards["present"].bars.rows()) == pytest.approx(said["present"]["probabilities"])
    assert dict(cards["cell_wall"].bars.rows()) == pytest.approx(said["cell_wall"]["areas"])
    assert cards["material"].label.text() == said["material"]["label"]
    qtbot.waitUntil(page.bench.view.has_overlay)
    assert page.bench.masks.legend.names() == ["wall"]


def test_the_mask_can_be_weakened_and_taken_away(page, workspace, paths, qtbot):
    page.ask_about([paths[0]])
    answer(workspace, paths[:1])
    qtbot.waitUntil(page.bench.view.has_overlay)
    bar = page.bench.masks
    bar.strength.setFocus()
    QTest.keyClick(bar.strength, Qt.Key.Key_Home)
    assert page.bench.view._over.opacity() == 0
    bar.tasks.setFocus()
    QTest.keyClick(bar.tasks, Qt.Key.Key_Down)
    bar.tasks.activated.emit(bar.tasks.currentIndex())
    assert bar.tasks.currentText() == "No mask" and not page.bench.view.has_overlay()
    page.ask_about([paths[1]])
    answer(workspace, paths[1:2])
    assert bar.tasks.currentText() == "No mask", "the choice stays from one picture to the next"


def test_without_a_known_range_the_interval_is_said_in_words(page, workspace, paths):
    del workspace.report["tasks"]["white_cells"]
    page.ask_about([paths[0]])
    answer(workspace, paths[:1])
    card = page.bench.answers.cards["white_cells"]
    assert card.bar.isHidden() and card.words.text().startswith("90 % interval: ")


def test_a_number_beyond_the_training_pictures_says_so(page, workspace, paths):
    workspace.report["tasks"]["white_cells"]["numbers"] = {"minimum": 0.0, "maximum": 1.0}
    page.ask_about([paths[0]])
    answer(workspace, paths[:1])
    assert "outside of it" in page.bench.answers.cards["white_cells"].words.text()


def test_a_folder_has_the_columns_of_each_kind_and_a_file_of_them(page, workspace, paths, qtbot, tmp_path):
    page.ask_about([paths[0].parent])
    qtbot.waitUntil(lambda: "--out" in workspace.model_answers.replies[-1].argv)
    document, _ = answer(workspace, paths)
    model = page.bench.table.model
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert titles == ["Picture", "white_cells", "±", "present", "labels", "wall", "material", "sure"]
    view = page.bench.table.view
    view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    values = [float(view.model().index(row, 1).data()) for row in range(view.model().rowCount())]
    assert values == sorted(values, reverse=True)
    page.save_table(tmp_path / "answers.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "answers.csv").read_text(encoding="utf-8"))))
    first, said = rows[0], document[0]["tasks"]
    assert float(first["white_cells"]) == pytest.approx(said["white_cells"]["value"], rel=1e-5)
    assert float(first["white_cells low"]) == pytest.approx(said["white_cells"]["interval"][0], rel=1e-4)
    assert first["present"] == "|".join(said["present"]["labels"])
    assert float(first["present: RBC"]) == pytest.approx(said["present"]["probabilities"]["RBC"], abs=1e-4)
    assert float(first["cell_wall: wall"]) == pytest.approx(said["cell_wall"]["areas"]["wall"], abs=1e-4)


def test_masks_are_written_to_a_folder_that_goes_with_the_page(page, workspace, paths):
    page.ask_about([paths[0]])
    _, out = answer(workspace, paths[:1])
    assert out.exists()
    page.asked.forget()
    assert not out.exists() and not out.parent.exists()


def test_no_folder_is_asked_for_where_no_head_draws_masks(workspace, show, qtbot, paths):
    from tests.gui import synthetic

    synthetic.write_run(workspace.folder)
    made = show(TryPage(workspace))
    qtbot.waitUntil(made.bench.isVisible)
    made.ask_about([paths[0]])
    assert "--out" not in workspace.model_answers.replies[-1].argv


def test_a_temporary_folder_is_removed_with_its_owner(qapp):
    folder = TemporaryFolder()
    first, second = Path(folder.fresh()), Path(folder.fresh())
    assert first != second and first.parent.exists()
    folder.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not first.parent.exists()


def test_a_mask_that_cannot_be_read_is_said(page, workspace, paths, qtbot):
    page.ask_about([paths[0]])
    reply = workspace.model_answers.replies[-1]
    document = kinds.predict_document(paths[:1])
    document[0]["tasks"]["cell_wall"]["mask"] = str(paths[0].parent / "none.png")
    reply.answered.emit(document)
    reply.ended.emit()
    qtbot.waitUntil(page.bench.notice.isVisible)
    assert "mask cannot be read" in page.bench.notice.text()


def test_answers_without_what_is_optional_are_read():
    tasks = {
        "n": {"value": None},
        "p": {"labels": [], "probabilities": {}},
        "w": {"mask": None, "areas": {}},
        "c": {"label": "glass"},
    }
    answers = parse_answers([{"image": "a.jpg", "error": None, "tasks": tasks}])
    assert [said.text for said in answers[0].tasks.values()] == ["–", "no label", "–", "glass"]
    assert to_csv(answers).splitlines()[1] == "a.jpg,,,,,,glass,"
    with pytest.raises(ValueError, match="cannot be read"):
        parse_answers([{"image": "a.jpg", "error": None, "tasks": {"a": {"poem": ""}}}])


def test_every_kind_says_that_a_picture_is_unlike_training(page, workspace, paths):
    page.ask_about([paths[0]])
    document = kinds.predict_document(paths[:2])
    for place, row in enumerate(document):
        for said in row["tasks"].values():
            said["unknown"] = place == 0
    workspace.model_answers.replies[-1].answered.emit(document[:1])
    for card in page.bench.answers.cards.values():
        assert card.note.isVisibleTo(card) and card.note.text().startswith("This picture looks like nothing")
    answers = parse_answers(document)
    for task in kinds.KINDS:
        assert [answer.tasks[task].columns()[-1].text for answer in answers] == ["unknown", ""]
    rows = list(csv.DictReader(io.StringIO(to_csv(answers))))
    assert [[row[f"{task} unknown"] for task in kinds.KINDS] for row in rows] == [["yes"] * 4, ["no"] * 4]


def test_tables_obey_a_calibrated_run():
    sure = {"label": "glass", "confidence": 0.9, "unknown": False, "set": ["glass"], "abstained": False}
    unsure = {"label": "metal", "confidence": 0.4, "unknown": True, "set": ["glass", "metal"], "abstained": True}
    answers = parse_answers([{"image": "a.jpg", "tasks": {"c": said}} for said in (sure, unsure)])
    one, other = csv.DictReader(io.StringIO(to_csv(answers)))
    assert (one["c"], one["c best guess"], one["c set"], one["c unknown"]) == ("glass", "glass", "glass", "no")
    assert (other["c"], other["c best guess"], other["c set"], other["c unknown"]) == (
        "",
        "metal",
        "glass|metal",
        "yes",
    )
    shown = [[column.text for column in answer.tasks["c"].columns()] for answer in answers]
    assert shown == [
        ["glass", "90 %", "glass", ""],
        ["unsure, perhaps metal", "40 %", "glass, metal", "unknown"],
    ]


def test_the_page_paints_in_every_look(page, workspace, paths, look):
    page.ask_about([paths[0]])
    answer(workspace, paths[:1])
    assert not page.grab().isNull()
