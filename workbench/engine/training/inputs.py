"""What a phase trains on: pixels from the store, or features computed once. Both give batches, and answers to them."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.resolved import Resolved
from workbench.engine import device as devices
from workbench.engine.data.augment import augment
from workbench.engine.data.batches import Read, batches, read_ahead
from workbench.engine.data.drawing import Draws, rows_of
from workbench.engine.data.mixing import Mix
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.memory import shortage
from workbench.engine.model.network import MultiTaskNetwork

Rows = npt.NDArray[np.int64]


class Batch(NamedTuple):
    """B samples.

    Attributes:
        draws: (B,) rows of the sample table, each marked with how often it came before in the epoch: augmentation is
            drawn by them. A row that is not marked stands for itself.
        x: (B, 3, S, S) uint8 pixels, (B, C) float32 features, or what frozen stages make of pictures, on the device.
        readable: (B,) bool; labels of the others are masked.
    """

    draws: Draws
    x: Tensor
    readable: npt.NDArray[np.bool_]

    @property
    def rows(self) -> Rows:
        """(B,) of the sample table."""
        return rows_of(self.draws)


class Mixed(NamedTuple):
    """What B samples are mixed with: other samples, their draws, and how."""

    x: Tensor
    draws: Draws
    mix: Mix


class Heard(NamedTuple):
    """What a network said of pictures.

    Attributes:
        answers: for each task what its head gave.
        features: (B, C) pooled, for each task whose head answers from them, where pictures went through the network.
    """

    answers: dict[str, Tensor]
    features: dict[str, Tensor] = {}


class Inputs(Protocol):
    """Where a phase's batches come from, and how answers are made of them."""

    chunk: int
    """Samples that are worked on at once, so that one piece of work stays short."""
    fits: int
    """So many of them are answered at once: fewer than a chunk once the device's memory has run out."""
    tasks: tuple[str, ...]
    """The tasks that can be answered."""
    level: str
    """How pictures are varied in training."""

    def batches(
        self, draws_of_batches: list[Draws], first: int = 0, epoch: int | None = None
    ) -> Generator[Batch, None, None]:
        """The batches from number `first` on; to be closed where it is left before its end.

        Args:
            epoch: as which the samples are going to be varied; None: they are taken as they are.
        """

    def varied(self, x: Tensor, draws: Draws, epoch: int, mixed: Mixed | None = None) -> Tensor:
        """The samples as the network sees them in training: varied, and perhaps mixed with others."""

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        """What the network says of varied samples, with a gradient."""

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        """{task: what its head gives} of the samples as they are."""


class FeatureInputs:
    """Stored features of the whole table, (N, C) float32; the backbone is not touched.

    They lie on the device, or in main memory where it has no room for all of them.
    """

    def __init__(
        self, network: MultiTaskNetwork, features: Tensor, readable: npt.NDArray[np.bool_], device: torch.device
    ) -> None:
        self._network, self._device = network, device
        try:
            with shortage():
                self._features = features.to(device)
        except torch.OutOfMemoryError:
            devices.give_back_memory(device)
            self._features = features
        self._readable = readable
        self.chunk = self.fits = 4096
        self.tasks = network.vector_tasks
        self.level = "none"

    def batches(
        self, draws_of_batches: list[Draws], first: int = 0, epoch: int | None = None
    ) -> Generator[Batch, None, None]:
        """Slices of memory."""
        for draws in draws_of_batches[first:]:
            rows = rows_of(draws)
            index = devices.move(rows, self._features.device)
            yield Batch(draws, self._features[index], self._readable[rows])

    def varied(self, x: Tensor, draws: Draws, epoch: int, mixed: Mixed | None = None) -> Tensor:
        """The features; they are neither varied nor mixed."""
        return x

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        """The heads' answers."""
        return Heard(self._network.from_features(varied, tasks))

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        """The heads' answers."""
        return self._network.from_features(x.to(self._device), self.tasks)


class PixelInputs:
    """Pixels of the store through the whole network, in the run's precision and layout; heads always run in fp32."""

    def __init__(
        self,
        network: MultiTaskNetwork,
        store: PixelStore,
        resolved: Resolved,
        device: torch.device,
        chunk: int,
        level: str,
    ) -> None:
        self._network = network
        self._store = store
        self._resolved = resolved
        self._device = device
        self.level = level
        self.chunk = self.fits = chunk
        self.tasks = network.tasks

    def batches(
        self, draws_of_batches: list[Draws], first: int = 0, epoch: int | None = None
    ) -> Generator[Batch, None, None]:
        """Pictures as (B, 3, S, S) uint8, each batch gathered while the one before it trains."""
        waiting = draws_of_batches[first:]
        gathered = batches(self._store, [rows_of(draws) for draws in waiting], self._device)
        for batch, draws in zip(gathered, waiting, strict=True):
            yield Batch(draws, batch.pixels, batch.readable)

    def varied(self, x: Tensor, draws: Draws, epoch: int, mixed: Mixed | None = None) -> Tensor:
        """Pictures (B, 3, S, S) float in [0, 1]; those that are mixed are varied first, each for itself."""
        seed = self._resolved.project.recipe.seed
        varied = augment(x, draws, seed, epoch, self.level)
        if mixed is None:
            return varied
        return mixed.mix.blend(varied, augment(mixed.x, mixed.draws, seed, epoch, self.level))

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        """What the network says of varied pictures."""
        return heard_by(self._network, varied, self._resolved, tasks)

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        """The network's answers to the pictures as they are."""
        return view_answers(self._network, x.to(self._device), self._resolved)


