"""The list of backbones under its search and filters, and why one of them cannot be taken."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.backbone_facts import BackboneFacts
from workbench.gui.numbers import count
from workbench.gui.pages.model.backbone_list import BackboneList
from workbench.gui.pages.model.choice import search
from workbench.gui.pages.model.filter_bar import FilterBar
from workbench.gui.pages.model.installed import refusal
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.theme import GRID
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar


class BackbonesPanel(QWidget):
    """Signals:
    chosen(str): the user chose the backbone of that name, and it can be built here.
    """

    chosen = Signal(str)

    def __init__(self, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here = here
        self.filters = FilterBar(self)
        self.count = Label("", "caption", "secondary", figures=True)
        self.refused = NoticeBar("caution", closable=True, parent=self)
        self.refused.hide()
        self.list = BackboneList(here, self)
        self.nothing = EmptyState(
            "search", self.tr("No backbone fits."), "", self.tr("Show all"), self.filters.clear, self
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.filters, self.count, self.refused):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)
        self.filters.changed.connect(self.show_found)
        self.list.chosen.connect(self._on_chosen)
        self.refused.closed.connect(self._on_closed)
        self.show_found()

    @Slot()
    def show_found(self) -> None:
        """List what fits the search."""
        found = search(self.filters.wanted(), self._here)
        self.list.show_backbones(found)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.count.setText(self._count(found))
        self.count.setVisible(bool(found))

    @Slot()
    def look_again(self) -> None:
        """Weights may have been downloaded or removed."""
        if self.filters.wanted().source == "here":
            self.show_found()
        self.list.backbones.refresh()

    def set_current(self, name: str) -> None:
        """Mark the backbone that the project takes."""
        self.list.set_current(name, follow=self.refused.isHidden())

    @Slot()
    def _on_closed(self) -> None:
        """Back from the backbone that cannot be taken to the one that is."""
        self.list.set_current(self.list.backbones.taken)

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        facts = self.list.current_facts()
        problem = refusal(facts) if facts is not None else ""
        self.refused.set_notice("caution", problem)
        self.refused.setVisible(bool(problem))
        if not problem:
            self.chosen.emit(name)

    def _count(self, found: list[BackboneFacts]) -> str:
        hub = sum(facts.source == "timm" for facts in found)
        own = len(found) - hub
        if not hub:
            return self.tr("{0} of torchvision. Typing searches those of timm too.").format(count(own))
        if not own:
            return self.tr("{0} of timm").format(count(hub))
        return self.tr("{0} of torchvision, {1} of timm").format(count(own), count(hub))
