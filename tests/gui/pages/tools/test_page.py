"""The Tools page: a list, and the panel of the tool that is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui.test_names_and_words import _name, _place, controls
from workbench.core.help import help_pages
from workbench.gui.dropped import sort_out
from workbench.gui.pages.tools import page as tools_page
from workbench.gui.pages.tools.page import ToolsPage
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.pages.tools.table import TOOLS, Tool
from workbench.gui.widgets.button import Button
from workbench.gui.workspace import Workspace


class _Panel(ToolPanel):
    def __init__(self, workspace):
        super().__init__()
        self.times, self.dropped = 0, []
        self.stack(Button("Do it"))

    def shown(self):
        self.times += 1

    def drop_words(self, dropped):
        return f"Take {len(dropped.folders)}"

    def drop_paths(self, paths):
        self.dropped += paths
        return True


@pytest.fixture
def workspace(qapp):
    made = Workspace()
    yield made
    made.close()


@pytest.fixture
def page(workspace, qtbot, monkeypatch):
    rows = tuple(Tool(key, key.title(), f"What {key} does. " * 4, "gear", "tools", _Panel) for key in ("one", "two"))
    monkeypatch.setattr(tools_page, "TOOLS", rows)
    page = ToolsPage(workspace)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    return page


def test_the_first_tool_comes_to_the_front_and_keys_go_to_the_next(page, qtbot):
    page.shown()
    assert page.current == "one" and page.help_page == "tools"
    times = page.panel("one").times
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert page.current == "two" and page.panel("two").isVisible() and not page.panel("one").isVisible()
    page.shown()
    assert page.panel("two").times == 2 and page.panel("one").times == times >= 1


def test_a_panel_that_has_no_room_beside_the_list_scrolls_sideways(page, qtbot):
    page.show_tool("one")
    page.panel("one").setMinimumWidth(2000)
    bar = page._rooms["one"].horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.isVisible() and bar.maximum() > 0)
    assert page.width() == 900


def test_the_panel_in_front_takes_drops_and_asks_for_pages(page, tmp_path, qtbot):
    page.show_tool("two")
    assert page.drop_words(sort_out([tmp_path])) == "Take 1"
    assert page.drop_paths([tmp_path]) and page.panel("two").dropped == [tmp_path]
    with qtbot.waitSignal(page.page_requested) as asked:
        page.panel("two").page_requested.emit("data")
    assert asked.args == ["data"]


def test_every_tool_has_a_help_page_and_names_its_controls(workspace, qtbot):
    page = ToolsPage(workspace)
    qtbot.addWidget(page)
    page.show()
    page.shown()
    for tool in TOOLS:
        page.show_tool(tool.key)
        assert page.help_page in help_pages()
    assert [_place(each) for each in controls(page) if not _name(each)] == []
