"""A question to a network whose answer is to be traced back to places of the picture."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.model.heads import Head
from workbench.engine.model.network import MultiTaskNetwork
from workbench.engine.model.staged import Backbone

_BLUR = 0.12
"""Deviation of the blur that takes a picture's content away, as a share of its side."""
_CHUNK = 32
"""Pictures that are worked on at once."""


class Question:
    """One output of one head, asked of pictures (B, 3, S, S) in [0, 1], in fp32 and eval mode.

    Args:
        output: the column of the head's answer whose value is asked for.
        head: answers in place of the task's own, for checks.
    """

    def __init__(self, network: MultiTaskNetwork, task: str, output: int, head: Head | None = None) -> None:
        self._network, self.task, self.output = network, task, output
        self.head = network.heads[task] if head is None else head
        self._own: Backbone = dict(network.branches.items()).get(task, network.backbone)

    @property
    def has_tokens(self) -> bool:
        """Whether the last stage hands on tokens or rows of tokens, as transformers do."""
        return self._own.ends_in_tokens

    @property
    def last(self) -> int:
        """The deepest boundary between stages; what stands there is pooled."""
        return self._own.stage_count

    def with_head(self, head: Head) -> Question:
        """The same question to another head."""
        return Question(self._network, self.task, self.output, head)

    def score(self, images: Tensor) -> Tensor:
        """(B,) the output's value, with a gradient where the pictures ask for one."""
        return self.score_from(self.at(images, self.last), self.last)

    @torch.no_grad()
    def scores(self, images: Tensor) -> Tensor:
        """(B,) without a gradient, in pieces."""
        return torch.cat([self.score(piece) for piece in torch.split(images, _CHUNK)])

    @torch.no_grad()
    def answers(self, images: Tensor) -> Tensor:
        """(B, outputs) all that the head says, in pieces."""
        pieces = torch.split(images, _CHUNK)
        return torch.cat([self._say(self.at(piece, self.last)) for piece in pieces])

    def at(self, images: Tensor, boundary: int) -> Tensor:
        """What the pictures are at a boundary between stages."""
        return self._run(self._network.normalise(images), 0, boundary)

    def score_from(self, x: Tensor, boundary: int) -> Tensor:
        """(B,) the output's value, from what stands at a boundary."""
        return self._say(self._run(x, boundary, self.last))[:, self.output]

    def trail(self, images: Tensor) -> tuple[list[Tensor], Tensor]:
        """What the pictures are at each boundary from 1 on, and (B,) the output's value, which hangs on all of them."""
        with torch.no_grad():
            first = self.at(images, 1)
        found = [first.requires_grad_(True)]
        while len(found) < self.last:
            found.append(self._run(found[-1], len(found), len(found) + 1))
        return found, self.score_from(found[-1], self.last)

    def as_map(self, x: Tensor, boundary: int, size: tuple[int, int]) -> Tensor:
        """(B, C, h, w) of what stands at a boundary, for pictures of size (H, W)."""
        return self._owner(boundary - 1).as_map(boundary - 1, x, size)

    @torch.no_grad()
    def places(self, images: Tensor) -> tuple[int, int]:
        """Rows and columns of the last stage's map of pictures: how fine it can tell where the answer comes from."""
        size = (images.shape[2], images.shape[3])
        rows, columns = self.as_map(self.at(images, self.last), self.last, size).shape[-2:]
        return rows, columns

    def _say(self, x: Tensor) -> Tensor:
        """(B, outputs) all that the head says, at the temperature that it was calibrated to, of what is pooled."""
        answers: Tensor = self.head(self._own.pool(x))
        return answers / self._network.temperatures.get(self.task, 1.0)

    def _run(self, x: Tensor, first: int, last: int) -> Tensor:
        for index in range(first, last):
            x = self._owner(index).run_stage(index, x)
        return x

    def _owner(self, stage: int) -> Backbone:
        return self._own if stage >= self._own.first_stage else self._network.backbone


Method = Callable[[Question, Tensor], Tensor]
"""Maps (B, S, S) of how much each place speaks for the output, none below 0, of pictures (B, 3, S, S) in [0, 1]."""


def products(question: Question, images: Tensor, boundary: int) -> Tensor:
    """(B, h, w): gradient times activation at a boundary, summed over channels."""
    size = (images.shape[2], images.shape[3])
    with torch.no_grad():
        x = question.at(images, boundary)
    with torch.enable_grad():
        x = x.detach().requires_grad_(True)
        (gradient,) = torch.autograd.grad(question.score_from(x, boundary).sum(), x)
    found = question.as_map(gradient * x.detach(), boundary, size)
    return found.sum(dim=1)


def enlarged(maps: Tensor, side: int) -> Tensor:
    """Maps (B, h, w) as (B, side, side), nothing below 0."""
    return functional.interpolate(maps[:, None], (side, side), mode="bicubic", align_corners=False)[:, 0].clamp(min=0)


def blurred(images: Tensor, share: float = _BLUR) -> Tensor:
    """Pictures (B, 3, S, S) or maps (B, 1, S, S) blurred by a Gaussian of deviation `share` of their side."""
    side = images.shape[-1]
    deviation = max(share * side, 1e-3)
    radius = min(side - 1, max(1, round(2.5 * deviation)))
    places = torch.arange(-radius, radius + 1, dtype=images.dtype, device=images.device)
    kernel = torch.exp(-0.5 * (places / deviation).square())
    kernel = kernel / kernel.sum()
    channels = images.shape[1]
    across = kernel.expand(channels, 1, 1, -1)
    x = functional.pad(images, (radius, radius, radius, radius), mode="reflect")
    x = functional.conv2d(x, across, groups=channels)
    return functional.conv2d(x, across.transpose(2, 3), groups=channels)
