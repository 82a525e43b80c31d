"""Advice on the model page: asked for, watched, stopped, read, sorted, used, and told when it is out of date."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui import advice_documents as documents
from tests.gui.test_names_and_words import _name, controls
from workbench.core import catalogue, weights_cache
from workbench.core.events import Progress
from workbench.gui.pages.model.advice.document import parse_advice, read_advice
from workbench.gui.pages.model.advice.rows import ACTION, Now, TaskColumn, rows, scale, titles
from workbench.gui.pages.model.advice.words import in_titles
from workbench.gui.pages.model.page import ModelPage

HERE = ("mobilenet_v2", "squeezenet1_0")


@pytest.fixture
def fetched(tmp_path, monkeypatch):
    """Weights of two backbones are on this computer."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    weights_cache.folder().mkdir(parents=True)
    for name in HERE:
        version = catalogue.get(name).versions[0]
        (weights_cache.folder() / weights_cache.file_name(version)).write_bytes(b"weights")


@pytest.fixture
def opened(fetched, show):
    """Shows the page's advice for a workspace."""

    kept = []

    def opening(workspace):
        kept.append(show(ModelPage(workspace)))
        kept[-1].left.segments.button("advice").click()
        return kept[-1].left.advice

    yield opening
    kept.clear()


def keep(workspace, document):
    (workspace.folder / "advice").mkdir(exist_ok=True)
    (workspace.folder / "advice" / "advice.json").write_text(json.dumps(document), encoding="utf-8")


def ticked(advice):
    return {name for (name, _), row in advice.setup.rows.items() if row.tick.isChecked()}


def test_those_that_are_here_are_ticked_and_the_others_can_be_downloaded(opened, workspace, qtbot):
    advice = opened(workspace)
    assert advice.setup.isVisible() and set(HERE) <= ticked(advice)
    absent = advice.setup.rows["resnet50", catalogue.default_weights("resnet50")]
    assert not absent.tick.isEnabled() and absent.download.text() == "Download 98 MB"
    with qtbot.waitSignal(advice.download_requested) as asked:
        qtbot.mouseClick(absent.download, Qt.MouseButton.LeftButton)
    assert asked.args[0] == "resnet50"
    plan = advice.setup.plan.text()
    assert "192 pictures" in plan and "roughly" in plan and "nothing is downloaded" in plan


def test_it_is_asked_watched_and_answered(opened, workspace, qtbot):
    advice = opened(workspace)
    chosen = [f"{row.facts.name}@{row.weights}" for row in advice.setup.chosen()]
    advice.activateWindow()
    advice.setup.start.setFocus()
    qtbot.waitUntil(advice.setup.start.hasFocus)
    QTest.keyClick(advice.setup.start, Qt.Key.Key_Space)
    reply = workspace.model_answers.replies[-1]
    folder = str(workspace.folder)
    assert reply.argv == ["advise", folder, "--backbones", ",".join(chosen), "--images", "500"]
    assert advice.working.isVisible() and not advice.setup.start.isEnabled() and advice.working.cancel.hasFocus()
    reply.progressed.emit(Progress(what="mobilenet_v2 (1 of 2): looking", done=20, total=480))
    assert advice.working.words.text() == "MobileNetV2 (1 of 2): looking 20 of 480"
    reply.answered.emit(documents.advise_document())
    reply.ended.emit()
    assert not advice.working.isVisible() and advice.result.isVisible() and not advice.setup.isVisible()
    assert advice.result.table.hasFocus(), "the keys stay with what is in sight"
    assert advice.result.sentence.text().startswith("Take MobileNetV3 Small: ") and not advice.result.stale.isVisible()
    assert "does not promise" in advice.result.caption.text()


def test_it_can_be_stopped_and_a_failure_is_said(opened, workspace):
    advice = opened(workspace)
    advice.setup.start.click()
    advice.working.cancel.click()
    assert workspace.model_answers.cancelled == [workspace.model_answers.replies[-1]]
    assert not advice.working.isVisible() and advice.setup.start.isEnabled()
    advice.setup.start.click()
    workspace.model_answers.replies[-1].failed.emit("No picture could be read.", "Look at the Data page.")
    workspace.model_answers.replies[-1].ended.emit()
    assert advice.problem.isVisible() and "Data page" in advice.problem.text()


def test_what_is_ticked_off_is_not_compared_and_nothing_cannot_be(opened, workspace):
    advice = opened(workspace)
    for (name, _), row in advice.setup.rows.items():
        if name != "squeezenet1_0" and row.tick.isChecked():
            row.tick.click()
    advice.refresh()
    assert ticked(advice) == {"squeezenet1_0"}
    advice.setup.start.click()
    assert "squeezenet1_0@" in workspace.model_answers.replies[-1].argv[3]
    assert "," not in workspace.model_answers.replies[-1].argv[3]
    advice.working.cancel.click()
    advice.setup.rows["squeezenet1_0", "default"].tick.click()
    assert not advice.setup.start.isEnabled() and "Choose" in advice.setup.plan.text()


