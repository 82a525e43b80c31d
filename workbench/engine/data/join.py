"""All tasks' sources as one list of pictures: the same picture in several tasks is one sample with several targets."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.engine.data.copies import find_copies
from workbench.engine.data.corrected import Corrected, Decided, apply_corrections
from workbench.engine.data.grouping import Unions
from workbench.engine.data.image_files import PathResolver
from workbench.engine.data.mask_scan import MaskScan
from workbench.engine.data.rows import Source
from workbench.engine.data.split import FREE
from workbench.engine.data.targets import TARGETS
from workbench.engine.data.targets.multi_label import unite

Ints = npt.NDArray[np.int64]

_ONE_SAMPLE = ("row", "file", "content")
_BITS = {"train": 1, "validation": 2, "test": 4}


@dataclass
class Joined:
    """N pictures as they come from the sources, before their headers are read.

    Attributes:
        paths: N, each as the first source that has the picture calls it.
        bytes: (N,) sizes of the files; -1 where there is none.
        content: (N,) equal for pictures with the same bytes.
        kinds: the kind of each task.
        targets: for each task (N,), an index into `labels`; -1 where it is missing.
        labels: for each task its different label texts, sorted.
        allowed: (N,) bits of the parts that a picture may go to.
        group: (N,) equal for pictures that `split.group` keeps together.
        identity: (N,) a hash of name and size, the same wherever the project lies.
        part_conflicts: number of pictures about whose part sources disagree.
        label_conflicts: for each task the pairs of paths that are copies with different labels; for mask tasks once
            their masks are scanned.
        scans: for each mask task what its masks hold, once they are scanned.
        corrected: for each task of which decisions about labels were made, what came of them.
        given: for each of these but masks, the targets (N,) and label texts before them.
    """

    paths: list[str]
    bytes: Ints
    content: Ints
    kinds: dict[str, str]
    targets: dict[str, Ints]
    labels: dict[str, list[str]]
    allowed: npt.NDArray[np.uint8]
    group: Ints
    identity: npt.NDArray[np.uint64]
    part_conflicts: int
    label_conflicts: dict[str, list[tuple[str, str]]]
    scans: dict[str, MaskScan] = field(default_factory=dict)
    corrected: dict[str, Corrected] = field(default_factory=dict)
    given: dict[str, tuple[Ints, list[str]]] = field(default_factory=dict)

    def as_given(self) -> Joined:
        """The same with the labels that were given, before any was corrected."""
        targets = {task: given[0] for task, given in self.given.items()}
        labels = {task: given[1] for task, given in self.given.items()}
        return replace(self, targets={**self.targets, **targets}, labels={**self.labels, **labels})


@dataclass
class _Stack:
    """The rows of all sources under each other; `one_sample` is a place in _ONE_SAMPLE."""

    task: Ints
    file: Ints
    label: Ints
    one_sample: Ints
    allowed: npt.NDArray[np.uint8]
    groups: list[str]


def join(sources: Mapping[str, Source], decided: Decided, control: Control) -> Generator[Event, None, Joined]:
    """Join the sources and correct their labels; Progress is yielded while files of equal size are compared."""
    names, files = _files(sources)
    sizes = np.fromiter((_size(name) for name in names), np.int64, len(names))
    content = yield from find_copies(names, sizes, control)
    texts = {
        task: TARGETS[source.kind].sort(label for label in source.labels if label is not None)
        for task, source in sources.items()
    }
    stack = _stack(sources, files, texts)
    content_of_row = content[stack.file]
    sample_of_row, count = _samples(stack, content_of_row)
    first_row = np.full(count, len(stack.file), np.int64)
    np.minimum.at(first_row, sample_of_row, np.arange(len(stack.file)))
    called = [path for source in sources.values() for path in source.paths]
    targets, labels, corrected = dict[str, Ints](), dict[str, list[str]](), dict[str, Corrected]()
    given = dict[str, tuple[Ints, list[str]]]()
    for number, (task, source) in enumerate(sources.items()):
        mine = (stack.task == number) & (stack.label >= 0)
        targets[task], labels[task] = _united(sample_of_row[mine], stack.label[mine], texts[task], count)
        if decided.get(task):
            if source.kind != "mask":  # of which pictures are only set aside, and masks of these are not looked at
                given[task] = targets[task], labels[task]
            mine = np.isin(sample_of_row, sample_of_row[stack.task == number])
            samples = [(called[row], int(sample_of_row[row])) for row in np.flatnonzero(mine).tolist()]
            targets[task], labels[task], corrected[task] = apply_corrections(
                source.kind, targets[task], labels[task], samples, decided[task]
            )
    sample_content = content_of_row[first_row]
    paths = [called[row] for row in first_row.tolist()]
    allowed, conflicts = _allowed(stack, content_of_row, sample_content)
    return Joined(
        paths=paths,
        bytes=sizes[stack.file[first_row]],
        content=sample_content,
        kinds={task: source.kind for task, source in sources.items()},
        targets=targets,
        labels=labels,
        allowed=allowed,
        group=_groups(stack, sample_of_row, sample_content),
        identity=_identities(paths, sizes[stack.file[first_row]]),
        part_conflicts=conflicts,
        label_conflicts={
            task: [] if source.kind == "mask" else label_conflicts(targets[task], sample_content, paths)
            for task, source in sources.items()
        },
        corrected=corrected,
        given=given,
    )


def keep(joined: Joined, chosen: npt.NDArray[np.bool_]) -> Joined:
    """The same with only the chosen pictures, and only the label texts that they have.

    Once masks are scanned, each of them must label one of the chosen pictures.
    """
    at = np.flatnonzero(chosen)
    targets, labels = {}, {}
    for task, values in joined.targets.items():
        present = np.unique(values[at][values[at] >= 0])
        renumbered = np.full(len(joined.labels[task]) + 1, -1, np.int64)
        renumbered[present] = np.arange(len(present))
        targets[task] = renumbered[values[at]]
        labels[task] = [joined.labels[task][old] for old in present.tolist()]
    paths = [joined.paths[row] for row in at.tolist()]
    left = set(paths)
    return Joined(
        paths=paths,
        bytes=joined.bytes[at],
        content=joined.content[at],
        kinds=joined.kinds,
        targets=targets,
        labels=labels,
        allowed=joined.allowed[at],
        group=joined.group[at],
        identity=joined.identity[at],
        part_conflicts=joined.part_conflicts,
        label_conflicts={
            task: [pair for pair in pairs if left.issuperset(pair)] for task, pairs in joined.label_conflicts.items()
        },
        scans=joined.scans,
        corrected=joined.corrected,
        given={task: (values[at], texts) for task, (values, texts) in joined.given.items()},
    )


def _files(sources: Mapping[str, Source]) -> tuple[list[str], Ints]:
    """The real paths of the different files, and each row's file."""
    resolve, known, numbers = PathResolver(), dict[str, int](), dict[str, int]()
    files: list[int] = []
    for source in sources.values():
        for path in source.paths:
            number = known.get(path)
            if number is None:
                number = known[path] = numbers.setdefault(resolve(path), len(numbers))
            files.append(number)
    return list(numbers), np.array(files, dtype=np.int64)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return -1  # reading the header will say why


