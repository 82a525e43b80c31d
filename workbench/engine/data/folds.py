"""Cross-validation: each picture is in the validation part of exactly one of several splits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.core.errors import RequestError
from workbench.engine.data.split import TEST, VALIDATION, Ints, Shares, is_explicit, keep_classes, split

_TRAIN_OR_VALIDATION = 3


def split_fold(
    labels: Ints,
    units: Ints,
    allowed: npt.NDArray[np.uint8],
    identity: npt.NDArray[np.uint64],
    shares: Shares,
    folds: int,
    fold: int,
) -> npt.NDArray[np.int8]:
    """Choose a part for every picture, so that the validation parts of the folds 1 to `folds` do not overlap.

    Test pictures are those of `shares`, the same in all folds. Of the others each fold takes its share as the ordinary
    split does: stratified over the labels, units whole. Units with a picture whose part is given stay there, and one
    that alone holds a class for training stays in training.

    Args:
        labels, units, allowed, identity: as for `split`; `shares.validation` means nothing here.
        fold: which one, counted from 1.

    Returns:
        (N,) int8: 0 train, 1 validation, 2 test.

    Raises:
        RequestError: there are fewer units than folds.
    """
    part = split(labels, units, allowed, identity, Shares(0.0, shares.test, shares.seed))
    rest = np.flatnonzero((part != TEST) & ~np.isin(units, units[is_explicit(allowed)]))
    if (found := len(np.unique(units[rest]))) < folds:
        raise RequestError(
            f"Only {found} pictures or groups of pictures can be parted, which is too few for {folds} folds.",
            "Lower split.folds; pictures that lie in train/ and val/ folders keep their part.",
        )
    for number in range(1, folds):
        either = np.full(len(rest), _TRAIN_OR_VALIDATION, np.uint8)
        share = Shares(1 / (folds - number + 1), 0.0, shares.seed)
        chosen = split(labels[rest], units[rest], either, identity[rest], share) == VALIDATION
        if number == fold:
            rest = rest[chosen]
            break
        rest = rest[~chosen]
    part[rest] = VALIDATION
    keep_classes(labels, units, part, rest)
    return part
