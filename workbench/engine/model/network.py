"""The multi-task network: one backbone, one head per task, and stages of their own for tasks that ask for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from workbench.core import catalogue
from workbench.core.backbone_facts import IMAGENET_MEAN, IMAGENET_STD, Triple
from workbench.core.errors import RequestError
from workbench.engine.model.backbones import Backbone, build_backbone, seeded
from workbench.engine.model.by_task import ByTask
from workbench.engine.model.heads import HEADS, Head, HeadInput, HeadSettings, Maps, Widths
from workbench.engine.model.staged import BatchNorm, Freeze


class HeadChoice(NamedTuple):
    """A task's head: a key of `HEADS`, the number of classes, its settings, and how many last stages the task owns."""

    kind: str
    classes: int
    settings: HeadSettings = HeadSettings()
    own_stages: int = 0


class ParameterGroup(NamedTuple):
    """Parameters that train at one rate.

    Attributes:
        name: STAGE of the shared backbone, `STAGE of TASK`, or `head TASK`.
        stage: its number from the input; None for a head.
        task: whose head or own stage it is; None for stages of the shared backbone.
    """

    name: str
    parameters: list[nn.Parameter]
    stage: int | None
    task: str | None


class Normalise(nn.Module):
    """Pixels in [0, 1] to what the backbone's weights expect: (x - mean) / std per channel, on (B, 3, H, W)."""

    mean: Tensor
    std: Tensor

    def __init__(self, mean: Triple = IMAGENET_MEAN, std: Triple = IMAGENET_STD) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        if not images.is_contiguous(memory_format=torch.channels_last):
            return (images - self.mean) / self.std
        # The same numbers, row by row: three channels side by side are too few to work on at once.
        batch, channels, height, width = images.shape
        rows = images.permute(0, 2, 3, 1).reshape(batch, height, width * channels)
        mean, std = (each.view(-1).repeat(width) for each in (self.mean, self.std))
        return rows.sub(mean).div_(std).view(batch, height, width, channels).permute(0, 3, 1, 2)


