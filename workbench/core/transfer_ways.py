"""What a transfer report compares: one recipe from random weights, frozen, partly frozen and whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.kinds import CLOSED_FORM, HEADS
from workbench.core.parsing import validate_project
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.core.text import several
from workbench.core.verdict import fair

Way = Literal["random", "frozen", "partly", "full"]
WAYS: tuple[Way, ...] = get_args(Way)
"""The first is the one without pretraining, beside which the others stand."""
WAY_TITLES: dict[Way, str] = {
    "random": "random weights",
    "frozen": "frozen",
    "partly": "partly frozen",
    "full": "fine-tuned",
}
SEEDS, MOST_SEEDS = 1, 3
_BACKWARDS = 3.0
"""What training on a picture costs, in passes forwards."""
_START_S = 1.0
"""Of a run, however few its pictures: setting it up, scoring and writing what it has learned."""
FRACTIONS = (0.25, 0.5)
"""Of the training pictures, that are tried as well where that is cheap."""
CHEAP_PICTURES = 4_000
"""Training pictures times epochs up to which every way is tried on fewer pictures too; of more only the frozen one."""


_ORDER: tuple[Way, ...] = ("frozen", "partly", "full", "random")
"""The quick ones first."""


class Planned(NamedTuple):
    """A run of a report: its way, its seed, and the share of the training pictures that it learns from."""

    way: Way
    seed: int
    share: float


def planned(
    shared: Project, seeds: Sequence[int], pictures: int, fractions: Sequence[float] | None
) -> list[Planned]:
    """The runs of a report in their order: for each seed every way; then those on fewer pictures.

    Args:
        pictures: for training.
        fractions: of them that are tried too; None: the usual ones, by every way where that is cheap.
    """
    cheap = pictures * epochs_of(shared) <= CHEAP_PICTURES
    ways = _ORDER if cheap or fractions is not None else _ORDER[:1]
    shares = sorted(set(FRACTIONS if fractions is None else fractions))
    whole = [Planned(way, seed, 1.0) for seed in seeds for way in _ORDER]
    return whole + [Planned(way, seeds[0], share) for share in shares for way in ways]


def base(project: Project) -> Project:
    """The project whose recipe all ways share: with a preset in which stages may train, and heads that can be trained.

    Raises:
        RequestError: nothing is pretrained, so there is nothing to transfer.
    """
    if project.effective().backbone.weights == "none":
        raise RequestError(
            "This project's backbone begins with random weights, so there is nothing to transfer.",
            "Choose pretrained weights, such as --set backbone.weights=starter.",
        )
    data = project.written()
    recipe = data.setdefault("recipe", {})
    if PRESETS[project.recipe.preset].heads_alone:
        recipe["preset"] = "balanced"
        for name in ("epochs", "head_epochs"):  # of heads alone: far too many for stages
            recipe.pop(name, None)
    recipe.pop("phases", None)
    for task in data.get("tasks", []):
        if task.get("head") in CLOSED_FORM:
            task["head"] = HEADS["single-label"][0]
    return validate_project(data).effective()


def epochs_of(shared: Project) -> int:
    """Epochs of every way: those of the heads first, and those in which stages train."""
    return shared.recipe.head_epochs + shared.recipe.epochs


def depth_of(shared: Project) -> int:
    """Frozen stages of the way that freezes part of the backbone: as many as the project's, else half of them."""
    name = shared.backbone.name
    count = catalogue.freeze_depth(name, "all")
    asked = catalogue.freeze_depth(name, shared.backbone.freeze)
    return asked if 0 < asked < count else max(1, count // 2)


def passes(shared: Project, way: Way) -> float:
    """What a picture costs in a way, in passes forwards through the backbone; its stages count as equally dear."""
    trained = {"frozen": 0, "random": epochs_of(shared)}.get(way, shared.recipe.epochs)
    still = depth_of(shared) / catalogue.freeze_depth(shared.backbone.name, "all") if way == "partly" else 0.0
    return 1 + trained * (still + _BACKWARDS * (1 - still))


def estimated_s(shared: Project, runs: Sequence[Planned], like_s: float) -> float:
    """About how many seconds runs take, judging by one of the shared recipe itself, which took `like_s`."""
    count = catalogue.freeze_depth(shared.backbone.name, "all")
    own = catalogue.freeze_depth(shared.backbone.name, shared.backbone.freeze)
    same: Way = "frozen" if own == count else "partly" if own else "full"
    start_s = min(_START_S, like_s / 2)
    pass_s = (like_s - start_s) / passes(shared, same)
    return sum(start_s + pass_s * run.share * passes(shared, run.way) for run in runs)


def project_of(shared: Project, way: Way, seed: int) -> Project:
    """The project as one run of the report trains it."""
    data = fair(shared, [task.name for task in shared.tasks], seed).model_dump()
    recipe, backbone = data["recipe"], data["backbone"]
    recipe["interpolate"] = "off"
    if way == "random":
        recipe |= {"preset": "full", "head_epochs": 0, "epochs": epochs_of(shared)}
        backbone |= {"weights": "none", "freeze": 0}
    elif way == "frozen":
        recipe |= {"preset": "probe", "head_epochs": 0, "epochs": epochs_of(shared), "augment": "none"}
        recipe |= {"warmup_epochs": 0.0, "mixup": 0.0, "cutmix": 0.0}
        backbone["freeze"] = "all"
    else:
        recipe["preset"] = "balanced"
        backbone["freeze"] = depth_of(shared) if way == "partly" else 0
    return Project.model_validate(data)


def told(way: Way, freeze: int) -> str:
    """What a way is called."""
    return f"{WAY_TITLES[way]} ({several(freeze, 'stage')})" if way == "partly" else WAY_TITLES[way]
