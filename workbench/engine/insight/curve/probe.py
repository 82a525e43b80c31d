"""One task's probe in a learning curve: fitted to more and more of the pictures, judged on those kept aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.kinds import KINDS
from workbench.core.learning_curve import AHEAD, CHOICES, conclude
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.insight.curve.power_law import Curve, project
from workbench.engine.transfer.advisor.compare import drawings
from workbench.engine.transfer.advisor.probes import ridge_between
from workbench.engine.transfer.advisor.questions import Question
from workbench.engine.transfer.advisor.sample import shrink

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Seen(NamedTuple):
    """What a backbone makes of R pictures: of each as a whole (P = 1), or of P pixels of each.

    Attributes:
        values: (R, P, C) float32.
        readable: (R,) which pictures, and what they are labelled with, can be read.
        ask: makes the question of what is labelled.
        labels: (R, ...) what it is made of.
    """

    values: Tensor
    readable: npt.NDArray[np.bool_]
    ask: Callable[[npt.NDArray[Any]], Question]
    labels: npt.NDArray[Any]


@dataclass(frozen=True)
class Probe:
    """A task on the readable pictures that it labels.

    Attributes:
        rows: (n,) of the table that are fitted to; the m that judge follow them in `values`.
        values: ((n + m) P, C) float64 features.
        pixels: P of each picture.
        question: of all n + m.
        judging: the question of the m.
        times: (D, m) how often each is drawn.
        sizes: numbers of pictures that it is fitted to.
        found: the answers' scores by size: of each choice the score, and the redrawn ones (D,).
    """

    task: str
    rows: Ints
    values: Tensor
    pixels: int
    question: Question
    judging: Question
    times: Floats
    sizes: list[int]
    found: dict[int, list[tuple[float, Floats]]]

    @classmethod
    def of(
        cls,
        table: SampleTable,
        task: str,
        rows: Ints,
        judged: Ints,
        seen: Seen,
        sizes: Callable[[int], list[int]],
        device: torch.device,
    ) -> Probe:
        """Of rows to fit to and rows to judge by, which `seen` holds one after the other.

        Args:
            sizes: from how many pictures can be fitted to.
        """
        both = np.concatenate([rows, judged])
        kept = seen.readable & (table.targets[task][both] != MISSING)
        fitted = np.arange(len(both)) < len(rows)
        known, asked = both[kept & fitted], both[kept & ~fitted]
        question = seen.ask(seen.labels[kept])
        groups = asked if table.groups is None else table.groups[asked]
        values = seen.values[torch.from_numpy(kept)]
        return cls(
            task=task,
            rows=known,
            values=values.flatten(0, 1).to(device).double(),
            pixels=values.shape[1],
            question=question,
            judging=question.only(np.arange(len(known) + len(asked)) >= len(known)),
            times=drawings(np.asarray(groups, np.int64)),
            sizes=sizes(len(known)),
            found={},
        )

    @property
    def judged(self) -> int:
        """Pictures that judge."""
        return int(self.times.shape[1])

    def choices(self, size: int) -> range:
        """Of all pictures there is one choice."""
        return range(1 if size == len(self.rows) else CHOICES)

    def fit(self, table: SampleTable, size: int, choice: int) -> None:
        """Fit to a choice of so many pictures, and judge."""
        chosen = shrink(table, [self.task], self.rows, size, choice)
        known = self._places(np.searchsorted(self.rows, np.sort(chosen)))
        asked = self._places(np.arange(len(self.rows), len(self.rows) + self.judged))
        targets = torch.from_numpy(self.question.targets).to(self.values.device)
        answers = ridge_between(self.values, targets, known, asked).cpu().numpy()
        value = float(self.judging.score(answers, np.ones((1, self.judged)))[0])
        self.found.setdefault(size, []).append((value, self.judging.score(answers, self.times)))

    def _places(self, pictures: Ints) -> Tensor:
        """Where in `values` the pixels of pictures are."""
        return torch.from_numpy((pictures[:, None] * self.pixels + np.arange(self.pixels)).ravel())

    def document(self, kind: str) -> dict[str, Any]:
        """The task's part of the document."""
        scores = [np.array([value for value, _ in self.found[size]]) for size in self.sizes]
        redrawn = [np.stack([drawn for _, drawn in self.found[size]]) for size in self.sizes]
        drawn = Curve(np.array(self.sizes, np.float64), scores, redrawn)
        largest = self.sizes[-1]
        projection = project(drawn, [times * largest for times in AHEAD])
        gain, low, high = projection.gain
        return {
            "kind": kind,
            "score": KINDS[kind].metric,
            "judged_on": self.judged,
            "sizes": [
                {"pictures": size, "score": mean, "interval": interval, "choices": len(each)}
                for size, mean, interval, each in zip(
                    self.sizes, drawn.means().tolist(), projection.intervals.tolist(), scores, strict=True
                )
            ],
            "projection": [
                {"pictures": size, "score": score, "interval": [least, most]}
                for size, (score, least, most) in projection.ahead.items()
            ],
            "gain": {"score": gain, "interval": [low, high]},
            "conclusion": conclude(low, high),
        }
