"""`workbench rate`: what it refuses, and what it says to people."""

from __future__ import annotations

from argparse import Namespace

import pytest

from workbench.cli import main
from workbench.cli.commands.rate import Job
from workbench.core.project import Project, Task
from workbench.project.store import ProjectFile


def document(suggestion):
    losses = [1.0] * 30 + [1.0 - at / 50 for at in range(30)] + [0.4 + at / 10 for at in range(10)]
    rates = [10 ** (-6 + at / 14) for at in range(70)]
    return {"phase": "stages", "rates": rates, "losses": losses, "suggestion": suggestion, "in_force": 0.0003}


def test_the_curve_is_a_line_of_blocks_and_the_suggestion_a_setting():
    first, blocks, found, how = Job(Namespace()).describe(document(0.0021)).splitlines()
    assert "of the stages grows from 1e-06 to 0.085" in first and "1.00 at first, 0.40 at best" in first
    assert len(blocks) == 60 and set(blocks) <= set("▁▂▃▄▅▆▇█") and min(blocks) == "▁" and max(blocks) == "█"
    assert found == "Suggested is 0.0021; a run takes 0.0003 now."
    assert how == "Train with it by --set recipe.learning_rate=0.0021."
    assert "none is suggested" in Job(Namespace()).describe(document(None))


@pytest.mark.parametrize("steps", ["3", "100000"])
def test_too_few_or_too_many_steps_are_refused(tmp_path, capsys, steps):
    ProjectFile.create(tmp_path / "p", Project(tasks=[Task(name="a", source=str(tmp_path))]))
    assert main(["rate", str(tmp_path / "p"), "--steps", steps]) == 2
    assert capsys.readouterr().err.strip() == f"--steps {steps} cannot be tried. Give 20 to 10000."
