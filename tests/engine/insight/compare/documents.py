"""Comparisons made at one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.core.control import Control
from workbench.engine.insight.compare import judge as judging


def judge(
    part: str, settings: Mapping[str, Any], documents: Mapping[str, Any], data: Mapping[str, str] | None = None,
    derived: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What the comparison comes to, without its progress; all runs learned from the same data unless said otherwise."""
    keys = data or dict.fromkeys(settings, "")
    steps = judging.judge(part, settings, keys, documents, Control(), derived=derived or {})
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return dict(end.value)