def test_what_is_kept_is_shown_again_and_a_change_is_said(opened, workspace, qtbot):
    keep(workspace, documents.advise_document())
    advice = opened(workspace)
    qtbot.waitUntil(advice.result.isVisible)
    assert not advice.result.stale.isVisible()
    workspace.set_values("recipe", image_size=96)
    assert "224 px" in advice.result.stale.text() and "96 px" in advice.result.stale.text()
    workspace.undo()
    workspace.report["tasks"]["season"]["count"] = 300
    workspace.report_changed.emit()
    assert advice.result.stale.isVisible() and "pictures have changed" in advice.result.stale.text()
    workspace.remove_task("season")
    assert "tasks have changed" in advice.result.stale.text()


def test_a_row_is_used_by_mouse_and_by_keyboard(opened, workspace, qtbot):
    keep(workspace, documents.advise_document(measured=("mobilenet_v2", "resnet18", "squeezenet1_0")))
    advice = opened(workspace)
    qtbot.waitUntil(advice.result.isVisible)
    table = advice.result.table
    assert [table.model().index(row, ACTION).data() for row in range(4)] == ["In use", "Use", "Use", "Download"]
    table.scrollTo(table.model().index(1, ACTION))
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, ACTION)).center()
    )
    assert workspace.project.backbone.name == "resnet18" and workspace.project.backbone.weights == "default"
    assert [table.model().index(row, ACTION).data() for row in range(3)] == ["Use", "In use", "Use"]
    table.setCurrentIndex(table.model().index(2, 0))
    assert "SqueezeNet 1.0" in advice.result.detail.text() and "735 k parameters" in advice.result.detail.text()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert workspace.project.backbone.name == "squeezenet1_0"
    table.setCurrentIndex(table.model().index(3, 0))
    with qtbot.waitSignal(advice.download_requested) as asked:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == ["resnet50", "default"]


def test_titles_sort_and_what_was_not_measured_stays_behind(opened, workspace, qtbot):
    keep(workspace, documents.advise_document())
    advice = opened(workspace)
    qtbot.waitUntil(advice.result.isVisible)
    table = advice.result.table
    names = [table.model().headerData(column, Qt.Orientation.Horizontal) for column in range(9)]
    figures = ["Pictures/s", "Memory", "ImageNet"]
    assert names == ["Rank", "Backbone", "", "material", "season", "Mean rank", *figures]
    header = table.horizontalHeader()
    for column in (0, 5, 7):
        table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        assert table.model().index(3, 1).data() == "ResNet-50"
    place = header.sectionViewportPosition(6) + header.sectionSize(6) // 2
    for _ in range(2):  # ascending, then descending
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 8))
    speeds = [float(table.model().index(row, 6).data().replace(",", "")) for row in range(3)]
    assert speeds == sorted(speeds, reverse=True) and table.model().index(3, 6).data() == "–"


def test_tied_ones_are_marked_in_words_and_scores_share_a_scale():
    advice = parse_advice(documents.advise_document(failed=("vgg11",)))
    columns = [TaskColumn("material", "single-label", 0), TaskColumn("season", "number", 1)]
    now = Now(("resnet18", "default"), frozenset({("resnet50", "default")}))
    table = rows(advice, columns, now)
    assert [row[0].second.strip() for row in table] == ["≈ best", "≈ best", "", "", ""]
    assert {(row[3].span.low, row[3].span.high) for row in table[:3]} == {scale(advice, "material")}
    assert table[0][3].text == "86 % ± 2" and "nearest neighbours: 80 %" in table[0][3].help
    assert table[0][4].text == "0.75 ± 0.02" and "R²" in table[0][4].help
    assert [row[5].text for row in table] == ["1.0", "2.0", "3.0", "–", "–"]
    assert table[3][ACTION].text == "Here now" and table[4][1].second == "could not be measured"


def test_the_other_ways_of_asking_take_the_columns_and_sort_them(opened, workspace, qtbot):
    keep(workspace, documents.advise_document())
    advice = opened(workspace)
    qtbot.waitUntil(advice.result.isVisible)
    table, way = advice.result.table, advice.result.way
    assert [way.itemText(at) for at in range(way.count())] == ["linear probe", "nearest neighbours", "LogME"]
    table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    for at, text in ((1, "76 %"), (2, "0.370"), (0, "83 % ± 2")):
        way.setCurrentIndex(at)
        assert [table.model().index(row, 3).data() for row in (0, 1)] == ["–", text]
    assert "LogME" in titles([TaskColumn("material", "single-label", 0)], "logme")[1][3]


def test_scores_of_logme_may_be_below_zero():
    document = documents.advise_document()
    for row in document["backbones"][:3]:
        row["tasks"]["material"]["logme"] = -0.42
        row["tasks"]["season"]["logme"] = None
    advice = parse_advice(document)
    assert scale(advice, "material", "logme") == pytest.approx((-0.5, -0.4))
    cells = rows(advice, [TaskColumn(task, "single-label", 0) for task in documents.TASKS], Now(("", "")), "logme")[0]
    assert cells[3].text == "-0.420" and cells[4].text == "–"


