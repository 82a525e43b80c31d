"""The benchmark of graphics cards: its way is gone on a processor, and without a card it refuses."""

from __future__ import annotations

import pytest
import torch

from tests.benchmarks import card_limit


def test_its_way_is_the_same_on_a_processor(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--backbone", "resnet18", "--size", "32", "--pictures", "10", "--batch", "5", "--steps", "3"]
    code = card_limit.main(["--device", "cpu", "--rounds", "1", *small])
    first, last = capsys.readouterr().out.splitlines()
    assert code in (0, 1) and first.startswith("pictures a second: run ")
    assert last.startswith("resnet18, 32 px, bf16, cpu: ") and "says nothing about a graphics card" in last


def test_without_a_card_nothing_is_measured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert card_limit.main([]) == 2
    said = capsys.readouterr()
    assert not said.out and said.err == "There is no graphics card with CUDA here, so nothing is measured.\n"
