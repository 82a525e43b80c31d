"""What the engine has measured for a project and keeps in its folder `advice`, and whether it still holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.project import Project


def read_kept(path: Path) -> dict[str, Any] | None:
    """A document of a project's advice; None where there is none.

    Raises:
        ValueError: it is no JSON object.
        OSError: the file cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ValueError(f"{path} cannot be read, measure again: {error}.") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} cannot be read, measure again: it is no JSON object.")
    return document


def changed_since(
    basis: Mapping[str, Any], scored: Collection[str], project: Project, report: Mapping[str, Any] | None
) -> str:
    """What has changed in a project since something was measured, in words; empty where nothing is known to have.

    Args:
        basis: the document, which says at which picture size, on how many labelled pictures and without which tasks
            it was measured.
        scored: the tasks that it scores.
        report: what `check` says of the data now.
    """
    size = project.effective().recipe.image_size
    if basis.get("image_size") not in (None, size):
        return _tr("It was measured on pictures of {0} px; the project now takes {1} px.").format(
            basis["image_size"], size
        )
    masks = {task.name for task in project.tasks if task.kind == "mask"}
    if ({*scored, *(basis.get("left_out") or ())} - masks) != set(scored_tasks(project)):
        return _tr("The tasks have changed since it was measured.")
    now = (report or {}).get("tasks", {})
    before = basis.get("counts") or {}
    if any(int(now[task]["count"]) != int(number) for task, number in before.items() if task in now):
        return _tr("The pictures have changed since it was measured.")
    return ""


def scored_tasks(project: Project) -> list[str]:
    """The tasks whose answers one vector of features can be asked for: all but masks."""
    return [task.name for task in project.tasks if task.kind != "mask"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Kept", text)
