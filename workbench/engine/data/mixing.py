"""Pictures mixed in pairs: blended (mixup), or with a rectangle of one pasted into the other (CutMix).

mixup: Zhang et al., ICLR 2018, arXiv 1710.09412. CutMix: Yun et al., ICCV 2019, arXiv 1905.04899. What is drawn for a
picture depends on (seed, epoch, row, how often the row came before in the epoch, purpose) alone; which other picture of
the batch it is mixed with, on what else is in the batch, and not on its order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import betaincinv
from torch import Tensor

from workbench.engine.data.counter import hash64, key_of, uniform
from workbench.engine.data.drawing import Draws

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mix:
    """How each of B pictures is mixed with another.

    Attributes:
        partners: (B,) place of the other picture in the batch; its own place where it stays as it is.
        shares: (B,) how much of the own picture is left, in [0, 1].
        boxes: (B, 4) left, top, right, bottom of the pasted rectangle in px; empty where pictures are blended.
        size: S, px.
    """

    partners: npt.NDArray[np.int64]
    shares: Floats
    boxes: npt.NDArray[np.int64]
    size: int

    def at(self, places: slice | npt.NDArray[np.int64]) -> Mix:
        """That of some of the pictures; partners stay places in the whole batch."""
        return Mix(self.partners[places], self.shares[places], self.boxes[places], self.size)

    def own(self, device: torch.device) -> Tensor:
        """(B,) float32, how much of each picture's label is its own."""
        return torch.from_numpy(self.shares.astype(np.float32)).to(device)

    def blend(self, images: Tensor, others: Tensor) -> Tensor:
        """Mix pictures (B, C, S, S) float with their partners."""
        own = self.own(images.device).view(-1, 1, 1, 1)
        inside, pasted = self._inside(images.device)
        weight = torch.where(pasted.view(-1, 1, 1, 1), (~inside[:, None]).to(images.dtype), own)
        mixed = torch.lerp(others, images, weight)
        return mixed.contiguous(memory_format=_layout(images))

    def paste(self, masks: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
        """Masks (B, S, S) with the rectangles of their partners', and (B,) how much of each is then its own.

        A pasted mask is whole: each pixel has one class. Those of blended pictures stay apart.
        """
        inside, pasted = self._inside(masks.device)
        own = torch.where(pasted, torch.ones((), device=masks.device), self.own(masks.device))
        return torch.where(inside, others, masks), own

    def _inside(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """(B, S, S) which pixels lie in the rectangle, and (B,) which pictures have one."""
        left, top, right, bottom = torch.from_numpy(self.boxes).to(device).view(-1, 4).unbind(1)
        places = torch.arange(self.size, device=device)
        across = (places >= left[:, None]) & (places < right[:, None])
        down = (places >= top[:, None]) & (places < bottom[:, None])
        return down[:, :, None] & across[:, None, :], right > left


def draw_mix(
    draws: Draws, groups: npt.NDArray[np.int64], seed: int, epoch: int, mixup: float, cutmix: float, size: int
) -> Mix:
    """Draw how the pictures of a batch are mixed.

    Args:
        draws: (B,) as `drawing` makes them.
        groups: (B,) pictures are mixed within a group; those of group -1 stay as they are, as does one alone in its.
        mixup, cutmix: the alpha of Beta(alpha, alpha), from which the share is drawn; where both are given, half of the
            pictures are treated in either way; 0 for none.
        size: of the pictures, px.
    """

    def number(purpose: str) -> Floats:
        return uniform(key_of(seed, epoch, purpose), draws)

    partners = _partners(groups, hash64(key_of(seed, epoch, "partner"), draws))
    pasted = (cutmix > 0) & ((mixup <= 0) | (number("cut or blend") < 0.5))
    alphas = np.where(pasted, cutmix, mixup)
    shares = np.asarray(betaincinv(alphas, alphas, number("share")), dtype=np.float64)
    shares[partners == np.arange(len(draws))] = 1.0
    side = np.sqrt(1 - shares) * size
    middle = np.stack([number("across"), number("down")], axis=1) * size
    low, high = (np.clip(np.rint(middle + turn * side[:, None] / 2), 0, size).astype(np.int64) for turn in (-1, 1))
    boxes = np.concatenate([low, high], axis=1) * pasted[:, None]
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    boxes[area == 0] = 0
    return Mix(partners, np.where(pasted, 1 - area / size**2, shares), boxes, size)


def alike(labelled: npt.NDArray[np.bool_], unmixed: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """(B,) groups of pictures that have labels of the same tasks, from (B, T) which each has.

    -1 for pictures without a label, and for those with one of the tasks (T,) whose labels do not mix.
    """
    groups: npt.NDArray[np.int64] = np.unique(labelled, axis=0, return_inverse=True)[1].reshape(-1)
    return np.where(labelled.any(axis=1) & ~labelled[:, unmixed].any(axis=1), groups, -1)


def _partners(groups: npt.NDArray[np.int64], hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """(B,) for each picture the next of its group in the order of the hashes, and for the last the first."""
    partners = np.arange(len(groups))
    for group in np.unique(groups[groups >= 0]):
        members = np.flatnonzero(groups == group)
        members = members[np.argsort(hashes[members], kind="stable")]
        partners[members] = np.roll(members, -1)
    return partners


def _layout(images: Tensor) -> torch.memory_format:
    last = images.is_contiguous(memory_format=torch.channels_last)
    return torch.channels_last if last else torch.contiguous_format
