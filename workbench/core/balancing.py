"""The balancing methods and the ways of drawing from unequal tasks, each with one sentence, and what a step costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Needs = Literal["nothing", "history", "losses", "gradients"]
"""What the factors of a step hang on: nothing, earlier steps, this step's losses, or each task's own gradient."""


@dataclass(frozen=True)
class Method:
    """A balancing method.

    Attributes:
        title: what it is called.
        sentence: what it does.
        needs: what it has to work out beside a plain step, which is what it costs.
        evens_out: it evens out the sizes of losses, and so undoes most of a task's own weight.
    """

    title: str
    sentence: str
    needs: Needs = "nothing"
    evens_out: bool = False


METHODS: dict[str, Method] = {
    "equal": Method(
        "equal",
        "Each loss is divided by the loss of guessing; all tasks count the same. The default, and hard to beat.",
    ),
    "fixed": Method(
        "fixed",
        "The plain sum: losses in nats times the tasks' own weights, so that the weights mean just what they say.",
    ),
    "uw": Method(
        "Uncertainty",
        "Uncertainty weighting: each task learns how noisy it is, and noisy tasks count less.",
        "history",
        evens_out=True,
    ),
    "dwa": Method(
        "DWA",
        "Dynamic weight average: tasks whose loss falls slowly count for more, worked out anew each epoch.",
        "history",
    ),
    "gradnorm": Method(
        "GradNorm",
        "GradNorm: evens out how strongly the tasks pull at the backbone, more strongly for those that lag.",
        "gradients",
        evens_out=True,
    ),
    "famo": Method(
        "FAMO",
        "FAMO: lets all losses fall at the same rate, for the price of one more look at each batch.",
        "losses",
        evens_out=True,
    ),
    "pcgrad": Method(
        "PCGrad",
        "PCGrad: where two tasks pull against each other, the opposing part is taken away.",
        "gradients",
    ),
    "imtl_g": Method(
        "IMTL-G",
        "IMTL-G: each step goes equally far along every task's direction, however large its loss.",
        "gradients",
        evens_out=True,
    ),
    "aligned_mtl": Method(
        "Aligned-MTL",
        "Aligned-MTL: the tasks' pulls are made independent and equally strong before they are added.",
        "gradients",
    ),
    "upgrad": Method(
        "UPGrad",
        "UPGrad: each task's pull is turned until it harms no other; a small enough step raises no loss.",
        "gradients",
    ),
}
"""The first is the default. They say what a method does; no research has found one that is best everywhere."""

BALANCING: dict[str, str] = {name: method.sentence for name, method in METHODS.items()}
"""Each method with its sentence."""

SAMPLING: dict[str, str] = {
    "proportional": "Each picture once an epoch, so that large tasks are drawn more often and nothing is repeated.",
    "equal": "Each task as often as any other: pictures of small tasks are seen several times an epoch.",
    "temperature": "Between the two: a task of n pictures is drawn in proportion to n to the power of 1/temperature.",
}
"""The first is the default: repeating few pictures learns them by heart, and a task's loss is a mean in any case."""

SECOND_LOOK = 1.25
"""A step that looks at its batch once more, in plain steps: measured 1.23 to 1.28."""
APART = 1.1
"""A step that takes each task's gradient on pictures of its own: measured 1.05 to 1.15."""
SHARED_BASE, SHARED_EACH = 0.4, 0.6
"""A step that takes K tasks' gradients on the same pictures is base + K × each: measured 1.6 for 2, 2.8 to 3.4 for 4,
4.3 to 6 for 8."""
AGREEMENT_EVERY = 10
"""Steps from one measurement of gradient agreement to the next, where the method itself needs no gradients."""
WORTH_SAYING = 1.2
"""Ratios below it get no sentence."""


