"""The Try page: what comes in, what is asked, and what is shown."""

import copy
import csv
import io
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage

from tests.gui import synthetic
from workbench.gui.numbers import answer_time
from workbench.gui.pages.try_out.answer import parse_answers, to_csv
from workbench.gui.pages.try_out.camera import Camera
from workbench.gui.pages.try_out.incoming import gather
from workbench.gui.pages.try_out.page import TryPage


@pytest.fixture
def page(workspace, show, qtbot):
    synthetic.write_run(workspace.folder)
    synthetic.write_run(workspace.folder, run="002-full")
    made = show(TryPage(workspace))
    qtbot.waitUntil(made.bench.isVisible)
    return made


@pytest.fixture
def paths(workspace, images):
    return [workspace.folder / image for image in images]


def reply_to(workspace):
    return workspace.model_answers.replies[-1]


def answer(reply, document):
    reply.answered.emit(document)
    reply.ended.emit()


def test_without_a_model_it_says_what_it_waits_for(workspace, show, qtbot):
    page = show(TryPage(workspace))
    qtbot.waitUntil(lambda: page.list.known)
    assert page.empty.isVisible() and not page.drop_paths([Path("a.jpg")])
    with qtbot.waitSignal(page.page_requested) as caught:
        page.empty.button.click()
    assert caught.args == ["train"]


def test_a_picture_dropped_before_the_runs_are_known_is_answered_once_they_are(workspace, show, qtbot, paths):
    synthetic.write_run(workspace.folder)
    page = TryPage(workspace)
    assert not page.list.known and page.drop_paths(paths[:1])
    show(page)
    qtbot.waitUntil(lambda: page.bench.caption.text() == paths[0].name)
    assert reply_to(workspace).argv[-1] == str(paths[0])


def test_the_model_is_loaded_with_the_first_look(page, workspace):
    answers = workspace.model_answers
    assert answers.warm_count == 1
    first = reply_to(workspace)
    assert first.argv[:4] == ["predict", str(workspace.folder), "--run", "002-full"]
    assert Path(first.argv[4]).exists()
    page.shown()
    assert len(answers.replies) == 1, "one first question at a time"
    answer(first, synthetic.predict_document([Path(first.argv[4])]))
    assert page.asked.answers == [] and page.bench.invitation.isVisible()


def test_nothing_is_loaded_while_a_run_trains(workspace, show, qtbot):
    synthetic.write_run(workspace.folder)
    workspace.be("running")
    page = show(TryPage(workspace))
    qtbot.waitUntil(page.bench.isVisible)
    assert workspace.model_answers.replies == []
    workspace.be("idle")
    page.shown()
    assert len(workspace.model_answers.replies) == 1


def test_a_picture_is_shown_at_once_and_answered_with_bars(page, workspace, paths):
    assert page.drop_paths([paths[0]])
    assert page.bench.caption.text() == paths[0].name
    reply = reply_to(workspace)
    assert reply.argv == ["predict", str(workspace.folder), "--run", "002-full", str(paths[0])]
    document = synthetic.predict_document(paths[:1])
    answer(reply, document)
    for task, said in document[0]["tasks"].items():
        card = page.bench.answers.cards[task]
        assert card.label.text() == said["label"]
        assert card.beside.text() == f"{said['confidence'] * 100:.1f} %"
        assert dict(card.bars.rows())[said["label"]] == pytest.approx(said["probabilities"][said["label"]])
    assert page.bench.state.text() == "", "loading the model is not counted as the answer's time"


def test_the_time_of_an_answer_begins_when_the_model_is_loaded(page, workspace, paths):
    first = reply_to(workspace)
    page.drop_paths([paths[0]])
    assert page.bench.state.text() == "Loading the model"
    answer(first, synthetic.predict_document([Path(first.argv[4])]))
    assert page.bench.state.text() == "Asking the model"
    answer(reply_to(workspace), synthetic.predict_document(paths[:1]))
    assert page.bench.state.text().startswith("Answered in")
    workspace.model_answers.release()
    page.drop_paths([paths[1]])
    assert page.bench.state.text() == "Loading the model"


def test_short_times_are_said_as_people_say_them():
    said = [answer_time(value) for value in (42, 999, 1000, 5437, 12_000)]
    assert said == ["42 ms", "999 ms", "1.0 s", "5.4 s", "12 s"]


