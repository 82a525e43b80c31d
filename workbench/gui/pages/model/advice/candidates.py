"""Which backbones can be compared, and about how long that takes."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.core import catalogue
from workbench.core.advice import SHORTLIST
from workbench.core.backbone_facts import BackboneFacts
from workbench.core.catalogue import default_weights
from workbench.core.errors import RequestError
from workbench.core.project import Project
from workbench.gui.pages.model.advice.document import Advice
from workbench.gui.pages.model.installed import refusal
from workbench.gui.pages.model.weight_words import Here

_MACS_PER_S = 4e10  # of a computer with two cores
_LOADING_S = 2.0
_PROBE_S = 0.6  # a task


@dataclass(frozen=True)
class Candidate:
    """A backbone with weights.

    Attributes:
        here: whether its weights can be used without a download.
    """

    facts: BackboneFacts
    weights: str
    here: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.facts.name, self.weights

    @property
    def spelled(self) -> str:
        """As a command line spells it."""
        return f"{self.facts.name}@{self.weights}"

    @property
    def megabytes(self) -> float:
        """Size of its download."""
        version = self.facts.version(self.weights)
        return version.download_mb if version else 0.0


def candidates(project: Project, here: Here) -> list[Candidate]:
    """What can be compared: the chosen one first, then those that are here, then those worth a download."""
    chosen = project.effective().backbone
    wanted = {(chosen.name, chosen.weights): _known(chosen.name)}
    wanted |= {(facts.name, weights): facts for facts, weights in _here(here)}
    wanted |= {(name, default_weights(name)): _known(name) for name in SHORTLIST}
    found = [
        Candidate(facts, weights, here(facts, weights))
        for (_, weights), facts in wanted.items()
        if facts is not None and not refusal(facts)
    ]
    return sorted(found, key=lambda each: not each.here)


def seconds(chosen: Iterable[Candidate], pictures: int, project: Project, before: Advice | None) -> float:
    """About how long a comparison takes: the work of all pictures at the speed that was measured here before."""
    size, tasks = project.effective().recipe.image_size, len(project.tasks)
    rate = _rate(before) or _MACS_PER_S
    work = [each.facts.macs * (size / each.facts.input_size) ** 2 for each in chosen]
    return sum(_LOADING_S + _PROBE_S * tasks + pictures * macs / rate for macs in work)


def _rate(before: Advice | None) -> float:
    """Multiplications a second, as the last comparison found them; 0 where there was none."""
    size = before.basis.get("image_size") if before is not None else None
    if before is None or size is None:
        return 0.0
    rates = [
        row.images_per_s * row.macs * (float(size) / facts.input_size) ** 2
        for row in before.measured
        if row.images_per_s and (facts := _known(row.name)) is not None
    ]
    return statistics.median(rates) if rates else 0.0


def _here(here: Here) -> Sequence[tuple[BackboneFacts, str]]:
    """Every backbone with such weights of it as are on this computer: the default ones, and a starter's."""
    every = [*catalogue.backbones().values(), *catalogue.hub().values()]
    pairs = [(facts, default_weights(facts.name)) for facts in every]
    pairs += [(facts, "default") for facts in every if default_weights(facts.name) == "starter"]
    return [(facts, weights) for facts, weights in pairs if weights != "none" and here(facts, weights)]


def _known(name: str) -> BackboneFacts | None:
    try:
        return catalogue.get(name)
    except RequestError:  # of another version of the program
        return None