def _stack(sources: Mapping[str, Source], files: Ints, texts: Mapping[str, list[str]]) -> _Stack:
    task: list[Ints] = [np.zeros(0, np.int64)]
    label: list[Ints] = [np.zeros(0, np.int64)]
    one_sample: list[Ints] = [np.zeros(0, np.int64)]
    allowed: list[npt.NDArray[np.uint8]] = [np.zeros(0, np.uint8)]
    groups: list[str] = []
    for number, (name, source) in enumerate(sources.items()):
        index: dict[str | None, int] = {None: -1, **{text: at for at, text in enumerate(texts[name])}}
        cut = _BITS["train"] | sum(_BITS[part] for part in source.cut)
        bits = {None: cut, "train": cut, "validation": _BITS["validation"], "test": _BITS["test"]}
        task.append(np.full(len(source.paths), number, np.int64))
        label.append(np.array([index[text] for text in source.labels], dtype=np.int64))
        one_sample.append(np.full(len(source.paths), _ONE_SAMPLE.index(source.one_sample), np.int64))
        allowed.append(np.array([bits[part] for part in source.parts], dtype=np.uint8))
        groups.extend(source.groups)
    columns = [np.concatenate(column) for column in (task, label, one_sample)]
    return _Stack(columns[0], files, columns[1], columns[2], np.concatenate(allowed), groups)


