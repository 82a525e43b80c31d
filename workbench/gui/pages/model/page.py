"""The model page: a backbone, its weights, how much of it stays as it is, and the heads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workbench.core.catalogue import BackboneFacts, backbones
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.gui.pages.data.page_parts import PageHeader
from workbench.gui.pages.model.backbone_list import BackboneList
from workbench.gui.pages.model.choice import HeadSize, choose, head_parameters
from workbench.gui.pages.model.filter_bar import FilterBar
from workbench.gui.pages.model.heads_panel import HeadsPanel
from workbench.gui.pages.model.weights_chooser import WeightsChooser
from workbench.gui.theme import GRID, GROUP_GAP, PAGE_EDGE, grown, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.stage_ladder import StageLadder
from workbench.gui.workspace import Workspace

_SETTLE_MS = 300
_TALLEST = 640
"""px: a ladder of more stages scrolls inside."""


class ModelPage(QWidget):
    """Shows and changes `[backbone]` and the heads.

    Signals:
        page_requested(str): another page is wanted.
    """

    page_requested = Signal(str)
    icon_name = "model"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Model")
        self._workspace = workspace
        self._ladder_of = ""
        self.header = PageHeader(self.title, self)
        self.header.next.setText(self.tr("Go on to training"))
        self.header.next.clicked.connect(self._ask_next)
        self.filters = FilterBar(sorted({facts.family for facts in backbones().values()}), self)
        self.filters.changed.connect(self._filter)
        self.list = BackboneList(self)
        self.list.chosen.connect(self._choose_backbone)
        self.nothing = EmptyState(
            "search", self.tr("No backbone fits."), "", self.tr("Show all"), self.filters.clear, self
        )
        self.weights = WeightsChooser(self)
        self.weights.chosen.connect(self._choose_weights)
        self.ladder = StageLadder(self)
        self.ladder.freeze_changed.connect(self._on_freeze)
        self.ladder.own_changed.connect(self._on_own)
        self.forced = NoticeBar("info", parent=self)
        self.forced.add_action(self.tr("Choose Balanced"), self._choose_balanced)
        self.random = NoticeBar(
            "caution", self.tr("Frozen stages with random weights never learn anything."), parent=self
        )
        self.random.add_action(self.tr("Freeze nothing"), self._freeze_nothing)
        self.explanation = Label("", "caption", "secondary", wrap=True)
        self.heads = HeadsPanel(self)
        self.heads.set_requested.connect(self._set_task)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._write_freeze)
        self._settle_own = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle_own.timeout.connect(self._write_own)
        self._lay_out()
        for changed in (workspace.opened, workspace.project_changed, workspace.report_changed):
            changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self._filter()
        self.refresh()

    def shown(self) -> None:
        """The page comes to the front: weights may have been downloaded meanwhile."""
        self.list.backbones.look_again()
        self.refresh()

    def drop_paths(self, paths: list[Path]) -> bool:
        """A file of weights is taken; all else goes to the data page."""
        if len(paths) == 1 and paths[0].suffix.lower() in (".pt", ".pth", ".safetensors"):
            self._choose_weights(f"file:{paths[0]}")
            return True
        return False

    def refresh(self) -> None:
        """Show the project."""
        project = self._workspace.project
        if project is None:
            return
        if not self._settle.isActive() and not self._settle_own.isActive():
            self._show_ladder(project)
        self.list.blockSignals(True)
        self.list.set_current(project.backbone.name)
        self.list.blockSignals(False)
        self.weights.show_weights(backbones().get(project.backbone.name), project.backbone.weights)
        facts = backbones().get(project.backbone.name)
        self.heads.show_heads(project.tasks, len(facts.stages) if facts else 0)
        self.to_data.setVisible(not project.tasks)

    def _show_ladder(self, project: Project) -> None:
        facts = backbones().get(project.backbone.name)
        if facts is None:
            return
        if self._ladder_of != facts.name:
            self._ladder_of = facts.name
            self.ladder.set_stages([(stage.title, stage.parameters) for stage in facts.stages])
            self.ladder.setMinimumHeight(min(grown(_TALLEST), self.ladder.sizeHint().height()))
        self.ladder.set_freeze(project.effective().backbone.freeze)
        self.ladder.set_heads([task.name for task in project.tasks], self._head_parameters(project, facts))
        self.ladder.set_own({task.name: task.own_stages for task in project.tasks})
        preset = PRESETS[project.recipe.preset]
        forced = preset.freeze is not None
        self.ladder.handle.setEnabled(not forced)
        self.forced.setVisible(forced)
        self.forced.set_notice("info", self._forced_text(project.recipe.preset))
        self.random.setVisible(project.backbone.weights == "none" and self.ladder.freeze() > 0)
        sentence = QCoreApplication.translate("settings", preset.sentence)
        title = QCoreApplication.translate("settings", preset.title)
        self.explanation.setText(self.tr("Preset {0}: {1}").format(title, sentence))

    def _forced_text(self, preset: str) -> str:
        if PRESETS[preset].freeze == "all":
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

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.filters)
        left.addWidget(self.list, 1)
        left.addWidget(self.nothing, 1)
        columns = QHBoxLayout()
        columns.setSpacing(GROUP_GAP)
        columns.addLayout(left, 5)
        columns.addWidget(self._right(), 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        layout.setSpacing(GROUP_GAP)
        layout.addWidget(self.header)
        layout.addLayout(columns, 1)

    def _right(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("page", True)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP_GAP)
        stages = Card(self.tr("Stages"))
        stages.set_caption(self.tr("Drag the line: stages above it stay as they are, stages below it learn."))
        stages.add(self.weights)
        stages.add(self.forced)
        stages.add(self.random)
        stages.add(self.ladder)
        stages.add(self.explanation)
        column.addWidget(stages)
        heads = Card(self.tr("Heads"))
        heads.set_caption(self.tr("Each task answers with a head of its own on the shared backbone."))
        heads.add(self.heads)
        self.to_data = Button(self.tr("Add tasks first"), clicked=self._ask_data)
        heads.add(self.to_data)
        column.addWidget(heads)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes through what is in it, which comes into sight
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    def _filter(self) -> None:
        found = choose(backbones().values(), self.filters.wanted())
        self.list.show_backbones(found)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)

    def _choose_backbone(self, name: str) -> None:
        project = self._workspace.project
        if project is None or name == project.backbone.name:
            return
        values: dict[str, object] = {"name": name}
        stages, freeze = len(backbones()[name].stages), project.backbone.freeze
        if isinstance(freeze, int) and freeze > stages:
            values["freeze"] = "all"
        if project.backbone.weights not in ("default", "none"):
            values["weights"] = "default"  # a file or a named version fits the backbone that it was made for
            self._workspace.said.emit(self.tr("The weights were set back: they belong to the other backbone."))
        if not self._workspace.set_values("backbone", **values):
            self.refresh()
        for task in project.tasks:
            if task.own_stages > stages:
                self._set_task(task.name, "own_stages", stages)

    def _choose_weights(self, weights: str) -> None:
        if not self._workspace.set_values("backbone", weights=weights):
            self.refresh()

    def _on_freeze(self, depth: int) -> None:
        self._settle.start()

    def _write_freeze(self) -> None:
        depth = self.ladder.freeze()
        everything = depth == len(self.ladder.handle.rungs)
        if not self._workspace.set_values("backbone", freeze="all" if everything else depth):
            self.refresh()

    def _choose_balanced(self) -> None:
        self._workspace.set_values("recipe", preset="balanced")

    def _freeze_nothing(self) -> None:
        self._workspace.set_values("backbone", freeze=0)

    def _on_own(self, task: str, stages: int) -> None:
        self._settle_own.start()

    def _write_own(self) -> None:
        project = self._workspace.project
        before = {task.name: task.own_stages for task in project.tasks} if project else {}
        for task, stages in self.ladder.own().items():
            if task in before and stages != before[task]:
                self._set_task(task, "own_stages", stages)

    def _set_task(self, task: str, setting: str, value: object) -> None:
        if not self._workspace.set_task_values(task, **{setting: value}):
            self.refresh()

    def _ask_next(self) -> None:
        self.page_requested.emit("train")

    def _ask_data(self) -> None:
        self.page_requested.emit("data")
