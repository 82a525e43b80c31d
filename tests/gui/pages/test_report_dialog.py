"""A report asked for on the Results page: watched, written, stopped, failed."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from tests.gui import synthetic
from tests.gui.test_names_and_words import _name, controls
from workbench.core.events import Progress
from workbench.gui.pages.results.page import ResultsPage


@pytest.fixture
def page(workspace, images, show, qtbot):
    synthetic.write_run(workspace.folder, images=images)
    made = show(ResultsPage(workspace))
    qtbot.waitUntil(lambda: bool(made.view.scores.cards))
    return made


def test_a_report_is_written_and_can_be_opened(page, workspace, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url))
    page.view.report.click()
    dialog = page.report
    assert dialog.isVisible() and "validation" in dialog.told.text() and not dialog.open.isVisible()
    assert [each for each in controls(dialog) if not _name(each)] == []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "waste"), ""))
    dialog.browse.click()
    dialog.pdf.click()
    dialog.write.click()
    reply = workspace.model_answers.replies[-1]
    out, pdf = str(tmp_path / "waste.html"), str(tmp_path / "waste.pdf")
    asked = ["report", str(workspace.folder), "001-balanced", "--part", "validation", "--out", out, "--pdf", pdf]
    assert reply.argv == asked
    assert dialog.working.isVisible() and not dialog.write.isEnabled()
    reply.progressed.emit(Progress(what="scoring", done=3, total=20))
    assert dialog.working.bar.value() == 3
    reply.answered.emit({"files": [{"path": out, "bytes": 546_000}, {"path": pdf, "bytes": 1_400_000}]})
    reply.ended.emit()
    assert dialog.state.text() == "Written: waste.html, 546 kB; waste.pdf, 1.4 MB." and not dialog.working.isVisible()
    dialog.open.click()
    assert opened == [QUrl.fromLocalFile(out)]
    dialog.close()


def test_it_can_be_stopped_and_a_failure_is_told(page, workspace):
    page.view.report.click()
    dialog = page.report
    dialog.write.click()
    dialog.working.cancel.click()
    assert workspace.model_answers.cancelled and dialog.write.isEnabled()
    dialog.write.click()
    reply = workspace.model_answers.replies[-1]
    reply.failed.emit("/nowhere cannot be written: denied.", "Choose another place for it.")
    reply.ended.emit()
    assert "cannot be written" in dialog.state.text() and not dialog.open.isVisible() and dialog.write.isEnabled()
    dialog.close()


def test_scored_other_pictures_are_what_is_reported(page, workspace, images, qtbot):
    words = ["--data", "material=/data/new photos"]
    page.score_others(words)
    reply = workspace.model_answers.replies[-1]
    reply.answered.emit(synthetic.evaluate_document(images, ("material",), run="001-balanced", part="data"))
    reply.ended.emit()
    qtbot.waitUntil(lambda: page.view.title.text().endswith("other pictures"))
    page.view.report.click()
    assert "material from /data/new photos" in page.report.told.text()
    page.report.write.click()
    out = str(workspace.folder / "exports" / "001-balanced-other.html")
    asked = ["report", str(workspace.folder), "001-balanced", *words, "--out", out]
    assert workspace.model_answers.replies[-1].argv == asked
    page.report.close()
