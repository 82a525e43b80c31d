"""The kinds of task, and the heads that can answer each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["single-label", "multi-label", "number", "mask"]
SourceForm = Literal["folder", "column", "masks"]
"""What a task's source is: a folder of class folders, a column of a table, or pictures with masks."""


@dataclass(frozen=True)
class KindFacts:
    """A kind of task.

    Attributes:
        title: in a form.
        sentence: for whoever chooses.
        heads: that can answer it; the first is the default.
        sources: the forms of source that can hold such answers.
        needs: what is missing where the source is of another form.
        metric: the score, in [0, 1], by which the best checkpoint is chosen and that a card shows first.
    """

    title: str
    sentence: str
    heads: tuple[str, ...]
    metric: str
    sources: tuple[SourceForm, ...]
    needs: str


CLOSED_FORM = ("ridge", "centroid", "neighbours", "discriminant")
"""Heads that are worked out at once from the features of a frozen backbone; nothing in them trains."""


def worked_out(heads: Iterable[str]) -> bool:
    """Whether none of the heads of a run trains: more epochs would change nothing."""
    return all(head in CLOSED_FORM for head in heads)


KINDS: dict[str, KindFacts] = {
    "single-label": KindFacts(
        "One class",
        "Each picture belongs to exactly one class.",
        ("linear", "mlp", "cosine", "prototype", *CLOSED_FORM),
        "accuracy",
        ("folder", "column"),
        "A class needs a folder of class folders or a column of a table.",
    ),
    "multi-label": KindFacts(
        "Several labels",
        "Each picture has any number of labels: class folders that overlap, or a cell such as RBC|WBC.",
        ("multi-label",),
        "mean_average_precision",
        ("folder", "column"),
        "Labels need class folders that overlap or a column of a table.",
    ),
    "number": KindFacts(
        "A number",
        "Each picture has a number, from a column of a table; the answer comes in the same unit.",
        ("number",),
        "r2",
        ("column",),
        "A number needs a column of a table.",
    ),
    "mask": KindFacts(
        "A mask",
        "Each picture has a mask of the same name that says of every pixel what it is.",
        ("dense",),
        "mean_iou",
        ("masks",),
        "A mask needs a folder of pictures and a folder of masks of the same names.",
    ),
}
HEADS: dict[str, tuple[str, ...]] = {kind: facts.heads for kind, facts in KINDS.items()}
"""The heads that can answer each kind of task; the first is the default."""

HEAD_HELP: dict[str, str] = {
    "linear": "One layer on the backbone's features.",
    "mlp": "A hidden layer between features and answer, for harder questions.",
    "cosine": "Compares directions only, one learnt for each class: steadier where classes are few or unequal.",
    "prototype": "Begins as the mean of each class's pictures and compares by distance: good with very few pictures.",
    "multi-label": "One yes or no for each label, on the backbone's features.",
    "number": "A number and how far it may be off, on the backbone's features.",
    "dense": "An answer for each pixel, from the maps of all of the backbone's stages.",
    "ridge": "Worked out at once by regression: the surest with one to twenty pictures of a class.",
    "centroid": "Worked out at once: the middle of each class, compared by direction.",
    "neighbours": "Remembers all pictures and asks the ten nearest: shapes of classes do not matter.",
    "discriminant": "Worked out at once: a bell around each class, all of one shape.",
}
"""Every head, each with one sentence for whoever chooses."""
