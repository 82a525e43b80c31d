"""`workbench affinity`: what it refuses in one sentence, and its table for people."""

import re
import shutil

import pytest

from tests.engine.training.runs import two_tasks
from workbench.cli import main

SMALL = ["--backbone", "squeezenet1_0", "--weights", "none", "--preset", "probe"]
QUICK = ["recipe.image_size=32", "recipe.precision=fp32", "recipe.device=cpu", "recipe.epochs=1"]
QUICK += ["split.validation=0.3"]
SETTINGS = [word for setting in QUICK for word in ("--set", setting)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Projects of two tasks and of one, each with a run whose backbone did not train: p and single."""
    place = tmp_path_factory.mktemp("affinity")
    two_tasks(place, each=6)
    first = ["--task", f"colour={place / 'colours'}"]
    both = [*first, "--task", f"pattern={place / 'patterns.csv'}:pattern"]
    for name, tasks in (("p", both), ("single", first)):
        assert main(["new", str(place / name), *tasks, *SMALL, *SETTINGS]) == 0
        assert main(["train", str(place / name)]) == 0
    return place


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["p", "--run", "009"], "009"),
        (["p", "--batches", "0"], "--batches 0 leaves nothing to look at. Give 1 or more."),
        (["single"], "has one task only. Choose a run of two tasks or more."),
        (["p"], "share no weights that train"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(place, capsys, words, said):
    assert main(["affinity", str(place / words[0]), *words[1:]]) == 2
    caught = capsys.readouterr()
    assert said in caught.err and "Traceback" not in caught.err and caught.out == ""
    assert len(caught.err.strip().splitlines()) <= 2


def test_a_table_is_printed_for_people(place, capsys):
    whole = place / "whole"
    shutil.copytree(place / "p", whole, ignore=shutil.ignore_patterns("runs"))
    settings = ["--set", "recipe.preset=balanced", "--set", "backbone.freeze=0"]
    assert main(["train", str(whole), *settings]) == 0
    capsys.readouterr()
    assert main(["affinity", str(whole), "--batches", "2"]) == 0
    out = capsys.readouterr().out
    assert "in per cent, over 2 batches." in out or "in per cent, over 1 batches." in out
    assert "does not promise that tasks do well when trained together" in out
    head, *rows = out.rstrip().splitlines()[-3:]
    assert head.split() == ["colour", "pattern"] and [row.split()[0] for row in rows] == ["colour", "pattern"]
    assert all(re.fullmatch(r"[+-]\d+\.\d\d|–", cell) for row in rows for cell in row.split()[1:])
