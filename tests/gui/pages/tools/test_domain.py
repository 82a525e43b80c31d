"""The tool "Another domain": a distance with a map, ways to adapt with what each did, and one domain left out."""

import json

import pytest

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.adaptation import METHODS
from workbench.gui.dropped import sort_out
from workbench.gui.pages.tools.domain.document import (
    ADAPTED_FILE,
    Kept,
    Unscored,
    parse_adapted,
    parse_domains,
    parse_left_out,
    read_adapted,
)
from workbench.gui.pages.tools.domain.panel import DomainPanel
from workbench.gui.pages.tools.domain.words import summary

SCORE = {"score": 0.75, "interval": [0.61, 0.85]}
LOW = {"score": 0.5, "interval": [0.36, 0.64]}


def domains_document(pictures, layers=52):
    """What `domains --json` prints of pictures, the first half the run's own."""
    half = len(pictures) // 2
    label = ["glass", "paper"] * half
    return {
        "run": "001-balanced",
        "source": {"pictures": half, "parts": ["validation"]},
        "target": {"folder": "/elsewhere", "pictures": half, "labelled": {"material": half}},
        "distance": {"value": 1.42, "interval": [1.2, 1.6], "error": 0.145, "pictures": half},
        "batch_norm": layers,
        "tasks": {
            "material": {
                "kind": "single-label",
                "score": "accuracy",
                "rows": [
                    {"on": "validation", "pictures": half, **SCORE},
                    {"on": "target", "pictures": half, **LOW},
                ],
            }
        },
        "map": {
            "method": "pca",
            "explained": [0.3, 0.1],
            "images": pictures,
            "domain": ["source"] * half + ["target"] * half,
            "x": list(range(2 * half)),
            "y": [at % 5 for at in range(2 * half)],
            "tasks": {
                "material": {
                    "kind": "single-label",
                    "classes": ["glass", "paper"],
                    "label": label,
                    "answer": label[::-1],
                }
            },
        },
    }


def adapted_document(target, run="002-adabn", method="adabn", labelled=True):
    """What `adapt --json` prints."""
    rows = [("validation", SCORE, LOW, -0.25, "worse")]
    rows = [("target", LOW, SCORE, 0.25, "better"), *rows] if labelled else rows
    return {
        "run": run,
        "origin": "001-balanced",
        "method": method,
        "target": {"folder": str(target), "pictures": 48, "labelled": {"material": 48} if labelled else {}},
        "tasks": {
            "material": {
                "kind": "single-label",
                "score": "accuracy",
                "rows": [
                    {"on": on, "pictures": 48, "before": before, "after": after, "difference": by, "conclusion": words}
                    for on, before, after, by, words in rows
                ],
                "changed": {"pictures": 48, "share": 0.31, "confidence": [0.7, 0.8]},
            }
        },
    }


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def panel(workspace, images, show, qtbot):
    synthetic.write_run(workspace.folder, images=images)
    panel = show(DomainPanel(workspace), 950, 1300)
    qtbot.waitUntil(lambda: panel.where.runs.count() > 0)
    return panel


def keep(workspace, document):
    """Let a run be there that was adapted."""
    path = workspace.folder / "runs" / document["run"] / ADAPTED_FILE
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    workspace.runs_changed.emit()


def test_without_a_run_it_offers_to_train_one(workspace, show, qtbot):
    panel = show(DomainPanel(workspace), 900, 700)
    assert panel.empty.isVisible() and not panel.where.isVisible() and panel.left_out.isVisible()
    assert "Leave out" in panel.drop_words(sort_out([workspace.folder.parent]))
    assert panel.drop_paths([workspace.folder]) and panel.left_out.folder.path() == workspace.folder
    with qtbot.waitSignal(panel.page_requested) as asked:
        panel.empty.button.click()
    assert asked.args == ["train"]


