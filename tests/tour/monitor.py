"""The tour's pictures of the monitor: on computers without a card, with one, and with two of long names."""

from __future__ import annotations

import math

from tests.gui import synthetic
from tests.tour.stage import Stage
from workbench.core.events import Epoch, Step
from workbench.gui.pages.train.load_sampler import LoadSampler
from workbench.gui.pages.train.monitor import MonitorCard
from workbench.project.cards import Card
from workbench.project.history import RunHistory
from workbench.project.load import Load

_GB = 10**9
_LONG = "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"
_COMPUTERS: dict[str, tuple[tuple[str, int | None], ...]] = {
    "none": (),
    "one": (("NVIDIA H200", 11 * _GB),),
    "two": ((_LONG, None), (_LONG, None)),
}
_WIDTH, _DOUBLE_WIDTH = 372, 636  # px: what the page gives it


def photograph_monitor(stage: Stage, name: str) -> None:
    """Photograph the card by itself, as wide as on its page."""
    for computer, cards in _COMPUTERS.items():
        card = MonitorCard(_Still(lambda: None))
        card.set_run(_history(waiting=0.5 if computer == "two" else 0.04), True)
        for at in range(50):
            card.machine.show_load(_load(cards, at))
        card.resize(_DOUBLE_WIDTH if "double" in name else _WIDTH, card.sizeHint().height())
        card.show()
        stage.photograph(f"monitor-{computer}-{name}", settle_s=0.3, what=card)
        card.deleteLater()


class _Still(LoadSampler):
    """Samples nothing: what is shown is made up."""

    def start(self) -> None:
        pass


def _history(waiting: float) -> RunHistory:
    seconds = {"data": waiting, "forward": 0.3, "backward": 0.5, "rest": 0.1}
    history = RunHistory()
    for event in synthetic.run_events(upto=8):
        timed = isinstance(event, Step | Epoch)
        history.add(event.model_copy(update={"seconds": seconds}) if timed else event)
    return history


def _load(cards: tuple[tuple[str, int | None], ...], at: int) -> Load:
    wave = 0.5 + 0.3 * math.sin(at / 4)
    celsius = 64.0 if cards else None
    known = (Card(name, 1 - wave / 3, 12 * _GB, 140 * _GB, own, 71.0) for name, own in cards)
    return Load(wave, wave / 2, _GB, 12 * _GB, 16 * _GB, celsius, tuple(known))