class MultiTaskNetwork(nn.Module):
    """Pictures (B, 3, H, W) float in [0, 1] to {task: answers}; the normalisation is inside.

    All tasks share the backbone. A task with stages of its own leaves it before them: its branch is a copy of the
    backbone's last stages, which then learns from that task alone. The state dict holds `normalise.*`, `backbone.*`
    (torchvision's names below it), `branches.task NAME.*` (the same names) and `heads.task NAME.*`.

    Args:
        own_stages: of the tasks that have any, how many.
        normalise: what the backbone's weights expect; of ImageNet where it is not given.

    Attributes:
        taught: tasks whose heads go on with what another run has taught them.
        temperatures: what the answers of a task are divided by, where they have been calibrated.
    """

    def __init__(
        self,
        backbone: Backbone,
        heads: Mapping[str, Head],
        own_stages: Mapping[str, int],
        normalise: Normalise | None = None,
    ) -> None:
        super().__init__()
        self.normalise = normalise or Normalise()
        self.backbone = backbone
        firsts = {task: backbone.stage_count - own for task, own in own_stages.items() if own}
        self.branches: ByTask[Backbone] = ByTask({task: backbone.branch(first) for task, first in firsts.items()})
        self.heads: ByTask[Head] = ByTask(heads)
        self._starts = dict(firsts)
        self.taught: frozenset[str] = frozenset()
        self.temperatures: dict[str, float] = {}
        self.register_load_state_dict_post_hook(_after_loading)  # type: ignore[no-untyped-call]

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks' names in order."""
        return self.heads.tasks

    @property
    def vector_tasks(self) -> tuple[str, ...]:
        """The tasks whose heads answer from pooled features."""
        return tuple(task for task, head in self.heads.items() if head.sees == "features")

    @property
    def dense_tasks(self) -> tuple[str, ...]:
        """The tasks whose heads answer from maps."""
        return tuple(task for task, head in self.heads.items() if head.sees == "maps")

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        """{task: answers} to pictures (B, 3, H, W) in [0, 1]."""
        return self.answer(self.see(images))

    def see(self, images: Tensor, tasks: Iterable[str] | None = None) -> dict[str, HeadInput]:
        """What each task's head answers from, for pictures (B, 3, H, W) in [0, 1] and the tasks named, or all.

        What tasks share runs once.
        """
        size = (images.shape[2], images.shape[3])
        return self._see(self.normalise(images), 0, self.tasks if tasks is None else tuple(tasks), size)

    def answer(self, seen: Mapping[str, HeadInput]) -> dict[str, Tensor]:
        """{task: answers} in float32 from what `see` gave; heads are never run in reduced precision."""
        with torch.autocast(self.normalise.mean.device.type, enabled=False):
            answers = {task: _ask(self.heads[task], each) for task, each in seen.items()}
        return {task: answer / self.temperatures.get(task, 1.0) for task, answer in answers.items()}

    def features(self, images: Tensor) -> Tensor:
        """Pooled features (B, C) of the shared backbone, for pictures (B, 3, H, W) in [0, 1]."""
        features: Tensor = self.backbone(self.normalise(images))
        return features

    def maps(self, images: Tensor) -> list[Tensor]:
        """The map (B, C_i, H_i, W_i) of each of the shared backbone's stages, for pictures (B, 3, H, W) in [0, 1]."""
        return self.backbone.maps(self.normalise(images))

    def from_features(self, features: Tensor, tasks: Iterable[str] | None = None) -> dict[str, Tensor]:
        """{task: answers} to features (B, C) of the shared backbone, for the tasks named, or all that see features.

        It is what the whole network answers as long as the stages that a task owns equal the shared ones.
        """
        return self.answer(dict.fromkeys(self.vector_tasks if tasks is None else tasks, features))

    @torch.no_grad()
    def frozen_part(self, images: Tensor) -> Tensor:
        """What the frozen stages make of pictures (B, 3, H, W) in [0, 1]: a pure function, so worth keeping.

        With no stage frozen these are the normalised pictures; with all frozen, the features (B, C).
        """
        return self.backbone.forward_stages(self.normalise(images), 0, self.frozen_depth)

    def rest(self, x: Tensor, tasks: Iterable[str] | None = None) -> dict[str, Tensor]:
        """{task: answers} from what `frozen_part` gave, for the tasks named, or all that see features."""
        wanted = self.vector_tasks if tasks is None else tuple(tasks)
        if self.frozen_depth == self.backbone.stage_count:
            return self.from_features(x, wanted)
        return self.answer(self._see(x, self.frozen_depth, wanted, None))

    def freeze(self, depth: Freeze) -> None:
        """Freeze the first `depth` stages of the backbone and of the tasks' copies, or "all"; heads always train.

        Stages of the backbone that no task uses, because all have their own, do not train either.

        Raises:
            RequestError: there are not that many stages.
        """
        self.backbone.freeze(depth)
        for branch in self.branches.values():
            branch.freeze(depth)
        for index in range(self.backbone.stage_count):
            if not self._users(index):
                for parameter in self.backbone.stage_parameters(index).values():
                    parameter.requires_grad_(False)
        self._find_starts()

    def copy_stages(self) -> None:
        """Begin the tasks' own stages as copies of the backbone's; to be called once its weights are loaded."""
        weights = self.backbone.state_dict()
        for branch in self.branches.values():
            branch.load_state_dict({name: weights[name] for name in branch.state_dict()})
        self._find_starts()

    def parameter_groups(self) -> list[ParameterGroup]:
        """Everything that trains, from input to heads, for layer-wise learning rates.

        Stages of the shared backbone come first, then each task's own stages, then each task's head.
        """
        groups = []
        for owner, backbone in ((None, self.backbone), *self.branches.items()):
            for index in range(backbone.first_stage, backbone.stage_count):
                parameters = _training(backbone.stage_parameters(index).values())
                name = backbone.plan.stages[index].name + (f" of {owner}" if owner is not None else "")
                groups += [ParameterGroup(name, parameters, index, owner)] if parameters else []
        return groups + [
            ParameterGroup(f"head {task}", list(head.parameters()), None, task) for task, head in self.heads.items()
        ]

    def shared_parameters(self) -> list[nn.Parameter]:
        """The weights that train and that two tasks or more use, from the input on."""
        return self._trunk_parameters(lambda users: len(users) > 1)

    def common_parameters(self) -> list[nn.Parameter]:
        """Those of `shared_parameters` that all tasks use."""
        return self._trunk_parameters(lambda users: len(users) == len(self.tasks) > 1)

    def own_parameters(self, task: str) -> list[nn.Parameter]:
        """The weights that train and that the task alone uses: of the backbone, of its own stages, of its head."""
        own = [*self.branches[task].parameters()] if task in self.branches else []
        trunk = self._trunk_parameters(lambda users: users == (task,))
        return trunk + _training([*own, *self.heads[task].parameters()])

    @property
    def frozen_depth(self) -> int:
        """How many first stages are frozen and run once for all tasks."""
        return min(self.backbone.frozen_stages, *self._starts.values(), self.backbone.stage_count)

    def _users(self, index: int) -> tuple[str, ...]:
        """The tasks that have no copy of stage `index` of their own."""
        return tuple(t for t in self.tasks if t not in self.branches or index < self.branches[t].first_stage)

    def _trunk_parameters(self, wanted: Callable[[tuple[str, ...]], bool]) -> list[nn.Parameter]:
        stages = [index for index in range(self.backbone.stage_count) if wanted(self._users(index))]
        return _training(p for index in stages for p in self.backbone.stage_parameters(index).values())

    def _find_starts(self) -> None:
        """Find from which stage on each branch runs: frozen copies that equal the backbone's stages need not."""
        for task, branch in self.branches.items():
            start = branch.first_stage
            while start < branch.frozen_stages and _equal(branch, self.backbone, start):
                start += 1
            self._starts[task] = start

    def _see(self, x: Tensor, first: int, tasks: tuple[str, ...], size: tuple[int, int] | None) -> dict[str, HeadInput]:
        """What the tasks' heads answer from, given what stands at boundary `first` (not pooled).

        Args:
            size: of the pictures; needed where a task sees maps.
        """
        last = self.backbone.stage_count
        starts = {task: self._starts.get(task, last) for task in tasks}
        road = _Road(x, first, [], size if set(tasks) & set(self.dense_tasks) else None)
        seen: dict[str, HeadInput] = {}
        for start in sorted(set(starts.values())):
            road = road.along(self.backbone, start)
            here = [task for task in tasks if starts[task] == start]
            ways = {self.backbone: here} if start == last else {self.branches[task]: [task] for task in here}
            for backbone, travellers in ways.items():
                seen |= self._arrive(road.along(backbone, last), backbone, travellers)
        return {task: seen[task] for task in tasks}

    def _arrive(self, road: _Road, backbone: Backbone, tasks: Sequence[str]) -> dict[str, HeadInput]:
        """What is seen at the end of a way by the tasks that took it."""
        seen: dict[str, HeadInput] = {}
        vector = [task for task in tasks if self.heads[task].sees == "features"]
        if vector:
            seen |= dict.fromkeys(vector, backbone.pool(road.x))
        if road.size is not None:
            seen |= {task: Maps(road.maps, road.size) for task in tasks if task not in vector}
        return seen


