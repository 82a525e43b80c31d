"""The list of backbones: a thousand of them, searched while typing, and those that cannot be built here refused."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.core import catalogue, weights_cache
from workbench.gui.pages.model import installed
from workbench.gui.pages.model.choice import Filter, search
from workbench.gui.pages.model.page import ModelPage


@pytest.fixture
def page(hub, workspace, show, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return show(ModelPage(workspace))


@pytest.fixture
def panel(page):
    return page.left.backbones


def choose_source(panel, name):
    panel.filters.source.setCurrentIndex(panel.filters.source.findData(name))


def test_a_letter_is_answered_before_the_next_is_typed(panel, hub, qtbot):
    choose_source(panel, "both")
    assert len(panel.list.backbones.rows) == len(catalogue.backbones()) + len(hub) > 1000
    begun = time.perf_counter()
    qtbot.keyClicks(panel.filters.search, "resnet 18")
    panel.grab()
    assert time.perf_counter() - begun < 1.0, "nine letters"
    assert 0 < len(panel.list.backbones.rows) < 100


def test_what_is_listed_is_counted(panel, qtbot):
    assert panel.count.text().startswith(f"{len(catalogue.backbones())} of torchvision")
    qtbot.keyClicks(panel.filters.search, "squeezenet1_0")
    assert panel.count.text() == "1 of torchvision, 12 of timm"
    choose_source(panel, "timm")
    assert panel.count.text() == "12 of timm"


def test_names_of_weights_are_searched_too(page):
    found = search(Filter(words="ViT swag_e2e", source="torchvision"), lambda facts: False)
    assert found and all(any("SWAG_E2E" in version.name for version in facts.versions) for facts in found)


def test_only_what_is_on_this_computer(page, panel):
    choose_source(panel, "here")
    assert panel.nothing.isVisible()
    version = catalogue.get("resnet34").versions[0]
    weights_cache.folder().mkdir(parents=True)
    (weights_cache.folder() / weights_cache.file_name(version)).write_bytes(b"weights")
    page.left.downloads.changed.emit()
    assert [facts.name for facts in panel.list.backbones.rows] == ["resnet34"]


def test_families_are_those_of_the_source_and_a_family_stays(panel):
    panel.filters.family.setCurrentIndex(panel.filters.family.findData("ResNet"))
    choose_source(panel, "timm")
    assert panel.filters.wanted().family == "ResNet"
    assert {facts.family for facts in panel.list.backbones.rows} == {"ResNet"}


def test_one_of_timm_is_taken_with_its_default_weights(page, panel, workspace, hub):
    choose_source(panel, "timm")
    panel.list.setCurrentIndex(panel.list.backbones.index(0))
    name = panel.list.backbones.rows[0].name
    assert workspace.project.backbone.name == name
    assert page.backbone.weights.combo.currentData() in ("hub", "default") and page.backbone.weights.combo.count() == 4
    assert "Apache-2.0" in page.backbone.weights.licence.text()


def test_without_timm_one_of_it_is_refused_in_a_sentence(page, panel, workspace, qtbot, monkeypatch):
    monkeypatch.setattr(installed, "timm_installed", lambda: False)
    choose_source(panel, "timm")
    panel.list.setFocus()
    for row in (0, 1):
        QTest.keyClick(panel.list, Qt.Key.Key_Down)
        assert panel.refused.isVisible() and "pip install" in panel.refused.text()
        assert panel.list.currentIndex().row() >= row, "the keys go on through the list"
    assert workspace.project.backbone.name == "mobilenet_v2"
    workspace.set_values("backbone", freeze=1)
    assert panel.refused.isVisible(), "a change elsewhere does not take the sentence away"
    choose_source(panel, "torchvision")
    panel.refused._on_close()
    assert panel.list.currentIndex().data() == "MobileNetV2"


def test_coming_to_the_list_by_keyboard_chooses_nothing(panel, workspace, qtbot):
    qtbot.keyClicks(panel.filters.search, "efficientnet_b")
    panel.activateWindow()
    panel.list.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(panel.list.hasFocus)
    assert workspace.project.backbone.name == "mobilenet_v2" and not panel.list.currentIndex().isValid()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert workspace.project.backbone.name == "efficientnet_b0"


def test_a_row_tells_facts_and_licence(panel):
    index = panel.list.backbones.index(panel.list.backbones.row_of("resnet18"))
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "resnet18" in tip and "69.8 % on ImageNet" in tip and "2015" in tip and "BSD-3-Clause" in tip
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "ResNet-18" in spoken and "45 MB, downloaded once" in spoken
