"""The table of jobs: name → function(spec, control) that yields events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event
from workbench.core.place import Place
from workbench.core.specs import Spec

Job = Callable[[Spec, Control], Iterator[Event]]

JOBS: dict[str, str] = {
    "check": "workbench.engine.data.check:check",
    "train": "workbench.engine.training.job:train",
    "evaluate": "workbench.engine.insight.evaluate:evaluate",
    "compare": "workbench.engine.insight.compare.job:compare",
    "report": "workbench.engine.insight.report.job:report",
    "verdict": "workbench.engine.insight.verdict.job:verdict",
    "predict": "workbench.engine.insight.predict:predict",
    "explain": "workbench.engine.insight.explain:explain",
    "calibrate": "workbench.engine.insight.confidence.job:calibrate",
    "rate": "workbench.engine.training.rate_finder:find_rate",
    "advise": "workbench.engine.transfer.advisor.job:advise",
    "doubts": "workbench.engine.insight.doubts.job:doubts",
    "map": "workbench.engine.insight.embedding.map_job:draw_map",
    "curve": "workbench.engine.insight.curve.job:curve",
    "neighbours": "workbench.engine.insight.embedding.neighbours_job:neighbours",
    "ladder": "workbench.engine.transfer.advisor.ladder:ladder",
    "blend": "workbench.engine.transfer.blend.job:blend",
    "soup": "workbench.engine.transfer.blend.soup:soup",
    "transfer": "workbench.engine.transfer.report.job:transfer",
    "shots": "workbench.engine.transfer.shots.job:shots",
    "shrunk": "workbench.engine.transfer.shrink.job:shrunk",
    "affinity": "workbench.engine.insight.affinity:affinity",
    "add_task": "workbench.engine.transfer.continual.add_task:add_task",
    "recall": "workbench.engine.transfer.continual.recall:recall",
    "forgetting": "workbench.engine.transfer.continual.forgetting:forgetting",
    "teach": "workbench.engine.transfer.continual.teach:teach",
    "pretrain": "workbench.engine.transfer.pretrain.job:pretrain",
    "download": "workbench.engine.model.download_job:download_weights",
    "adapt": "workbench.engine.transfer.domains.job:adapt",
    "adapted": "workbench.engine.transfer.domains.job:adapted",
    "pseudo-labels": "workbench.engine.transfer.domains.pseudo_labels:pseudo_labels",
    "domains": "workbench.engine.transfer.domains.domains_job:domains",
    "leave-one-out": "workbench.engine.transfer.domains.leave_one_out:leave_one_out",
}
"""`module:function` of each job. A module is imported when its job runs, so that `check` never waits for torch."""


def run_job(name: str, spec: Spec, control: Control) -> Iterator[Event]:
    """Begin a job; iterate over what it says.

    Raises:
        KeyError: there is no such job.
    """
    module, _, function = JOBS[name].partition(":")
    job: Job = getattr(import_module(module), function)
    return job(spec, control)


def refuse(place: Place, error: RequestError, control: Control) -> None:
    """Tell the other processes of a run, which wait for this one, that it was refused, if they have not been told."""
    from workbench.engine import distributed

    distributed.refuse(place, error, control)


def preload() -> None:
    """Import everything that training and answering need; no device is touched."""
    for name in ("train", "evaluate", "predict"):
        import_module(JOBS[name].partition(":")[0])