class _Road(NamedTuple):
    """Pictures on their way through the stages.

    Attributes:
        x: what they are at boundary `stage`.
        maps: of the stages that they went through; not gathered where `size`, of the pictures, is None.
    """

    x: Tensor
    stage: int
    maps: list[Tensor]
    size: tuple[int, int] | None

    def along(self, backbone: Backbone, last: int) -> _Road:
        """The same at boundary `last`, by way of a backbone or branch."""
        x, maps = self.x, list(self.maps)
        for index in range(self.stage, last):
            x = backbone.run_stage(index, x)
            if self.size is not None:
                maps.append(backbone.as_map(index, x, self.size))
        return _Road(x, last, maps, self.size)


def build_network(
    backbone: str,
    heads: Mapping[str, HeadChoice],
    *,
    freeze: Freeze = 0,
    batch_norm: BatchNorm = "eval",
    seed: int = 0,
    weights: str = "default",
) -> MultiTaskNetwork:
    """A network with random weights: `heads` gives each task's head and how many stages it owns.

    Each head's first weights depend on the seed and the task's name alone, so that another task beside it
    changes nothing. Load pretrained weights into `network.backbone` afterwards, then call `copy_stages`.

    Args:
        weights: that are going to be loaded: pixels are normalised as they expect it.

    Raises:
        RequestError: the backbone or a kind of head is not known, or has not that many stages to freeze or own; or a
            head answers for each pixel, and the backbone gives no maps.
    """
    trunk = build_backbone(backbone, seed, batch_norm, weights)
    widths = Widths(trunk.out_features, trunk.map_widths)
    for task, choice in heads.items():
        catalogue.check_own_stages(backbone, task, choice.own_stages)
    built = {task: build_head(task, choice, widths, seed) for task, choice in heads.items()}
    own = {task: choice.own_stages for task, choice in heads.items()}
    for task, head in built.items():
        if head.sees == "maps":
            catalogue.check_maps(backbone, task)
    network = MultiTaskNetwork(trunk, built, own, Normalise(*catalogue.normalisation(backbone, weights)))
    network.freeze(freeze)
    return network


def build_head(task: str, choice: HeadChoice, widths: Widths, seed: int) -> Head:
    """One task's head on what a backbone of those widths gives.

    Raises:
        RequestError: the kind is not known.
    """
    if choice.kind not in HEADS:
        raise RequestError(
            f"{choice.kind!r} is not a kind of head (task {task}).", f"Choose one of {', '.join(HEADS)}."
        )
    digest = hashlib.sha256(f"{seed}/{task}".encode()).digest()
    with seeded(int.from_bytes(digest[:8], "little") >> 1):
        return HEADS[choice.kind](widths, choice.classes, choice.settings)


def _ask(head: Head, seen: HeadInput) -> Tensor:
    answer: Tensor
    if isinstance(seen, Maps):
        answer = head([each.float() for each in seen.maps], seen.size)
    else:
        answer = head(seen.float())
    return answer


def _after_loading(network: MultiTaskNetwork, _: Any) -> None:
    network._find_starts()


def _equal(one: Backbone, other: Backbone, index: int) -> bool:
    """Whether stage `index` of both holds the same numbers."""
    theirs = other.stage_state(index)
    return all(torch.equal(value, theirs[name]) for name, value in one.stage_state(index).items())


def _training(parameters: Iterable[nn.Parameter]) -> list[nn.Parameter]:
    return [parameter for parameter in parameters if parameter.requires_grad]
