"""A task put to the pictures of a sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.transfer.advisor.compare import drawings
from workbench.engine.transfer.advisor.questions import Question, ask
from workbench.engine.transfer.advisor.sample import Sample

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Posed:
    """A task on those m pictures of a sample that it labels.

    Attributes:
        at: (m,) their places in the sample.
        folds: (m,).
        times: (DRAWS, m) how often each is drawn.
    """

    question: Question
    at: Ints
    folds: Ints
    times: npt.NDArray[np.float64]

    @classmethod
    def of(cls, table: SampleTable, task: str, sample: Sample) -> Posed:
        """The task of a table on a sample."""
        at = np.flatnonzero(table.targets[task][sample.rows] != MISSING)
        return cls(ask(table, task, sample.rows[at]), at, sample.folds[at], drawings(sample.groups)[:, at])

    def only(self, readable: npt.NDArray[np.bool_]) -> Posed:
        """The same without the pictures of the sample (n,) that cannot be decoded."""
        kept = readable[self.at]
        return Posed(self.question.only(kept), self.at[kept], self.folds[kept], self.times[:, kept])
