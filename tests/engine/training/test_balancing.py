"""Properties of every balancing method, and what single methods promise."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch import Tensor

from workbench.core.balancing import BALANCING as NAMES
from workbench.engine.training.balancing import BALANCING, Balancing, Measured, Setup
from workbench.engine.training.balancing.upgrad import NonNegativeProjector

TASKS = ("a", "b", "c", "d")
GRADIENTS = [name for name, method in BALANCING.items() if method.needs == "gradients"]
SUM_TO_T = ("equal", "fixed", "dwa", "gradnorm", "famo", "imtl_g")
NOT_NEGATIVE = tuple(name for name in BALANCING if name not in ("imtl_g", "aligned_mtl"))


def make(name: str, tasks: tuple[str, ...] = TASKS, seed: int = 0) -> Balancing:
    return BALANCING[name](Setup(tasks, (1.0,) * len(tasks), seed))


def gradients(seed: int, tasks: int = 4, size: int = 9) -> Tensor:
    """(K, P): lengths differ by orders of magnitude, and some oppose each other."""
    random = torch.Generator().manual_seed(seed)
    rows = torch.randn(tasks, size, generator=random, dtype=torch.float64)
    return rows * torch.exp(2 * torch.randn(tasks, 1, generator=random, dtype=torch.float64))


def measured(jacobian: Tensor, tasks: tuple[str, ...] = TASKS, step: int = 0, losses: Tensor | None = None) -> Measured:
    if losses is None:
        losses = jacobian.abs().mean(dim=1)
    return Measured(tasks, step, losses, jacobian @ jacobian.T)


def trained(
    name: str, seed: int, order: tuple[int, ...] = (0, 1, 2, 3), scale: float = 1.0
) -> tuple[Balancing, Measured]:
    """A method that has learned from some steps and two epochs, its tasks in an order; and the next step."""
    tasks = tuple(TASKS[place] for place in order)
    method = make(name, tasks)
    for step in range(12):
        now = measured(scale * gradients(100 * seed + step)[list(order)], tasks, step)
        after = now.losses * torch.tensor([0.9, 0.95, 1.0, 0.8], dtype=torch.float64)[list(order)]  # type: ignore[operator]
        method.learn(now, lambda after=after: after)  # type: ignore[misc]
        if step % 4 == 3:
            method.end_epoch()
    return method, measured(scale * gradients(100 * seed + 50)[list(order)], tasks, 12)


def test_the_table_is_what_the_settings_offer() -> None:
    assert tuple(BALANCING) == tuple(NAMES)
    assert all(sentence.endswith(".") for sentence in NAMES.values())


@pytest.mark.parametrize("name", BALANCING)
@pytest.mark.parametrize("seed", range(8))
def test_factors_are_finite_and_keep_what_the_method_promises(name: str, seed: int) -> None:
    method, now = trained(name, seed)
    factors = method.weights(now)
    assert set(factors) == set(TASKS) and np.isfinite(list(factors.values())).all()
    if name in SUM_TO_T:
        assert sum(factors.values()) == pytest.approx(4)
    if name in NOT_NEGATIVE:
        assert min(factors.values()) >= 0
    assert method.weights(now) == factors, "asking changes nothing"


@pytest.mark.parametrize("name", BALANCING)
@pytest.mark.parametrize(
    "jacobian",
    [torch.zeros(4, 3), torch.ones(4, 3), torch.tensor([[1.0], [-1.0], [2.0], [-2.0]]), 1e-18 * torch.eye(4)],
    ids=["nought", "the same", "opposed", "tiny"],
)
def test_degenerate_gradients_give_finite_factors(name: str, jacobian: Tensor) -> None:
    method = make(name)
    now = measured(jacobian.double(), losses=torch.full((4,), 1e-9, dtype=torch.float64))
    for _ in range(3):
        assert np.isfinite(list(method.weights(now).values())).all()
        method.learn(now, lambda: torch.full((4,), 2e-9, dtype=torch.float64))
        method.end_epoch()


@pytest.mark.parametrize("name", [name for name in BALANCING if name != "pcgrad"])
@pytest.mark.parametrize("order", [(1, 0, 3, 2), (3, 2, 1, 0), (2, 3, 0, 1)])
def test_another_order_of_tasks_gives_each_task_the_same_factor(name: str, order: tuple[int, ...]) -> None:
    method, now = trained(name, 5)
    other, permuted = trained(name, 5, order)
    expected, found = method.weights(now), other.weights(permuted)
    assert {task: found[task] for task in TASKS} == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_pcgrad_permutes_in_distribution_and_repeats_itself() -> None:
    jacobian, order = gradients(3, size=3), [2, 0, 3, 1]
    method = make("pcgrad", seed=7)
    assert method.weights(measured(jacobian, step=4)) == make("pcgrad", seed=7).weights(measured(jacobian, step=4))
    tasks = tuple(TASKS[place] for place in order)
    first = [method.weights(measured(jacobian, step=step)) for step in range(600)]
    other = make("pcgrad", tasks, seed=8)
    second = [other.weights(measured(jacobian[order], tasks, step)) for step in range(600)]
    for task in TASKS:
        a, b = np.array([each[task] for each in first]), np.array([each[task] for each in second])
        error = np.sqrt((a.var() + b.var()) / 600)
        assert abs(a.mean() - b.mean()) <= 4 * error + 1e-9
    assert len({tuple(each.values()) for each in first}) > 1, "the order matters here"


def test_pcgrad_leaves_the_run_s_own_randomness_alone() -> None:
    before = torch.random.get_rng_state()
    make("pcgrad").weights(measured(gradients(0)))
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("name", GRADIENTS)
def test_all_gradients_times_a_number_keep_their_factors(name: str) -> None:
    (method, now), (other, scaled) = trained(name, 2), trained(name, 2, scale=100.0)
    assert other.weights(scaled) == pytest.approx(method.weights(now), rel=1e-4)


def one_scaled(name: str) -> tuple[Tensor, Tensor, dict[str, float], dict[str, float]]:
    """Gradients, the same with the first a hundred times longer, and the factors for each."""
    jacobian = gradients(11)
    scaled = jacobian * torch.tensor([100.0, 1, 1, 1], dtype=torch.float64)[:, None]
    losses = torch.tensor([0.5, 0.7, 0.9, 1.1], dtype=torch.float64)
    larger = losses * torch.tensor([100.0, 1, 1, 1], dtype=torch.float64)
    plain = make(name).weights(measured(jacobian, losses=losses))
    return jacobian, scaled, plain, make(name).weights(measured(scaled, losses=larger))


def test_imtl_g_goes_the_same_way_when_one_loss_is_multiplied() -> None:
    jacobian, scaled, plain, other = one_scaled("imtl_g")
    ways = [torch.tensor(list(f.values())) @ j.float() for j, f in ((jacobian, plain), (scaled, other))]
    assert torch.cosine_similarity(ways[0], ways[1], dim=0) == pytest.approx(1, abs=1e-5)
    along = (torch.tensor(list(plain.values())).double() @ jacobian) @ jacobian.T / jacobian.norm(dim=1)
    assert torch.allclose(along, along.mean().expand(4), rtol=1e-6), "equally far along every task's direction"


def test_famo_divides_a_factor_by_what_its_loss_was_multiplied_by() -> None:
    _, _, plain, other = one_scaled("famo")
    assert other["a"] / other["b"] == pytest.approx(plain["a"] / plain["b"] / 100, rel=1e-5)


@pytest.mark.parametrize("name", ["pcgrad", "upgrad"])
def test_methods_that_keep_sizes_are_linear_where_nothing_conflicts(name: str) -> None:
    assert list(make(name).weights(measured(torch.diag(torch.tensor([100.0, 1, 2, 3]).double()))).values()) == [1] * 4


def test_uncertainty_settles_where_the_factor_times_the_loss_is_one() -> None:
    method = make("uw")
    losses = torch.tensor([4.0, 1.0, 0.5, 2.0], dtype=torch.float64)
    for _ in range(1500):
        method.learn(Measured(TASKS, losses=losses), lambda: losses)
    factors = torch.tensor(list(method.weights(Measured(TASKS)).values()), dtype=torch.float64)
    assert torch.allclose(factors * losses, torch.ones(4, dtype=torch.float64), atol=0.05)


def test_a_slow_task_gets_more_of_the_dynamic_average_and_scale_does_not_matter() -> None:
    factors = []
    for scale in (1.0, 100.0):
        method = make("dwa")
        for shrink in (1.0, 0.5):
            losses = torch.tensor([scale, shrink, shrink, shrink], dtype=torch.float64)
            method.learn(Measured(TASKS, losses=losses), lambda: losses)  # noqa: B023
            method.end_epoch()
            method.end_epoch()
        factors.append(method.weights(Measured(TASKS)))
    expected = 4 * np.exp([0.5, 0.25, 0.25, 0.25]) / np.exp([0.5, 0.25, 0.25, 0.25]).sum()
    assert list(factors[0].values()) == pytest.approx(expected) and factors[1] == pytest.approx(factors[0])


def test_gradnorm_evens_out_lengths_and_helps_the_one_that_lags() -> None:
    method, jacobian = make("gradnorm"), torch.diag(torch.tensor([4.0, 1.0, 1.0, 1.0]).double())
    same = torch.full((4,), 0.5, dtype=torch.float64)
    for _ in range(300):
        method.learn(measured(jacobian, losses=same), lambda: same)
    factors = method.weights(measured(jacobian))
    assert 4 * factors["a"] == pytest.approx(factors["b"], rel=0.15)
    lags = torch.tensor([0.5, 1.0, 0.5, 0.5], dtype=torch.float64)
    for _ in range(100):
        method.learn(measured(jacobian, losses=lags), lambda: lags)
    factors = method.weights(measured(jacobian))
    assert factors["b"] > 1.5 * factors["c"] and sum(factors.values()) == pytest.approx(4)


def test_famo_turns_to_the_task_that_does_not_fall() -> None:
    method, losses = make("famo"), torch.ones(4, dtype=torch.float64)
    after = torch.tensor([1.0, 0.5, 0.5, 0.5], dtype=torch.float64)
    for _ in range(40):
        method.learn(Measured(TASKS, losses=losses), lambda: after)
    factors = method.weights(Measured(TASKS, losses=losses))
    assert factors["a"] > 1.5 * factors["b"]


@pytest.mark.parametrize("name", BALANCING)
def test_a_task_without_a_label_adds_nothing(name: str) -> None:
    """The factors of those that have one are those of a method that knows no others."""
    there, jacobian = ("b", "d"), gradients(4)[[1, 3]]
    found = make(name).weights(measured(jacobian, there))
    alone = make(name, there).weights(measured(jacobian, there))
    assert {task: found[task] for task in there} == pytest.approx(alone)


@pytest.mark.parametrize("name", BALANCING)
def test_a_restored_method_goes_on_with_the_same_bits(name: str) -> None:
    method, now = trained(name, 9)
    other = make(name)
    checkpoint = BytesIO()
    torch.save(method.state(), checkpoint)
    checkpoint.seek(0)
    other.restore(torch.load(checkpoint, weights_only=True))
    assert other.weights(now) == method.weights(now)
    for each in (method, other):
        each.learn(now, lambda: torch.full((4,), 0.3, dtype=torch.float64))
        each.end_epoch()
    assert other.weights(now) == method.weights(now)


def reference(u: np.ndarray, gramian: np.ndarray) -> np.ndarray:
    """The least vᵀGv with v ≥ u, by trying every set of constraints that hold with equality."""
    best, value = u, float(u @ gramian @ u)
    size = len(u)
    for count in range(size):
        for held in combinations(range(size), count):
            free = [place for place in range(size) if place not in held]
            v = u.copy()
            rest = gramian[np.ix_(free, list(held))] @ u[list(held)]
            v[free] = np.linalg.lstsq(gramian[np.ix_(free, free)], -rest, rcond=None)[0]
            if (v >= u - 1e-9).all() and v @ gramian @ v < value - 1e-12:
                best, value = v, float(v @ gramian @ v)
    return best


def test_upgrad_agrees_with_a_reference_on_a_thousand_gramians() -> None:
    random = np.random.default_rng(0)
    project = NonNegativeProjector()
    for _ in range(1000):
        size = int(random.integers(2, 5))
        jacobian = random.normal(size=(size, size + 3)) * np.exp(random.normal(size=(size, 1)))
        gramian = jacobian @ jacobian.T
        found = project(torch.eye(size, dtype=torch.float64), torch.from_numpy(gramian)).numpy()
        for u, v in zip(np.eye(size), found, strict=True):
            assert np.abs((v - reference(u, gramian)) @ jacobian).max() <= 1e-6 * np.abs(jacobian).max()


def test_upgrad_agrees_with_a_general_solver() -> None:
    jacobian = gradients(21).numpy()
    gramian = jacobian @ jacobian.T / np.trace(jacobian @ jacobian.T)
    (found,) = NonNegativeProjector()(torch.eye(4, dtype=torch.float64)[:1], torch.from_numpy(gramian)).numpy()
    u = np.eye(4)[0]
    solved = minimize(lambda v: v @ gramian @ v, u + 0.1, jac=lambda v: 2 * gramian @ v, bounds=[(x, None) for x in u])
    assert found @ gramian @ found <= solved.fun + 1e-9


CONFLICT = torch.tensor([[10.0, 0.0], [-1.0, 0.5]], dtype=torch.float64)
"""Two gradients of unequal size that oppose each other."""


def raised(jacobian: Tensor, factors: dict[str, float]) -> list[bool]:
    """Which of the losses ½‖x - c‖² with these gradients at 0 a small step against the sum raises."""
    step = -1e-4 * (torch.tensor(list(factors.values()), dtype=torch.float64) @ jacobian)
    before, after = 0.5 * (jacobian**2).sum(dim=1), 0.5 * ((step + jacobian) ** 2).sum(dim=1)
    return (after > before + 1e-12).tolist()


def test_the_plain_sum_raises_a_loss_where_gradients_conflict() -> None:
    assert raised(CONFLICT, make("equal", ("a", "b")).weights(Measured(("a", "b")))) == [False, True]


@pytest.mark.parametrize("name", ["upgrad", "pcgrad"])
def test_methods_that_promise_it_raise_none_of_two(name: str) -> None:
    tasks = ("a", "b")
    assert raised(CONFLICT, make(name, tasks).weights(measured(CONFLICT, tasks))) == [False, False]


@pytest.mark.parametrize("seed", range(30))
def test_upgrad_raises_none_of_four(seed: int) -> None:
    jacobian = gradients(seed)
    jacobian = jacobian / jacobian.norm(dim=1, keepdim=True) * torch.tensor([[1.0], [3.0], [0.3], [1.0]]).double()
    assert not any(raised(jacobian, make("upgrad").weights(measured(jacobian))))


def test_aligned_mtl_makes_the_gradients_independent_and_equally_strong() -> None:
    """The sum of K orthogonal gradients as long as the weakest independent direction is √K times that long."""
    jacobian = gradients(6)
    factors = make("aligned_mtl").weights(measured(jacobian))
    step = torch.tensor(list(factors.values()), dtype=torch.float64) @ jacobian
    assert step.norm() == pytest.approx(2 * float(torch.linalg.svdvals(jacobian)[-1]), rel=1e-5)
