"""The load of the computer and of its cards in words and shares, as the monitor shows it; no widgets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from workbench.core.text import megabytes
from workbench.gui.widgets.load_bars import Taken
from workbench.project.cards import Card
from workbench.project.load import Load


def _tr(text: str) -> str:
    return QCoreApplication.translate("LoadWords", text)


@dataclass(frozen=True)
class Amount:
    """Something that can be taken up, with how much of it is; `help` says what of that the run takes."""

    name: str
    value: str
    taken: Taken
    help: str

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        return f"{self.name}: {self.value}. {self.help}"


@dataclass(frozen=True)
class Device:
    """The computer itself, or a card: what it computes, and its memory; the computer has no `title`."""

    title: str
    load: Amount
    memory: Amount


def devices_of(load: Load) -> list[Device]:
    """The computer, then its cards: those that hold the run's memory where any is known to, else all."""
    used = load.total_bytes - load.free_bytes
    computer = Device(
        title="",
        load=_load(_tr("Processor"), load.cpu, load.own_cpu, load.celsius),
        memory=_memory(used, load.total_bytes, load.own_bytes),
    )
    numbered = list(enumerate(load.cards))
    own = [each for each in numbered if each[1].own_bytes]
    several = len(numbered) > 1
    return [computer, *(_card(number, card, several) for number, card in own or numbered)]


def _card(number: int, card: Card, several: bool) -> Device:
    return Device(
        title=f"{number} · {card.name}" if several else card.name,
        load=_load(_tr("Load"), card.load, None, card.celsius),
        memory=_memory(card.used_bytes, card.total_bytes, card.own_bytes),
    )


def _load(name: str, share: float | None, own: float | None, celsius: float | None) -> Amount:
    words = [_whole(share)] if celsius is None else [_whole(share), _tr("{0} °C").format(round(celsius))]
    return Amount(name, " · ".join(words), Taken(share, own), "" if own is None else _of_run(_whole(own)))


def _memory(used: int | None, total: int | None, own: int | None) -> Amount:
    name = _tr("Memory")
    if used is None or not total:
        return Amount(name, "–", Taken(None), "")
    shares = Taken(min(1.0, used / total), None if own is None else min(1.0, own / total))
    value = _tr("{0} of {1}").format(*_alike(used, total))
    return Amount(name, value, shares, "" if own is None else _of_run(megabytes(own)))


def _of_run(words: str) -> str:
    return _tr("This run: {0}").format(words)


def _whole(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _alike(used: int, total: int) -> tuple[str, str]:
    """Two sizes in one unit, which the second one names: 3.1 and 15.6 GB."""
    return f"{used / 1e9:.1f}", f"{total / 1e9:.1f} GB"
