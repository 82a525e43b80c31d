"""What the cards of all kinds have: the task, the answer in short, and what stands beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.pages.try_out.said import TaskAnswer
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.score_card import Chip


class AnswerCard(Card):
    """One head's answer.

    Attributes:
        beside: what stands beside the answer: how sure it is, or how far it may be off.

    Signals:
        looking_wanted(str): it is asked where the head of this task looked.
        teaching_wanted(str): the head of this task is to be told what the picture is.
    """

    looking_wanted = Signal(str)
    teaching_wanted = Signal(str)

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._task = task
        self.chip = Chip()
        self.label = ElidedLabel("", "title", bold=True)
        self.beside = Label("", "title", figures=True)
        head, said = QHBoxLayout(), QHBoxLayout()
        for row in (head, said):
            row.setSpacing(GRID)
        head.addWidget(self.chip)
        head.addWidget(ElidedLabel(task, "body", "secondary"), 1)
        self.differs = Label("", "caption", "caution", figures=True)
        self.differs.hide()
        head.addWidget(self.differs)
        self.look = IconButton("eye", self.tr("Where did it look?"), self._on_look)
        self.teach = IconButton("edit", self.tr("This is wrong: say what it is"), self._on_teach)
        head.addWidget(self.teach)
        head.addWidget(self.look)
        self.teach.hide()
        said.addWidget(self.label, 1)
        said.addWidget(self.beside)
        self.note = Label("", "caption", "caution", wrap=True)
        self.note.hide()
        self.add(head)
        self.add(said)
        self.add(self.note)

    def set_answer(self, said: TaskAnswer) -> None:
        """Show an answer."""
        self.label.setText(said.text)
        self.note.setText("\n".join(self.notes(said)))
        self.note.setVisible(bool(self.note.text()))
        differs = "" if self.differs.isHidden() else self.differs.text()
        words = [f"{self._task}:", said.text, self.beside.text(), differs]
        self.setAccessibleName(" ".join(word for word in words if word))

    def notes(self, said: TaskAnswer) -> list[str]:
        """What makes the answer doubtful."""
        return [self.tr("This picture looks like nothing the model was trained on.")] if said.unknown else []

    def set_other(self, text: str, apart: str, *, differs: bool = False) -> None:
        """What the run beside says, and by how much that is apart; empty where it is not, or there is none.

        Args:
            differs: it is another answer, not only one that is more or less sure.
        """
        self.differs.setText(apart)
        self.differs.set_tone("caution" if differs else "secondary")
        self.differs.setVisible(bool(apart))
        self.differs.setToolTip(self.tr("The other run says {0}.").format(text) if apart else "")

    def set_range(self, ends: tuple[float, float] | None) -> None:
        """The least and the greatest number of the training pictures, where the kind has a use for it."""

    def set_stale(self, stale: bool) -> None:
        """Whether the answer belongs to an older picture."""
        for label in (self.label, self.beside):
            label.set_tone("secondary" if stale else "text")

    @Slot()
    def _on_look(self) -> None:
        self.looking_wanted.emit(self._task)

    @Slot()
    def _on_teach(self) -> None:
        self.teaching_wanted.emit(self._task)

    def set_place(self, place: int) -> None:
        """Take the colour of the task's place."""
        self.chip.set_colour(theme().task_colour(place))
