"""How the settings of runs differ, and which runs repeat one recipe."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal

from workbench.core.parsing import project_settings, task_settings
from workbench.core.project import Project

Repeats = Literal["", "seeds", "folds"]

MADE = "made"
"""The key under which a comparison says how a run came about that was made of others."""

_FIRST = ("recipe.preset", "backbone.name", "backbone.freeze")
_NO_SETTING = ("name", "source", "column", "image")
_REPEATED = {"recipe": ("seed", "device", "devices"), "split": ("fold",)}
"""Settings in which runs of one recipe may differ."""


def flat_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings by dotted key, with what follows a default filled in; a task's by its name."""
    data = Project.model_validate(settings).model_dump()
    result: dict[str, Any] = {}
    for section in ("backbone", "recipe", "split"):
        result |= {f"{section}.{name}": value for name, value in data[section].items()}
    for task in data["tasks"]:
        for name, value in task.items():
            if name not in _NO_SETTING:
                result[f"tasks.{task['name']}.{name}"] = value
    return result


def setting_title(key: str, translated: Callable[[str], str] = str) -> str:
    """The title of a setting by its dotted key, `translated`; a task's with the task's name."""
    if key == MADE:
        return translated("Made")
    parts = key.split(".")
    if parts[0] == "tasks":
        setting = task_settings().get(parts[-1])
        return f"{parts[1]}: {translated(setting.title) if setting else parts[-1]}"
    known = project_settings().get(key)
    return translated(known.title) if known else key


def differing(settings: Sequence[dict[str, Any]]) -> list[str]:
    """The keys whose values are not the same in all that hold any, the preset and the backbone first."""
    flat = [flat_settings(each) for each in settings if each]
    keys = list(dict.fromkeys(key for each in flat for key in each))
    varied = [key for key in keys if len({repr(each.get(key)) for each in flat}) > 1]
    first = [key for key in _FIRST if key in varied]
    return first + [key for key in varied if key not in first]


def repeat_key(settings: dict[str, Any]) -> str:
    """Equal for runs of one recipe on the same sources, whatever their seed and their fold."""
    data = Project.model_validate(settings).model_dump(mode="json", exclude={"name"})
    for section, names in _REPEATED.items():
        data[section] = {name: value for name, value in data[section].items() if name not in names}
    return json.dumps(data, sort_keys=True)


def data_settings(settings: dict[str, Any]) -> str:
    """Equal for runs that were told to learn from the same pictures and labels, in the same parts or folds of them."""
    data = Project.model_validate(settings).model_dump(mode="json")
    split = {name: value for name, value in data["split"].items() if name not in _REPEATED["split"]}
    return json.dumps([split, [{name: task[name] for name in _NO_SETTING} for task in data["tasks"]]], sort_keys=True)


def repeats(settings: Sequence[dict[str, Any]]) -> Repeats:
    """In what runs of one recipe differ: in their folds, else in their seeds, else in nothing."""
    for name, section, key in (("folds", "split", "fold"), ("seeds", "recipe", "seed")):
        if len({Project.model_validate(each).model_dump()[section][key] for each in settings}) > 1:
            return "folds" if name == "folds" else "seeds"
    return ""
