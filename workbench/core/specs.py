"""What each job of the engine is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from workbench.core.adaptation import PRIOR, SHARE, TOP_SHARE
from workbench.core.advice import FIRST_IMAGES, MOST_IMAGES, Candidate
from workbench.core.doubts import TOP
from workbench.core.place import Place
from workbench.core.project import Project, Split, Task
from workbench.core.saliency import OPACITY
from workbench.core.shots import DRAWS
from workbench.core.verdict import SEEDS

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")

COVERAGE = 0.9
"""Share of pictures whose set of classes is to hold the true one."""
NEIGHBOURS = 8
"""Training pictures that are listed beside a picture."""
MEMORY = 20
"""Pictures of each class that are remembered where new ones are learned beside them."""
RATE_STEPS = 100
"""Steps of a search for the learning rate."""

DISAGREEMENTS = 200
"""Pictures on which two runs disagree that are named where no other number is asked for."""


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True)


class CheckSpec(_Spec):
    """Read the project's data and say what is wrong with it."""

    project: Project
    project_dir: Path


class TrainSpec(_Spec):
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


class EvaluateSpec(_Spec):
    """Score a run on one of its parts (None: test, or validation where there is none), or on other labelled pictures.

    `data` holds, for tasks of the run by name, where other labelled pictures are.
    """

    project_dir: Path
    run_dir: Path
    run: str
    part: Part | None = None
    data: tuple[Task, ...] = ()


class CompareSpec(_Spec):
    """Compare runs on one of their parts (None: test where every run has one, else validation).

    `most`: pictures with different answers that are named for each pair and task; None: all.
    """

    project_dir: Path
    run_dirs: tuple[Path, ...]
    part: Part | None = None
    most: int | None = DISAGREEMENTS


class ReportSpec(_Spec):
    """Collect what the report of a run shows of one of its parts (None: test, or validation where there is none), or of
    other labelled pictures: `data` is as in `EvaluateSpec`."""

    project_dir: Path
    run_dir: Path
    run: str
    part: Part | None = None
    data: tuple[Task, ...] = ()


class VerdictSpec(_Spec):
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


class PredictSpec(_Spec):
    """Answer every head's question for pictures and folders of pictures, in the order given; masks go to `out`."""

    project_dir: Path
    run_dir: Path
    run: str
    images: tuple[Path, ...]
    out: Path | None = None


class ExplainSpec(_Spec):
    """Draw where the head of `task` looked in a picture.

    Attributes:
        of: the class whose answer is traced; None for the likeliest.
        method: of `saliency.METHODS`.
        out: a PNG of the picture under the map; None for none.
        map: a grey PNG of the map alone, at the picture's size; None for none.
        trust: check the map as well.
    """

    project_dir: Path
    run_dir: Path
    run: str
    image: Path
    task: str
    of: str | None = None
    method: str = "auto"
    out: Path | None = None
    map: Path | None = None
    colours: str = "inferno"
    opacity: float = OPACITY
    trust: bool = False


class CalibrateSpec(_Spec):
    """Fit what makes a run's answers believable, on its validation pictures.

    Attributes:
        coverage: share of pictures whose set of classes is to hold the true one, in (0, 1); None for that which the run
            is calibrated to, else `COVERAGE`.
        abstain: for tasks that may say nothing, the confidence below which they do, in [0, 1]; of other tasks that
            which the run is calibrated to stays.
    """

    project_dir: Path
    run_dir: Path
    run: str
    coverage: float | None = None
    abstain: dict[str, float] = {}


class AffinitySpec(_Spec):
    """Measure what a step for one task does to the others, on up to `batches` batches of a run's training part."""

    project_dir: Path
    run_dir: Path
    run: str
    batches: int = 20


class RateSpec(_Spec):
    """Try growing learning rates on the project's data for that many steps."""

    project: Project
    project_dir: Path
    steps: int = RATE_STEPS


class PretrainSpec(_Spec):
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


class AdviseSpec(_Spec):
    """Compare backbones on up to `images` of the project's training pictures; none for the short list."""

    project: Project
    project_dir: Path
    backbones: tuple[Candidate, ...] = ()
    images: int = MOST_IMAGES


