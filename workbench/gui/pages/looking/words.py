"""How methods are called in the window, and what the checks of a map found, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication


def method_title(name: str) -> str:
    """A method of `saliency.METHODS` for people."""
    titles = {
        "auto": _tr("Automatic"),
        "hirescam": _tr("HiResCAM"),
        "tokens": _tr("tokens"),
        "occlusion": _tr("occlusion (slow)"),
        "integrated-gradients": _tr("integrated gradients (slow)"),
    }
    return titles[name]


def fineness(places: Sequence[int] | None) -> str:
    """How many places a map tells apart, from the document of `explain`; empty where it is not drawn from a stage."""
    if places is None:
        return ""
    return _tr("The map tells {0} × {1} places apart; a run at a larger picture size, more.").format(*places)


def checked_words(trust: dict[str, Any]) -> str:
    """The figures behind the verdict on a map, from the document of `explain --trust`."""
    lines = [_tr("Likeness to the maps of random heads: {0} (rank correlation)").format(
        f"{trust['remains_with_random_head']:.2f}"
    )]
    for words, name in (
        (_tr("Answer left while marked places go: {0}, random places: {1}"), "deletion"),
        (_tr("Answer there while marked places come: {0}, random places: {1}"), "insertion"),
    ):
        others = trust[f"{name}_random"]
        lines.append(words.format(f"{trust[name]:.2f}", f"{sum(others) / max(1, len(others)):.2f}"))
    return "\n".join(lines)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Looking", text)
