"""Weights on the model page: listed, fetched one after another, stopped, gone on with, and removed."""

import pytest
from PySide6.QtCore import Qt

from tests.file_server import serving
from tests.gui.test_names_and_words import _name, controls
from workbench.core import catalogue, weights_cache
from workbench.core.events import Progress
from workbench.core.file_lock import locked_file
from workbench.gui.answers import Answers
from workbench.gui.pages.model.downloads.panel import DownloadsPanel
from workbench.gui.pages.model.page import ModelPage


def file_of(name):
    return weights_cache.file_name(catalogue.get(name).versions[0])


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Two backbones' weights, the beginning of a third's, and a file that nobody knows."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    folder = weights_cache.folder()
    folder.mkdir(parents=True)
    (folder / file_of("resnet18")).write_bytes(bytes(3_000_000))
    (folder / file_of("mobilenet_v2")).write_bytes(bytes(1_000_000))
    (folder / f"{file_of('resnet50')}.part").write_bytes(bytes(2_000_000))
    (folder / "mine.pth").write_bytes(bytes(500_000))
    return folder


@pytest.fixture
def panel(cache, workspace, show, qtbot):
    """The view as the page shows it, with its list read."""
    page = show(ModelPage(workspace))
    page.left.segments.button("downloads").click()
    panel = page.left.downloads
    qtbot.waitUntil(lambda: len(panel.rows) == 4)
    yield panel
    assert page is not None  # it lives as long as its view is looked at


def row_of(panel, name):
    return next(row for row in panel.rows if row.entry.backbone == name)


def test_what_is_here_is_listed_with_size_and_licence(panel, cache):
    assert [row.title.text() for row in panel.rows] == [
        "ResNet-18 · IMAGENET1K_V1",
        "MobileNetV2 · IMAGENET1K_V2",
        "mine.pth",
        "ResNet-50 · IMAGENET1K_V2",
    ]
    facts = [row.facts.text() for row in panel.rows]
    assert facts[0].startswith("3.0 MB · BSD-3-Clause") and file_of("resnet18") in facts[0]
    assert facts[2] == "500 kB · of no backbone that is known here"
    assert facts[3] == "only its beginning has arrived: 2.0 MB of 97.8 MB"
    assert panel.total.text().startswith("4 files, 6.5 MB · ") and panel.folder.text() == str(cache)
    assert [row.go_on.isVisible() for row in panel.rows] == [False, False, False, True]
    assert not panel.under_way.isVisible() and not panel.empty.isVisible()


def test_where_nothing_is_it_says_how_weights_come_here(cache, workspace, show, qtbot):
    for path in cache.iterdir():
        path.unlink()
    panel = DownloadsPanel(workspace)
    panel.shown = lambda: None
    show(panel)
    qtbot.waitUntil(panel.empty.isVisible)
    assert "press Download" in panel.empty.accessibleDescription() and not panel.card.isVisible()
    qtbot.mouseClick(panel.empty.button, Qt.MouseButton.LeftButton)
    assert panel.coming[0].wanted == (workspace.project.backbone.name, "default") and not panel.empty.isVisible()


def test_downloads_wait_for_each_other_and_tell_how_far_they_are(panel, workspace, qtbot):
    panel.download("resnet34", "default")
    panel.download("vgg11", "IMAGENET1K_V1")
    panel.download("resnet34", "default")
    first, second = workspace.download_answers.replies
    assert first.argv == ["weights", "download", "resnet34@default"]
    assert [row.wanted[0] for row in panel.coming] == ["resnet34", "vgg11"] and panel.under_way.isVisible()
    assert panel.coming[1].working.words.text() == "Waiting its turn"
    bar = panel.coming[0].working
    first.progressed.emit(Progress(what="Downloading a, MB", done=0, total=0))
    assert bar.words.text() == "Downloading a" and bar.bar.maximum() == 0
    first.progressed.emit(
        Progress(what="Downloading a, MB", done=12, total=84, bytes_per_s=3_200_000, remaining_s=22.4)
    )
    assert bar.words.text() == "12 of 84 MB · 3.2 MB/s · 0:22 left" and bar.bar.value() == 12
    (weights_cache.folder() / file_of("resnet34")).write_bytes(bytes(10))
    with qtbot.waitSignal(panel.changed):
        first.ended.emit()
    qtbot.waitUntil(lambda: len(panel.rows) == 5)
    assert [row.wanted[0] for row in panel.coming] == ["vgg11"]
    second.ended.emit()
    assert not panel.under_way.isVisible()


