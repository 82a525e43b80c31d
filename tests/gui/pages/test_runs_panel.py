"""The list of runs: scores in as many lines as they need."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from workbench.gui.pages.results.runs_panel import RunsPanel, score_lines
from workbench.gui.theme import font
from workbench.project.runs import RunInfo


def run(tmp_path, tasks):
    return RunInfo("001-full", tmp_path, "finished", "", 0.0, {}, {task: {"accuracy": 0.5} for task in tasks})


@pytest.fixture
def metrics(qapp):
    return QFontMetrics(font("caption", figures=True))


def test_scores_are_whole_in_every_line_whatever_its_width(metrics, tmp_path):
    made = run(tmp_path, ["material", "condition", "season"])
    wide = score_lines(made, metrics, 10_000)
    assert wide == ["material 50 %  condition 50 %  season 50 %"]
    narrow = score_lines(made, metrics, metrics.horizontalAdvance("condition 50 %"))
    assert narrow == ["material 50 %", "condition 50 %", "season 50 %"]
    assert score_lines(run(tmp_path, []), metrics, 100) == []


def test_what_finds_no_line_is_counted_and_a_long_name_keeps_its_score(metrics, tmp_path):
    width = metrics.horizontalAdvance("condition 50 %  1 more")
    made = run(tmp_path, ["condition", "a task of a very long name indeed", *"abcdefghij"])
    lines = score_lines(made, metrics, width)
    assert len(lines) == 3 and lines[0] == "condition 50 %"
    assert lines[1].startswith("a task") and lines[1].endswith("… 50 %") and lines[2].endswith(" more")
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)


def test_rows_are_as_high_as_their_lines_also_when_the_list_becomes_narrow(qtbot, metrics, tmp_path):
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    tasks = [f"{what} of the waste" for what in ("material", "condition", "season")]
    panel.set_runs([run(tmp_path, tasks), run(tmp_path, tasks)], "")
    with qtbot.waitExposed(panel):
        panel.show()

    def heights():
        first, second = (panel.view.visualRect(panel.model.index(row)) for row in range(2))
        return [first.height(), second.top() - first.top()]

    qtbot.waitUntil(lambda: heights()[1] > 0)
    before, _ = heights()
    panel.resize(panel.minimumSizeHint().width(), 500)
    after = before + 2 * (metrics.height() + 2)
    qtbot.waitUntil(lambda: heights() == [after, after])
