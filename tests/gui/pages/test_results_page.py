"""The Results page: runs, parts, cells and pictures, scoring, comparison."""

import os
import re

import pytest
from PySide6.QtCore import Qt

from tests.gui import synthetic
from workbench.core.events import Progress, RunEnded, to_json
from workbench.gui.pages.results.document import parse
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.pages.results.runs_panel import made_of
from workbench.gui.pages.results.score_strip import ScoreStrip
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.project.recorder import EVENTS_FILE, Recorder
from workbench.project.report.write import facts_of


@pytest.fixture
def page(workspace, images, show, qtbot):
    synthetic.write_run(workspace.folder, images=images)
    synthetic.write_run(workspace.folder, run="002-full", images=images, preset="full")
    synthetic.write_run(workspace.folder, run="003-probe", end=None, upto=2)
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    return made


def shown_paths(page):
    return [item.path for item in page.view.task.view.pictures.gallery.items()]


def test_without_runs_it_says_what_it_waits_for(workspace, show, qtbot):
    page = show(ResultsPage(workspace))
    assert page.empty.isVisible()
    with qtbot.waitSignal(page.page_requested) as caught:
        page.empty.button.click()
    assert caught.args == ["train"]


def test_the_newest_run_that_answers_is_shown(page):
    assert page.view.title.text() == "002-full"
    assert page.list.names == ["003-probe", "002-full", "001-balanced"]
    assert page.view.parts.current() == "validation"
    assert not page.view.parts.button("test").isEnabled()


def test_score_cards_carry_their_doubt(page, workspace):
    document = synthetic.read_json(workspace.folder / "runs/002-full/results/metrics.json")
    metrics = document["tasks"]["material"]["metrics"]
    low, high = metrics["accuracy_interval"]
    said = page.view.scores.cards["material"].accessibleDescription()
    assert f"{metrics['accuracy'] * 100:.1f} %" in said
    assert f"± {(high - low) * 50:.1f}" in said and "on 40 pictures" in said


def test_a_cell_opens_exactly_its_pictures(page, workspace):
    document = synthetic.read_json(workspace.folder / "runs/002-full/results/metrics.json")
    task = document["tasks"]["material"]
    wrong = next(image for image in task["images"] if image["target"] != image["prediction"])
    cell = (wrong["target"], wrong["prediction"])
    page.view.task.view.matrix.cell_selected.emit(*cell)
    expected = {
        str(workspace.folder / image["image"])
        for image in task["images"]
        if (image["target"], image["prediction"]) == cell
    }
    assert set(shown_paths(page)) == expected
    page.view.task.view.pictures.clear_filter.click()
    assert len(shown_paths(page)) == sum(image["target"] != image["prediction"] for image in task["images"])


def test_the_gallery_changes_its_order(page):
    order = page.view.task.view.pictures.order
    order.setCurrentIndex(order.findData("best"))
    assert all(item.right for item in page.view.task.view.pictures.gallery.items())
    order.setCurrentIndex(order.findData("all"))
    assert len(shown_paths(page)) == 40


def test_a_class_of_the_table_opens_its_pictures(page, workspace):
    page.view.task.view.classes.view.selectRow(2)
    result = page._details.evaluation.tasks["material"]
    assert len(shown_paths(page)) == (result.target == 2).sum()


def test_the_class_table_sorts_by_its_numbers(page):
    table = page.view.task.view.classes.view
    found = table.model().index(0, 2)
    assert re.fullmatch(r"\d+ % (± \d+|\(\d+ to \d+\))", found.data())
    assert "With 95 % confidence" in found.data(Qt.ItemDataRole.ToolTipRole)
    table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    counts = [int(table.model().index(row, 4).data()) for row in range(table.model().rowCount())]
    assert counts == sorted(counts, reverse=True)
    assert table.copied().splitlines()[0].split("\t")[0] == "Class"


