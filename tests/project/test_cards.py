from __future__ import annotations

import pytest

from tests.project.nvml import Driver, with_driver
from workbench.project import fit
from workbench.project.cards import Card, Cards

GB = 10**9


def test_cards_tell_what_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {7: 2 * GB, 8: GB, 9: 5 * GB}
    first = {"name": "NVIDIA One", "gpu": 93, "used": 9 * GB, "total": 80 * GB, "celsius": 64, "held": held}
    second = {"name": "NVIDIA Two", "gpu": 0, "used": 0, "total": 24 * GB, "celsius": 31, "held": {}}
    driver = with_driver(monkeypatch, Driver(first, second))
    with Cards() as cards:
        assert len(cards) == 2 and driver.opened == 1
        assert cards.read({7, 8, 1234}) == (
            Card("NVIDIA One", 0.93, 9 * GB, 80 * GB, 3 * GB, 64.0),
            Card("NVIDIA Two", 0.0, 0, 24 * GB, None, 31.0),
        )
        assert [card.own_bytes for card in cards.read()] == [None, None]
    assert driver.opened == 0 and len(cards) == 0 and cards.read() == ()
    cards.close()
    assert driver.opened == 0


def test_what_a_card_does_not_tell_is_none_and_a_lost_one_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with_driver(monkeypatch, Driver({"name": "Part", "held": {7: None}}, {"lost": True}))
    with Cards() as cards:
        assert cards.read({7}) == (Card("Part", None, None, None, None, None),)


def test_without_a_driver_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = with_driver(monkeypatch, Driver(there=False))
    with Cards() as cards:
        assert len(cards) == 0 and cards.read() == ()
    assert driver.opened == 0


@pytest.mark.parametrize("driver", [Driver({"name": "One"}), Driver(), Driver(there=False)])
def test_the_preset_asks_the_same_driver(monkeypatch: pytest.MonkeyPatch, driver: Driver) -> None:
    monkeypatch.setattr(fit.sys, "platform", "linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    with_driver(monkeypatch, driver)
    fit.has_card.cache_clear()
    assert fit.has_card() is bool(driver.cards and driver.there) and driver.opened == 0
    fit.has_card.cache_clear()
