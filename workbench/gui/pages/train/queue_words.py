"""What a waiting run is, and what the queue does next, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.core.parsing import project_settings
from workbench.gui.workspace import RunState
from workbench.project.queue import Waiting


def made_of(run: Waiting) -> str:
    """Backbone and what was set by hand: "resnet18 · freeze depth 3 · epochs 20"."""
    titles = {key: QCoreApplication.translate("settings", setting.title) for key, setting in project_settings().items()}
    backbone, recipe = run.settings.get("backbone", {}), run.settings.get("recipe", {})
    words = [backbone["name"]] if "name" in backbone else []
    if run.name != recipe.get("preset", run.name):
        words.append(recipe["preset"])
    written = {"backbone.freeze": backbone.get("freeze")} | {f"recipe.{name}": value for name, value in recipe.items()}
    written.pop("recipe.preset", None)
    words += [f"{titles.get(key, key).lower()} {value}" for key, value in written.items() if value is not None]
    return " · ".join(map(str, words))


def what_next(state: RunState, going: bool, elsewhere: str) -> str:
    """When the next run begins."""
    if elsewhere:
        words = _tr("{0} trains in another program; the next begins when it has ended.")
        return (words if going else _tr("{0} trains in another program.")).format(elsewhere)
    if state != "idle":
        return _tr("The next begins when this run has ended.") if going else _tr("This run goes on; the next waits.")
    return _tr("The next begins now.") if going else _tr("Nothing begins before you start the queue.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Queue", text)
