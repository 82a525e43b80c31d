"""From the documents of runs to what the comparison says."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any

from workbench.core.control import Control
from workbench.core.differences import MADE, Repeats, data_settings, differing, flat_settings, repeat_key, repeats
from workbench.core.events import Event, Progress
from workbench.core.specs import DISAGREEMENTS
from workbench.core.verdict import LEVEL, SCORE_NAMES, grain, is_error
from workbench.engine.insight.compare.paired import compared
from workbench.engine.insight.compare.scored import Scored, disagreements, paired, scored_tasks

COMPARING = "comparing"
_ALL_PAIRS = 4
"""Recipes up to which each is compared with each; of more, each with the first."""
_CONCLUSIONS = {1: "second", 0: "noise", -1: "first"}


@dataclass(frozen=True)
class Group:
    """Runs of one recipe on the same data.

    Attributes:
        name: of the first; what it stands for in the document.
        repeats: in what the runs differ.
    """

    name: str
    runs: list[str]
    repeats: Repeats


def grouped(
    settings: Mapping[str, Mapping[str, Any]], data: Mapping[str, str], derived: Collection[str] = ()
) -> list[Group]:
    """Runs by recipe and data, in their order; one that was made of others repeats no recipe, whatever its settings."""
    members: dict[tuple[str, str, str], list[str]] = {}
    for run, each in settings.items():
        alone = run if run in derived else ""
        members.setdefault((repeat_key(dict(each)), data[run], alone), []).append(run)
    return [Group(runs[0], runs, repeats([dict(settings[run]) for run in runs])) for runs in members.values()]


def other_data(settings: Mapping[str, Mapping[str, Any]], data: Mapping[str, str]) -> list[str]:
    """Runs that learned from other data than the first, though their settings name the same."""
    first: dict[str, str] = {}
    asked = {run: data_settings(dict(each)) for run, each in settings.items()}
    return [run for run, each in asked.items() if first.setdefault(each, data[run]) != data[run]]


def judge(
    part: str,
    settings: Mapping[str, Mapping[str, Any]],
    data: Mapping[str, str],
    documents: Mapping[str, Mapping[str, Any]],
    control: Control,
    most: int | None = DISAGREEMENTS,
    derived: Mapping[str, str] = MappingProxyType({}),
) -> Generator[Event, None, dict[str, Any]]:
    """The document of a comparison; yields Progress. Where it is told to end, one that lacks tasks.

    The intervals of all pairs and tasks hold together at the level LEVEL (Bonferroni), so that among many of them
    chance alone seldom makes one look like a difference.

    Args:
        settings: by run, as a project's file holds them.
        data: by run, equal where they learned from the same pictures, labels and parts, or folds of them.
        documents: by run, what `evaluate` says.
        most: pictures with different answers that are named for each pair and task; None: all.
        derived: how each of the runs that were made of others was made.
    """
    groups = grouped(settings, data, derived)
    tasks = scored_tasks(
        [(group.runs, group.repeats) for group in groups], {run: each["tasks"] for run, each in documents.items()}
    )
    pairs = list(combinations(range(len(groups)), 2))
    if len(groups) > _ALL_PAIRS:
        pairs = [pair for pair in pairs if pair[0] == 0]
    level = 1 - (1 - LEVEL) / max(1, len(pairs) * len(tasks))
    flat = {run: flat_settings(dict(each)) for run, each in settings.items()}
    keys = differing([dict(each) for each in settings.values()])
    found: dict[str, Any] = {}
    for name, scored in tasks.items():
        yield Progress(what=COMPARING, done=len(found), total=len(tasks))
        if control.ending:
            break
        found[name] = _task(groups, scored, pairs, level, most)
    return {
        "part": part,
        "level": LEVEL,
        "runs": list(settings),
        "groups": [vars(group) for group in groups],
        "other_data": other_data(settings, data),
        "settings": [
            *([{"key": MADE, "values": {run: derived.get(run) for run in settings}}] if derived else []),
            *({"key": key, "values": {run: each.get(key) for run, each in flat.items()}} for key in keys),
        ],
        "tasks": found,
        "sentence": sentence(found),
    }


def sentence(tasks: Mapping[str, Mapping[str, Any]]) -> str:
    """What the comparison comes to."""
    pairs = [(name, pair) for name, task in tasks.items() for pair in task["pairs"]]
    if not pairs:
        return "These runs repeat one recipe; how far their scores spread is chance."
    if not any(pair["pictures"] for _, pair in pairs):
        return "These runs have no picture in common, so they cannot be compared."
    beyond = [(name, pair) for name, pair in pairs if pair["conclusion"] != "noise"]
    if not beyond:
        return "No difference exceeds noise."
    return "Beyond noise: " + "; ".join(f"{name}, {_better(pair)}" for name, pair in beyond) + "."


def _better(pair: Mapping[str, Any]) -> str:
    better, worse = ("second", "first") if pair["conclusion"] == "second" else ("first", "second")
    return f"{pair[better]} is better than {pair[worse]}"


def _task(
    groups: Sequence[Group],
    scored: Sequence[Scored | None],
    pairs: Sequence[tuple[int, int]],
    level: float,
    most: int | None,
) -> dict[str, Any]:
    known = next(each for each in scored if each is not None) if any(scored) else None
    rows = []
    for one, other in pairs:
        first, second = scored[one], scored[other]
        if first is not None and second is not None:
            names = {"first": groups[one].name, "second": groups[other].name}
            rows.append({**names, **_pair(first, second, level, most)})
    return {
        "kind": known.kind if known else None,
        "metric": known.metric if known else None,
        "score": SCORE_NAMES[known.kind] if known else None,
        "groups": {group.name: _spread(each) for group, each in zip(groups, scored, strict=True) if each is not None},
        "runs": {
            run: {"count": document["count"], "metrics": document["metrics"]}
            for each in scored
            if each is not None
            for run, document in each.documents.items()
        },
        "pairs": rows,
    }


def _spread(scored: Scored) -> dict[str, Any] | None:
    found = scored.spread()
    return None if found is None else vars(found)


def _of_shares(interval: tuple[float, float] | None) -> tuple[float, float] | None:
    """The interval of a difference of two shares, which lies from -1 to 1."""
    return None if interval is None else (max(-1.0, interval[0]), min(1.0, interval[1]))


def _pair(first: Scored, second: Scored, level: float, most: int | None) -> dict[str, Any]:
    images, one, other = paired(first, second)
    found = compared(one, other, level, grain(next(iter(first.documents.values()))))
    count, pictures = disagreements(first, second, most)
    turn = -1.0 if is_error(first.kind) else 1.0
    return {
        "pictures": len(images),
        "scores": [turn * float(side.mean()) if images else None for side in (one, other)],
        "difference": found.value if images else None,
        "interval": found.interval if is_error(first.kind) else _of_shares(found.interval),
        "p": found.p,
        "test": found.test,
        "conclusion": _CONCLUSIONS[found.beyond_noise],
        "disagree": count,
        "disagreements": pictures,
    }