def test_names_of_a_table_take_what_numbers_leave_and_numbers_are_never_cut(qtbot):
    view = TableView(TableModel(["Class", "Precise"]))
    qtbot.addWidget(view)
    view.sorted.sourceModel().set_rows([[Cell("a class with a long name"), Cell("93 % (69 to 99)", 0.93)]])
    view.fit_names()
    number, name = view.sizeHintForColumn(1), view.sizeHintForColumn(0)
    view.show()
    header = view.horizontalHeader()
    for width in (number + 9 * name // 10, number + 2 * name):
        view.resize(width, 200)
        qtbot.waitUntil(lambda: header.length() == header.viewport().width())
        assert header.sectionSize(1) >= number
    view.resize(number + name // 5, 200)
    letters = view.fontMetrics().averageCharWidth()
    qtbot.waitUntil(lambda: header.sectionSize(0) == 20 * letters and header.sectionSize(1) >= number)
    view.resize(number + 2 * name, 200)
    qtbot.waitUntil(lambda: header.length() == header.viewport().width())
    words = [Cell("9"), Cell("a class with a long name"), Cell("93 % (69 to 99)", 1.0)]
    view.sorted.sourceModel().set_rows([words], ["", "", ""])
    header.setSectionResizeMode(header.ResizeMode.Interactive)
    view.fit_columns(widest=60)
    assert header.sectionSize(1) == 60 and header.sectionSize(2) >= view.sizeHintForColumn(2) > 60


def test_another_task_and_another_part(page, qtbot):
    qtbot.mouseClick(page.view.scores.cards["season"], Qt.MouseButton.LeftButton)
    assert page.view.chosen_task == "season"
    page.view.parts.button("train").click()
    qtbot.waitUntil(lambda: page._details is not None and page._details.part == "train")
    assert page.view.chosen_task == "season"


def test_a_picture_opens_large_with_its_path(page, qtbot):
    gallery = page.view.task.view.pictures.gallery
    gallery.setCurrentIndex(gallery.model().index(1, 0))
    gallery.picture_activated.emit(gallery.items()[1].path)
    dialog = page.view.task.view.pictures.dialog
    assert dialog.isVisible() and dialog.item() is gallery.items()[1]
    assert dialog.path.text() == gallery.items()[1].path
    qtbot.keyClick(dialog, Qt.Key.Key_PageUp)
    assert dialog.item() is gallery.items()[0] and not dialog.previous.isEnabled()
    dialog.close()


def test_a_part_that_is_not_stored_is_scored_on_request(page, workspace, qtbot, images):
    page.show_run("003-probe")
    qtbot.waitUntil(page.view.missing.isVisible)
    page.view.missing.button.click()
    reply = workspace.model_answers.replies[-1]
    assert reply.argv == ["evaluate", str(workspace.folder), "--run", "003-probe", "--part", "validation"]
    reply.progressed.emit(Progress(what="scoring", done=12, total=48))
    assert page.view.working.words.text() == "Scoring 12 of 48" and page.view.working.bar.value() == 12
    reply.answered.emit(synthetic.evaluate_document(images, run="003-probe"))
    reply.ended.emit()
    qtbot.waitUntil(page.view.scores.isVisible)
    assert page.view.title.text() == "003-probe"


def test_a_part_is_offered_with_whether_its_answers_will_be_kept(page, workspace, qtbot):
    page.show_run("003-probe")
    qtbot.waitUntil(page.view.missing.isVisible)
    assert page.view.parts.current() == "validation"
    assert "kept once the run has ended" in page.view.missing.accessibleDescription()
    (workspace.folder / "runs/002-full/results/metrics-train.json").unlink()
    page.show_run("002-full")
    qtbot.waitUntil(lambda: page.view.title.text() == "002-full")
    page.view.parts.button("train").click()
    qtbot.waitUntil(lambda: "The training pictures" in page.view.missing.accessibleName())
    assert page.view.parts.current() == "train"
    assert "once: the answers are kept" in page.view.missing.accessibleDescription()


@pytest.mark.parametrize("part", ["train", "data"])
def test_a_run_that_was_trained_longer_shows_its_new_results(page, workspace, qtbot, images, part):
    if part == "data":
        page.score_others(["--data", "material=/data/other"])
        reply = workspace.model_answers.replies[-1]
        reply.answered.emit(synthetic.evaluate_document(images, ("material",), run="002-full", part="data"))
        reply.ended.emit()
    else:
        page.view.parts.button("train").click()
    qtbot.waitUntil(lambda: page._details is not None and page._details.part == part)
    folder = workspace.folder / "runs/002-full"
    (folder / "results/metrics-train.json").unlink()
    with Recorder(folder) as recorder:
        recorder.write(RunEnded(status="finished", best=None, elapsed_s=99.0))
    later = (folder / EVENTS_FILE).stat().st_mtime + 5
    os.utime(folder / EVENTS_FILE, (later, later))
    workspace.runs_changed.emit()
    if part == "data":
        qtbot.waitUntil(lambda: page._details.part == "validation")
    else:
        qtbot.waitUntil(page.view.missing.isVisible)
        assert page._details.part == "train"


def test_a_calibration_is_not_put_aside_for_the_end_of_a_run(page, workspace, qtbot):
    page._on_calibrate_wanted([])
    page._show_run()
    qtbot.wait(100)
    assert page.view.working.isVisible()


def scoring_of_train_out_of_sight(page, workspace, qtbot):
    """The reply that a scoring of the training part waits for, while the validation part is looked at."""
    (workspace.folder / "runs/002-full/results/metrics-train.json").unlink()
    page.view.parts.button("train").click()
    qtbot.waitUntil(page.view.missing.isVisible)
    page.view.missing.button.click()
    reply = workspace.model_answers.replies[-1]
    page.view.parts.button("validation").click()
    qtbot.waitUntil(page.view.scores.isVisible)
    return reply


def test_another_part_can_be_looked_at_while_one_is_scored(page, workspace, qtbot, images):
    results = workspace.folder / "runs/002-full/results"
    reply = scoring_of_train_out_of_sight(page, workspace, qtbot)
    reply.progressed.emit(Progress(what="scoring", done=12, total=48))
    reply.warned.emit("2 pictures cannot be read.")
    assert not workspace.model_answers.cancelled and not page.view.problem.isVisible()
    page.view.parts.button("train").click()
    assert page.view.working.isVisible() and page.view.parts.current() == "train"
    document = synthetic.evaluate_document(images, run="002-full", part="train")
    (results / "metrics-train.json").write_text(to_json(document), encoding="utf-8")
    reply.answered.emit(document)
    reply.ended.emit()
    qtbot.waitUntil(lambda: page.view.scores.isVisible() and page._details.part == "train")
    assert page._details.counts and page.view.parts.current() == "train"


def test_scores_that_come_out_of_sight_do_not_take_the_page(page, workspace, qtbot, images):
    reply = scoring_of_train_out_of_sight(page, workspace, qtbot)
    reply.answered.emit(synthetic.evaluate_document(images, run="002-full", part="train"))
    reply.ended.emit()
    qtbot.wait(100)
    assert page._details.part == "validation"


def test_scores_that_will_not_be_kept_are_given_up_for_another_part(page, workspace, qtbot):
    page.show_run("003-probe")
    qtbot.waitUntil(page.view.missing.isVisible)
    page.view.missing.button.click()
    page.view.parts.button("train").click()
    assert workspace.model_answers.cancelled == workspace.model_answers.replies


def test_scoring_can_be_cancelled_and_fail(page, workspace, qtbot):
    page.show_run("003-probe")
    qtbot.waitUntil(page.view.missing.isVisible)
    page.view.missing.button.click()
    page.view.working.cancel.click()
    assert workspace.model_answers.cancelled == workspace.model_answers.replies
    qtbot.waitUntil(page.view.missing.isVisible)
    page.view.missing.button.click()
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("Run 003-probe has kept no model.", "Train again.")
    reply.ended.emit()
    assert page.view.problem.text() == "Run 003-probe has kept no model. Train again."
    qtbot.waitUntil(page.view.missing.isVisible)
    assert page.view.problem.isVisible()


def test_an_answer_to_another_run_is_dropped(page, workspace, qtbot, images):
    page.show_run("003-probe")
    qtbot.waitUntil(page.view.missing.isVisible)
    page.view.missing.button.click()
    reply = workspace.model_answers.replies[-1]
    page.show_run("001-balanced")
    qtbot.waitUntil(lambda: page._details is not None and page._details.run == "001-balanced")
    reply.answered.emit(synthetic.evaluate_document(images, run="003-probe"))
    reply.ended.emit()
    assert page._details.run == "001-balanced"


def test_other_pictures_are_scored(page, workspace, qtbot, images):
    page.score_others(["--data", "material=/data/other"])
    reply = workspace.model_answers.replies[-1]
    assert reply.argv[2:] == ["--run", "002-full", "--data", "material=/data/other"]
    reply.answered.emit(synthetic.evaluate_document(images, ("material",), run="002-full", part="data"))
    reply.ended.emit()
    qtbot.waitUntil(lambda: page._details is not None and page._details.part == "data")
    assert list(page.view.scores.cards) == ["material"]


def test_what_should_be_known_of_scores_is_said_above_them(page, workspace, qtbot, images):
    page.score_others(["--data", "material=/data/other"])
    reply = workspace.model_answers.replies[-1]
    reply.warned.emit("6 pictures of classes unknown to the run cannot be scored.")
    reply.warned.emit("2 pictures cannot be read.")
    reply.answered.emit(synthetic.evaluate_document(images, ("material",), run="002-full", part="data"))
    reply.ended.emit()
    qtbot.waitUntil(lambda: page._details is not None and page._details.part == "data")
    said = page.view.problem
    assert said.isVisible() and said.text() == (
        "6 pictures of classes unknown to the run cannot be scored.\n2 pictures cannot be read."
    )
    page.view.parts.button("validation").click()
    assert not said.isVisible()


def test_runs_are_compared(page):
    page.panel.compare.click()
    assert page.comparison.isVisible()
    titles = [page.comparison.table.model.headerData(c, Qt.Orientation.Horizontal) for c in range(7)]
    assert titles == ["Run", "State", "Started", "Took", "material", "season", "Preset"]
    page.comparison.run_chosen.emit("001-balanced")
    assert not page.comparison.isVisible() and page._run == "001-balanced"


def test_a_run_that_was_made_of_another_says_so_and_why_it_has_no_curves(page, workspace, images, qtbot):
    made = synthetic.write_run(workspace.folder, images=images, run="004-blend")
    synthetic.say_made_of(made, "blend", ["001-balanced", "000-deleted"], share=0.5)
    workspace.runs_changed.emit()
    qtbot.waitUntil(lambda: "004-blend" in page.list.names)
    assert made_of(page.list.run("004-blend")).startswith("blend of 001-balanced, 000-deleted · ")
    page.show_run("004-blend")
    page.view.curves.click()
    qtbot.waitUntil(lambda: page.beside.curves is not None and page.beside.curves.none.isVisible())
    said = page.beside.curves.none.text()
    assert "blend of 001-balanced" in said and not page.beside.curves.plots.isVisible()
    assert said.endswith("For some choose 001-balanced in the list. Deleted since: 000-deleted.")
    assert facts_of(workspace.folder, made, {}).lost == ("000-deleted",), "the report says it too"
    page.show_run("001-balanced")
    qtbot.waitUntil(page.beside.curves.plots.isVisible)
    assert not page.beside.curves.none.isVisible()


def test_curves_of_a_run_on_disk(page, qtbot):
    page.view.curves.click()
    qtbot.waitUntil(lambda: page.beside.curves is not None and page.beside.curves.isVisible())
    assert page.beside.curves.plots.loss.read(20)
    page.view.curves.click()
    assert not page.beside.curves.isVisible() and page.view.scores.isVisible()


def test_arrow_keys_walk_through_the_runs(page, qtbot):
    page.panel.view.setFocus()
    qtbot.keyClick(page.panel.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page._details is not None and page._details.run == "001-balanced")


def test_a_large_result_is_made_on_another_thread(workspace, show, qtbot):
    names = [f"{index}.jpg" for index in range(20_000)]
    synthetic.write_run(workspace.folder, ("material",), images=names, parts=("validation",))
    page = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(page.view.scores.cards))
    order = page.view.task.view.pictures.order
    order.setCurrentIndex(order.findData("all"))
    qtbot.waitUntil(lambda: len(shown_paths(page)) == 20_000)


def test_the_chosen_card_of_many_is_whole_in_sight_also_in_a_narrower_strip(qtbot):
    strip = ScoreStrip()
    qtbot.addWidget(strip)
    strip.resize(880, strip.sizeHint().height())
    strip.show()
    names = [f"task {at}" for at in range(9)]
    document = synthetic.evaluate_document(["a.jpg", "b.jpg"], names)
    strip.set_results(parse(document).tasks, {name: at for at, name in enumerate(names)})
    strip.set_chosen("task 8")
    card = strip.cards["task 8"]

    def whole():
        left = card.mapTo(strip.viewport(), card.rect().topLeft()).x()
        return left >= 0 and left + card.width() <= strip.viewport().width()

    for width in (880, 700, 940):
        strip.resize(width, strip.sizeHint().height())
        qtbot.wait(1)
        qtbot.waitUntil(whole)
