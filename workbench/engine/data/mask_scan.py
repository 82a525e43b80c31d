"""What the masks of a task hold: one look at every file, and from it the classes."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.engine.data.labels import clean_label
from workbench.engine.data.mask_source import CLASSES_FILE
from workbench.engine.data.masks import IGNORED, NotAMask, read_mask
from workbench.engine.data.parallel import for_each
from workbench.engine.data.unreadable import UnreadableImage, reason_of
from workbench.engine.data.words import listed

Ints = npt.NDArray[np.int64]

MOST_VALUES = 100
SCANNING = "reading masks"
TWO_CLASSES = ["background", "foreground"]
_CHUNK = 8


class MaskFacts(NamedTuple):
    """What one mask holds.

    Attributes:
        size: width and height in pixels; (0, 0) where it cannot be read.
        values: that occur, ascending, and `counts` how many pixels have each.
        print: the first 8 bytes of a hash of all values and the size.
        reason: why it cannot be used; empty where it can.
        refused: it was read and is no mask.
    """

    size: tuple[int, int]
    values: tuple[int, ...]
    counts: tuple[int, ...]
    print: int
    reason: str = ""
    refused: bool = False


@dataclass(frozen=True)
class MaskScan:
    """What the masks of one task hold together.

    Attributes:
        masks: M, one for each label text.
        pixels: (M, C) pixels of each class in each mask.
        values: the pixel value of each class, ascending.
        classes: their names.
        notes: what was decided about the values.
        error: why the task cannot be trained on these masks; None where it can.
    """

    masks: list[MaskFacts]
    pixels: Ints
    values: list[int] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    error: RequestError | None = None


_known: dict[tuple[str, int, int], MaskFacts] = {}
_known_lock = threading.Lock()


def scan_masks(paths: Sequence[str], control: Control) -> Generator[Event, None, list[MaskFacts]]:
    """Look at every mask of a task, with Progress; those that this process has seen unchanged are not read again."""
    facts = yield from for_each(SCANNING, paths, look_at, control, chunk=_CHUNK)
    return facts + [MaskFacts((0, 0), (), (), 0, "it was not read")] * (len(paths) - len(facts))


def look_at(path: str) -> MaskFacts:
    """What one mask holds; from memory where the file has not changed since."""
    try:
        stat = os.stat(path)
    except OSError as error:
        return MaskFacts((0, 0), (), (), 0, reason_of(error))
    key = (path, stat.st_size, stat.st_mtime_ns)
    with _known_lock:
        found = _known.get(key)
    if found is None:
        found = _read(path)
        with _known_lock:
            _known[key] = found
    return found


def _read(path: str) -> MaskFacts:
    try:
        raw = read_mask(path)
    except UnreadableImage as error:
        return MaskFacts((0, 0), (), (), 0, error.reason, isinstance(error, NotAMask))
    counts = np.array(Image.fromarray(raw).histogram(), dtype=np.int64)
    values = np.flatnonzero(counts)
    digest = blake2b(f"{raw.shape}".encode(), digest_size=8)
    digest.update(np.ascontiguousarray(raw).data)
    height, width = raw.shape
    number = int.from_bytes(digest.digest(), "little")
    return MaskFacts((width, height), tuple(values.tolist()), tuple(counts[values].tolist()), number)


def conclude(task: str, paths: Sequence[str], folder: str, facts: list[MaskFacts]) -> MaskScan:
    """The classes of a task from what its masks hold; `folder` is where a classes.txt may lie."""
    nothing = np.zeros((len(facts), 0), np.int64)
    error = refusal(task, paths, facts)
    if error is not None:
        return MaskScan(facts, pixels=nothing, error=error)
    found = sorted({value for mask in facts for value in mask.values})
    try:
        values, classes, notes = _classes(task, found, _names(task, folder))
    except RequestError as wrong:
        return MaskScan(facts, pixels=nothing, error=wrong)
    pixels = np.zeros((len(facts), len(values)), np.int64)
    place = {value: at for at, value in enumerate(values)}
    for row, mask in enumerate(facts):
        for value, count in zip(mask.values, mask.counts, strict=True):
            if value in place:
                pixels[row, place[value]] = count
    return MaskScan(facts, pixels, values, classes, notes, _lone(task, found, values, facts))


def refusal(task: str, paths: Sequence[str], facts: list[MaskFacts]) -> RequestError | None:
    """The error of masks that are none."""
    for path, mask in zip(paths, facts, strict=True):
        if mask.refused:
            return RequestError(
                f"Task {task}: the mask {path} cannot be used: {mask.reason}.",
                "Save masks as grey or palette PNG files, in which each pixel's value is the number of its class.",
            )
    values = {value for mask in facts for value in mask.values}
    if len(values) > MOST_VALUES:
        most = max(range(len(facts)), key=lambda at: len(facts[at].values))
        return RequestError(
            f"Task {task}: the masks hold {len(values)} different values (such as {paths[most]} with "
            f"{len(facts[most].values)}), so they were smoothed, or saved as JPEG.",
            "Save them again as PNG without smoothing, each pixel with the value of its class.",
        )
    return None


def _lone(task: str, found: list[int], values: list[int], facts: list[MaskFacts]) -> RequestError | None:
    if len(values) > 1 or not any(mask.size[0] for mask in facts):
        return None
    return RequestError(
        f"Task {task}: all masks hold only the value {found[0] if found else 0}, so there is nothing to tell apart.",
        "Give masks in which at least two values mark different things.",
    )


def _classes(task: str, found: list[int], names: list[str]) -> tuple[list[int], list[str], list[str]]:
    """The values that are classes, their names, and what is to be said of that."""
    if names and len(names) == len(found):
        return found, names, []
    values, notes = found, []
    if len(found) > 2 and found[-1] == IGNORED and found[-2] < MOST_VALUES:
        values = found[:-1]
        notes = ["pixels of the value 255 are ignored, as is usual beside small class numbers."]
    if names:
        return values, _named(task, values, names), notes
    if len(values) == 2:
        return values, list(TWO_CLASSES), notes
    return values, [str(value) for value in values], notes


def _named(task: str, values: list[int], names: list[str]) -> list[str]:
    """Names for the values: one for each, or one for every number from 0 on."""
    if len(names) == len(values):
        return names
    if values and values[-1] < len(names):
        return [names[value] for value in values]
    raise RequestError(
        f"Task {task}: {CLASSES_FILE} in the folder of masks holds {len(names)} names, and the masks {len(values)} "
        f"values ({listed([str(value) for value in values[:20]]) if values else 'none'}).",
        "Write one name a line, in order of value.",
    )


def _names(task: str, folder: str) -> list[str]:
    """The lines of classes.txt; none where there is no such file."""
    path = os.path.join(folder, CLASSES_FILE)
    if not os.path.isfile(path):
        return []
    try:
        with open(path, encoding="utf-8-sig") as file:
            names = [name for line in file if (name := clean_label(line))]
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"Task {task}: {path} cannot be read ({error}).", "Save it again as UTF-8 text.") from error
    if len(set(names)) < len(names):
        raise RequestError(f"Task {task}: {path} holds a name twice.", "Give each value a name of its own.")
    return names