class FrozenInputs:
    """What frozen stages made of pictures, through the rest of the network; heads always run in fp32.

    Args:
        as_they_are: reads it for pictures that are not varied.
        varied: by epoch, for pictures as they are varied in it; none where they never are.
    """

    def __init__(
        self,
        network: MultiTaskNetwork,
        as_they_are: Read,
        varied: Mapping[int, Read],
        resolved: Resolved,
        device: torch.device,
        chunk: int,
        level: str,
    ) -> None:
        self._network, self._as_they_are, self._varied = network, as_they_are, varied
        self._resolved, self._device = resolved, device
        self.level = level
        self.chunk = self.fits = chunk
        self.tasks = network.vector_tasks

    def batches(
        self, draws_of_batches: list[Draws], first: int = 0, epoch: int | None = None
    ) -> Generator[Batch, None, None]:
        """Slices of mapped files, each read while the one before it trains."""
        read = self._as_they_are if epoch is None or not self._varied else self._varied[epoch]
        waiting = draws_of_batches[first:]
        for batch, draws in zip(read_ahead(read, waiting, self._device), waiting, strict=True):
            yield Batch(draws, batch.pixels, batch.readable)

    def varied(self, x: Tensor, draws: Draws, epoch: int, mixed: Mixed | None = None) -> Tensor:
        """What is kept of pictures that are varied already; it is not mixed."""
        return x

    def training_answers(self, varied: Tensor, tasks: Sequence[str]) -> Heard:
        """The answers to it."""
        return Heard(self._rest(varied, tasks))

    @torch.no_grad()
    def answers(self, x: Tensor) -> dict[str, Tensor]:
        """The answers to the pictures as they are."""
        return self._rest(x.to(self._device), self.tasks)

    def _rest(self, x: Tensor, tasks: Sequence[str]) -> dict[str, Tensor]:
        if x.ndim == 4:
            x = x.contiguous(memory_format=devices.MEMORY_FORMATS[self._resolved.layout])
        with devices.autocast(self._device, self._resolved.precision, self._resolved.convolutions):
            return self._network.rest(x, tasks)


def heard_by(
    network: MultiTaskNetwork, images: Tensor, resolved: Resolved, tasks: Sequence[str] | None = None
) -> Heard:
    """What a network says of images (B, 3, S, S) float in [0, 1], for the tasks named, or all.

    The backbone runs in the run's precision and layout, heads in fp32.
    """
    images = images.contiguous(memory_format=devices.MEMORY_FORMATS[resolved.layout])
    with devices.autocast(images.device, resolved.precision, resolved.convolutions):
        seen = network.see(images, tasks)
    return Heard(network.answer(seen), {task: each for task, each in seen.items() if isinstance(each, Tensor)})


def answers_of(
    network: MultiTaskNetwork, images: Tensor, resolved: Resolved, tasks: Sequence[str] | None = None
) -> dict[str, Tensor]:
    """{task: answers} of `heard_by`."""
    return heard_by(network, images, resolved, tasks).answers


@torch.no_grad()
def view_answers(network: MultiTaskNetwork, pixels: Tensor, resolved: Resolved) -> dict[str, Tensor]:
    """{task: answers} to pixels (B, 3, S, S) uint8 as they are."""
    return answers_of(network, as_they_are(pixels), resolved)


@torch.no_grad()
def view_answers_and_features(
    network: MultiTaskNetwork, pixels: Tensor, resolved: Resolved
) -> tuple[dict[str, Tensor], Tensor]:
    """{task: answers} to pixels (B, 3, S, S) uint8 as they are, and their features (B, C) by the shared backbone."""
    images = as_they_are(pixels).contiguous(memory_format=devices.MEMORY_FORMATS[resolved.layout])
    with devices.autocast(images.device, resolved.precision):
        seen = network.see(images)
        shared = (seen[task] for task in network.vector_tasks if task not in network.branches)
        features = next(shared, None)
        if not isinstance(features, Tensor):
            features = network.features(images)
    return network.answer(seen), features.float()


@torch.no_grad()
def view_features(network: MultiTaskNetwork, pixels: Tensor, resolved: Resolved) -> Tensor:
    """Pooled features (B, C) float32 of the shared backbone, of pixels (B, 3, S, S) uint8 as they are."""
    layout, precision = resolved.feature_layout or resolved.layout, resolved.feature_precision or resolved.precision
    images = as_they_are(pixels).contiguous(memory_format=devices.MEMORY_FORMATS[layout])
    with devices.autocast(images.device, precision):
        features = network.features(images)
    return features.float()


def as_they_are(pixels: Tensor) -> Tensor:
    """Pixels (B, 3, S, S) uint8 as float in [0, 1]."""
    return augment(pixels, np.empty(0, np.int64), 0, 0, "none")
