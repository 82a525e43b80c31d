from __future__ import annotations

from typing import Any

import pytest

from workbench.engine.transfer.advisor.words import advice_sentence


def row(
    name: str, tied: bool = False, speed: float = 1.0, status: str = "measured", weights: str = "none"
) -> dict[str, Any]:
    return {"name": name, "weights": weights, "tied": tied, "images_per_s": speed, "status": status}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("a"), row("b")], "Take a: more can be read"),
        ([row("a", True, 1.0), row("b", True, 5.0), row("c")], "Take b: among the two that cannot be told apart"),
        ([row("a", True, weights="none"), row("a", True, 9.0, weights="file:/x/y.pt")], "Take a (y.pt):"),
        ([row("a"), row("b", status="not here")], "Only a could be measured"),
        ([row("b", status="not here")], "download some"),
        ([row("b", status="failed")], "the reason stands beside each"),
    ],
)
def test_one_sentence(rows: list[dict[str, Any]], said: str) -> None:
    sentence = advice_sentence(rows)
    assert said in sentence and sentence.endswith(".") and sentence.count(".") <= 2
