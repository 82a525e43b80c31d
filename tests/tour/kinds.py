"""The tour's pages on kinds of task: all four on the data page, own stages on the model page, and the two dialogs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from tests.tour.projects import REAL
from tests.tour.stage import Stage, live, live_until
from workbench.core.project import BackboneChoice, Project, Task
from workbench.gui.pages.data.page import DataPage
from workbench.gui.pages.model.page import ModelPage
from workbench.project.store import ProjectFile

_COLOURS = {"red": (190, 60, 60), "blue": (60, 80, 190), "green": (70, 150, 80)}


def kinds_project(folder: Path, demo: bool) -> Path:
    """A project with a task of each kind; three of them have stages of their own."""
    table, masks = _sources(folder, demo)
    number, labels = ("red_cells", "present") if table.parent.name == "blood" else ("things", "colours")
    tasks = [
        Task(name="kind", source=str(table), column=labels),
        Task(name=labels, kind="multi-label", source=str(table), column=labels, own_stages=1),
        Task(name=number, kind="number", source=str(table), column=number, own_stages=3),
        Task(name="outlines", kind="mask", source=str(masks / "images"), masks=str(masks / "masks"), own_stages=2),
    ]
    project = Project(name="Kinds of task", tasks=tasks, backbone=BackboneChoice(name="mobilenet_v2", freeze=2))
    return ProjectFile.create(folder / "Kinds of task", project).folder


def photograph_kinds(stage: Stage, project: Path, name: str) -> None:
    """Open the project and photograph what it shows."""
    stage.open(project)
    tasks = {task.kind: task for task in stage.workspace.project.tasks} if stage.workspace.project else {}
    data = stage.page("data")
    assert isinstance(data, DataPage)
    for task in tasks.values():
        _scroll_to(data, data.cards[task.name])
        stage.photograph(f"data-{task.kind}-{name}", "data", settle_s=1.0)
    model = stage.page("model")
    assert isinstance(model, ModelPage)
    stage.photograph(f"model-own-stages-{name}", "model", settle_s=0.5)
    for head in model.heads.heads.values():
        head.open_settings(head.task == tasks["number"].name)
    live(0.3)
    _scroll_to(model, model.heads)
    stage.photograph(f"model-settings-{name}", "model", settle_s=0.5)
    stage.window.pages.show_page("data")
    data.add_sources([Path(tasks["mask"].source).parent])
    _photograph_dialog(stage, data, f"dialog-masks-{name}")
    data.add_sources([Path(tasks["number"].source)])
    _photograph_dialog(stage, data, f"dialog-columns-{name}")


def _photograph_dialog(stage: Stage, page: DataPage, name: str) -> None:
    dialog = page.adding.dialog
    assert isinstance(dialog, QDialog)
    live_until(lambda: dialog.add.isEnabled(), name, limit_s=30)  # type: ignore[attr-defined]
    stage.photograph(name, settle_s=0.3, what=dialog)
    dialog.reject()


def _scroll_to(page: QWidget, widget: QWidget) -> None:
    for area in page.findChildren(QScrollArea):
        inside = area.widget()
        if inside is not None and inside.isAncestorOf(widget):
            top = widget.mapTo(inside, widget.rect().topLeft()).y()
            area.verticalScrollBar().setValue(top - 16)
            return


def _sources(folder: Path, demo: bool) -> tuple[Path, Path]:
    """A table with a number and several labels, and a folder of pictures and masks."""
    if not demo and (REAL / "blood").is_dir() and (REAL / "membrane").is_dir():
        return REAL / "blood" / "labels.csv", REAL / "membrane"
    return _draw(folder / "things")


def _draw(folder: Path) -> tuple[Path, Path]:
    """Pictures of coloured discs, counted, named and marked."""
    rng = np.random.default_rng(0)
    rows = [["image", "things", "colours"]]
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number in range(60):
        picture, mask = Image.new("RGB", (96, 72), (225, 225, 215)), Image.new("L", (96, 72))
        names = [list(_COLOURS)[index] for index in rng.integers(0, 3, rng.integers(0, 27))]
        for name in names:
            x, y = rng.integers(4, 88), rng.integers(4, 64)
            box = (int(x) - 5, int(y) - 5, int(x) + 5, int(y) + 5)
            ImageDraw.Draw(picture).ellipse(box, fill=_COLOURS[name])
            ImageDraw.Draw(mask).ellipse(box, fill=255)
        picture.save(folder / "images" / f"{number:02d}.png")
        mask.save(folder / "masks" / f"{number:02d}.png")
        rows.append([f"images/{number:02d}.png", str(len(names)), "|".join(sorted(set(names))) or "|"])
    with open(folder / "table.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return folder / "table.csv", folder