def test_a_table_is_not_asked_about(page, paths):
    assert not page.drop_paths([Path("labels.csv")])
    assert page.drop_paths([Path("labels.csv"), paths[0]]) and page.bench.caption.text() == paths[0].name


def test_stale_answers_are_dropped(page, workspace, paths):
    page.ask_about([paths[0]])
    first = reply_to(workspace)
    page.ask_about([paths[1]])
    assert workspace.model_answers.cancelled == [first]
    answer(first, synthetic.predict_document(paths[:1]))
    assert page.asked.answers == []
    answer(reply_to(workspace), synthetic.predict_document(paths[1:2]))
    assert [said.image for said in page.asked.answers] == [str(paths[1])]


def test_another_run_is_asked_again(page, workspace, paths):
    page.ask_about([paths[0]])
    page.bench.run_chosen.emit("001-balanced")
    assert reply_to(workspace).argv[2:4] == ["--run", "001-balanced"]


def choose_other(page, run):
    others = page.bench.choice.others
    others.setCurrentIndex(others.findData(run))
    others.activated.emit(others.currentIndex())


def test_a_second_run_answers_beside_and_differences_are_marked(page, workspace, paths):
    page.ask_about([paths[0]])
    document = synthetic.predict_document(paths[:1])
    answer(reply_to(workspace), document)
    choose_other(page, "001-balanced")
    assert reply_to(workspace).argv == ["predict", str(workspace.folder), "--run", "001-balanced", str(paths[0])]
    other = copy.deepcopy(document)
    said = other[0]["tasks"]["material"]
    said["label"] = next(name for name in said["probabilities"] if name != said["label"])
    answer(reply_to(workspace), other)
    panel = page.bench.answers
    assert [heading.text() for heading in panel.headings] == ["002-full", "001-balanced"]
    assert panel.others["material"].label.text() == said["label"] != panel.cards["material"].label.text()
    assert [panel.cards[task].differs.isHidden() for task in ("material", "season")] == [False, True]
    assert panel.cards["material"].differs.text().startswith("differs by ")
    panel.others["season"].look.click()
    assert reply_to(workspace).argv[:5] == ["explain", str(workspace.folder), str(paths[0]), "--run", "001-balanced"]
    page.looking.close()
    choose_other(page, "")
    assert panel.others == {} and panel.cards["material"].differs.isHidden()


