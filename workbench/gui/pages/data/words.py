"""Kinds and heads in plain words; the technical name stands behind them."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_WORDS = {
    "single-label": QT_TRANSLATE_NOOP("Words", "one class a picture"),
    "multi-label": QT_TRANSLATE_NOOP("Words", "several labels a picture"),
    "number": QT_TRANSLATE_NOOP("Words", "a number"),
    "mask": QT_TRANSLATE_NOOP("Words", "a mask"),
    "linear": QT_TRANSLATE_NOOP("Words", "linear"),
    "mlp": QT_TRANSLATE_NOOP("Words", "hidden layer"),
}
_MEANINGS = {
    "single-label": QT_TRANSLATE_NOOP("Words", "single-label: each picture belongs to exactly one class."),
    "linear": QT_TRANSLATE_NOOP("Words", "linear: one layer on the backbone's features. Enough for most tasks."),
    "mlp": QT_TRANSLATE_NOOP("Words", "mlp: a hidden layer between, for tasks that one layer cannot separate."),
}


def plain(name: str) -> str:
    """A kind or a head as people say it."""
    return QCoreApplication.translate("Words", _WORDS.get(name, name))


def meaning(name: str) -> str:
    """What a kind or a head is, with its technical name."""
    return QCoreApplication.translate("Words", _MEANINGS.get(name, name))
