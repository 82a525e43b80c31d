"""The advice that is there: the sentence, the table, and what it does not promise."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.core.project import Project
from workbench.gui.numbers import count
from workbench.gui.pages.model.advice.document import Advice, Compared
from workbench.gui.pages.model.advice.rows import Now, TaskColumn
from workbench.gui.pages.model.advice.table import AdviceTable
from workbench.gui.pages.model.advice.words import WAYS, facts_help, in_titles, way_title
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar


class AdviceResult(Card):
    """Shows one comparison."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Advice"))
        self.again = Button(self.tr("Compare again…"), "refresh", parent=self)
        self.again.setAccessibleName(self.tr("Compare backbones again"))
        self.way = ComboBox(self)
        self.way.setAccessibleName(self.tr("What the columns of the tasks show"))
        self.way.setToolTip(self.way.accessibleName())
        for way in WAYS:
            self.way.addItem(way_title(way), way)
        self.way.currentIndexChanged.connect(self._show_table)
        self.add_action(self.way)
        self.add_action(self.again)
        self.sentence = Label("", wrap=True)
        self.stale = NoticeBar("caution", parent=self)
        self.table = AdviceTable(self)
        self._shown: tuple[Advice, list[TaskColumn], Now] | None = None
        self.detail = Label("", "caption", wrap=True)
        self.caption = Label("", "caption", "secondary", wrap=True)
        self.table.row_changed.connect(self._on_row)
        self.add(self.sentence)
        self.add(self.stale)
        self.add(self.table, 1)
        self.add(self.detail)
        self.add(self.caption)

    def show_advice(self, advice: Advice, project: Project, here: Here, note: str) -> None:
        """Show a comparison, and what has changed since."""
        sentence = in_titles(advice.sentence, (row.name for row in advice.rows))
        self.sentence.setText(sentence)
        self.stale.set_notice("caution", note)
        self.stale.setVisible(bool(note))
        kinds = {task.name: task.kind for task in project.tasks}
        places = {task.name: place for place, task in enumerate(project.tasks)}
        columns = [
            TaskColumn(name, kinds.get(name, "single-label"), places.get(name, len(places) + at))
            for at, name in enumerate(sorted(advice.tasks, key=lambda name: places.get(name, len(places))))
        ]
        backbone = project.effective().backbone
        absent = [(row.name, row.weights) for row in advice.rows if row.status == "not here"]
        arrived = frozenset(key for key in absent if here.named(*key))
        self._shown = (advice, columns, Now((backbone.name, backbone.weights), arrived))
        self._show_table()
        text = self.tr(
            "From {0} pictures, with weights that stay as they are: ± one standard error; ≈ within noise of the best. "
            "A probe does not promise the order after fine-tuning, where a larger backbone can gain more."
        ).format(count(advice.images))
        left_out = [self.tr("{0} is left out: {1}.").format(*each) for each in advice.left_out.items()]
        self.caption.setText(" ".join([text, *left_out]))
        self.setAccessibleName(sentence)

    @Slot(object)
    def _on_row(self, row: Compared) -> None:
        self.detail.setText(" ".join(facts_help(row)))
        self.table.setAccessibleDescription(self.detail.text())

    @Slot()
    def _show_table(self) -> None:
        if self._shown is not None:
            self.table.show_advice(*self._shown, self.way.currentData())
