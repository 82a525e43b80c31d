"""The chosen backbone: its facts, and the weights that it begins with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.core.backbone_facts import BackboneFacts
from workbench.core.catalogue import check_fit, check_maps
from workbench.core.errors import RequestError
from workbench.core.project import Project
from workbench.gui.numbers import amount
from workbench.gui.pages.model.weight_words import Here, in_a_row
from workbench.gui.pages.model.weights_chooser import WeightsChooser
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.project.runs import RunInfo


class BackboneCard(Card):
    """Shows what the project takes.

    Signals:
        weights_chosen(str): the value for `backbone.weights`.
        download_requested(str, str): these weights of that backbone are wanted here.
    """

    weights_chosen = Signal(str)
    download_requested = Signal(str, str)

    def __init__(self, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.weights = WeightsChooser(here, self)
        self.weights.chosen.connect(self.weights_chosen)
        self.weights.download_requested.connect(self.download_requested)
        self.misfit = NoticeBar("caution", parent=self)
        self.add(self.weights)
        self.add(self.misfit)

    def show_project(self, project: Project, facts: BackboneFacts, runs: Sequence[RunInfo]) -> None:
        """Show a project's backbone."""
        self.set_title(facts.title)
        year = [str(facts.year)] if facts.year else []
        self.set_caption(in_a_row([facts.name, facts.family, *self._sizes(facts), *year]))
        effective = project.effective()
        self.weights.show()
        self.weights.show_weights(facts, effective.backbone.weights, runs)
        problem = self._misfit(effective, facts)
        self.misfit.set_notice("caution", problem)
        self.misfit.setVisible(bool(problem))

    def show_unknown(self, name: str, problem: str) -> None:
        """Show that a backbone is not in the catalogue."""
        self.set_title(name)
        self.set_caption("")
        self.weights.hide()
        self.misfit.show_problem(problem)

    def _sizes(self, facts: BackboneFacts) -> list[str]:
        """How large it is, how much work a picture is, and which pictures it takes."""
        parameters = self.tr("{0} parameters").format(amount(facts.parameters))
        work = self.tr("{0} MACs at {1} px").format(amount(facts.macs), facts.input_size)
        taken = self.tr("pictures from {0} px") if facts.size_step else self.tr("pictures of {0} px alone")
        return [parameters, work, taken.format(facts.minimum_size)]

    def _misfit(self, project: Project, facts: BackboneFacts) -> str:
        """Why the project cannot be trained with this backbone; empty where it can."""
        try:
            check_fit(facts.name, project.backbone.freeze, project.recipe.image_size)
            for task in project.tasks:
                if task.kind == "mask":
                    check_maps(facts.name, task.name)
        except RequestError as error:
            return f"{error.text} {error.fix}"
        return ""
