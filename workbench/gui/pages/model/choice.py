"""Which backbones are listed, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP

from workbench.core import catalogue
from workbench.core.backbone_facts import BackboneFacts

SIZES: tuple[tuple[str, str, float], ...] = (
    ("", QT_TRANSLATE_NOOP("Choice", "any size"), float("inf")),
    ("small", QT_TRANSLATE_NOOP("Choice", "up to 5 M"), 5e6),
    ("medium", QT_TRANSLATE_NOOP("Choice", "up to 15 M"), 15e6),
    ("large", QT_TRANSLATE_NOOP("Choice", "up to 30 M"), 30e6),
)

SORTS: dict[str, tuple[str, Callable[[BackboneFacts], float | str]]] = {
    "parameters": (QT_TRANSLATE_NOOP("Choice", "smallest first"), lambda facts: facts.parameters),
    "macs": (QT_TRANSLATE_NOOP("Choice", "fastest first"), lambda facts: facts.macs),
    "accuracy": (QT_TRANSLATE_NOOP("Choice", "most accurate first"), lambda facts: -(facts.accuracy or 0.0)),
    "year": (QT_TRANSLATE_NOOP("Choice", "newest first"), lambda facts: -(facts.year or 0)),
    "name": (QT_TRANSLATE_NOOP("Choice", "by name"), lambda facts: facts.title.casefold()),
}

Here = Callable[[BackboneFacts], bool]


@dataclass(frozen=True)
class Filter:
    """What is wanted; empty texts want everything."""

    words: str = ""
    source: str = "torchvision"
    family: str = ""
    size: str = ""
    sort: str = "parameters"


def search(wanted: Filter, here: Here) -> list[BackboneFacts]:
    """The backbones of the catalogue that fit, in the wanted order.

    Args:
        here: whether a backbone's weights are on this computer.
    """
    return SOURCES[wanted.source][1](wanted, here)


def families(source: str) -> list[str]:
    """The families among which a source has backbones, by name."""
    found = {facts.family for facts in catalogue.backbones().values() if source != "timm"}
    found |= {facts.family for facts in catalogue.hub().values() if source in ("timm", "both")}
    return sorted(found, key=str.casefold)


@cache
def _searched(name: str) -> str:
    """What typed words are looked for in: a backbone's names, its year, and the names of its weights."""
    facts = catalogue.get(name)
    versions = " ".join(version.name for version in facts.versions)
    return f"{facts.name} {facts.title} {facts.family} {facts.year} {versions}".casefold()


def choose(facts: Iterable[BackboneFacts], wanted: Filter) -> list[BackboneFacts]:
    """Those of some backbones that fit, in the wanted order."""
    limit = next(limit for name, _, limit in SIZES if name == wanted.size)
    words = wanted.words.casefold().split()
    found = [
        one
        for one in facts
        if one.parameters <= limit
        and wanted.family in ("", one.family)
        and all(word in _searched(one.name) for word in words)
    ]
    return sorted(found, key=SORTS[wanted.sort][1])


def _own(wanted: Filter, _: Here) -> list[BackboneFacts]:
    """Torchvision's; and behind them those of timm in which the typed words are found."""
    more = choose(catalogue.hub().values(), wanted) if wanted.words.strip() else []
    return choose(catalogue.backbones().values(), wanted) + more


def _on_this_computer(wanted: Filter, here: Here) -> list[BackboneFacts]:
    return [facts for facts in _both(wanted, here) if here(facts)]


def _both(wanted: Filter, _: Here) -> list[BackboneFacts]:
    return choose([*catalogue.backbones().values(), *catalogue.hub().values()], wanted)


def _hub(wanted: Filter, _: Here) -> list[BackboneFacts]:
    return choose(catalogue.hub().values(), wanted)


SOURCES: dict[str, tuple[str, Callable[[Filter, Here], list[BackboneFacts]]]] = {
    "torchvision": (QT_TRANSLATE_NOOP("Choice", "torchvision"), _own),
    "both": (QT_TRANSLATE_NOOP("Choice", "torchvision, timm"), _both),
    "timm": (QT_TRANSLATE_NOOP("Choice", "timm"), _hub),
    "here": (QT_TRANSLATE_NOOP("Choice", "on this computer"), _on_this_computer),
}
