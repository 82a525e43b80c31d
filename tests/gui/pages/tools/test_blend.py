"""The tool "Blend": shares are asked for one after another, read by a slider, and kept; runs are averaged."""

import pytest
from PySide6.QtCore import Qt

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.cli.points import difference_words
from workbench.gui.dropped import sort_out
from workbench.gui.pages.tools.blend.curve_store import COARSE, CurveStore
from workbench.gui.pages.tools.blend.document import GREEDY, TaskScore, parse_blends, parse_soup
from workbench.gui.pages.tools.blend.panel import BlendPanel
from workbench.gui.pages.tools.blend.words import best_sentence, difference_cell, hindrance
from workbench.project.way_back import WayBack, read_way_back

TASKS = ("material", "season")


def scores(value, conclusion="noise", difference=0.0):
    task = {
        "kind": "single-label",
        "metric": "accuracy",
        "score": value,
        "interval": [value - 0.05, value + 0.04],
        "count": 48,
        "difference": difference,
        "p": 0.5,
        "conclusion": conclusion,
    }
    return {"score": value, "tasks": dict.fromkeys(TASKS, task)}


def blend_document(share, value=0.8, kept=None, where=("validation",), **more):
    """What `blend --json` prints of one share."""
    return {
        "run": "001-balanced",
        "kept": kept,
        "curves": {each: [{"share": share, **scores(value, **more)}] for each in where},
    }


def soup_document(kept=None):
    """What `soup --json` prints of two runs."""
    models = {"001-balanced": 0.8, "002-full": 0.7}
    return {
        "part": "validation",
        "runs": {run: {"scores": {"validation": scores(value)}} for run, value in models.items()},
        "best": "001-balanced",
        "uniform": {"runs": list(models), "scores": {"validation": scores(0.85, "better", 0.05)}},
        "greedy": {"runs": ["001-balanced"], "scores": {"validation": scores(0.8)}},
        "kept": kept,
    }


@pytest.fixture
def panel(workspace, images, qtbot):
    for run in ("001-balanced", "002-full"):
        synthetic.write_run(workspace.folder, TASKS, run=run, images=images)
    made = BlendPanel(workspace)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    qtbot.waitUntil(lambda: made.blend.choice.run is not None)
    return made


def answer(workspace, document):
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit(document)
    reply.ended.emit()
    return reply.argv


def test_the_curve_is_drawn_coarsely_first(panel, workspace):
    card = panel.blend
    card.choice.runs.setCurrentText("001-balanced")
    card.score.click()
    asked = []
    while card._asking.open:
        share = float(workspace.model_answers.replies[-1].argv[5])
        asked.append(share)
        answer(workspace, blend_document(share, value=0.5 + 0.3 * share))
    assert asked == list(COARSE) and card.score.isEnabled()
    assert workspace.model_answers.replies[-1].argv[:4] == ["blend", str(workspace.folder), "--run", "001-balanced"]
    assert [series.name for series in card.plot.series] == list(TASKS)
    assert [point[0] for point in card.plot.series[0].points] == [100 * share for share in sorted(COARSE)]
    assert card.sentence.text() == "On validation no blend scored so far is better than the trained model."


def test_the_slider_reads_the_curve_and_its_share_is_scored_when_it_rests(panel, workspace, qtbot):
    card = panel.blend
    for share in (1.0, 0.0):
        card._on_answered(parse_blends(blend_document(share, value=share)))
    card.slider.setFocus()
    card.slider.setValue(40)
    assert card.share.text() == "40 % trained" and card.plot.cursor_x == 40
    assert card.table.texts()[1] == ["material", "about 40.0 %", "not scored yet"]
    qtbot.waitUntil(lambda: card._asking.open)
    assert workspace.model_answers.replies[-1].argv[5] == "0.4"
    answer(workspace, blend_document(0.4, value=0.66, difference=-0.34, conclusion="worse"))
    assert card.table.texts()[1] == ["material", "66.0 % (61.0 to 70.0)", "−34.0 points, worse"]
    qtbot.keyClick(card.plot, Qt.Key.Key_Left)
    assert card.slider.value() == 0


