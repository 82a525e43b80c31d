"""Counts and lists in sentences."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 4


def counted(count: int, noun: str) -> str:
    """ "1 picture" or "12 pictures"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def pictures(count: int) -> str:
    """ "1 picture" or "12 pictures"."""
    return counted(count, "picture")


def verb(count: int, one: str, many: str) -> str:
    """The form of a verb that goes with a count."""
    return one if count == 1 else many


def some(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def listed(names: list[str]) -> str:
    """ "a", "a and b", or "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