def _samples(stack: _Stack, content: Ints) -> tuple[Ints, int]:
    """The sample of each row: the first copy of a picture in one task meets the first in another, and so on.

    What counts as a copy of its own is each row, or each file, or (all rows are one sample) nothing.
    """
    rows = np.arange(len(content))
    order = np.lexsort((rows, stack.file, content, stack.task))
    starts = np.ones(len(order), np.bool_)
    starts[1:] = (np.diff(stack.task[order]) != 0) | (np.diff(content[order]) != 0)
    same_file = np.zeros(len(order), np.bool_)
    same_file[1:] = np.diff(stack.file[order]) == 0
    by = stack.one_sample[order]
    another = ~starts & np.where(by == 0, True, np.where(by == 1, ~same_file, False))
    begin = np.flatnonzero(starts)
    steps = np.cumsum(another)
    rank = np.empty(len(order), np.int64)
    rank[order] = steps - np.repeat(steps[begin], np.diff(np.r_[begin, len(order)]))
    most = int(rank.max(initial=0)) + 1
    unique, sample = np.unique(content * most + rank, return_inverse=True)
    return sample.astype(np.int64), len(unique)


def _united(sample: Ints, label: Ints, texts: list[str], count: int) -> tuple[Ints, list[str]]:
    """(N,) the label of each sample and the label texts, in which samples of several rows have all their labels."""
    targets = np.full(count, -1, np.int64)
    targets[sample] = label
    if len(sample) == int((targets >= 0).sum()):
        return targets, texts
    pairs = np.unique(np.stack([sample, label]), axis=1)
    several = np.flatnonzero(np.bincount(pairs[0], minlength=count) > 1)
    known = {text: at for at, text in enumerate(texts)}
    starts, ends = np.searchsorted(pairs[0], several), np.searchsorted(pairs[0], several, side="right")
    for row, start, end in zip(several.tolist(), starts.tolist(), ends.tolist(), strict=True):
        text = unite(texts[at] for at in pairs[1, start:end].tolist())
        targets[row] = known.setdefault(text, len(known))
    places = {text: at for at, text in enumerate(TARGETS["multi-label"].sort(known))}
    moved = np.array([*(places[text] for text in known), -1], dtype=np.int64)
    return moved[targets], list(places)


def _allowed(stack: _Stack, content: Ints, sample_content: Ints) -> tuple[npt.NDArray[np.uint8], int]:
    """The bits of each sample, and how many samples have sources that disagree: test beats validation beats train."""
    size = int(content.max(initial=-1)) + 1
    common = np.full(size, FREE, np.uint8)
    np.bitwise_and.at(common, content, stack.allowed)
    strongest = np.zeros(size, np.uint8)
    explicit = (stack.allowed == 2) | (stack.allowed == 4)
    np.maximum.at(strongest, content[explicit], stack.allowed[explicit])
    disagreed = common == 0
    bits = np.where(disagreed, strongest, common).astype(np.uint8)
    return bits[sample_content], int(disagreed[sample_content].sum())


def _groups(stack: _Stack, sample_of_row: Ints, sample_content: Ints) -> Ints:
    """Joined where pictures are copies of each other or any source puts them into one group."""
    if not any(stack.groups) and len(np.unique(sample_content)) == len(sample_content):
        return np.arange(len(sample_content), dtype=np.int64)
    unions = Unions(len(sample_content))
    unions.join_equal(sample_content.tolist())
    unions.join_equal(stack.groups, sample_of_row.tolist())
    return unions.numbers()


def _identities(paths: list[str], sizes: Ints) -> npt.NDArray[np.uint64]:
    hashes = (
        int.from_bytes(
            blake2b(f"{os.path.basename(path)}\0{size}".encode("utf-8", "surrogateescape"), digest_size=8).digest(),
            "little",
        )
        for path, size in zip(paths, sizes.tolist(), strict=True)
    )
    return np.fromiter(hashes, np.uint64, len(paths))


def label_conflicts(labels: Ints, content: Ints, paths: list[str]) -> list[tuple[str, str]]:
    """For each set of copies with different labels in a task, the first and the first that differs from it."""
    rows = np.flatnonzero(labels >= 0)
    rows = rows[np.argsort(content[rows], kind="stable")]
    first: dict[int, int] = {}
    found: dict[int, tuple[str, str]] = {}
    repeated = np.flatnonzero(np.diff(content[rows]) == 0)
    for row in rows[np.unique(np.r_[repeated, repeated + 1])].tolist():
        number = int(content[row])
        other = first.setdefault(number, row)
        if labels[row] != labels[other]:
            found.setdefault(number, (paths[other], paths[row]))
    return list(found.values())
