"""What a network may learn from beside the labels: the table `[transfer]` of a project."""

from __future__ import annotations

from workbench.core.adaptation import ADABN, CONFUSION_TEMPERATURE, METHODS, TOP_SHARE
from workbench.core.section import Section
from workbench.core.settings import setting

DISTILLATION: dict[str, str] = {
    "kd": "What the teacher believes of all classes, softened by a temperature (Hinton 2015).",
    "dkd": "What it believes of the right class and of the others among themselves, weighed apart (Zhao 2022).",
    "none": "No answers of the teacher are learned; its features may be.",
}
"""The ways to learn a teacher's answers, each in one sentence."""

FEATURE_LOSSES: dict[str, str] = {
    "cosine": "The direction of the features is matched.",
    "mse": "Direction and length of the features are matched (FitNets, Romero 2015).",
}


_TRAINING = {"none": "Nothing but the labelled pictures is learned from."} | {
    name: method.sentence for name, method in METHODS.items() if name != ADABN
}
"""The ways to be adapted to another domain while a run trains, each in one sentence."""


class Transfer(Section):
    """A teacher, whose answers are learned beside the labels, and pictures of another domain to be adapted to."""

    teacher: str = setting(
        "",
        title="Teacher",
        help="A run whose answers are learned beside the labels: its name, number, latest, or its folder; empty: none.",
    )
    distillation: str = setting(
        "kd",
        title="Distillation",
        help="How the teacher's answers are learned; for numbers and labels all ways are one.",
        choices=tuple(DISTILLATION),
        choice_help=tuple(DISTILLATION.values()),
    )
    temperature: float = setting(
        4.0,
        title="Temperature",
        help="How far the beliefs of teacher and student are evened out before they are compared; 1: not at all.",
        ge=1.0,
        le=100.0,
    )
    share: float = setting(
        0.5,
        title="Teacher's share",
        help="How much the teacher's answers count in each task's loss; the labels count the rest. 1: no labels.",
        ge=0.0,
        le=1.0,
    )
    right_class: float = setting(
        1.0,
        title="Right class",
        help="With dkd, how much the belief in the right class against all others counts (alpha).",
        ge=0.0,
        le=100.0,
        advanced=True,
    )
    other_classes: float = setting(
        4.0,
        title="Other classes",
        help="With dkd, how much the beliefs in the other classes among themselves count (beta).",
        ge=0.0,
        le=100.0,
        advanced=True,
    )
    features: float = setting(
        0.0,
        title="Feature matching",
        help="How much it counts that a linear map of the features gives those of the teacher, while stages train; "
        "0: nothing.",
        ge=0.0,
        le=100.0,
    )
    feature_loss: str = setting(
        "cosine",
        title="Feature distance",
        help="By what features are compared with those of the teacher.",
        choices=tuple(FEATURE_LOSSES),
        choice_help=tuple(FEATURE_LOSSES.values()),
        advanced=True,
    )
    unlabelled: str = setting(
        "",
        title="More pictures",
        help="A folder of further pictures without labels, of which only the teacher's answers are learned.",
    )
    adaptation: str = setting(
        "none",
        title="Adaptation",
        help="How a run is adapted to pictures of another domain while it trains; best begun with `adapt`.",
        choices=tuple(_TRAINING),
        choice_help=tuple(_TRAINING.values()),
    )
    target: str = setting(
        "",
        title="Other domain",
        help="The folder with pictures of the other domain, of which no label is looked at.",
    )
    confusion: float = setting(
        1.0,
        title="Clear answers",
        help="With mcc, how much it counts that classes are confused less on the other domain, beside a task's loss.",
        ge=0.0,
        le=100.0,
        advanced=True,
    )
    confusion_temperature: float = setting(
        CONFUSION_TEMPERATURE,
        title="Confusion temperature",
        help="With mcc, how far answers are evened out before it is told which classes are confused.",
        ge=0.1,
        le=100.0,
        advanced=True,
    )
    top: float = setting(
        TOP_SHARE,
        title="Sure answers",
        help="With pseudo-labels, the share of the pictures of each class whose answers are taken as labels.",
        ge=0.0,
        le=1.0,
        advanced=True,
    )
