"""Comparisons of documents: groups, pairs, pictures with different answers, sentences."""

import numpy as np
import pytest

from tests.engine.insight.compare.documents import judge
from workbench.cli.commands.compare import _settings as differences
from workbench.engine.insight.compare.judge import grouped
from workbench.gui.pages.results.comparison import words

TASK = {"name": "a", "source": "photos"}


def settings(split=None, **recipe):
    return {"tasks": [TASK], "recipe": recipe, "split": split or {}}


def document(right, images=None):
    """A single-label task whose picture i is right where `right[i]`."""
    names = images or [f"{index}.png" for index in range(len(right))]
    entries = [
        {"image": name, "target": "x", "prediction": "x" if hit else "y", "confidence": 0.5 + index / 1000}
        for index, (name, hit) in enumerate(zip(names, right, strict=True))
    ]
    metrics = {"accuracy": float(np.mean(right)), "accuracy_interval": [0.0, 1.0]}
    return {"tasks": {"a": {"kind": "single-label", "count": len(right), "metrics": metrics, "images": entries}}}


def test_two_recipes_and_where_they_disagree():
    first, second = [True] * 50 + [False] * 50, [True] * 49 + [False] + [True] * 40 + [False] * 10
    runs = {"001": settings(epochs=3), "002": settings(epochs=9)}
    found = judge("test", runs, {"001": document(first), "002": document(second)})
    assert [row["key"] for row in found["settings"]] == ["recipe.epochs"]
    assert found["settings"][0]["values"] == {"001": 3, "002": 9}
    (pair,) = found["tasks"]["a"]["pairs"]
    assert (pair["pictures"], pair["scores"], pair["disagree"]) == (100, [0.5, 0.89], 41)
    assert pair["difference"] == pytest.approx(0.39) and pair["conclusion"] == "second" and pair["p"] < 1e-6
    assert pair["disagreements"][0] == {
        "image": "89.png",
        "target": "x",
        "first": {"prediction": "y", "confidence": 0.589},
        "second": {"prediction": "x", "confidence": 0.589},
    }
    assert found["sentence"] == "Beyond noise: a, 002 is better than 001."
    same = judge("test", runs, {"001": document(first), "002": document(first)})
    assert same["sentence"] == "No difference exceeds noise." and same["tasks"]["a"]["pairs"][0]["disagree"] == 0


def test_a_run_that_was_made_of_another_repeats_no_recipe():
    runs = {"001": settings(), "002-blend": settings()}
    data = dict.fromkeys(runs, "")
    assert [group.runs for group in grouped(runs, data)] == [["001", "002-blend"]]
    assert [group.runs for group in grouped(runs, data, {"002-blend"})] == [["001"], ["002-blend"]]
    made = {"002-blend": "of 001 by blend (share 0.5)"}
    found = judge("test", runs, dict.fromkeys(runs, document([True] * 9)), derived=made)
    assert found["settings"] == [{"key": "made", "values": {"001": None, **made}}]
    said = [" ".join(line.split()) for line in differences(found)]
    assert said == ["made", "001 by training", f"002-blend {made['002-blend']}"]
    assert words.settings(found) == f"Made: by training (001) · {made['002-blend']} (002-blend)"


def test_seeds_are_one_group_and_folds_share_out_the_pictures():
    random = np.random.default_rng(0)
    hits = random.random((2, 60)) < 0.8
    runs = {f"00{seed}": settings(seed=seed) for seed in (1, 2)}
    found = judge("validation", runs, {"001": document(hits[0]), "002": document(hits[1])})
    (group,) = found["groups"]
    assert group == {"name": "001", "runs": ["001", "002"], "repeats": "seeds"}
    spread = found["tasks"]["a"]["groups"]["001"]
    assert spread["mean"] == pytest.approx(hits.mean()) and spread["deviation"] > 0
    assert found["tasks"]["a"]["pairs"] == [] and "repeat one recipe" in found["sentence"]

    names = [f"{index}.png" for index in range(60)]
    runs = {f"fold{fold}": settings({"folds": 2, "fold": fold}) for fold in (1, 2)} | {"whole": settings()}
    halves = {"fold1": document(hits[0][:30], names[:30]), "fold2": document(hits[0][30:], names[30:])}
    found = judge("validation", runs, halves | {"whole": document(hits[1], names)})
    (pair,) = found["tasks"]["a"]["pairs"]
    assert [each["repeats"] for each in found["groups"]] == ["folds", ""]
    assert (pair["pictures"], pair["test"]) == (60, "McNemar")
    assert pair["disagree"] == int((hits[0] != hits[1]).sum())


def test_runs_on_other_data_repeat_nothing_and_are_named():
    runs = {"001": settings(seed=1), "002": settings(seed=2), "003": settings(seed=3)}
    documents = {run: document([True, False]) for run in runs}
    found = judge("test", runs, documents, {"001": "old", "002": "new", "003": "new"})
    assert [group["runs"] for group in found["groups"]] == [["001"], ["002", "003"]]
    assert found["other_data"] == ["002", "003"]
    assert judge("test", runs, documents)["other_data"] == []
    other_split = {"001": settings(), "002": settings({"validation": 0.3})}
    found = judge("test", other_split, {run: documents[run] for run in other_split}, {"001": "a", "002": "b"})
    assert found["other_data"] == [], "the settings say so"


def test_a_picture_that_was_relabelled_between_the_runs_is_no_measure():
    documents = {run: document([True, False, True]) for run in ("001", "002")}
    documents["002"]["tasks"]["a"]["images"][1] |= {"target": "y"}
    found = judge("test", {"001": settings(), "002": settings(epochs=9)}, documents, {"001": "old", "002": "new"})
    assert found["tasks"]["a"]["pairs"][0]["pictures"] == 2 and found["other_data"] == ["002"]


def test_other_pictures_and_other_tasks_are_no_pair():
    runs = {"001": settings(), "002": settings(epochs=9)}
    found = judge("test", runs, {"001": document([True]), "002": document([True], ["other.png"])})
    (pair,) = found["tasks"]["a"]["pairs"]
    assert (pair["pictures"], pair["difference"], pair["conclusion"]) == (0, None, "noise")
    assert "no picture in common" in found["sentence"]
    found = judge("test", runs, {"001": document([True]), "002": {"tasks": {}}})
    assert found["tasks"]["a"]["pairs"] == [] and list(found["tasks"]["a"]["groups"]) == ["001"]


def test_many_recipes_are_compared_with_the_first():
    runs = {f"00{number}": settings(epochs=number + 1) for number in range(5)}
    found = judge("test", runs, {run: document([True, False]) for run in runs})
    assert [(pair["first"], pair["second"]) for pair in found["tasks"]["a"]["pairs"]] == [
        ("000", f"00{number}") for number in range(1, 5)
    ]