def test_the_reason_why_one_could_not_be_measured_is_in_sight(opened, workspace, qtbot):
    document = documents.advise_document(measured=("mobilenet_v2",), absent=(), failed=("vgg11",))
    document["backbones"][0] |= {"weights": "file:mine.pt", "accuracy_of": "backbone"}
    keep(workspace, document)
    advice = opened(workspace)
    qtbot.waitUntil(advice.result.isVisible)
    table = advice.result.table
    assert "mine.pt" in advice.result.detail.text() and table.model().index(0, 8).data() == "(72.2 %)"
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert "The file of its weights is damaged." in advice.result.detail.text()
    assert "damaged" in table.accessibleDescription()


def test_tab_goes_down_the_list_and_then_to_the_button(opened, workspace, qtbot):
    advice = opened(workspace)
    advice.activateWindow()
    rows = list(advice.setup.rows.values())
    wanted = [row.tick if row.candidate.here else row.download for row in rows] + [advice.setup.start]
    qtbot.waitUntil(rows[-1].isVisible)
    wanted[0].setFocus()
    qtbot.waitUntil(wanted[0].hasFocus)
    for control in wanted[1:]:
        QTest.keyClick(advice.window().focusWidget(), Qt.Key.Key_Tab)
        assert control.hasFocus()


def test_one_task_has_no_mean_rank():
    advice = parse_advice(documents.advise_document(("material",)))
    columns = [TaskColumn("material", "single-label", 0)]
    assert "Mean rank" not in titles(columns)[0]
    assert len(rows(advice, columns, Now(("", "")))[0]) == len(titles(columns)[0])


def test_backbones_are_called_by_their_titles():
    names = ("resnet18", "resnet101", "mobilenet_v2", "timm/of_nowhere")
    said = in_titles("Take resnet18: not resnet101, nor mobilenet_v2_x nor timm/resnet18 (file resnet18.pt).", names)
    assert said.startswith("Take ResNet-18: not ResNet-101, nor mobilenet_v2_x nor timm/resnet18")
    assert in_titles("timm/of_nowhere (1 of 2): probing", names) == "timm/of_nowhere (1 of 2): probing"
    assert in_titles("reading", ()) == "reading"


def test_a_task_that_was_left_out_is_told_of_and_is_no_change(opened, workspace, qtbot):
    document = {**documents.advise_document(("material",)), "left_out": {"season": "fewer than 10 pictures"}}
    keep(workspace, document)
    advice = opened(workspace)
    qtbot.waitUntil(advice.result.isVisible)
    assert not advice.result.stale.isVisible()
    assert "season is left out: fewer than 10 pictures." in advice.result.caption.text()


@pytest.mark.parametrize("broken", ["{", "[1]", '{"backbones": [{}], "advice": "", "images": 1, "seconds": 1}'])
def test_advice_that_cannot_be_read_is_said(opened, workspace, qtbot, broken):
    keep(workspace, {})
    (workspace.folder / "advice" / "advice.json").write_text(broken, encoding="utf-8")
    advice = opened(workspace)
    qtbot.waitUntil(advice.problem.isVisible)
    assert "again" in advice.problem.text() and advice.setup.isVisible()
    with pytest.raises(ValueError, match="again"):
        read_advice(workspace.folder)


def test_without_pictures_and_with_masks_alone_it_says_what_is_missing(opened, workspace, qtbot):
    advice = opened(workspace)
    for task in ("material", "season"):
        workspace.remove_task(task)
    assert advice.empty.isVisible() and advice.empty.accessibleName() == "Add pictures first."
    with qtbot.waitSignal(advice.data_requested):
        advice.empty.button.click()
    from workbench.core.project import Task

    workspace.add_tasks([Task(name="walls", kind="mask", source="images", masks="masks")])
    assert "Masks are not compared" in advice.empty.accessibleName() and not advice.empty.button.isVisible()


def test_a_run_has_the_computer_for_itself(opened, workspace):
    advice = opened(workspace)
    advice.setup.start.click()
    workspace.be("running")
    assert workspace.model_answers.cancelled and not advice.working.isVisible()
    assert not advice.setup.start.isEnabled() and "training" in advice.setup.plan.text()
    workspace.be("idle")
    assert advice.setup.start.isEnabled()


def test_every_control_has_a_name_and_a_hundred_long_rows_fit(opened, workspace, qtbot, look, hub):
    measured = [*list(catalogue.backbones())[:60], *list(hub)[:40]]
    keep(workspace, documents.advise_document(measured=measured))
    advice = opened(workspace)
    qtbot.waitUntil(advice.result.isVisible)
    assert advice.result.table.model().rowCount() == 101
    assert all(_name(control) for control in controls(advice))
    advice.result.again.click()
    assert advice.setup.isVisible() and advice.setup.back.isVisible()
    assert all(_name(control) for control in controls(advice))
    advice.setup.back.click()
    assert advice.result.isVisible() and not advice.window().grab().isNull()
