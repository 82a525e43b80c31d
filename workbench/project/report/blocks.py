"""What a report is made of, whatever it is written as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """A title; the report's own has level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Sentences; quiet ones explain."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Card:
    """A task's score: the number, its doubt, and what it counts."""

    task: str
    score: str
    doubt: str
    caption: str


@dataclass(frozen=True)
class Cards:
    """Scores beside each other."""

    cards: Sequence[Card]


@dataclass(frozen=True)
class Table:
    """Rows of cells under titles; columns from `numbers` on hold numbers."""

    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: int = 1


@dataclass(frozen=True)
class Chart:
    """A drawing.

    Attributes:
        svg: an `<svg>` element of `width` by `height` px.
        title: what stands above it, and what it is called where it cannot be seen.
    """

    title: str
    svg: str
    width: int
    height: int


@dataclass(frozen=True)
class Charts:
    """Drawings beside each other, where there is room."""

    charts: Sequence[Chart]


@dataclass(frozen=True)
class Picture:
    """A small picture as a data URI, with what stands below it, and its file's name."""

    uri: str
    caption: str
    name: str


@dataclass(frozen=True)
class Pictures:
    """Pictures in rows."""

    pictures: Sequence[Picture]


@dataclass(frozen=True)
class Code:
    """Text as it is typed."""

    text: str


@dataclass(frozen=True)
class More:
    """What few readers want: folded on a screen, left out on paper."""

    title: str
    blocks: Sequence[Block] = field(default_factory=list)


Block = Heading | Paragraph | Cards | Table | Charts | Pictures | Code | More
