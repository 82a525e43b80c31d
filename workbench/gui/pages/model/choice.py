"""Which backbones are listed, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP

from workbench.core.catalogue import BackboneFacts

SIZES: tuple[tuple[str, str, float], ...] = (
    ("", QT_TRANSLATE_NOOP("Choice", "any size"), float("inf")),
    ("small", QT_TRANSLATE_NOOP("Choice", "up to 5 M parameters"), 5e6),
    ("medium", QT_TRANSLATE_NOOP("Choice", "up to 15 M parameters"), 15e6),
    ("large", QT_TRANSLATE_NOOP("Choice", "up to 30 M parameters"), 30e6),
)

SORTS: dict[str, tuple[str, Callable[[BackboneFacts], float]]] = {
    "parameters": (QT_TRANSLATE_NOOP("Choice", "smallest first"), lambda facts: facts.parameters),
    "macs": (QT_TRANSLATE_NOOP("Choice", "fastest first"), lambda facts: facts.macs),
    "accuracy": (QT_TRANSLATE_NOOP("Choice", "most accurate first"), lambda facts: -facts.accuracy),
    "year": (QT_TRANSLATE_NOOP("Choice", "newest first"), lambda facts: -facts.year),
}


@dataclass(frozen=True)
class Filter:
    """What is wanted; empty texts want everything."""

    words: str = ""
    family: str = ""
    size: str = ""
    sort: str = "parameters"


def choose(facts: Iterable[BackboneFacts], wanted: Filter) -> list[BackboneFacts]:
    """The backbones that fit, in the wanted order."""
    limit = next(limit for name, _, limit in SIZES if name == wanted.size)
    words = wanted.words.casefold().split()
    found = [
        one
        for one in facts
        if one.parameters <= limit
        and wanted.family in ("", one.family)
        and all(word in f"{one.name} {one.title} {one.family} {one.year}".casefold() for word in words)
    ]
    return sorted(found, key=SORTS[wanted.sort][1])


def head_parameters(features: int, classes: int, head: str, hidden: int) -> int:
    """How many parameters a head has."""
    if head == "mlp":
        return features * hidden + hidden + hidden * classes + classes
    return features * classes + classes
