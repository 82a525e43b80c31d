"""Whether a phase trains on what frozen stages make of pictures, kept on disk, or works through the whole network."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from workbench.core.control import Control
from workbench.core.events import Event, Notice
from workbench.core.text import megabytes
from workbench.engine.training.boundary import FOLDER, BoundarySource, Look
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.inputs import FrozenInputs
from workbench.engine.training.map_file import LIMIT_BYTES
from workbench.engine.training.pauses import rest_of
from workbench.engine.training.phases import Phase
from workbench.engine.training.state import State

_WORTH_ON_A_CARD = 2
"""On a graphics card maps are kept that are at most so many times as large as the picture: larger ones come from the
disk more slowly than they are computed."""


def frozen_inputs(
    work: Experiment, phase: Phase, state: State, control: Control
) -> Generator[Event, None, FrozenInputs | None]:
    """What the phase can train on, where anything is kept; None where it is not, or when told to end.

    It is decided by the run's own facts alone, so that a resumed run decides alike. Yields Progress and a Notice.
    """
    if not _possible(work, phase):
        if phase.views:
            yield Notice(level="info", text=f"{_what(work)} is not kept, so variations that come again save nothing.")
        return None
    source = BoundarySource(
        network=work.network,
        store=work.store,
        paths=work.table.paths,
        resolved=work.resolved,
        device=work.device,
        chunk=work.chunk,
        folder=work.project_dir.joinpath(*FOLDER),
        resting=rest_of(state),
    )
    varied = {epoch: Look(phase.augment, epoch) for epoch in phase.looks} if phase.augment != "none" else {}
    plain = work.validation_rows if varied else np.union1d(work.rows, work.validation_rows)
    wanted = {**dict.fromkeys(varied.values(), work.rows), Look(): plain}
    picture = source.example().nbytes
    size = picture * sum(len(rows) for rows in wanted.values())
    if work.device.type != "cpu" and picture > _WORTH_ON_A_CARD * 3 * work.resolved.view.size**2:
        return None
    if size > LIMIT_BYTES:
        yield Notice(level="info", text=f"{_what(work)} would take {megabytes(size)}: it is worked out in every epoch.")
        return None
    yield Notice(level="info", text=_sentence(work, phase, size))
    try:
        maps = yield from source.maps(wanted, control)
    except OSError as error:
        text = f"{_what(work)} cannot be kept ({error.strerror or error}): it is worked out in every epoch."
        yield Notice(level="warning", text=text)
        return None
    if maps is None:
        return None
    read = {epoch: maps[look].read for epoch, look in varied.items()}
    return FrozenInputs(work.network, maps[Look()].read, read, work.resolved, work.device, work.chunk, phase.augment)


def _possible(work: Experiment, phase: Phase) -> bool:
    """Whether the same is asked of the frozen stages in one epoch after another.

    Not where pictures are mixed, for which pixels are needed, nor where a picture comes twice in an epoch, each time
    varied otherwise; nor in a team, whose processes each see other pictures; nor with a teacher, who sees pictures.
    """
    recipe = work.resolved.project.recipe
    times = 1 if phase.augment == "none" else phase.views
    return (
        work.network.frozen_depth > 0
        and not work.network.dense_tasks
        and not (phase.mixup or phase.cutmix)
        and recipe.sampling == "proportional"
        and 0 < times < phase.epochs
        and work.team.size == 1
        and work.teacher is None
    )


def _sentence(work: Experiment, phase: Phase, size: int) -> str:
    ways = "" if phase.augment == "none" else f", varied in {len(phase.looks)} ways,"
    return f"{_what(work)}{ways} is kept ({megabytes(size)}): each epoch works through the rest alone."


def _what(work: Experiment) -> str:
    depth = work.network.frozen_depth
    stages = "the first stage makes" if depth == 1 else f"the first {depth} stages make"
    if depth == work.network.backbone.stage_count:
        stages = "the backbone makes"
    return f"What {stages} of the pictures"