def test_a_blend_is_kept_as_a_run(panel, workspace, qtbot):
    card = panel.blend
    card.slider.setValue(60)
    with qtbot.waitSignal(workspace.runs_changed):
        card.keep.click()
        argv = answer(workspace, blend_document(0.6, kept="003-blend"))
    assert argv[-3:] == ["--share", "0.6", "--keep"]
    assert "Kept as run 003-blend" in card.told.text() and card.told.isVisible()
    with qtbot.waitSignal(card.page_requested) as asked:
        card._on_results()
    assert asked.args == ["results"]


def test_other_pictures_are_asked_for_and_drawn_open(panel, workspace, tmp_path):
    card = panel.blend
    (tmp_path / "other").mkdir()
    assert panel.drop_words(sort_out([tmp_path / "other"])) and not panel.drop_words(sort_out([tmp_path / "a.jpg"]))
    assert panel.drop_paths([tmp_path / "other"])
    card.score.click()
    assert workspace.model_answers.replies[-1].argv[-2:] == ["--data", f"material={tmp_path / 'other'}"]
    answer(workspace, blend_document(1.0, where=("validation", "data")))
    assert [(series.name, series.hollow) for series in card.plot.series] == [
        ("material", False),
        ("season", False),
        ("material (other pictures)", True),
        ("season (other pictures)", True),
    ]
    card.choice.folder.set_path(tmp_path / "nowhere")
    assert not card.plot.series and not card.score.isEnabled() and "no folder" in card.score.toolTip()


@pytest.mark.parametrize(("against", "told"), [("random", "random weights"), ("heads", "epoch 4, when only its heads")])
def test_where_nothing_can_be_blended_it_says_why(panel, workspace, qtbot, against, told):
    card = panel.blend
    assert card.score.isEnabled() and not card.against.isVisible()
    card._on_way(WayBack("002-full", against, 4))
    assert told in card.against.text() and card.against.isVisible()
    for button in (card.score, card.keep):
        assert not button.isEnabled() and button.toolTip() == card.against.text()
    card.choice.runs.setCurrentText("001-balanced")
    card.choice._on_run()
    qtbot.waitUntil(lambda: card._way is not None)
    assert card.score.isEnabled() and card.keep.isEnabled() and not card.against.isVisible()


@pytest.mark.parametrize(("upto", "against", "epoch"), [(4, "heads", 4), (9, "", 9)])
def test_it_depends_on_what_had_trained_when_the_run_was_best(tmp_path, upto, against, epoch):
    found = read_way_back(synthetic.write_run(tmp_path, end=None, upto=upto))
    assert found.against == against and 0 < found.epoch <= epoch


def test_random_weights_have_none_and_of_what_was_made_only_the_weights_tell(tmp_path):
    run_dir = synthetic.write_run(tmp_path, end=None, upto=4)
    synthetic.say_made_of(run_dir, "soup", ["001-balanced"])
    assert read_way_back(run_dir) == WayBack("001-balanced", "")
    path = run_dir / "resolved.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("0" * 64, ""), encoding="utf-8")
    assert read_way_back(run_dir).against == "random"


@pytest.mark.parametrize(("upto", "against"), [(4, "heads"), (9, "")])
def test_a_run_with_another_head_has_the_backbone_of_its_origin(tmp_path, upto, against):
    synthetic.write_run(tmp_path, end=None, upto=upto)
    taught = synthetic.write_run(tmp_path, run="002-taught", end=None, upto=1)
    synthetic.say_made_of(taught, "teach", ["001-balanced"])
    found = read_way_back(taught)
    assert found == WayBack("002-taught", against)
    assert ("002-taught has the pretrained backbone still" in hindrance(found)) == bool(against)


def test_what_goes_wrong_with_one_share_ends_the_curve(panel, workspace):
    card = panel.blend
    card.score.click()
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("Run 001 began with random weights.", "Choose another.")
    reply.ended.emit()
    assert not card._asking.open and card._store.left == 0
    assert "random weights" in card._asking.problem.text()


