"""The tools in the order of the list, each built when it is first chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP

from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.workspace import Workspace


@dataclass(frozen=True)
class Tool:
    """A row of the table.

    Attributes:
        key: its name in the program.
        title, sentence: what it is called and what it does, translated when they are shown (context "Tools").
        icon: the name of a drawing.
        help: the name of its help page.
        build: makes its panel.
    """

    key: str
    title: str
    sentence: str
    icon: str
    help: str
    build: Callable[[Workspace], ToolPanel]


def _teach(workspace: Workspace) -> ToolPanel:
    from workbench.gui.pages.tools.teach.panel import TeachPanel

    return TeachPanel(workspace)


def _domain(workspace: Workspace) -> ToolPanel:
    from workbench.gui.pages.tools.domain.panel import DomainPanel

    return DomainPanel(workspace)


def _blend(workspace: Workspace) -> ToolPanel:
    from workbench.gui.pages.tools.blend.panel import BlendPanel

    return BlendPanel(workspace)


def _few_shot(workspace: Workspace) -> ToolPanel:
    from workbench.gui.pages.tools.few_shot.panel import FewShotPanel

    return FewShotPanel(workspace)


def _shrink(workspace: Workspace) -> ToolPanel:
    from workbench.gui.pages.tools.shrink.panel import ShrinkPanel

    return ShrinkPanel(workspace)


def _transfer_report(workspace: Workspace) -> ToolPanel:
    from workbench.gui.pages.tools.transfer_report.panel import TransferPanel

    return TransferPanel(workspace)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "few_shot",
        QT_TRANSLATE_NOOP("Tools", "Few pictures"),
        QT_TRANSLATE_NOOP("Tools", "Says how far one, five or twenty pictures of a class get you."),
        "few",
        "few-shot",
        _few_shot,
    ),
    Tool(
        "domain",
        QT_TRANSLATE_NOOP("Tools", "Another domain"),
        QT_TRANSLATE_NOOP("Tools", "Pictures that look different from those of training: how far, and what helps."),
        "domain",
        "domains",
        _domain,
    ),
    Tool(
        "teach",
        QT_TRANSLATE_NOOP("Tools", "Add to a model"),
        QT_TRANSLATE_NOOP("Tools", "Pictures, classes or a task that come later, without losing what it knows."),
        "plus",
        "continual",
        _teach,
    ),
    Tool(
        "blend",
        QT_TRANSLATE_NOOP("Tools", "Blend"),
        QT_TRANSLATE_NOOP("Tools", "Mixes a model with its pretrained weights, or several runs into one."),
        "blend",
        "blend",
        _blend,
    ),
    Tool(
        "shrink",
        QT_TRANSLATE_NOOP("Tools", "A smaller model"),
        QT_TRANSLATE_NOOP("Tools", "A small network learns what a run knows; int8 makes files smaller still."),
        "shrink",
        "shrink",
        _shrink,
    ),
    Tool(
        "transfer_report",
        QT_TRANSLATE_NOOP("Tools", "Transfer report"),
        QT_TRANSLATE_NOOP("Tools", "Does it help? Trains with and without pretraining, and warns where it harms."),
        "transfer",
        "transfer",
        _transfer_report,
    ),
)
