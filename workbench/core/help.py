"""The help page of all settings, made from the settings themselves."""

from __future__ import annotations

from collections.abc import Callable

from workbench.core.parsing import project_settings, task_settings
from workbench.core.presets import PRESETS
from workbench.core.settings import Setting

_SECTIONS = (
    ("split", "Split"),
    ("backbone", "Backbone"),
    ("recipe", "Recipe"),
)


def settings_page(translate: Callable[[str], str] = str) -> str:
    """All settings as Markdown: what each means, what it takes, and its default.

    Args:
        translate: turns a text of a setting into the reader's language.
    """
    parts = [f"# {translate('All settings')}", ""]
    parts.append(translate("Each stands under this name in project.toml, in --set, and in the window's forms."))
    parts += ["", f"## {translate('Presets')}", ""]
    parts += [f"- **{translate(preset.title)}** (`{name}`): {translate(preset.sentence)}" for name, preset in PRESETS.items()]
    parts += ["", f"## {translate('Tasks')}", ""]
    for setting in task_settings().values():
        parts += _entry(setting, f"tasks.NAME.{setting.name}", translate)
    for section, title in _SECTIONS:
        parts += ["", f"## {translate(title)}", ""]
        for key, setting in project_settings().items():
            if key.startswith(f"{section}."):
                parts += _entry(setting, key, translate)
    return "\n".join(parts) + "\n"


def _entry(setting: Setting, key: str, translate: Callable[[str], str]) -> list[str]:
    takes = setting.range_text() + (f" ({setting.unit})" if setting.unit else "")
    default = "" if setting.default in (None, "") else f" {translate('Default')}: `{_written(setting.default)}`."
    return [f"### {translate(setting.title)}", "", f"`{key}`: {translate(setting.help)} {translate('Takes')} {takes}.{default}", ""]


def _written(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else f"{value}"
