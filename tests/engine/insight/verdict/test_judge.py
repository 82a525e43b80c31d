"""Scores of pictures into a verdict: signs, sentences, and how seldom chance alone gives one."""

import numpy as np
import pytest

from workbench.core.verdict import picture_scores
from workbench.engine.insight.verdict.judge import TaskScores, judge, mean_change, task_scores


def scores(together, alone, kind="single-label", grain=0.0, prefix="p"):
    """A task whose pictures have these scores, each (S, n)."""
    images = [f"{prefix}{at}" for at in range(np.shape(together)[1])]
    return TaskScores(kind, "test", grain, images, np.asarray(together, float), np.asarray(alone, float), {})


def noisy(random, mean, pictures=200, seeds=3, sigma=0.1):
    return mean + sigma * random.normal(size=(seeds, pictures))


def test_a_score_for_each_picture_of_each_kind():
    single = {"kind": "single-label", "images": [{"image": "a", "target": "x", "prediction": "y"}]}
    multi = {
        "kind": "multi-label",
        "classes": ["x", "y", "z", "w"],
        "images": [{"image": "a", "target": ["x", "y"], "prediction": ["y"]}],
    }
    number = {"kind": "number", "images": [{"image": "a", "target": 41.0, "prediction": 38.5}]}
    mask = {"kind": "mask", "images": [{"image": "a", "iou": 0.7}, {"image": "b", "iou": None}]}
    found = [picture_scores(task) for task in (single, multi, number, mask)]
    assert found == [{"a": 0.0}, {"a": 0.75}, {"a": -2.5}, {"a": 0.7}]


def test_pictures_are_paired_by_name():
    def document(**right):
        images = [{"image": name, "target": "x", "prediction": "x" if ok else "y"} for name, ok in right.items()]
        return {"kind": "single-label", "images": images, "metrics": {"accuracy": 0.5, "loss": None}}

    found = task_scores("test", [document(a=1, b=0, c=1)] * 2, [document(c=0, a=1)] * 2)
    assert found.images == ["a", "c"]
    assert found.together.tolist() == [[1, 1], [1, 1]] and found.alone.tolist() == [[1, 0], [1, 0]]
    assert found.metrics["alone"] == {"accuracy": 0.5}


def test_the_three_conclusions_and_a_mixed_one():
    random = np.random.default_rng(0)

    def task(together, alone, prefix):
        return scores(noisy(random, together), noisy(random, alone), prefix=prefix)

    up, same, down = task(0.8, 0.7, "u"), task(0.7, 0.7, "s"), task(0.6, 0.7, "d")
    together = judge({"up": up, "same": same})
    assert together["conclusion"] == "together" and together["sentence"].startswith("Together")
    assert together["tasks"]["same"]["conclusion"] == "no difference"
    assert judge({"same": same})["sentence"] == "No difference that exceeds noise."
    apart = judge({"down": down, "same": same})
    assert apart["conclusion"] == "apart" and "down is worse" in apart["sentence"]
    mixed = judge({"up": up, "down": down})
    assert mixed["conclusion"] == "apart" and mixed["worse"] == ["down"] and mixed["better"] == ["up"]
    assert "down is worse" in mixed["sentence"] and "up is better together" in mixed["sentence"]


def test_the_mean_change_is_positive_when_together_is_better_in_every_kind():
    better = scores([[0.9] * 4] * 2, [[0.6] * 4] * 2)
    errors = scores([[-1.0] * 4] * 2, [[-2.0] * 4] * 2, kind="number")
    assert mean_change({"a": better}).value == pytest.approx(50.0)
    assert mean_change({"b": errors}).value == pytest.approx(50.0)
    assert mean_change({"a": better, "b": errors}).value == pytest.approx(50.0)
    assert judge({"b": errors})["tasks"]["b"]["alone"] == 2.0
    assert judge({"b": errors})["tasks"]["b"]["relative"] == pytest.approx(50.0)
    hopeless = scores([[1.0] * 4] * 2, [[0.0] * 4] * 2)
    assert mean_change({"c": hopeless}) is None and judge({"c": hopeless})["delta_m"] is None


def test_without_an_effect_four_tasks_seldom_get_a_verdict():
    """Four tasks on the same pictures, and runs that differ by chance alone."""
    random = np.random.default_rng(3)
    quiet, covered = 0, 0
    for _ in range(400):
        tasks = {}
        for name in "abcd":
            chance = random.beta(3.2, 0.8, size=60)
            both = random.random((2, 3, 60)) < chance
            tasks[name] = scores(both[0], both[1], grain=1.0)
        found = judge(tasks)
        low, high = found["delta_m"]["interval"]
        quiet += found["conclusion"] == "no difference"
        covered += low <= 0 <= high
    assert quiet / 400 >= 0.95
    assert covered / 400 >= 0.92
