"""What a backbone can begin with: every kind of weights, each with a line on what it means."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import synthetic
from workbench.core import catalogue
from workbench.gui.pages.model.page import ModelPage
from workbench.gui.pages.model.weight_words import Here, where
from workbench.gui.pages.model.weights_choices import weights_choices
from workbench.gui.pages.run_list import RunList


@pytest.fixture
def page(workspace, show, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return show(ModelPage(workspace))


def values(choices):
    return [choice.value for choice in choices]


def starters(monkeypatch, *names):
    """Let starters ship for these alone."""
    file = catalogue.resource("backbones.json")
    monkeypatch.setattr(catalogue, "starter", lambda name: file if name in names else None)


def test_a_starter_stands_first_and_every_version_is_offered(monkeypatch):
    starters(monkeypatch, "resnet50")
    facts = catalogue.get("resnet50")
    choices = weights_choices(facts, "starter", [])
    assert values(choices) == ["starter", "default", "IMAGENET1K_V1", "ask", "none"]
    assert choices[1].title == "default: IMAGENET1K_V2" and "80.9 % on ImageNet" in choices[1].meaning
    assert "ImageNet terms" in choices[2].licence and choices[2].megabytes == pytest.approx(97.8, abs=0.1)
    assert all(choice.meaning for choice in choices)
    starters(monkeypatch)
    assert "starter" not in values(weights_choices(facts, "default", []))


def test_what_the_project_has_is_offered_whatever_it_is(hub):
    facts = next(iter(hub.values()))
    assert values(weights_choices(facts, "hub", []))[:2] == ["hub", "a1_in1k"]
    named = weights_choices(facts, "file:/w/mine.pt", [])
    assert next(choice for choice in named if choice.value == "file:/w/mine.pt").title == "mine.pt"
    unknown = weights_choices(facts, "NO_SUCH_V9", [])
    assert unknown[0].value == "NO_SUCH_V9" and "not known" in unknown[0].meaning


def test_runs_of_the_same_backbone_can_be_gone_on_from(workspace, qtbot, images):
    synthetic.write_run(workspace.folder, images=images)
    synthetic.write_run(workspace.folder, run="002-broken", end="failed")
    runs = RunList(workspace)
    qtbot.waitUntil(lambda: len(runs.runs) == 2)
    choices = weights_choices(catalogue.get("mobilenet_v2"), "default", runs.runs)
    assert [value for value in values(choices) if value.startswith("run:")] == ["run:001-balanced"]
    assert "material" in next(c for c in choices if c.value == "run:001-balanced").meaning
    others = weights_choices(catalogue.get("resnet18"), "default", runs.runs)
    assert not any(value.startswith("run:") for value in values(others))


@pytest.mark.parametrize(("written", "size"), [({}, 96), ({"image_size": 160}, 160)])
def test_a_run_that_is_gone_on_from_brings_its_size_of_pictures_unless_one_is_written(
    page, workspace, written, size
):
    best = synthetic.write_run(workspace.folder, image_size=96) / "checkpoints" / "best"
    best.mkdir(parents=True)
    (best / "weights.safetensors").touch()
    workspace.set_values("recipe", **written)
    page.edits.choose_weights("run:001-balanced")
    assert workspace.project.backbone.weights == "run:001-balanced"
    assert workspace.project.effective().recipe.image_size == size
    workspace.undo()
    assert workspace.project.backbone.weights != "run:001-balanced"
    assert workspace.project.recipe.image_size == written.get("image_size", 224)


def test_a_run_that_has_kept_no_model_is_refused(page, workspace, qtbot):
    synthetic.write_run(workspace.folder)
    before, said = workspace.project, []
    workspace.failed.connect(lambda text, fix: said.append(text))
    with qtbot.waitSignal(page.edits.refused):
        page.edits.choose_weights("run:001-balanced")
    assert said == ["Run 001-balanced has kept no model."] and workspace.project == before


def test_unwritten_weights_are_the_default_ones_and_choosing_writes_them(page, workspace, qtbot):
    weights = page.backbone.weights
    assert weights.combo.currentData() == catalogue.default_weights("mobilenet_v2")
    weights.combo.setCurrentIndex(weights.combo.findData("IMAGENET1K_V1"))
    weights.combo.activated.emit(weights.combo.currentIndex())
    assert workspace.project.backbone.weights == "IMAGENET1K_V1"
    assert "71.9 % on ImageNet" in weights.meaning.text() and "Licence" in weights.licence.text()


def test_weights_that_are_not_here_can_be_downloaded(page, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(page.left.downloads, "download", lambda name, weights: asked.append((name, weights)))
    weights = page.backbone.weights
    assert weights.download.isVisible() and "downloaded once" in weights.meaning.text()
    qtbot.mouseClick(weights.download, Qt.MouseButton.LeftButton)
    assert asked == [("mobilenet_v2", "default")] and page.left.segments.current() == "downloads"
    page.edits.choose_weights("none")
    assert not weights.download.isVisible() and not weights.licence.isVisible()


def test_what_was_downloaded_is_seen_at_once(page, workspace, tmp_path):
    from workbench.core import weights_cache

    facts = catalogue.get("mobilenet_v2")
    weights_cache.folder().mkdir(parents=True)
    (weights_cache.folder() / weights_cache.file_name(facts.versions[0])).write_bytes(b"weights")
    assert page.backbone.weights.download.isVisible()
    page.left.downloads.changed.emit()
    assert not page.backbone.weights.download.isVisible()
    assert "on this computer" in page.backbone.weights.meaning.text()


def test_where_weights_come_from_in_words(monkeypatch):
    facts = catalogue.get("resnet18")
    starters(monkeypatch, "resnet18")
    assert where(facts, True) == "starter · ships with the program" and Here()(facts)
    starters(monkeypatch)
    bare = facts.model_copy(update={"versions": ()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "get", lambda name: bare)
        assert where(bare, False) == "no pretrained weights" and not Here()(bare) and Here()(bare, "none")
        assert weights_choices(bare, "none", [])[-1].value == "none"
    assert where(facts, False) == "45 MB, downloaded once" and where(facts, True) == "on this computer"


def test_specific_weights_are_set_back_for_another_backbone_and_random_ones_stay(page, workspace, qtbot):
    page.edits.choose_weights("IMAGENET1K_V1")
    with qtbot.waitSignal(workspace.said):
        page.edits.choose_backbone("resnet18")
    assert workspace.project.effective().backbone.weights == catalogue.default_weights("resnet18")
    page.edits.choose_weights("none")
    page.edits.choose_backbone("mobilenet_v2")
    assert workspace.project.backbone.weights == "none"


def test_a_backbone_of_another_version_of_the_program_is_said_and_not_lost(page, workspace):
    workspace.set_values("backbone", name="no_such_backbone")
    assert "not a known backbone" in page.backbone.misfit.text() and not page.backbone.weights.isVisible()
    page.edits.choose_backbone("resnet18")
    assert page.backbone.weights.isVisible() and not page.backbone.misfit.isVisible()


def test_pictures_of_a_size_that_does_not_fit_are_told_of(page, workspace):
    workspace.set_values("backbone", name="inception_v3")
    workspace.set_values("recipe", image_size=32)
    assert page.backbone.misfit.isVisible() and "32" in page.backbone.misfit.text()


def test_arrow_keys_open_the_list_and_enter_chooses(page, workspace, qtbot):
    combo = page.backbone.weights.combo
    page.activateWindow()
    combo.setFocus()
    qtbot.waitUntil(combo.hasFocus)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    qtbot.waitUntil(combo.view().isVisible)
    QTest.keyClick(combo.view(), Qt.Key.Key_End)
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.project.effective().backbone.weights == "none")
