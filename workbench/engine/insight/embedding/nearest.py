"""The training pictures that a model sees most like a given one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.data.sample_table import SampleTable


@dataclass(frozen=True)
class Known:
    """The training pictures of a run.

    Attributes:
        table: of all the run's pictures.
        rows: (n,) of the table: the readable pictures of its training part.
        directions: (n, C) float32, their features at length one.
    """

    table: SampleTable
    rows: npt.NDArray[np.int64]
    directions: Tensor

    @classmethod
    def of(cls, table: SampleTable, rows: npt.NDArray[np.int64], features: Tensor) -> Known:
        """From features (n, C) of rows (n,)."""
        return cls(table, rows, functional.normalize(features.float(), dim=1))

    def nearest(
        self, features: Tensor, count: int, without: int = -1
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Up to `count` rows nearest to features (C,), and how far each is: 1 - cosine, in [0, 2], the nearest first.

        Args:
            without: a row that is left out, such as the picture itself.
        """
        cosines = self.directions @ functional.normalize(features.float(), dim=0)
        cosines = cosines.masked_fill(torch.from_numpy(self.rows == without), -torch.inf)
        most = min(count, int(torch.isfinite(cosines).sum()))
        order = cosines.argsort(descending=True, stable=True)[:most]
        return self.rows[order.numpy()], (1 - cosines[order].double()).clamp(min=0).numpy()