def test_a_distance_is_asked_for_and_told_with_scores_and_a_map(panel, workspace, images, target):
    assert not panel.distance.ask.isEnabled() and not panel.adapt.go.isEnabled()
    assert panel.drop_words(sort_out([target])) == "Take these as the other domain"
    assert panel.drop_words(sort_out([target / "table.csv"])) == ""
    assert panel.drop_paths([target]) and not panel.drop_paths([target / "file"])
    panel.distance.ask.click()
    reply = workspace.model_answers.replies[-1]
    words = ["--run", "001-balanced", "--target", str(target)]
    assert reply.argv == ["domains", str(workspace.folder), *words]
    reply.answered.emit(domains_document(images))
    reply.ended.emit()
    assert panel.distance.sentence.text() == "1.42 of 2: the model sees a clear difference."
    assert panel.distance.scores.texts()[1:] == [
        ["Validation", "75.0 % (61 to 85)", "20"],
        ["Other domain", "50.0 % (36 to 64)", "20"],
    ]
    assert panel.distance.map.legend.names() == ["The run's own", "Other domain"]
    panel.distance.map.plane.show_point(25)
    assert "Other domain" in panel.distance.map.card.text()
    panel.distance.map.colour.setCurrentIndex(3)
    panel.distance.map.colour.activated.emit(3)
    assert panel.distance.map.legend.names() == ["right", "wrong"]
    panel.where.folder.set_path(None)
    assert not panel.distance.map.isVisible(), "the answer was about another folder"


def test_adapting_is_asked_for_and_shown_beside_the_model_as_it_is(panel, workspace, target, qtbot):
    panel.drop_paths([target])
    panel.adapt.methods.share.setValue(50)
    panel.adapt.go.click()
    reply = workspace.model_answers.replies[-1]
    words = ["--run", "001-balanced", "--target", str(target), "--method", "adabn", "--share", "0.5", "--prior", "16"]
    assert reply.argv == ["adapt", str(workspace.folder), *words]
    keep(workspace, adapted_document(target))
    keep(workspace, adapted_document(target / "other", "003-adabn"))
    reply.answered.emit(adapted_document(target))
    reply.ended.emit()
    qtbot.waitUntil(lambda: len(panel.adapt.done.texts()) > 1)
    titles, before, after = panel.adapt.done.texts()
    assert titles[1] == "Other domain, 48 pictures" and titles[3] == "Validation, 48 pictures"
    assert before[:2] == ["001-balanced, as it is", "50.0 % (36 to 64)"]
    assert after == [
        "002-adabn · New batch-norm statistics",
        "75.0 % (61 to 85)",
        "better",
        "50.0 % (36 to 64)",
        "worse",
        "31 %",
    ]
    assert panel.adapt.go.isEnabled()
    assert panel.adapt.told._text.text().startswith("002-adabn is better on the new pictures. On the run's own it is")


@pytest.mark.parametrize(
    ("there", "here", "level", "words"),
    [
        ("better", "within noise", "good", "is better on the new pictures."),
        ("worse", "within noise", "bad", "keep 001-balanced"),
        ("within noise", "worse", "caution", "worse than 001-balanced"),
        ("within noise", "within noise", "info", "no better"),
    ],
)
def test_gain_and_harm_are_told_in_a_sentence(there, here, level, words):
    document = adapted_document("/elsewhere")
    for row, conclusion in zip(document["tasks"]["material"]["rows"], (there, here), strict=True):
        row["conclusion"] = conclusion
    found = summary(parse_adapted(document))
    assert found[0] == level and words in found[1]


def test_a_run_that_was_stopped_is_scored_when_wanted(panel, workspace, target):
    panel.drop_paths([target])
    panel.adapt._show(Kept([], [Unscored("002-mcc", "001-balanced", str(target)), Unscored("003-mcc", "x", "y")]))
    assert panel.adapt.unscored.isVisible()
    panel.adapt._on_score()
    assert workspace.model_answers.replies[-1].argv == ["adapt", str(workspace.folder), "--score", "002-mcc"]
    assert not panel.adapt.unscored.isVisible()


def test_without_labels_it_says_that_nobody_can_tell(panel, workspace, target, qtbot):
    panel.drop_paths([target])
    keep(workspace, adapted_document(target, labelled=False))
    qtbot.waitUntil(lambda: panel.adapt.said.isVisible())
    assert "no labels" in panel.adapt.said.text()
    assert panel.adapt.done.texts()[0][1] == "Validation, 48 pictures"


def test_ways_that_train_begin_a_run_and_batch_norm_is_greyed_where_there_is_none(panel, workspace, images, target):
    panel.drop_paths([target])
    panel.distance.ask.click()
    workspace.model_answers.replies[-1].answered.emit(domains_document(images, layers=0))
    assert not panel.adapt.methods.segments.button("adabn").isEnabled()
    assert "no batch norm" in panel.adapt.methods.segments.button("adabn").toolTip()
    panel.adapt.methods.segments.button("mcc").click()
    panel.adapt.methods.epochs.setValue(3)
    panel.adapt.go.click()
    words = ("--run", "001-balanced", "--target", str(target), "--method", "mcc", "--set", "recipe.epochs=3")
    assert workspace.asked[-1] == ("adapt", *words)


