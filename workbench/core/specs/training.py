"""What jobs that train are asked for, and the check before them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from workbench.core.place import Place
from workbench.core.project import Project
from workbench.core.specs.base import JobSpec
from workbench.core.verdict import SEEDS

RATE_STEPS = 100
"""Steps of a search for the learning rate."""


class CheckSpec(JobSpec):
    """Read the project's data and say what is wrong with it."""

    project: Project
    project_dir: Path


class TrainSpec(JobSpec):
    """Carry out one run in `run_dir`, which exists; with `resume`, go on from its newest intact checkpoint.

    Attributes:
        more: epochs that a run which has ended is made longer by, with `resume`; 0 for none.
        table: a stored sample table to train on, of which the project's tasks are taken; None reads the project's data.
        choose: whether validation pictures choose the model that is kept; else it is that of the last epoch.
        watch: with `choose` off, whether validation pictures are scored after each epoch all the same.
        place: where this process stands among several that train the run together; None: it is alone.
    """

    project: Project
    project_dir: Path
    run_dir: Path
    run: str
    resume: bool = False
    more: int = 0
    table: Path | None = None
    choose: bool = True
    watch: bool = False
    place: Place | None = None


class VerdictSpec(JobSpec):
    """Train tasks together and each alone by the same recipe, with several seeds, and judge.

    Attributes:
        verdict_dir: a folder that exists; runs that it holds already are not done again where they are of this recipe.
        verdict: what the verdict is called in its events.
        tasks: two or more of the project's; none for all.
        seeds: runs of each; the first has the recipe's seed, and each further one the next number.
    """

    project: Project
    project_dir: Path
    verdict_dir: Path
    verdict: str
    tasks: tuple[str, ...] = ()
    seeds: int = SEEDS


class TransferSpec(JobSpec):
    """Train one recipe from random weights, frozen, partly frozen and whole, and say what pretraining is worth.

    Attributes:
        transfer_dir: a folder that exists; runs that it holds already are not done again where they are of this recipe.
        transfer: what the report is called in its events.
        seeds: runs of each; the first has the recipe's seed, and each further one the next number.
        fractions: of the training pictures on which each is trained as well; None for those that are cheap.
    """

    project: Project
    project_dir: Path
    transfer_dir: Path
    transfer: str
    seeds: int = 1
    fractions: tuple[float, ...] | None = None


class RateSpec(JobSpec):
    """Try growing learning rates on the project's data for that many steps."""

    project: Project
    project_dir: Path
    steps: int = RATE_STEPS


class AffinitySpec(JobSpec):
    """Measure what a step for one task does to the others, on up to `batches` batches of a run's training part."""

    project_dir: Path
    run_dir: Path
    run: str
    batches: int = 20


class PretrainSpec(JobSpec):
    """Train a backbone on pictures drawn from formulas and write it to the file `out`.

    Attributes:
        backbone: torchvision's name.
        steps: of the optimiser; each sees two views of every scene of its batch.
        batch_size: scenes in a step.
        sizes: width and height of scenes in px, each for an equal share of the steps.
        learning_rate: per step, at its highest.
        systems: classes of fractals.
        signs: classes of signs.
        variants: of each class.
        grounds: backgrounds.
        ink: the share of scenes with signs on a plain ground.
        start: a file of weights to begin with, such as an earlier `out`; None begins with random ones.
    """

    out: Path
    backbone: str = "mobilenet_v3_small"
    start: Path | None = None
    steps: int = 10_000
    batch_size: int = 128
    sizes: tuple[int, ...] = (48, 64)
    learning_rate: float = 2e-3
    systems: int = 250
    signs: int = 250
    variants: int = 8
    grounds: int = 1500
    ink: float = 0.25
    seed: int = 0
    device: str = "auto"
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    resume: bool = False