class DoubtsSpec(_Spec):
    """Find labels that are doubtful; list up to `top` of each task (none named: of all), the most doubtful first."""

    project: Project
    project_dir: Path
    tasks: tuple[str, ...] = ()
    top: int = TOP


class MapSpec(_Spec):
    """Draw the pictures of some parts of a run, or of all where none is named, by a method of `picture_map.METHODS`."""

    project_dir: Path
    run_dir: Path
    run: str
    method: str = "pca"
    parts: tuple[Part, ...] = ()


class CurveSpec(_Spec):
    """Draw the learning curves of a run's tasks (none named: of all)."""

    project_dir: Path
    run_dir: Path
    run: str
    tasks: tuple[str, ...] = ()


class BlendSpec(_Spec):
    """Score points between a run's pretrained weights and its trained ones, on its validation part and other pictures.

    Attributes:
        shares: of the trained weights in each point, in [0, 1].
        data: other labelled pictures for tasks of the run, by name.
        keep: the folder of a new run, which exists, that gets the one share; None keeps nothing.
    """

    project_dir: Path
    run_dir: Path
    run: str
    shares: tuple[float, ...]
    data: tuple[Task, ...] = ()
    keep: Path | None = None


class SoupSpec(_Spec):
    """Average the weights of runs of one recipe, all of them and greedily, and score both beside each run.

    Attributes:
        data: other labelled pictures for tasks of the runs, by name.
        greedy: keep the greedy average rather than that of all.
        keep: the folder of a new run, which exists; None keeps nothing.
    """

    project_dir: Path
    run_dirs: tuple[Path, ...]
    data: tuple[Task, ...] = ()
    greedy: bool = False
    keep: Path | None = None


class ShotsSpec(_Spec):
    """Draw accuracy against pictures a class, for heads that are worked out at once, on frozen features.

    Attributes:
        run_dir: whose trained backbone sees the pictures; None: the project's, as it was before training.
        shots: pictures a class; none for as many as its pictures allow.
        draws: choices of pictures of each number.
        tasks: none named: all that ask for one class.
    """

    project: Project
    project_dir: Path
    run_dir: Path | None = None
    run: str = ""
    shots: tuple[int, ...] = ()
    draws: int = DRAWS
    tasks: tuple[str, ...] = ()


class TransferSpec(_Spec):
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


class NeighboursSpec(_Spec):
    """Find the `count` training pictures that a run's model sees most like a picture."""

    project_dir: Path
    run_dir: Path
    run: str
    image: Path
    count: int = NEIGHBOURS


class LadderSpec(_Spec):
    """Probe every stage of a backbone (None: the project's) on up to `images` of the project's training pictures."""

    project: Project
    project_dir: Path
    backbone: Candidate | None = None
    images: int = FIRST_IMAGES


class Arrival(_Spec):
    """Pictures of a class that come later: those of a folder at any depth, or one picture.

    Attributes:
        label: their class; None where `path` is a folder of class folders.
    """

    path: Path
    label: str | None = None


class AddTaskSpec(_Spec):
    """Give a run a task more, on its backbone as it is, and keep all its other answers bit by bit.

    Attributes:
        origin: the folder of the run.
        run_dir: of the run that is made.
        split: how the task's own pictures are parted; those that the run knows stay in their parts.
    """

    project_dir: Path
    origin: Path
    run_dir: Path
    task: Task
    split: Split = Split()


class TeachSpec(_Spec):
    """Teach a head that is worked out at once more pictures, of classes that it knows or of new ones.

    Attributes:
        origin: the folder of the run.
        run_dir: of the run that is made.
        head: a kind of head that is worked out at once, which takes the place of the task's; "" keeps it.
        validation: the share of each class's pictures that is kept aside to judge by.
    """

    project_dir: Path
    origin: Path
    run_dir: Path
    task: str
    arrivals: tuple[Arrival, ...]
    head: str = ""
    validation: float = 0.2


