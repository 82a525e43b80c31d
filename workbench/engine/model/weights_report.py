"""What became of a request for weights."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.engine.model.backbones import Backbone
from workbench.engine.model.download import sha256_of
from workbench.engine.model.matching import Match, apply_match, likely_backbone, match_state
from workbench.engine.model.state_file import read_state


@dataclass(frozen=True)
class WeightsReport:
    """What became of the request for weights.

    Attributes:
        source: where they came from, in words.
        sha256: of the file, in hex; empty for random weights.
        matched: how many of the backbone's `total` tensors the file gave.
        missing: tensors that the file does not have; they stay random.
        mismatched: tensors that the file has in another shape; they stay random.
        unexpected: tensors of the file that are neither the backbone's nor its class head's.
        pretrained: whether anything was loaded.
    """

    source: str
    sha256: str = ""
    matched: int = 0
    total: int = 0
    missing: tuple[str, ...] = ()
    mismatched: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    pretrained: bool = False

    @property
    def complete(self) -> bool:
        """Whether file and backbone fit in every tensor."""
        return not (self.missing or self.mismatched or self.unexpected)

    def sentence(self, backbone: str) -> str:
        """What became of it, in one sentence."""
        if not self.pretrained:
            return f"{backbone} starts from random weights: nothing is pretrained."
        clauses = [f"{backbone} takes its weights from {self.source}: {self.matched} of {self.total} tensors fit"]
        clauses += [f"{_listed(self.missing)} missing in the file and left random"] if self.missing else []
        clauses += [f"{_listed(self.mismatched)} of another shape and left random"] if self.mismatched else []
        clauses += [f"{_listed(self.unexpected)} not used"] if self.unexpected else []
        return "; ".join(clauses) + "."


WeightsJob = Generator[Event, None, WeightsReport | None]
"""Loads weights; its report is None when it was told to end."""


def take(backbone: Backbone, path: Path, source: str) -> WeightsReport:
    """Load a file of weights into a backbone, and tell what fitted.

    Args:
        source: the file in words.

    Raises:
        RequestError: the file is refused; the backbone is unchanged.
    """
    state = read_state(path)
    match = match_state(backbone, state)
    try:
        apply_match(backbone, match, source)
    except RequestError as error:
        likely = likely_backbone(state)
        if not likely or likely == backbone.name:
            raise
        raise RequestError(error.text, f"It fits {likely}: choose that backbone, or other weights.") from error
    return _report(match, source, sha256_of(path))


def _report(match: Match, source: str, sha256: str) -> WeightsReport:
    return WeightsReport(
        source=source,
        sha256=sha256,
        matched=match.matched,
        total=match.total,
        missing=match.missing,
        mismatched=match.mismatched,
        unexpected=match.unexpected,
        pretrained=True,
    )


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
