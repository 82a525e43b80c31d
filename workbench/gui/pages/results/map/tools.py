"""How a map is drawn, what colours it, which part is seen, and how near."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from workbench.core.picture_map import METHODS, lacking, way_to_get
from workbench.core.specs import PARTS
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.results.map.colouring import choices
from workbench.gui.pages.results.map.document import PictureMap
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.inputs import ComboBox

_LETTERS = 40  # of what colours the points: a long name of a task does not take the whole line


class MapTools(FlowRow):
    """The row of choices above a map; those beside the method are in sight once there is a map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method, self.colour, self.part = ComboBox(self), ComboBox(self), ComboBox(self)
        self.lasso = Button(self.tr("Lasso"), "edit", parent=self)
        self.near, self.far, self.fit = (
            IconButton(icon, tip, parent=self)
            for icon, tip in (
                ("plus", self.tr("Nearer (+)")),
                ("minus", self.tr("Farther (-)")),
                ("fit", self.tr("All (0)")),
            )
        )
        self._of_map = (self.colour, self.part, self.lasso, self.near, self.far, self.fit)
        self._offer_methods()
        self.method.setAccessibleName(self.tr("How the map is drawn"))
        self.colour.setAccessibleName(self.tr("What the points are coloured by"))
        self.part.setAccessibleName(self.tr("Which pictures are shown"))
        self.lasso.setCheckable(True)
        self.lasso.setAccessibleName(self.lasso.text())
        self.lasso.setToolTip(self.tr("Draw around points to see their pictures; Shift adds, Escape lets go (L)"))
        for widget in (self.method, *self._of_map):
            self.flow.addWidget(widget)
        self._fit_names()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_of_map"):
            self._fit_names()

    def _fit_names(self) -> None:
        self.colour.setMaximumWidth(_LETTERS * self.fontMetrics().averageCharWidth())

    def show_state(self, *, there: bool, under_way: bool) -> None:
        """Whether there is a map, and whether one is being drawn."""
        for widget in self._of_map:
            widget.setVisible(there)
        self.method.setEnabled(not under_way)

    def offer(self, found: PictureMap) -> None:
        """Offer the ways to colour a map, and its parts; what is chosen stays where it is among them."""
        self.colour.set_choices([(words, (way, task)) for way, task, words in choices(found)])
        for row in range(self.colour.count()):
            self.colour.setItemData(row, self.colour.itemText(row), Qt.ItemDataRole.ToolTipRole)
        parts = [(part_title(part), part) for part in PARTS if part in found.part]
        self.part.set_choices([(self.tr("All parts"), ""), *parts])

    def _offer_methods(self) -> None:
        titles = {"pca": self.tr("Directions (PCA)"), "tsne": self.tr("t-SNE"), "umap": self.tr("UMAP")}
        for at, (name, text) in enumerate(METHODS.items()):
            self.method.addItem(titles[name], name)
            self.method.setItemData(at, text, Qt.ItemDataRole.ToolTipRole)
            if package := lacking(name):
                self.method.model().item(at).setEnabled(False)
                self.method.setItemText(at, self.tr("{0}: needs {1}").format(titles[name], package))
                words = self.tr("Needs {0}: {1}. Then open the program again.").format(package, way_to_get(name))
                self.method.setItemData(at, words, Qt.ItemDataRole.ToolTipRole)