class RecallSpec(_Spec):
    """Put together what a trained run goes on with: pictures that come later, and a memory of those that it knows.

    Attributes:
        origin: the folder of the run.
        out: the sample table that is written.
        source: where the pictures are, where they are no `arrivals`; its kind is that of the run's task.
        memory: pictures of each class that are remembered.
        validation: the share of each class's new pictures that is kept aside to judge by.
    """

    project_dir: Path
    origin: Path
    out: Path
    task: str
    arrivals: tuple[Arrival, ...] = ()
    source: Task | None = None
    memory: int = MEMORY
    validation: float = 0.2


class ForgettingSpec(_Spec):
    """Measure what each run of a chain, the oldest first, answers to the pictures that came with each.

    Attributes:
        part: whose pictures judge; None for test where the runs have any, else validation.
    """

    project_dir: Path
    run_dirs: tuple[Path, ...]
    part: Part | None = None


class _TargetSpec(_Spec):
    """A run beside pictures of another domain.

    Attributes:
        target: their folder.
        labelled: tasks of the run whose source says what the pictures are, to score by; none: class folders, if any.
    """

    project_dir: Path
    origin_dir: Path
    target: Path
    labelled: tuple[Task, ...] = ()


class AdaptSpec(_TargetSpec):
    """Make the run `run_dir` of the one in `origin_dir`, with batch-norm statistics of the target.

    Attributes:
        share: of the target's statistics, in [0, 1].
        prior: pictures that the old statistics count as.
    """

    run_dir: Path
    share: float = SHARE
    prior: int = PRIOR


class PseudoLabelSpec(_TargetSpec):
    """Write a sample table to train on: that of the run, and the target pictures that it is surest of.

    Attributes:
        table: the file to write.
        top: the share of the pictures of each class that is kept.
    """

    table: Path
    top: float = TOP_SHARE


class AdaptedSpec(_TargetSpec):
    """Score the run in `run_dir` beside the one that it was adapted from, on target and source."""

    run_dir: Path


class DomainsSpec(_TargetSpec):
    """Say how far the target lies from a run's own pictures, and draw both on one map.

    Attributes:
        method: of `picture_map.METHODS`.
    """

    method: str = "pca"


class LeaveOneOutSpec(_Spec):
    """Train on all domains but one, in turn, and score on the one that was left out.

    Attributes:
        task: of the project, of one class a picture, whose backbone and recipe are taken.
        domains: name and folder of class folders of each; none: by `column`, or the folders that the task's own class
            folders lie in.
        column: of the task's table, that tells the domain.
        how: "probe", a regression on features of the untouched backbone; or "runs", the project's own recipe.
    """

    project: Project
    project_dir: Path
    task: str
    domains: tuple[tuple[str, Path], ...] = ()
    column: str = ""
    how: Literal["probe", "runs"] = "probe"


class ShrunkSpec(_Spec):
    """Export a run, quantise it to int8, and hold both against the run of `teacher_dir`; None: against itself."""

    project_dir: Path
    run_dir: Path
    run: str
    teacher_dir: Path | None = None


class DownloadSpec(_Spec):
    """Bring weights here: (backbone, version) pairs, of which a version may be `default`."""

    wanted: tuple[tuple[str, str], ...]


Spec = (
    CheckSpec
    | TrainSpec
    | EvaluateSpec
    | CompareSpec
    | ReportSpec
    | VerdictSpec
    | PredictSpec
    | ExplainSpec
    | AffinitySpec
    | CalibrateSpec
    | PretrainSpec
    | AdviseSpec
    | DoubtsSpec
    | MapSpec
    | CurveSpec
    | BlendSpec
    | SoupSpec
    | ShotsSpec
    | TransferSpec
    | NeighboursSpec
    | LadderSpec
    | AddTaskSpec
    | TeachSpec
    | RecallSpec
    | ForgettingSpec
    | DownloadSpec
    | RateSpec
    | AdaptSpec
    | AdaptedSpec
    | PseudoLabelSpec
    | DomainsSpec
    | LeaveOneOutSpec
    | ShrunkSpec
)
