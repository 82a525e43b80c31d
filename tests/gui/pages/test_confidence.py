"""The tab of confidence: its bins, what a threshold would leave, and the run that is calibrated by it."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from tests.gui import kinds_of_tasks as kinds
from workbench.gui.pages.results.page import ResultsPage
from workbench.gui.pages.results.scored.confidence import Calibration, answered, answered_by_class
from workbench.project.scores import reliability


@pytest.fixture
def page(workspace, images, show, qtbot):
    kinds.write_run(workspace.folder, images)
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    show_tab(made, "material")
    return made


def show_tab(page, task):
    """The tab of confidence of a task."""
    page.view.choose_task(task)
    view = page.view.task.view
    view.tabs.setCurrentWidget(view.confidence)
    return view.confidence.panel


@pytest.fixture
def panel(page):
    return page.view.task.view.confidence.panel


def test_bins_hold_their_pictures_and_intervals_their_share():
    confidence = np.array([0.05, 0.52, 0.58, 0.95, 1.0, np.nan])
    right = np.array([False, True, False, True, True, True])
    bins = reliability(confidence, right)
    assert bins.count.tolist() == [1, 2, 2]
    np.testing.assert_allclose(bins.confidence, [0.05, 0.55, 0.975])
    np.testing.assert_allclose(bins.right, [0, 0.5, 1])
    assert (bins.low <= bins.right + 1e-12).all() and (bins.right <= bins.high + 1e-12).all()


def test_a_threshold_leaves_the_surer_answers():
    confidence, right = np.array([0.3, 0.6, 0.9, np.nan]), np.array([False, True, True, False])
    assert answered(confidence, right, 0.0) == (1.0, 0.5)
    assert answered(confidence, right, 0.6) == (0.5, 1.0)
    share, hits = answered(confidence, right, 0.95)
    assert share == 0.0 and np.isnan(hits)


def test_the_slider_says_what_would_be_answered(panel):
    result = panel._result
    assert panel.words.text().startswith("Every picture is answered")
    panel.slider.setValue(70)
    share = float((result.confidence >= 0.7).mean())
    assert panel.words.text().startswith(f"{100 * share:.0f} % of the pictures would be answered")
    assert panel.plot.accessibleDescription() and panel.value.text() == "70 %"


def test_what_a_threshold_leaves_of_each_class():
    target, said = np.array([0, 0, 0, 1, 1, -1]), np.array([0, 0, 1, 1, 0, 1])
    confidence = np.array([0.9, 0.4, 0.8, 0.7, 0.3, 0.95])
    every = answered_by_class(target, said, confidence, 3, 0.0)
    np.testing.assert_allclose(every.recall, [2 / 3, 1 / 2, np.nan])
    np.testing.assert_allclose(every.precision, [2 / 3, 1 / 3, np.nan])
    sure = answered_by_class(target, said, confidence, 3, 0.6)
    np.testing.assert_allclose(sure.coverage, [2 / 3, 1 / 2, np.nan])
    np.testing.assert_allclose(sure.precision, [1.0, 1 / 3, np.nan])
    np.testing.assert_allclose(sure.recall, [1 / 3, 1 / 2, np.nan])
    assert sure.macro_recall == pytest.approx(5 / 12) and sure.macro_precision == pytest.approx(2 / 3)
    none = answered_by_class(target, said, confidence, 3, 1.0)
    assert none.coverage[:2].tolist() == [0, 0] and np.isnan(none.macro_precision) and none.macro_recall == 0


def test_the_table_follows_the_slider(panel, qtbot):
    qtbot.mouseClick(panel.shown.button("table"), Qt.MouseButton.LeftButton)
    assert panel.table.isVisible() and not panel.plot.isVisible()
    result, model = panel._result, panel.table.model
    panel.slider.setValue(80)
    first = result.target == 0
    right = first & (result.prediction == 0) & (result.confidence >= 0.8)
    assert model.index(0, 0).data() == result.classes[0]
    assert model.index(0, 3).data() == f"{100 * right.sum() / first.sum():.0f} %"
    assert model.index(0, 1).data() == f"{100 * (result.confidence[first] >= 0.8).mean():.0f} %"
    assert panel.table.means.text().startswith("Mean over classes: ")


@pytest.mark.parametrize("stored", [True, False])
def test_calibrating_asks_the_engine_which_scores_anew_what_is_stored(page, panel, workspace, qtbot, stored):
    results = page._details.folder / "results" / f"metrics-{page._details.part}.json"
    panel.slider.setValue(60)
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    asked = workspace.model_answers.replies[-1]
    assert asked.argv[0] == "calibrate" and asked.argv[-4:] == ["--abstain", "material=0.6", "--coverage", "0.9"]
    assert page.view.working.isVisible()
    document = json.loads(results.read_text(encoding="utf-8"))
    document["tasks"]["material"]["metrics"]["accuracy"] = 0.5
    results.write_text(json.dumps(document), encoding="utf-8")
    if not stored:
        results.unlink()
    asked.answered.emit({"tasks": {}})
    asked.ended.emit()
    if stored:
        qtbot.waitUntil(lambda: page.view.scores.cards["material"].numbers()[0] == "50.0 %")
        assert workspace.model_answers.replies[-1] is asked and not page.view.working.isVisible()
    else:
        assert workspace.model_answers.replies[-1].argv[0] == "evaluate"


def test_what_is_warned_of_twice_is_said_once(page, panel, workspace, qtbot):
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    reply = workspace.model_answers.replies[-1]
    for _ in range(2):
        reply.warned.emit("2 pictures cannot be read.")
    assert page.view.problem.text() == "2 pictures cannot be read."


def test_a_low_window_scrolls_before_anything_lies_on_the_plot(page, panel, qtbot):
    page.resize(1150, 560)
    for number in range(6):
        page.view.add_warning(f"Something of the kind {number} should be known of these scores.")
    long = "Calibrated on 23 validation pictures, and what came of that takes a few lines to say. " * 4
    panel.state.setText(long)
    panel.show()

    def apart():
        parts = (panel.shown, panel.plot, panel.slider, panel.words, panel.state)
        for above, below in itertools.pairwise(part.geometry() for part in parts):
            assert above.bottom() < below.top()
        assert panel.state.height() >= panel.state.heightForWidth(panel.state.width())

    qtbot.waitUntil(apart)


def test_the_tab_begins_with_what_the_run_is_calibrated_to(panel, qtbot):
    assert panel.state.text() == "This run is not calibrated." and panel.coverage.value() == 90
    fitted = {"temperature": 1.5, "pictures": 240, "coverage": 0.8, "threshold": 0.1, "abstain_below": 0.655}
    better, worse = ({**fitted, "error_before": 0.05, "error": after} for after in (0.03, 0.06))
    panel.set_result(replace(panel._result, calibration=Calibration.read(better)), 0)
    assert (panel.slider.value(), panel.coverage.value()) == (round(65.5), 80)
    assert "temperature 1.50, true class in the set 80 %, abstains below 65.5 %." in panel.state.text()
    assert "off by 5.0 % there before, 3.0 % after" in panel.state.text()
    with qtbot.waitSignal(panel.calibrate_wanted) as asked:
        panel.button.click()
    words = ["--abstain", "material=0.655", "--coverage", "0.8"]
    assert asked.args == [words], "what nobody touched stays exactly as it is"
    panel.set_result(replace(panel._result, calibration=Calibration.read(worse)), 0)
    assert "It made confidence worse there" in panel.state.text()
    panel.set_result(replace(panel._result, calibration=Calibration.read({**better, "threshold": 0, "coverage": 1})), 0)
    assert "So few pictures cannot promise that: the set is every class." in panel.state.text()


def test_labels_are_judged_by_every_decision(page, workspace, qtbot):
    panel = show_tab(page, "present")
    result = panel._result
    bins = reliability(result.probabilities.ravel(), result.target.ravel())
    assert bins.count.sum() == result.target.size and panel.plot._points.data["y"].tolist() == bins.right.tolist()
    assert panel.value.text() == "50 %", "from where on labels are said"
    qtbot.mouseClick(panel.shown.button("table"), Qt.MouseButton.LeftButton)
    panel.slider.setValue(80)
    said = result.probabilities[:, 1] >= 0.8
    cells = [panel.table.model.index(1, column).data() for column in range(4)]
    right = (said & result.target[:, 1]).sum()
    shares = (said.mean(), right / said.sum(), right / result.target[:, 1].sum())
    assert cells == [result.classes[1], *(f"{100 * share:.0f} %" for share in shares)]
    every = result.probabilities >= 0.8
    assert panel.words.text().startswith(f"Of the labels said {100 * result.target[every].mean():.1f} % would be right")
    assert panel.state.text() == "This run is not calibrated."
    fitted = {"temperature": 1.5, "pictures": 240, "coverage": None, "threshold": None, "abstain_below": 0.0}
    fitted = Calibration.read({**fitted, "error_before": 0.05, "error": 0.03})
    panel.set_result(replace(result, calibration=fitted, tells_unknown=True), 0)
    assert panel.state.text() == (
        "Calibrated on 240 validation pictures: temperature 1.50. "
        "Confidence was off by 5.0 % there before, 3.0 % after. "
        f"Unlike anything in training: 0 of {len(result.images)} pictures."
    )
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert workspace.model_answers.replies[-1].argv[0] == "calibrate"
    assert "--abstain" not in workspace.model_answers.replies[-1].argv, "that is for one class alone"


def test_intervals_of_numbers_are_held_against_their_promise(page):
    panel = show_tab(page, "white_cells")
    result = page.view.task._result
    inside = (np.abs(result.residual) <= 1.6448536 * result.spread).mean()
    at = panel.plot._points.data
    assert at["x"].tolist() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] and at["y"][8] == inside
    assert panel.words.text().startswith("The 90 % interval holds 89.0 % of the true numbers.")


def test_masks_say_why_nothing_is_drawn_and_unknown_pictures_are_filtered(page, qtbot):
    panel = show_tab(page, "cell_wall")
    assert "so there is no reliability to draw" in panel.words.text()
    result = page.view.task._result
    unknown = np.arange(len(result.images)) == 2
    marked = replace(result, marks={"unknown": unknown}, tells_unknown=True)
    assert ("unknown", "unlike training") in marked.fields()[0].options
    assert marked.passes("finding", "unknown").tolist() == unknown.tolist()
    panel.set_result(marked, 0)
    assert panel.state.text() == f"Unlike anything in training: 1 of {len(result.images)} pictures."
    with qtbot.waitSignal(page.view.calibrate_wanted) as asked:
        panel.button.click()
    assert asked.args == [[]]


def test_what_goes_wrong_is_said(page, panel, workspace, qtbot):
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("Run 001 has validated nothing.", "Train with a validation part.")
    reply.ended.emit()
    assert page.view.problem.isVisible()
