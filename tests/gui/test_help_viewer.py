import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget

from workbench.gui.actions import PAGES
from workbench.gui.help_pages import help_pages, search
from workbench.gui.help_viewer import HelpViewer


@pytest.fixture
def viewer(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    viewer = HelpViewer(parent)
    viewer.show()
    yield viewer
    viewer.close()


def test_every_page_of_the_window_has_help():
    names = [page.name for page in help_pages()]
    assert {*PAGES, "settings"} <= set(names)
    assert all(page.title and len(page.text) > 100 for page in help_pages())


def test_the_page_of_settings_names_every_setting():
    from workbench.core.parsing import project_settings

    text = next(page.text for page in help_pages() if page.name == "settings")
    assert all(key.rpartition(".")[2] in text for key in project_settings())


def test_pages_are_shown_and_gone_back_to(viewer):
    viewer.show_page("data")
    viewer.show_page("model")
    assert viewer.current() == "model" and viewer.back.isEnabled() and not viewer.forward.isEnabled()
    viewer.back.click()
    assert viewer.current() == "data" and viewer.forward.isEnabled()
    viewer.forward.click()
    assert viewer.current() == "model"
    assert "backbone" in viewer.browser.toPlainText().casefold()


def test_links_between_pages_are_followed(viewer):
    viewer.show_page("index")
    viewer.browser.anchorClicked.emit(QUrl("train.md"))
    assert viewer.current() == "train"


def test_every_link_leads_to_a_page():
    import re

    names = {page.name for page in help_pages()}
    for page in help_pages():
        for target in re.findall(r"\]\(([\w-]+)\.md", page.text):
            assert target in names, f"{page.name} links to {target}"


def test_searching_lists_the_pages_that_hold_all_words(viewer):
    viewer.field.setText("freeze stages")
    found = [viewer.list.item(row).text() for row in range(viewer.list.count())]
    assert found == [page.title for page in search(help_pages(), "freeze stages")]
    assert 0 < len(found) < len(help_pages())
    viewer.field.setText("no page has this word: xyzzy")
    assert viewer.list.count() == 0


def test_choosing_a_page_shows_it(viewer):
    viewer.show_page("index")
    viewer.list.setCurrentRow(2)
    assert viewer.current() == help_pages()[2].name