def test_a_folder_that_is_not_there_is_said(panel, target):
    assert "Choose a folder" in panel.adapt.go.toolTip() and not panel.where.missing.isVisible()
    panel.where.folder.set_path(target / "gone")
    assert panel.where.missing.isVisible() and "There is no folder" in panel.where.missing.text()
    for button in (panel.distance.ask, panel.adapt.go):
        assert not button.isEnabled() and button.toolTip() == panel.where.missing.text()
    panel.where.folder.set_path(target)
    assert panel.distance.ask.isEnabled() and not panel.distance.ask.toolTip() and not panel.where.missing.isVisible()


def test_ways_that_train_are_greyed_where_nothing_can_train_by_them(panel, workspace, images, target, qtbot):
    path = synthetic.write_run(workspace.folder, run="002-few-shot", images=images) / "resolved.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('head = "linear"', 'head = "ridge"'), encoding="utf-8")
    workspace.runs_changed.emit()
    qtbot.waitUntil(lambda: panel.where.runs.count() == 2)
    panel.drop_paths([target])
    ways = panel.adapt.methods.segments
    ways.button("mcc").click()
    panel.where.runs.setCurrentText("002-few-shot")
    panel.where.runs.activated.emit(panel.where.runs.currentIndex())
    assert ways.current() == "adabn" and panel.adapt.go.isEnabled()
    for key in ("mcc", "pseudo-labels"):
        assert not ways.button(key).isEnabled()
        assert "head of material is worked out at once" in ways.button(key).toolTip()
    panel.adapt.methods.set_tasks([{"name": "wall", "kind": "mask", "head": "dense"}])
    assert not ways.button("mcc").isEnabled() and "one class a picture" in ways.button("mcc").toolTip()
    panel.adapt.set_batch_norm(0)
    assert not panel.adapt.go.isEnabled() and "no batch norm" in panel.adapt.go.toolTip()
    panel.where.runs.setCurrentText("001-balanced")
    panel.where.runs.activated.emit(panel.where.runs.currentIndex())
    assert all(ways.button(key).isEnabled() for key in METHODS) and panel.adapt.go.isEnabled()


def test_domains_are_left_out_in_turn(panel, workspace, target):
    card = panel.left_out
    assert not card.ask.isEnabled()
    card.folder.set_path(target)
    workspace.be("running")
    assert not card.ask.isEnabled() and "training" in card.ask.toolTip()
    workspace.be("idle")
    card.ask.click()
    reply = workspace.model_answers.replies[-1]
    words = ["--task", "material", "--in", str(target), "--how", "probe"]
    assert reply.argv == ["leave-one-out", str(workspace.folder), *words]
    row = {"pictures": 48, "classes": 2, "left_out": LOW, "own": SCORE, "difference": -0.25, "conclusion": "worse"}
    domains = [{"name": name, **row} for name in ("north", "south")]
    mean = {"mean": 0.5, "deviation": 0.0, "interval": [0.4, 0.6]}
    document = {"task": "material", "how": "probe", "backbone": "resnet18", "domains": domains, "mean": mean}
    reply.answered.emit(document)
    reply.ended.emit()
    assert card.sentence.text() == (
        "On a domain that was not seen, expect 50.0 % right (40 % to 60 %): the mean of 2 domains."
    )
    assert card.table.texts()[1] == ["north", "48", "50.0 % (36 to 64)", "75.0 % (61 to 85)", "worse"]
    workspace.project_changed.emit()
    assert card.table.isVisible()
    card.how.setCurrentIndex(1)
    assert not card.table.isVisible() and not card.sentence.isVisible(), "the answer was of another way"
    card.ask.click()
    assert not card.ask.isEnabled()
    card.how.setCurrentIndex(0)
    assert card.ask.isEnabled() and not card.working.isVisible()


def test_every_control_has_a_name(panel, target):
    panel.drop_paths([target])
    assert [control for control in controls(panel) if not _name(control)] == []


def test_adapted_runs_are_read_and_others_are_left(workspace, images):
    synthetic.write_run(workspace.folder, images=images)
    keep(workspace, adapted_document("/elsewhere"))
    (workspace.folder / "runs" / "001-balanced" / "checkpoints" / "best").mkdir(parents=True, exist_ok=True)
    kept = read_adapted(workspace.folder)
    assert [each.run for each in kept.adapted] == ["002-adabn"] and kept.unscored == []


def test_what_is_no_answer_is_refused():
    for parse in (parse_domains, parse_adapted, parse_left_out):
        with pytest.raises(ValueError, match="cannot be read"):
            parse({"run": "x"})
