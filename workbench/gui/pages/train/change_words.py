"""How changes of settings while a run trains are told; no widgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.parsing import project_settings


def setting_words(key: str) -> str:
    """What a setting is called, such as "Learning rate" or "Weight of pattern"."""
    if key.startswith("tasks."):
        return _tr("Weight of {0}").format(key.removeprefix("tasks.").rpartition(".")[0])
    setting = project_settings().get(key)
    return QCoreApplication.translate("settings", setting.title) if setting else key


def change_words(settings: Mapping[str, tuple[Any, Any]]) -> str:
    """Learning rate auto → 0.0001, Weight of pattern 1 → 2."""
    return ", ".join(f"{setting_words(key)} {_value(old)} → {_value(new)}" for key, (old, new) in settings.items())


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChangeWords", text)
