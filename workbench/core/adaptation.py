"""The ways to bring a trained model nearer to unlabelled pictures of another domain, and their settings."""

from __future__ import annotations

from dataclasses import dataclass

ADABN, MCC, PSEUDO_LABELS = "adabn", "mcc", "pseudo-labels"

SHARE = 1.0
"""Of the target in new batch-norm statistics."""
PRIOR = 16
"""Pictures that the old batch-norm statistics count as beside those of the target."""
CONFUSION_TEMPERATURE = 2.5
"""By which answers are softened before their confusion is measured: that of the paper for all its data sets."""
TOP_SHARE = 0.5
"""Of the target pictures that are given a class, the share that is kept as surest, in each class by itself."""


@dataclass(frozen=True)
class Method:
    """A way to adapt.

    Attributes:
        title: in a list of choices.
        sentence: what it does, for whoever chooses.
        trains: whether it is a training run; else it takes one pass over the pictures.
    """

    title: str
    sentence: str
    trains: bool


METHODS: dict[str, Method] = {
    ADABN: Method(
        "New batch-norm statistics",
        "Brightness, contrast and sharpness of the new pictures are reckoned in, layer by layer; no weight changes. "
        "One pass, without training.",
        trains=False,
    ),
    MCC: Method(
        "Clear answers on both",
        "Trains on with the labelled pictures, while classes are to be confused less on the new ones (MCC).",
        trains=True,
    ),
    PSEUDO_LABELS: Method(
        "Learn from sure answers",
        "Takes the surest answers on the new pictures as labels, class by class, and trains on with both.",
        trains=True,
    ),
}
