"""The command by which a report says that its run is made again: one that the program takes."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.gui import synthetic
from workbench.cli.parser import parse
from workbench.core.resolved import Derived, Resolved, load_resolved
from workbench.project.report.repeat import repeating

RUNS = ["001-one", "002-two"]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Resolved:
    """Those of a run."""
    return load_resolved(synthetic.write_run(tmp_path_factory.mktemp("made"), ["material"]))


def _made(facts: Resolved, method: str, origins: list[str], **settings: str | float | bool) -> tuple[str, str]:
    derived = Derived(method=method, origins=origins, settings=settings)
    return repeating("p & q", "003-made", facts.model_copy(update={"derived": derived}))


@pytest.mark.parametrize(
    ("method", "settings", "needed"),
    [
        ("blend", {"share": 1 / 3}, {"run": "001-one", "share": 1 / 3, "keep": True}),
        ("soup", {"greedy": True}, {"runs": ["001-one,002-two"], "keep": True, "greedy": False}),
        ("adabn", {"target": "/new ones", "share": 0.5, "prior": 16}, {"target": Path("/new ones"), "prior": 16}),
        ("add-task", {"task": "material", "head": "linear"}, {"run": "001-one", "head": "linear"}),
        ("teach", {"task": "material", "head": "", "pictures": 8}, {"run": "001-one", "task": "material"}),
    ],
)
def test_the_program_takes_the_command_and_it_says_the_same(facts, method, settings, needed):
    words, command = _made(facts, method, RUNS if method == "soup" else RUNS[:1], **settings)
    assert "not trained but made of 001-one" in words and f"by {method}" in words
    _, typed = parse(shlex.split(command)[1:])
    assert str(typed.project) == "p & q" and {key: getattr(typed, key) for key in needed} == needed


def test_a_run_that_was_trained_is_trained_again(facts):
    words, command = repeating("p & q", "001-one", facts)
    assert command == "workbench train 'p & q' --repeat 001-one" and words.startswith("The same settings")


@pytest.mark.parametrize(("method", "origins"), [("soup", RUNS[:1]), ("unheard-of", RUNS)])
def test_where_no_command_does_it_none_is_given(facts, method, origins):
    words, command = _made(facts, method, origins)
    assert command == "" and words == f"It was not trained but made of {', '.join(origins)} by {method}."


def test_what_was_made_of_a_deleted_run_is_made_no_more(facts):
    derived = Derived(method="soup", origins=RUNS)
    words, command = repeating("p", "003-made", facts.model_copy(update={"derived": derived}), RUNS[:1])
    assert command == "" and words.endswith("It cannot be made again, for want of what was deleted since: 001-one.")


def test_what_it_was_told_is_said():
    derived = Derived(method="blend", origins=RUNS[:1], settings={"share": 0.5})
    assert derived.words == "of 001-one by blend (share 0.5)"
