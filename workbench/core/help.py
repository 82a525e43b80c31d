"""The help pages: Markdown files in `resources/help`, and the page of all settings, which is made from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import BaseModel

from workbench.core.balancing import BALANCING
from workbench.core.presets import PRESETS
from workbench.core.project import BackboneChoice, Split, Task
from workbench.core.recipe import PhaseChoice, Recipe
from workbench.core.resources import resource
from workbench.core.settings import Setting, all_settings
from workbench.core.transfer import Transfer

SETTINGS_PAGE = "settings"

_ORDER = (
    "index",
    "data",
    "model",
    "advice",
    "weights",
    "starter",
    "train",
    "control",
    "monitor",
    "speed",
    "queue",
    "devices",
    "recipe",
    "few-shot",
    "results",
    "compare",
    "blend",
    "shrink",
    "transfer",
    "report",
    "learning-curve",
    "try",
    "looking",
    "confidence",
    "map",
    "tools",
    "continual",
    "domains",
    "multi-task",
    "verdict",
    "doubts",
    SETTINGS_PAGE,
    "files",
    "command-line",
    "privacy",
)

_SECTIONS: tuple[tuple[str, str, type[BaseModel], str], ...] = (
    ("tasks", "Tasks", Task, "One `[[tasks]]` table for each task."),
    ("split", "Split", Split, "The table `[split]`."),
    ("backbone", "Backbone", BackboneChoice, "The table `[backbone]`."),
    ("recipe", "Recipe", Recipe, "The table `[recipe]`. What is not written follows the preset."),
    ("transfer", "Transfer", Transfer, "The table `[transfer]`: a teacher to learn from, or a domain to adapt to."),
    ("recipe.phases", "Phases", PhaseChoice, "One `[[recipe.phases]]` table for each phase of a timeline of your own."),
)


def help_pages() -> dict[str, str]:
    """The title of each page by its name, in reading order."""
    return {name: help_page(name).partition("\n")[0].removeprefix("# ") for name in _ORDER}


def help_page(name: str, translate: Callable[[str], str] = str) -> str:
    """The Markdown of a page; a link to another page is `NAME.md`. `translate` is for the page of all settings.

    Raises:
        KeyError: there is no page of that name.
    """
    if name not in _ORDER:
        raise KeyError(name)
    if name == SETTINGS_PAGE:
        return settings_page(translate)
    return resource("help", f"{name}.md").read_text(encoding="utf-8")


def settings_page(translate: Callable[[str], str] = str) -> str:
    """Every setting of a project in tables: setting, default, what it takes, unit, and what it does.

    Args:
        translate: puts a title or a sentence into the reader's language.
    """
    parts = [f"# {translate('All settings')}", translate(_INTRODUCTION)]
    for section, title, model, place in _SECTIONS:
        table = _table(all_settings(model, f"{section}."), translate)
        parts += [f"## {translate(title)}", translate(place), table]
    parts += [f"## {translate('Presets')}", _presets(translate)]
    parts += [f"## {translate('Balancing')}", _sentences(BALANCING, translate)]
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = (
    "What stands in `project.toml`, and in the forms of the window. On the command line a setting is written with its "
    "section: `--set recipe.epochs=5`; one of a task with the task's name: `--set tasks.material.head=mlp`."
)


def _table(settings: list[Setting], translate: Callable[[str], str]) -> str:
    head = " | ".join(translate(title) for title in ("setting", "default", "takes", "unit", "what it does"))
    return "\n".join([f"| {head} |", "| --- | --- | --- | --- | --- |", *(_row(s, translate) for s in settings)])


def _row(setting: Setting, translate: Callable[[str], str]) -> str:
    name, unit, sentence = f"`{setting.name}`", translate(setting.unit), translate(setting.help)
    cells = (name, _default(setting), setting.range_text(), unit, sentence)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(setting: Setting) -> str:
    value = setting.default
    if value is None:
        return "none: must be given"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value or "empty") if isinstance(value, str | list) else str(value)


def _presets(translate: Callable[[str], str]) -> str:
    """The presets with what each gives to the settings that are not written."""
    lines = []
    for name, preset in PRESETS.items():
        given = [f"`{key} = {_literal(value)}`" for key, value in preset.values.items()]
        given += [f"`freeze = {_literal(preset.freeze)}` always"] if preset.freeze is not None else []
        lines.append(f"- **{name}**: {translate(preset.sentence)}" + (f" Gives {', '.join(given)}." if given else ""))
    return "\n".join(lines)


def _sentences(by_name: Mapping[str, str], translate: Callable[[str], str]) -> str:
    return "\n".join(f"- **{name}**: {translate(sentence)}" for name, sentence in by_name.items())


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