def test_two_runs_answer_a_folder_in_one_table(page, workspace, paths, qtbot, tmp_path):
    choose_other(page, "001-balanced")
    page.ask_about(paths[:2])
    qtbot.waitUntil(lambda: len(workspace.model_answers.replies) == 3)
    first, second = workspace.model_answers.replies[-2:]
    document = synthetic.predict_document(paths[:2])
    other = copy.deepcopy(document)
    for said in other[1]["tasks"].values():
        said["label"] = "another"
    answer(first, document)
    answer(second, other)
    model = page.bench.table.model
    assert [model.index(row, 1).data() for row in (0, 1)] == ["0", "2"]
    page.save_table(tmp_path / "both.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "both.csv").read_text(encoding="utf-8"))))
    assert rows[1]["001-balanced: material"] == "another" != rows[1]["material"]


def test_an_unreadable_picture_says_why(page, workspace, paths):
    page.ask_about([paths[0]])
    answer(reply_to(workspace), [{"image": str(paths[0]), "error": "image file is truncated", "tasks": {}}])
    assert "image file is truncated" in page.bench.notice.text() and page.bench.answers.cards == {}


def test_a_failed_question_is_said(page, workspace, paths):
    page.ask_about([paths[0]])
    reply_to(workspace).failed.emit("Run 002-full has kept no model.", "Train again.")
    reply_to(workspace).ended.emit()
    assert page.bench.notice.text() == "Run 002-full has kept no model. Train again."
    assert page.bench.state.text() == ""


def test_a_folder_becomes_a_table_that_can_be_saved(page, workspace, paths, qtbot, tmp_path):
    page.drop_paths([paths[0].parent])
    qtbot.waitUntil(lambda: len(workspace.model_answers.replies) == 2)
    assert reply_to(workspace).argv[4:] == [str(path) for path in paths]
    document = synthetic.predict_document(paths)
    document[3] = {"image": str(paths[3]), "error": "no picture", "tasks": {}}
    answer(reply_to(workspace), document)
    assert page.bench.table.model.rowCount() == 40
    assert page.bench.state.text() == "39 pictures answered, 1 could not be read"
    page.save_table(tmp_path / "answers.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "answers.csv").read_text(encoding="utf-8"))))
    assert rows[0]["material"] == document[0]["tasks"]["material"]["label"] and rows[3]["error"] == "no picture"


def test_a_row_of_the_table_shows_its_picture(page, workspace, paths, qtbot):
    page.drop_paths([paths[0].parent])
    qtbot.waitUntil(lambda: len(workspace.model_answers.replies) == 2)
    document = synthetic.predict_document(paths)
    answer(reply_to(workspace), document)
    page.bench.table.view.selectRow(5)
    assert page.bench.caption.text() == paths[5].name
    assert page.bench.answers.cards["season"].label.text() == document[5]["tasks"]["season"]["label"]


def test_a_table_that_cannot_be_written_is_said(page, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    page.save_table(tmp_path / "file" / "answers.csv")
    assert "cannot be written" in page.bench.notice.text()


def test_a_picture_on_the_clipboard_is_answered(page, workspace):
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(image)
    page.paste()
    saved = Path(reply_to(workspace).argv[-1])
    assert QImage(str(saved)).size() == image.size()


def test_files_on_the_clipboard_are_answered(page, workspace, paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(paths[2]))])
    QGuiApplication.clipboard().setMimeData(mime)
    page.paste()
    assert reply_to(workspace).argv[-1] == str(paths[2])


def test_an_empty_clipboard_is_said(page):
    QGuiApplication.clipboard().setText("words")
    page.paste()
    assert "no picture on the clipboard" in page.bench.notice.text()


def test_an_empty_folder_is_said(page, tmp_path, qtbot):
    (tmp_path / "bare").mkdir()
    page.drop_paths([tmp_path / "bare"])
    qtbot.waitUntil(page.bench.notice.isVisible)
    assert "There is no picture in" in page.bench.notice.text()


def test_folders_are_searched_in_order(tmp_path):
    for name in ("b/two.JPG", "b/one.png", "a/Ümlaut 图.jpeg", "notes.txt", ".hidden/x.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    found = gather([tmp_path])
    assert [path.name for path in found.pictures] == ["Ümlaut 图.jpeg", "one.png", "two.JPG"]
    assert not found.single and gather([tmp_path / "b/one.png"]).single


def test_answers_of_other_kinds_have_words():
    tasks = {"weight": {"value": 41.72345}, "cells": {"labels": ["RBC"]}}
    document = [{"image": "a.jpg", "error": None, "tasks": tasks}]
    said = parse_answers(document)[0].tasks
    assert (said["weight"].text, said["cells"].text) == ("41.72", "RBC")
    assert to_csv(parse_answers(document)).splitlines()[1] == "a.jpg,,41.7234,,,RBC"
    with pytest.raises(ValueError, match="cannot be read"):
        parse_answers([{"picture": "a.jpg"}])


def test_another_project_clears_the_bench(page, workspace, paths):
    page.ask_about([paths[0]])
    workspace.opened.emit()
    assert page.bench.invitation.isVisible() and page.asked.answers == []


def test_ctrl_v_pastes(page, qtbot):
    QGuiApplication.clipboard().setText("words")
    qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.bench.notice.isVisible)


class StandIn(Camera):
    """A camera that sees what the test shows it."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.running = None

    def missing(self):
        return ""

    def names(self):
        return ["front", "back"]

    def start(self, place):
        self.running = place

    def stop(self):
        self.running = None


@pytest.fixture
def live(page):
    page.live.camera = camera = StandIn(page)
    camera.seen.connect(page.live._on_seen)
    camera.failed.connect(page.live._on_failed)
    page.bench.set_camera("")
    page.bench.camera.click()
    return page.live


def picture_of(colour):
    image = QImage(32, 24, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def test_what_the_camera_sees_is_answered_with_the_space_bar(page, live, workspace, qtbot):
    assert live.isVisible() and live.camera.running == 0 and not live.take.isEnabled()
    live.camera.seen.emit(picture_of("red"))
    live.camera.seen.emit(picture_of("teal"))
    qtbot.keyClick(live.take, Qt.Key.Key_Space)
    taken = Path(reply_to(workspace).argv[-1])
    assert QImage(str(taken)).pixelColor(0, 0) == QColor("teal")
    answer(reply_to(workspace), synthetic.predict_document([taken]))
    assert live.camera.running == 0, "the next picture can be taken at once"
    live.cameras.setCurrentIndex(1)
    live.cameras.activated.emit(1)
    assert live.camera.running == 1
    page.bench.camera.click()
    assert live.camera.running is None and not live.isVisible()


def test_the_camera_is_let_go_with_the_page(page, live):
    page.hide()
    assert live.camera.running is None
    page.show()
    assert live.camera.running == 0
    live.camera.failed.emit("The camera cannot be used: it is busy")
    assert live.problem.isVisible() and not live.take.isEnabled()


def test_without_a_camera_its_button_says_why(page):
    page.bench.set_camera("No camera is connected.")
    assert not page.bench.camera.isEnabled() and page.bench.camera.toolTip() == "No camera is connected."
    without = Camera(page).missing()
    assert ("finetune-workbench[camera]" in without) is (find_spec("PySide6.QtMultimedia") is None)


def test_the_nearest_training_pictures_follow_the_picture(page, workspace, paths):
    page.ask_about([paths[0]])
    answer(reply_to(workspace), synthetic.predict_document(paths[:1]))
    page.bench.neighbours.click()
    asked = ["neighbours", str(workspace.folder), str(paths[0]), "--run", "002-full"]
    assert reply_to(workspace).argv == asked and page.near.isVisible()
    page.ask_about([paths[1]])
    answer(reply_to(workspace), synthetic.predict_document(paths[1:2]))
    assert reply_to(workspace).argv[2] == str(paths[1])
    page.near.chosen.emit(str(paths[2]))
    assert page.neighbours.isVisible() and reply_to(workspace).argv[2] == str(paths[2])
    page.neighbours.close()
    page.bench.neighbours.click()
    assert not page.near.isVisible()


@pytest.fixture
def ridge_page(workspace, show, qtbot):
    run_dir = synthetic.write_run(workspace.folder)
    path = run_dir / "resolved.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('head = "linear"', 'head = "ridge"'), encoding="utf-8")
    made = show(TryPage(workspace))
    qtbot.waitUntil(made.bench.isVisible)
    return made


def test_a_wrong_answer_is_put_right_and_before_and_after_stand_side_by_side(ridge_page, workspace, paths, qtbot):
    page = ridge_page
    page.drop_paths([paths[0]])
    answer(reply_to(workspace), synthetic.predict_document([paths[0]]))
    card = next(iter(page.bench.answers.cards.values()))
    task = next(iter(page.bench.answers.cards))
    qtbot.waitUntil(card.teach.isVisible)
    card.teach.click()
    qtbot.waitUntil(lambda: page.teaching.dialog is not None and page.teaching.dialog.isVisible())
    page.teaching.dialog.setTextValue("something new")
    page.teaching.dialog.accept()
    reply = reply_to(workspace)
    wanted = ["teach", str(workspace.folder), f"something new={paths[0]}", "--run", "001-balanced", "--task", task]
    assert reply.argv == [*wanted, "--validation", "0"]
    assert "Learning" in page.bench.notice.text()
    synthetic.write_run(workspace.folder, run="002-taught")
    reply.answered.emit({"run": "002-taught"})
    reply.ended.emit()
    qtbot.waitUntil(lambda: page.asked.run == "002-taught")
    assert page.beside.run == "001-balanced" and page.bench.choice.other == "001-balanced"


def test_a_picture_that_lies_in_no_file_is_not_taught(ridge_page, workspace):
    page = ridge_page
    image = QImage(9, 9, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QGuiApplication.clipboard().setImage(image)
    page.paste()
    asked = len(workspace.model_answers.replies)
    answer(reply_to(workspace), synthetic.predict_document([page._incoming.pictures[0]]))
    next(iter(page.bench.answers.cards.values())).teach.click()
    assert "lies in no file" in page.bench.notice.text() and page.teaching.dialog is None
    assert len(workspace.model_answers.replies) == asked


def test_heads_that_were_trained_offer_no_teaching(page, workspace, paths):
    page.drop_paths([paths[0]])
    answer(reply_to(workspace), synthetic.predict_document([paths[0]]))
    assert all(card.teach.isHidden() for card in page.bench.answers.cards.values())