@dataclass(frozen=True)
class StepCost:
    """What a step of backbone training costs, in steps of a plain sum.

    Attributes:
        times: as the tasks' pictures are.
        apart: if each task had pictures of its own.
        template, values: a sentence that says it, and what to put into its braces; empty where it costs little.
    """

    times: float
    apart: float
    template: str = ""
    values: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What it costs in words; empty where it costs little."""
        return self.template.format(*self.values)


def step_cost(method: str, relatedness: bool, tasks: int, shared: float, batch: int = 32) -> StepCost:
    """What balancing and measuring gradient agreement cost while backbone stages train.

    Figures are ratios of CPU time to a plain sum, measured on a CPU with tests/benchmarks/balancing_cost.py.

    Args:
        method: one of METHODS.
        relatedness: whether gradient agreement is measured.
        tasks: how many share the backbone.
        shared: the share of training pictures, in [0, 1], that two tasks or more label.
        batch: pictures in a step; one of them that two tasks label is enough to make the step dear.
    """
    if tasks < 2:
        return StepCost(1.0, 1.0)
    needs, title = METHODS[method].needs, METHODS[method].title
    together = SHARED_BASE + SHARED_EACH * tasks
    dear = 1.0 - (1.0 - min(1.0, max(0.0, shared))) ** batch
    gradients = APART + (together - APART) * dear
    if needs == "gradients":
        said = _said(_GRADIENTS, gradients, shared, tasks, title, f"{gradients:.1f}")
        return StepCost(gradients, APART, *said)
    plain = SECOND_LOOK if needs == "losses" else 1.0
    apart = times = plain
    if relatedness:
        # Tasks with pictures of their own give their gradients with every step, unless its losses come first.
        apart = plain + APART / AGREEMENT_EVERY if needs == "losses" else APART
        times = dear * (plain + together / AGREEMENT_EVERY) + (1 - dear) * apart
    if times >= WORTH_SAYING * plain:
        if plain >= WORTH_SAYING:
            return StepCost(times, apart, *_said(_LOOK_AND_AGREEMENT, times, shared, tasks, title, f"{times:.1f}"))
        return StepCost(times, apart, *_said(_AGREEMENT, times, shared, tasks, f"{times:.1f}"))
    look = (_LOOK, (title, f"{plain:g}")) if plain >= WORTH_SAYING else ("", ())
    return StepCost(times, apart, *look)


def _said(
    templates: tuple[str, str], times: float, shared: float, tasks: int, *words: str
) -> tuple[str, tuple[str, ...]]:
    """The template and its words: the first where nearly all pictures are shared; nothing where it costs little."""
    if times < WORTH_SAYING:
        return "", ()
    return templates[0] if shared > _NEARLY_ALL else templates[1], (str(tasks), *words)


_NEARLY_ALL = 0.9
_GRADIENTS = (
    "These {0} tasks lie on the same pictures, so that {1} takes about {2} times as long a step; with pictures of "
    "their own it would take about as long as equal.",
    "These {0} tasks share some pictures, so that {1} takes up to about {2} times as long a step; with pictures of "
    "their own it would take about as long as equal.",
)
_AGREEMENT = (
    "These {0} tasks lie on the same pictures, so that measuring gradient agreement makes a step about {1} times as "
    "long on average; it can be switched off.",
    "These {0} tasks share some pictures, so that measuring gradient agreement makes a step up to about {1} times as "
    "long on average; it can be switched off.",
)
_LOOK = "{0} looks at each batch once more, so that a step takes about {1} times as long."
_LOOK_AND_AGREEMENT = (
    "{1} looks at each batch once more and these {0} tasks lie on the same pictures, so that with measuring gradient "
    "agreement, which can be switched off, a step takes about {2} times as long on average.",
    "{1} looks at each batch once more and these {0} tasks share some pictures, so that with measuring gradient "
    "agreement, which can be switched off, a step takes up to about {2} times as long on average.",
)
COST_TEMPLATES = (*_GRADIENTS, *_AGREEMENT, _LOOK, *_LOOK_AND_AGREEMENT)
"""Every sentence about cost, for translation."""
