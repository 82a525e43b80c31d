"""The help window: pages at the left, found by their words; the page at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget

from workbench.gui.help_pages import HelpPage, help_pages, search
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import IconButton

_NAME = Qt.ItemDataRole.UserRole


class HelpViewer(QWidget):
    """A window of its own, beside the program's."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Workbench help"))
        self._pages = help_pages()
        self._names: list[str] = []
        self._place = -1
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Search the help"))
        self.field.setAccessibleName(self.tr("Search the help"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Pages of the help"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.browser = QTextBrowser(self)
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName(self.tr("Help page"))
        self.browser.document().setDocumentMargin(3 * GRID)
        self.back = IconButton("chevron-left", self.tr("Back"), self._go_back, self)
        self.forward = IconButton("chevron-right", self.tr("Forward"), self._go_forward, self)
        self._lay_out()
        self.field.textChanged.connect(self._search)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.browser.anchorClicked.connect(self._follow)
        theme().changed.connect(self._draw)
        for keys, slot in (("Alt+Left", self._go_back), ("Alt+Right", self._go_forward), ("Escape", self.close)):
            QShortcut(QKeySequence(keys), self, slot)
        QShortcut(QKeySequence.StandardKey.Find, self, self.field.setFocus)
        self._search("")
        self.resize(960, 680)

    def current(self) -> str:
        """The name of the page that is shown; empty before the first."""
        return self._names[self._place] if self._names else ""

    def show_page(self, name: str) -> None:
        """Show a page and remember it for Back."""
        if name != self.current():
            self._names = [*self._names[: self._place + 1], name]
            self._place = len(self._names) - 1
        self._draw()

    def _lay_out(self) -> None:
        arrows = QHBoxLayout()
        arrows.addWidget(self.back)
        arrows.addWidget(self.forward)
        arrows.addStretch(1)
        left = QVBoxLayout()
        left.addLayout(arrows)
        left.addWidget(self.field)
        left.addWidget(self.list, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(left, 1)
        layout.addWidget(self.browser, 3)

    def _search(self, text: str) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for page in search(self._pages, text):
            item = QListWidgetItem(page.title)
            item.setToolTip(page.title)
            item.setData(_NAME, page.name)
            self.list.addItem(item)
        self._mark()
        self.list.blockSignals(False)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_page(item.data(_NAME))

    def _follow(self, link: QUrl) -> None:
        """A link to another page is `name.md`; all others open outside."""
        name = link.path().removesuffix(".md")
        if link.isRelative() and name in {page.name for page in self._pages}:
            self.show_page(name)
        elif link.isRelative() and link.hasFragment():
            self.browser.scrollToAnchor(link.fragment())
        else:
            QDesktopServices.openUrl(link)

    def _go_back(self) -> None:
        self._move(-1)

    def _go_forward(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        if 0 <= self._place + step < len(self._names):
            self._place += step
            self._draw()

    def _draw(self) -> None:
        page = self._page(self.current())
        if page is None:
            return
        colours = theme().colours()
        self.browser.document().setDefaultStyleSheet(
            f"a {{ color: {colours.accent}; }} code {{ background: {colours.hover}; }}"
        )
        self.browser.document().setMarkdown(page.text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self.browser.moveCursor(self.browser.textCursor().MoveOperation.Start)
        self.back.setEnabled(self._place > 0)
        self.forward.setEnabled(self._place < len(self._names) - 1)
        self._mark()

    def _mark(self) -> None:
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            if self.list.item(row).data(_NAME) == self.current():
                self.list.setCurrentRow(row)
        self.list.blockSignals(False)

    def _page(self, name: str) -> HelpPage | None:
        return next((page for page in self._pages if page.name == name), None)
