"""The `soup` job: the average of several runs of one recipe.

Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy without increasing
inference time", ICML 2022, arXiv 2203.05482. Runs that were fine-tuned from the same pretrained weights often lie in
one basin, so that their average does as well as the best of them or better, at the price of one model. The uniform
soup averages all; the greedy one takes runs in falling order of their validation score and keeps each that does not
make the soup worse there.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.resolved import Derived
from workbench.core.specs import SoupSpec
from workbench.engine.transfer.blend.ingredients import FEWEST, check_ingredients
from workbench.engine.transfer.blend.scorer import Documents, Ground, Scorer, beside, grounds, scores_of, total
from workbench.engine.transfer.derived import Origin, derive, read_origin
from workbench.engine.transfer.domains.adabn import moments_of
from workbench.engine.transfer.domains.batch_norm import Shift, batch_norms, set_statistics, statistics_of

STATISTICS = "statistics of the average"
Weights = Mapping[str, Tensor]


def soup(spec: SoupSpec, control: Control) -> Iterator[Event]:
    """Average runs and score the averages beside each of them; keep one where that was asked for.

    Yields:
        Progress, Notices, and one Result "soup"; of a run that is made, what `derive` says. Where it is told to end,
        no Result.

    Raises:
        RequestError: the runs cannot be averaged, or have no validation part.
        RunError: one of them has kept no model.
    """
    if len(set(spec.run_dirs)) < FEWEST:
        raise RequestError("A soup needs two runs or more.", "Name more of them with --runs.")
    origins = [read_origin(folder, spec.project_dir) for folder in dict.fromkeys(spec.run_dirs)]
    check_ingredients([origin.resolved for origin in origins])
    kitchen = _Kitchen(spec, origins)
    if not (yield from kitchen.prepare(control)):
        return
    uniform = [origin.run for origin in origins]
    greedy = yield from kitchen.greedy(control)
    if greedy is None or not (yield from kitchen.score(uniform, control)):
        return
    chosen = greedy if spec.greedy else uniform
    document = {
        "part": "validation",
        "runs": {origin.run: kitchen.described([origin.run]) for origin in origins},
        "best": kitchen.best,
        "uniform": {"runs": uniform, **kitchen.described(uniform)},
        "greedy": {"runs": greedy, **kitchen.described(greedy)},
        "kept": None,
    }
    if spec.keep is None:
        yield Result(what="soup", document=document)
        return
    yield from _keep(spec, spec.keep, kitchen, chosen, document, control)


def average(states: Sequence[Weights]) -> dict[str, Tensor]:
    """The mean of state dicts, worked out in float64; what is no real number is the first one's."""
    first = states[0]
    return {
        name: torch.stack([state[name].double() for state in states]).mean(dim=0).to(value.dtype)
        if value.is_floating_point()
        else value
        for name, value in first.items()
    }


class _Kitchen:
    """Runs, and what their averages scored.

    Attributes:
        origins: by name.
        best: the run with the highest validation score, once all are scored.
    """

    def __init__(self, spec: SoupSpec, origins: Sequence[Origin]) -> None:
        self._spec = spec
        self.origins = {origin.run: origin for origin in origins}
        self._scorer = Scorer(origins[0].folder, spec.project_dir)
        self._grounds: list[Ground] = []
        self._found: dict[tuple[str, ...], dict[str, Documents]] = {}
        self.best = origins[0].run

    def prepare(self, control: Control) -> Generator[Event, None, bool]:
        """Score every run by itself; whether that came to its end."""
        table = next(iter(self.origins.values())).table
        self._grounds = yield from grounds(self._scorer.predictor, table, self._spec.data, self._spec.project_dir)
        if not self._grounds or self._grounds[0].where != "validation":
            raise RequestError(
                "These runs have no validation part to score averages on.", "Train them with split.validation above 0."
            )
        for run in self.origins:
            if not (yield from self.score([run], control)):
                return False
        self.best = max(self.origins, key=lambda run: self.value([run]))
        return True

    def weights(self, runs: Sequence[str], control: Control) -> Generator[Event, None, dict[str, Tensor] | None]:
        """The average of some runs; of one its own. None where it was told to end.

        Where batch norm has followed the batches, the statistics of an average are not the average of the statistics:
        they are worked out anew from training pictures (Izmailov et al., "Averaging weights leads to wider optima",
        UAI 2018, section 3.2).
        """
        states = [self.origins[run].stored.weights for run in runs]
        if len(states) == 1:
            return dict(states[0])
        predictor, first = self._scorer.predictor, self.origins[runs[0]]
        network, mixed = predictor.network, average(states)
        if first.resolved.batch_norm != "train" or not batch_norms(network):
            return mixed
        network.load_state_dict(mixed)
        shift = Shift(statistics_of(network), None, 1.0)
        rows = first.table.rows("train")
        found = yield from moments_of(predictor, self._spec.project_dir, first.table, rows, STATISTICS, shift, control)
        if found is None:
            return None
        set_statistics(network, found)
        return {name: value.detach().cpu().clone() for name, value in network.state_dict().items()}

    def score(
        self, runs: Sequence[str], control: Control, *, validation_alone: bool = False
    ) -> Generator[Event, None, bool]:
        """Score the average of some runs on what it has not been scored on; whether that came to its end."""
        key = tuple(sorted(runs))
        found = self._found.setdefault(key, {})
        wanted = [ground for ground in self._grounds if ground.where not in found]
        weights = (yield from self.weights(key, control)) if wanted else {}
        if weights is None:
            return False
        for ground in wanted[:1] if validation_alone and not found else wanted:
            documents = yield from self._scorer.documents(weights, ground, control)
            if documents is None:
                return False
            found[ground.where] = documents
        return True

    def value(self, runs: Sequence[str]) -> float:
        """The validation score of the average of some runs."""
        return total(self._found[tuple(sorted(runs))]["validation"]) or 0.0

    def greedy(self, control: Control) -> Generator[Event, None, list[str] | None]:
        """The runs of the greedy soup, the best first; None where it was told to end."""
        ranked = sorted(self.origins, key=lambda run: -self.value([run]))
        taken = ranked[:1]
        for run in ranked[1:]:
            if not (yield from self.score([*taken, run], control, validation_alone=True)):
                return None
            if self.value([*taken, run]) >= self.value(taken):
                taken.append(run)
        return taken if (yield from self.score(taken, control)) else None

    def described(self, runs: Sequence[str]) -> dict[str, Any]:
        """A part of the document: scores on each kind of pictures, beside the best run's."""
        found, reference = self._found[tuple(sorted(runs))], self._found[(self.best,)]
        comparisons = len(self.origins) + 1
        return {"scores": {where: beside(each, reference[where], comparisons) for where, each in found.items()}}


def _keep(
    spec: SoupSpec, run_dir: Path, kitchen: _Kitchen, chosen: list[str], document: dict[str, Any], control: Control
) -> Iterator[Event]:
    """Make a run of an average."""
    first = kitchen.origins[chosen[0]]
    weights = yield from kitchen.weights(sorted(chosen), control)
    if weights is None:
        return
    derived = Derived(method="soup", origins=chosen, settings={"greedy": spec.greedy})
    made = yield from derive(run_dir, spec.project_dir, first.resolved, first.table, weights, derived, control)
    if made is not None:
        yield Result(what="soup", document={**document, "kept": run_dir.name, "scores": scores_of(made)})
        yield made.ended
