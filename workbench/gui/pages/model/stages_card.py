"""The card with the ladder: how much of the backbone stays as it is, and what each task has of its own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer, Slot
from PySide6.QtWidgets import QWidget

from workbench.core.backbone_facts import BackboneFacts
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.gui.pages.model.depths_part import DepthsPart
from workbench.gui.pages.model.edits import ModelEdits
from workbench.gui.pages.model.head_sizes import HeadSize, head_parameters
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.theme import grown
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.stage_ladder import StageLadder
from workbench.gui.workspace import Workspace

_SETTLE_MS = 300
_TALLEST = 860
"""px: a ladder of more stages scrolls inside."""


class StagesCard(Card):
    """Shows the freeze depth and own stages of the project, and writes them a moment after they were moved."""

    def __init__(self, workspace: Workspace, here: Here, edits: ModelEdits, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Stages"))
        self.set_caption(self.tr("Drag the line: stages above it stay as they are, stages below it learn."))
        self._workspace = workspace
        self._edits = edits
        self._ladder_of = ""
        self.forced = NoticeBar("info", parent=self)
        self._balanced = self.forced.add_action(self.tr("Choose Balanced"), edits.choose_balanced)
        self.random = NoticeBar(
            "caution", self.tr("Frozen stages with random weights never learn anything."), parent=self
        )
        self.random.add_action(self.tr("Freeze nothing"), edits.freeze_nothing)
        self.ladder = StageLadder(self)
        self.explanation = Label("", "caption", "secondary", wrap=True)
        self.depths = DepthsPart(workspace, here, self)
        self.depths.changed.connect(self._on_depths)
        self.depths.freeze_requested.connect(self._on_advised)
        self.add_action(self.depths.ask)
        for widget in (self.forced, self.random, self.depths, self.ladder, self.depths.caption, self.explanation):
            self.add(widget)
        self.settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self.settle.timeout.connect(self._write_freeze)
        self.settle_own = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self.settle_own.timeout.connect(self._write_own)
        self.ladder.freeze_changed.connect(self._on_freeze)
        self.ladder.own_changed.connect(self._on_own)

    def show_project(self, project: Project, facts: BackboneFacts) -> None:
        """Show what is frozen of a backbone; not while the user is moving something."""
        if self.settle.isActive() or self.settle_own.isActive():
            return
        if self._ladder_of != facts.name:
            self._ladder_of = facts.name
            self.ladder.set_stages([(stage.title, stage.parameters) for stage in facts.stages])
        effective = project.effective()
        self.ladder.set_freeze(effective.backbone.freeze)
        self.ladder.set_heads([task.name for task in project.tasks], self._head_parameters(project, facts))
        self.ladder.set_own({task.name: task.own_stages for task in project.tasks})
        self.depths.show_project(project, facts)
        self._on_depths()
        preset = PRESETS[project.recipe.preset]
        own = bool(project.recipe.phases)
        forced = preset.freeze is not None or own
        self.ladder.handle.setEnabled(not forced)
        self.forced.setVisible(forced)
        self.forced.set_notice("info", self._forced_text(project.recipe.preset, own))
        self._balanced.setVisible(not own)
        self.random.setVisible(effective.backbone.weights == "none" and self.ladder.freeze() > 0)
        sentence = QCoreApplication.translate("settings", preset.sentence)
        title = QCoreApplication.translate("settings", preset.title)
        self.explanation.setText(self.tr("Preset {0}: {1}").format(title, sentence))

    @Slot()
    def _on_depths(self) -> None:
        """Draw what was measured, or take it away."""
        found = self.depths.found
        self.ladder.set_depths(found.depths if found else (), found.suggestion if found else None)
        self._fit()

    @Slot(int)
    def _on_advised(self, depth: int) -> None:
        """Freeze what is suggested; the button goes, and the keys go on to the ladder."""
        kept = self.depths.freeze.hasFocus()
        self._edits.freeze(depth)
        if kept:
            self.ladder.setFocus()

    def _fit(self) -> None:
        self.ladder.setMinimumHeight(min(grown(_TALLEST), self.ladder.sizeHint().height()))

    def _forced_text(self, preset: str, own: bool) -> str:
        if own:
            return self.tr("Your own phases on the Train page say which stages stand still, and when.")
        if preset == "few-shot":
            return self.tr("The preset Few-shot freezes the whole backbone and works the heads out at once.")
        if PRESETS[preset].heads_alone:
            return self.tr("The preset Probe freezes the whole backbone and trains only the heads.")
        return self.tr("The preset Full freezes nothing: every stage trains from the first step.")

    def _head_parameters(self, project: Project, facts: BackboneFacts) -> int:
        """Of all heads whose classes are known."""
        known = self._workspace.report["tasks"] if self._workspace.report else {}
        maps = tuple(stage.channels for stage in facts.stages)
        total = 0
        for task in project.tasks:
            classes = len(known.get(task.name, {}).get("classes", {}))
            if classes or task.kind == "number":
                total += head_parameters(task.head, HeadSize(facts.features, maps, classes, task.hidden))
        return total

    @Slot(int)
    def _on_freeze(self, _depth: int) -> None:
        self.settle.start()

    @Slot()
    def _write_freeze(self) -> None:
        self._edits.freeze(self.ladder.freeze())

    @Slot(str, int)
    def _on_own(self, _task: str, _stages: int) -> None:
        self.settle_own.start()

    @Slot()
    def _write_own(self) -> None:
        project = self._workspace.project
        before = {task.name: task.own_stages for task in project.tasks} if project else {}
        for task, stages in self.ladder.own().items():
            if task in before and stages != before[task]:
                self._edits.set_task(task, "own_stages", stages)
