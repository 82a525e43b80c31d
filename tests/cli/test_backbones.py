"""Backbones as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.cli.backbones import backbones_typed
from workbench.core.advice import Candidate
from workbench.core.errors import RequestError


def typed(text: str, project_dir: Path) -> tuple[Candidate, ...]:
    return backbones_typed(text, "--backbones", project_dir)


def test_commas_separate_backbones_but_not_the_path_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a, b,c.pt").write_bytes(b"")
    (tmp_path / "d.pt").write_bytes(b"")
    text = f"resnet18@file:a, b,c.pt ,resnet34@file:{tmp_path / 'd.pt'},,vgg11@none, resnet18"
    assert typed(text, tmp_path) == (
        Candidate("resnet18", f"file:{tmp_path / 'a, b,c.pt'}"),
        Candidate("resnet34", f"file:{tmp_path / 'd.pt'}"),
        Candidate("vgg11", "none"),
        Candidate("resnet18", "starter"),
    )


@pytest.mark.parametrize("text", ["resnet18@file:a,b.pt", "resnet18@file:", "resnet18@run:1", "vgg11@starter", "@none"])
def test_what_there_is_not_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RequestError):
        typed(text, tmp_path)
