"""Which pictures of a task a report shows, and what it says under them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Entry = Mapping[str, Any]


def worst(kind: str, entries: list[Entry], most: int) -> list[Entry]:
    """Up to `most` pictures that were answered worst, the worst first; none that was answered right."""
    found = [entry for entry in entries if _badness(kind, entry) > 0]
    return sorted(found, key=lambda entry: -_badness(kind, entry))[:most]


def best(kind: str, entries: list[Entry], most: int) -> list[Entry]:
    """Up to `most` pictures that were answered best, the best first."""
    return sorted(entries, key=lambda entry: _badness(kind, entry))[:most]


def caption(kind: str, entry: Entry) -> str:
    """What is true of a picture, and what was said."""
    return _CAPTIONS[kind](entry)


def _badness(kind: str, entry: Entry) -> float:
    return _BADNESS[kind](entry)


def _class_badness(entry: Entry) -> float:
    """Above 0 where it is wrong, the surer the worse; below where it is right."""
    sure = float(entry["confidence"])
    return sure if entry["target"] != entry["prediction"] else -sure


_BADNESS: Mapping[str, Callable[[Entry], float]] = {
    "single-label": _class_badness,
    "multi-label": lambda entry: float(len(set(entry["target"]) ^ set(entry["prediction"]))),
    "number": lambda entry: abs(float(entry["target"]) - float(entry["prediction"])),
    "mask": lambda entry: 0.0 if entry["iou"] is None else 1.0 - float(entry["iou"]),
}


def _class_caption(entry: Entry) -> str:
    true, said, sure = entry["target"], entry["prediction"], f"{entry['confidence']:.2f}"
    return f"{true}, {sure}" if true == said else f"{true} → {said}, {sure}"


def _labels_caption(entry: Entry) -> str:
    true, said = set(entry["target"]), set(entry["prediction"])
    return ", ".join([f"−{name}" for name in sorted(true - said)] + [f"+{name}" for name in sorted(said - true)]) or (
        " + ".join(sorted(true)) or "no label"
    )


_CAPTIONS: Mapping[str, Callable[[Entry], str]] = {
    "single-label": _class_caption,
    "multi-label": _labels_caption,
    "number": lambda entry: f"{entry['target']:.4g} → {entry['prediction']:.4g}",
    "mask": lambda entry: "no overlap known" if entry["iou"] is None else f"overlap {entry['iou']:.2f}",
}