def test_a_download_can_be_stopped_and_gone_on_with(panel, workspace, qtbot):
    qtbot.mouseClick(row_of(panel, "resnet50").go_on, Qt.MouseButton.LeftButton)
    reply = workspace.download_answers.replies[-1]
    assert reply.argv == ["weights", "download", "resnet50@IMAGENET1K_V2"]
    panel.coming[0].working.cancel.click()
    assert workspace.download_answers.cancelled == [reply]
    assert panel.coming[0].working.words.text() == "Stopping"
    reply.ended.emit()
    assert panel.coming == [] and not panel.problem.isVisible()


def test_a_failure_is_said_and_can_be_tried_again(panel, workspace):
    panel.download("resnet34", "default")
    reply = workspace.download_answers.replies[-1]
    reply.failed.emit("It could not be downloaded: no network.", "Try again later.")
    reply.ended.emit()
    assert panel.problem.text() == "It could not be downloaded: no network. Try again later."
    panel.retry.click()
    assert not panel.problem.isVisible() and len(workspace.download_answers.replies) == 2


def test_a_file_is_removed_only_after_it_was_said_what_is_lost(panel, cache, qtbot):
    row_of(panel, "resnet18").remove.click()
    assert panel.question.text() == (
        "Remove ResNet-18 · IMAGENET1K_V1 (3.0 MB) from this computer? "
        "It can be downloaded again; projects and runs stay as they are."
    )
    panel.keep.click()
    assert not panel.question.isVisible() and (cache / file_of("resnet18")).exists()
    row_of(panel, "").remove.click()
    assert "cannot bring it back" in panel.question.text()
    row_of(panel, "resnet18").remove.click()
    with qtbot.waitSignal(panel.changed):
        panel.confirm.click()
    assert not (cache / file_of("resnet18")).exists() and (cache / "mine.pth").exists()
    qtbot.waitUntil(lambda: len(panel.rows) == 3)


def test_what_another_process_downloads_is_not_removed(panel, cache):
    with locked_file(weights_cache.lock(cache / file_of("resnet50"))):
        row_of(panel, "resnet50").remove.click()
        panel.confirm.click()
    assert "is being downloaded now. Stop the download first." in panel.problem.text()
    assert (cache / f"{file_of('resnet50')}.part").exists() and not panel.retry.isVisible()


def test_a_download_button_of_the_page_leads_here(cache, workspace, show):
    page = show(ModelPage(workspace))
    page.backbone.download_requested.emit("resnet34", "default")
    assert page.left.segments.current() == "downloads"
    assert page.left.downloads.coming[0].wanted == ("resnet34", "default")


def test_every_control_has_a_name_and_long_names_fit(look, panel, workspace, cache, qtbot):
    (cache / f"{'a-very-long-name-' * 9}.pth").write_bytes(bytes(10))
    panel.download("resnet34", "default")
    panel.refresh()
    qtbot.waitUntil(lambda: len(panel.rows) == 5)
    row_of(panel, "resnet18").remove.click()
    assert [each for each in controls(panel) if each.isVisible() and not _name(each)] == []
    assert panel.minimumSizeHint().width() <= panel.width() <= 1190


def test_a_download_in_a_child_of_the_window_arrives(cache, tmp_path, monkeypatch, workspace, show, qtbot):
    name = next(name for name, facts in catalogue.hub().items() if facts.versions and facts.versions[0].hub_id)
    with serving() as server:
        server.content = (8).to_bytes(8, "little") + b'{"a":{}}' + bytes(3_000_000)
        monkeypatch.setenv("HF_ENDPOINT", server.root)
        workspace.download_answers = Answers(preload=False, parent=workspace)
        page = show(ModelPage(workspace))
        page.left.downloads.download(name, "hub")
        qtbot.waitUntil(lambda: not page.left.downloads.coming, timeout=30_000)
        assert not page.left.downloads.problem.isVisible(), page.left.downloads.problem.text()
        arrived = weights_cache.located(catalogue.get(name).versions[0])
        assert arrived is not None and arrived.read_bytes() == server.content
