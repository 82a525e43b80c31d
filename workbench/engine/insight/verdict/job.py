"""The `verdict` job: the same recipe on the same split, together and apart, with seeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, Notice, Result, RunEnded, stamped, to_json
from workbench.core.files import write_atomically
from workbench.core.specs import Part, TrainSpec, VerdictSpec
from workbench.core.verdict import FEWEST_SEEDS, MOST_SEEDS, fair, recipe_key
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.table import build_table
from workbench.engine.data.table_file import save_table
from workbench.engine.insight.verdict.carry_out import carry_out
from workbench.engine.insight.verdict.judge import judge, task_scores
from workbench.engine.insight.verdict.judged_part import judged_part
from workbench.engine.insight.verdict.pace import Pace
from workbench.engine.insight.verdict.trials import Done, TrialRun, TrialsFolder, trial_runs
from workbench.engine.training.resolve import check_request

VERDICT_FILE = "verdict.json"


def verdict(spec: VerdictSpec, control: Control) -> Iterator[Event]:
    """Train every run of the verdict that is not done yet, and judge.

    The sample table is built once, so that all runs have the same split. Every run trains all its epochs and keeps its
    last: no picture that scores it has chosen it.

    Yields:
        What the runs say, under the names of their folders; under the verdict's own, how far it is (Trial), Notices,
        and in the end a Result "verdict" and `run_ended`; `run_failed` before it where a run has failed.

    Raises:
        RequestError: the request is wrong; nothing was written.
    """
    for event in _verdict(spec, control):
        yield stamped(event, spec.verdict)


def _verdict(spec: VerdictSpec, control: Control) -> Iterator[Event]:
    tasks, seeds = _wanted(spec)
    whole = spec.project.effective()
    check_request(whole)
    table = yield from build_table(whole, spec.project_dir, control)
    if control.ending:
        yield RunEnded(status="interrupted", best=None, elapsed_s=0.0)
        return
    table = table.only(tasks)
    parts = {task: judged_part(table, task) for task in tasks}
    folder = TrialsFolder(spec.verdict_dir)
    if folder.begin(_plan(spec, table, tasks, seeds)):
        yield Notice(level="info", text="The recipe or the pictures have changed since: all runs begin anew.")
    save_table(table, folder.table, spec.project_dir)
    runs = trial_runs(tasks, seeds)
    done = sum(folder.done(run) is not None for run in runs)
    if done:
        yield Notice(level="info", text=f"{done} of {len(runs)} runs are done already.")
    pace = Pace(runs, {run.like: len(table.only(run.tasks).rows("train")) for run in runs})
    status = yield from carry_out(folder, runs, partial(_run_spec, spec, folder), pace, control)
    if status == "finished":
        document = _document(spec, folder, runs, parts, table)
        write_atomically(spec.verdict_dir / VERDICT_FILE, to_json(document, indent=1))
        yield Result(what="verdict", document=document)
    yield RunEnded.model_validate({"status": status, "best": None, "elapsed_s": pace.elapsed_s})


def _wanted(spec: VerdictSpec) -> tuple[tuple[str, ...], range]:
    """The tasks in the project's order, and the seeds."""
    known = [task.name for task in spec.project.tasks]
    for name in spec.tasks:
        if name not in known:
            raise RequestError(f"The project has no task {name}.", f"Its tasks are: {', '.join(known) or 'none yet'}.")
    tasks = tuple(name for name in known if name in spec.tasks or not spec.tasks)
    if len(tasks) < 2:
        raise RequestError("A verdict needs two tasks or more.", "Add a task, or choose more of them.")
    if not FEWEST_SEEDS <= spec.seeds <= MOST_SEEDS:
        raise RequestError(
            f"A verdict with {spec.seeds} seeds is not possible.",
            f"Choose {FEWEST_SEEDS} to {MOST_SEEDS}: one run alone does not tell chance from effect.",
        )
    first = spec.project.effective().recipe.seed
    return tasks, range(first, first + spec.seeds)


def _plan(spec: VerdictSpec, table: SampleTable, tasks: tuple[str, ...], seeds: range) -> dict[str, Any]:
    return {
        "recipe": recipe_key(fair(spec.project, tasks, seeds[0])),
        "data_hash": table.digest(),
        "tasks": list(tasks),
        "seeds": list(seeds),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _run_spec(spec: VerdictSpec, folder: TrialsFolder, run: TrialRun) -> TrainSpec:
    """What trains a run."""
    return TrainSpec(
        project=fair(spec.project, run.tasks, run.seed),
        project_dir=spec.project_dir,
        run_dir=folder.run_dir(run),
        run=run.name,
        resume=True,
        table=folder.table,
        choose=False,
    )


def _document(
    spec: VerdictSpec, folder: TrialsFolder, runs: list[TrialRun], parts: dict[str, Part], table: SampleTable
) -> dict[str, Any]:
    """The verdict as `--json` prints it."""
    joint = [run for run in runs if len(run.tasks) > 1]
    seeds = [run.seed for run in joint]
    try:
        scores = {
            task: task_scores(
                part,
                [folder.task_document(run, task, part) for run in joint],
                [folder.task_document(run, task, part) for run in runs if run.tasks == (task,)],
            )
            for task, part in parts.items()
        }
    except (OSError, ValueError, KeyError) as error:
        raise RunError(
            f"The results of a run in {spec.verdict_dir} cannot be read: {error!r}.",
            "Remove that folder and begin anew.",
        ) from error
    plan = _plan(spec, table, tuple(parts), range(seeds[0], seeds[-1] + 1))
    return {"verdict": spec.verdict, **plan, **judge(scores), "cost": _cost(folder, runs)}


def _cost(folder: TrialsFolder, runs: list[TrialRun]) -> dict[str, Any]:
    """Seconds of training together and of all alone one after another, and pictures that pass per second.

    Of each run the fastest of its seeds counts: the first also reads pictures that the others find in memory.
    """
    fastest: dict[tuple[str, ...], Done] = {}
    for run in runs:
        done = folder.done(run)
        if done is not None and (run.tasks not in fastest or done.elapsed_s < fastest[run.tasks].elapsed_s):
            fastest[run.tasks] = done
    joint = [done for tasks, done in fastest.items() if len(tasks) > 1]
    alone = [done for tasks, done in fastest.items() if len(tasks) == 1]
    together_s, alone_s = (sum(done.elapsed_s for done in side) for side in (joint, alone))
    return {
        "together_s": together_s,
        "alone_s": alone_s,
        "times": alone_s / together_s if together_s else None,
        "together_pictures_per_s": _rate(joint),
        "alone_pictures_per_s": _rate(alone),
    }


def _rate(runs: list[Done]) -> float | None:
    seconds = sum(done.elapsed_s for done in runs)
    return sum(done.pictures * done.epochs for done in runs) / seconds if seconds else None
