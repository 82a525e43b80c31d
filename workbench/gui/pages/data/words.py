"""Kinds and heads in the words of the window; the technical name stands behind them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from workbench.core.kinds import HEAD_HELP, KINDS
from workbench.gui.numbers import count

_HEADS = {
    "linear": QT_TRANSLATE_NOOP("Words", "linear"),
    "mlp": QT_TRANSLATE_NOOP("Words", "hidden layer"),
    "cosine": QT_TRANSLATE_NOOP("Words", "cosine"),
    "prototype": QT_TRANSLATE_NOOP("Words", "class means"),
    "multi-label": QT_TRANSLATE_NOOP("Words", "yes or no for each"),
    "number": QT_TRANSLATE_NOOP("Words", "number and doubt"),
    "dense": QT_TRANSLATE_NOOP("Words", "pixel by pixel"),
    "ridge": QT_TRANSLATE_NOOP("Words", "ridge, at once"),
    "centroid": QT_TRANSLATE_NOOP("Words", "centroids, at once"),
    "neighbours": QT_TRANSLATE_NOOP("Words", "nearest pictures, at once"),
    "discriminant": QT_TRANSLATE_NOOP("Words", "discriminant, at once"),
}
_PARTS = {
    "train": QT_TRANSLATE_NOOP("Words", "train"),
    "validation": QT_TRANSLATE_NOOP("Words", "validation"),
    "test": QT_TRANSLATE_NOOP("Words", "test"),
}


def kind_title(kind: str) -> str:
    """A kind of task as people say it."""
    return _settings(KINDS[kind].title)


def kind_help(kind: str) -> str:
    """What a kind is, with its technical name."""
    return f"{_settings(KINDS[kind].sentence)}\nkind = {kind}"


def kind_needs(kind: str) -> str:
    """What a source lacks that cannot be of a kind."""
    return _settings(KINDS[kind].needs)


def head_title(head: str) -> str:
    """A head as people say it."""
    return _words(_HEADS.get(head, head))


def head_help(head: str) -> str:
    """What a head is, with its technical name."""
    return f"{_settings(HEAD_HELP[head])}\nhead = {head}"


def part_figures(parts: Mapping[str, int]) -> str:
    """Pictures in each part that holds any: "train 192 · validation 48"."""
    return " · ".join(f"{_words(word)} {count(parts[part])}" for part, word in _PARTS.items() if parts.get(part))


def _words(text: str) -> str:
    return QCoreApplication.translate("Words", text)


def _settings(text: str) -> str:
    return QCoreApplication.translate("settings", text)
