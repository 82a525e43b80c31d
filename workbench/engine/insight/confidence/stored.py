"""What was fitted to make a run's answers believable, kept beside its model and void once the model is another."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors.torch import load_file, save_file

from workbench.core.files import write_atomically
from workbench.core.run_weights import fingerprint
from workbench.engine.insight.confidence.neighbours import Neighbours
from workbench.engine.training.checkpoints import Checkpoints

FOLDER, FACTS, FEATURES = "confidence", "confidence.json", "neighbours.safetensors"


class HeadConfidence(BaseModel):
    """Of one head whose answers are probabilities.

    Attributes:
        pictures: that it was fitted on.
        loss, loss_before: mean negative log-likelihood in nats, with the temperature and without.
        error, error_before: expected calibration error, likewise; of several labels that of each label's probability.
        coverage: share of pictures whose set of classes is to hold the true one.
        threshold: probability from which on a class belongs to the set; 0 where the pictures are too few to promise the
            coverage, so that every class does; None for several labels.
        abstain_below: confidence below which the head says nothing; 0 for never.
        energies: quantiles of the energy of validation pictures, of one class alone; none where there is no detector.
        unknown_from: strangeness above which a picture is unlike training; None where there is no detector.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float
    pictures: int
    loss_before: float
    loss: float
    error_before: float | None = None
    error: float | None = None
    coverage: float | None = None
    threshold: float | None = None
    abstain_below: float = 0.0
    energies: tuple[float, ...] = ()
    unknown_from: float | None = None

    def document(self) -> dict[str, Any]:
        """What documents say of it."""
        return self.model_dump(exclude={"energies"})


class Facts(BaseModel):
    """What the file says.

    Attributes:
        model: fingerprint of the checkpoint that it belongs to.
        distances: quantiles of the distance of validation pictures from training; none where there is no detector.
        unknown_from: strangeness by the distance alone above which a picture is unlike training, to heads of other
            kinds than one class; None where there is no detector.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    tasks: dict[str, HeadConfidence]
    distances: tuple[float, ...] = ()
    unknown_from: float | None = None


@dataclass(frozen=True)
class Confidence:
    """Facts and, where there is one, the detector of pictures unlike training."""

    facts: Facts
    neighbours: Neighbours | None

    def temperature(self, task: str) -> float:
        """What a task's logits are divided by."""
        head = self.facts.tasks.get(task)
        return 1.0 if head is None else head.temperature


def write_confidence(run_dir: Path, confidence: Confidence) -> None:
    """Keep it in the run's folder; the facts come last, so that they never name features that are not there."""
    folder = run_dir / FOLDER
    folder.mkdir(exist_ok=True)
    if confidence.neighbours is not None:
        aside = folder / f".{FEATURES}.new"
        save_file({"features": confidence.neighbours.features.to(torch.float16).contiguous()}, aside)
        aside.replace(folder / FEATURES)
    write_atomically(folder / FACTS, confidence.facts.model_dump_json(indent=1))


def confidence_mark(run_dir: Path) -> str:
    """Changes whenever something else is kept; empty where nothing is."""
    try:
        return sha256((run_dir / FOLDER / FACTS).read_bytes()).hexdigest()
    except OSError:
        return ""


def read_confidence(run_dir: Path) -> Confidence | None:
    """What is kept for the run's present model; None where nothing is, or it belongs to an earlier one."""
    folder = run_dir / FOLDER
    try:
        facts = Facts.model_validate_json((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None
    if facts.model != fingerprint(Checkpoints(run_dir).folder("best")):
        return None
    if not facts.distances:
        return Confidence(facts, None)
    return Confidence(facts, Neighbours(load_file(folder / FEATURES)["features"].float()))
