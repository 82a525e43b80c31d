import pytest

from workbench.core.balancing import AGREEMENT_EVERY, BALANCING, COST_TEMPLATES, METHODS, step_cost
from workbench.engine.training.balancing import BALANCING as CLASSES
from workbench.engine.training.relatedness import EVERY


def test_what_is_said_of_a_method_is_what_it_does():
    assert list(METHODS) == list(CLASSES) == list(BALANCING)
    for name, method in METHODS.items():
        assert method.needs == CLASSES[name].needs
    assert AGREEMENT_EVERY == EVERY


@pytest.mark.parametrize(("tasks", "low", "high"), [(2, 1.5, 1.7), (4, 2.7, 3.4), (8, 4.3, 6.0)])
def test_gradients_of_shared_pictures_cost_what_was_measured(tasks, low, high):
    cost = step_cost("aligned_mtl", True, tasks, 1.0)
    assert low <= cost.times <= high and 1.05 <= cost.apart <= 1.15


def test_the_sentence_says_what_a_step_costs():
    assert step_cost("aligned_mtl", True, 4, 1.0).sentence == (
        "These 4 tasks lie on the same pictures, so that Aligned-MTL takes about 2.8 times as long a step; with "
        "pictures of their own it would take about as long as equal."
    )
    assert "share some pictures" in step_cost("upgrad", False, 3, 0.4).sentence
    assert "makes a step about 1.3 times as long" in step_cost("equal", True, 4, 1.0).sentence
    assert step_cost("famo", False, 4, 1.0).sentence == (
        "FAMO looks at each batch once more, so that a step takes about 1.25 times as long."
    )
    assert step_cost("famo", True, 4, 1.0).sentence == (
        "FAMO looks at each batch once more and these 4 tasks lie on the same pictures, so that with measuring "
        "gradient agreement, which can be switched off, a step takes about 1.5 times as long on average."
    )
    for method in METHODS:
        assert bool(step_cost(method, True, 8, 0.0).sentence) == (method == "famo")
        assert step_cost(method, True, 1, 1.0).times == 1.0


def test_costs_grow_with_tasks_and_with_what_they_share():
    for method in METHODS:
        for relatedness in (False, True):
            costs = [step_cost(method, relatedness, tasks, 1.0).times for tasks in (1, 2, 4, 8)]
            assert costs == sorted(costs)
            shares = [step_cost(method, relatedness, 4, shared).times for shared in (0.0, 0.01, 0.1, 1.0)]
            assert shares == sorted(shares) and shares[0] <= 1.4
            for tasks in (2, 8):
                cost = step_cost(method, relatedness, tasks, 1.0)
                assert "{" not in cost.sentence and cost.template in ("", *COST_TEMPLATES)