def test_runs_are_averaged_and_the_average_is_kept(panel, workspace):
    card = panel.soup
    assert not card.go.isEnabled()
    for box in card.boxes.values():
        box.click()
    card.go.click()
    assert answer(workspace, soup_document())[2:] == ["--runs", "001-balanced", "--runs", "002-full"]
    texts = card.table.texts()
    assert [row[0] for row in texts[1:]] == ["001-balanced", "002-full", "Average of all 2", "Greedy average of 1"]
    assert texts[3][2] == "+5.0 points, better" and texts[1][2] == ""
    assert "the greedy average takes: 001-balanced" in card.basis.text()
    card.keep_greedy.click()
    assert answer(workspace, soup_document("003-soup"))[-2:] == ["--keep", "--greedy"]
    assert card.told.text() == "Kept as run 003-soup."
    card.boxes["002-full"].click()
    assert not card.table.isVisible()


def test_nothing_is_kept_while_a_run_trains(panel, workspace):
    workspace.be("running")
    assert not panel.blend.keep.isEnabled() and "training" in panel.blend.keep.toolTip()


def test_every_control_has_a_name(panel):
    assert all(_name(control) for control in controls(panel))


def test_without_a_run_it_says_how_to_get_one(workspace, qtbot):
    panel = BlendPanel(workspace)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.empty.isVisible() and not panel.blend.isVisible()
    with qtbot.waitSignal(panel.page_requested) as asked:
        panel.empty.button.click()
    assert asked.args == ["train"]


def test_the_store_asks_for_what_is_not_known_and_reads_between():
    store = CurveStore()
    store.add(parse_blends(blend_document(0.0, value=0.2)))
    store.add(parse_blends(blend_document(1.0, value=0.6)))
    assert store.between("validation", "material", 0.25) == pytest.approx(0.3)
    assert store.between("data", "material", 0.25) is None
    store.want_all(0.33)
    assert [store.next() for _ in range(4)] == [0.5, 0.25, 0.75, 0.33]
    store.want_first(0.1)
    assert store.next() == 0.1
    store.want_first(1.0)
    assert store.next() == 0.125


def test_the_best_share_in_words():
    found = [parse_blends(blend_document(share, value)) for share, value in ((1.0, 0.8), (0.5, 0.9))]
    points = {share: scored for each in found for share, scored in each.curves["validation"].items()}
    assert best_sentence(points, "validation") == (
        "On validation the highest is 50 % trained: 90.0 % against 80.0 %, which is within noise."
    )
    better = parse_blends(blend_document(0.5, 0.9, conclusion="better", difference=0.1)).curves["validation"]
    assert "beyond noise in material, season" in best_sentence({**points, **better}, "validation")
    assert best_sentence({1.0: points[1.0]}, "validation") == ""


@pytest.mark.parametrize("parse", [parse_blends, parse_soup])
def test_something_else_is_refused(parse):
    with pytest.raises(ValueError, match="cannot be read"):
        parse({"curves": {"validation": [{}]}})
    assert parse_soup(soup_document()).models["validation"][GREEDY].score == 0.8


@pytest.mark.parametrize(
    ("kind", "difference", "said"),
    [
        ("single-label", -0.25, "−25.0 points, worse"),
        ("multi-label", -0.25, "labels right −25.0 points, worse"),
        ("number", -0.25, "mean error 0.25 larger, worse"),
        ("number", 0.25, "mean error 0.25 smaller, better"),
    ],
)
def test_a_difference_says_what_it_is_of(kind: str, difference: float, said: str) -> None:
    """R² stands beside the difference of mean errors: it is no difference of R²."""
    task = {"kind": kind, "difference": difference, "conclusion": said.rsplit(", ", 1)[1], "p": 0.01}
    assert difference_words(task) == said
    score = TaskScore(kind, "metric", 0.5, None, 8, difference, task["conclusion"])
    assert difference_cell(score).text == said
