"""How a run came about, and the command that does it again: its training, or the making of it from other runs."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from workbench.core.adaptation import ADABN
from workbench.core.resolved import ADD_TASK, TEACH, Derived, Resolved

_SAME = "The same settings, pictures, and changes while it trained:"


def repeating(folder: str, run: str, resolved: Resolved, lost: Sequence[str] = ()) -> tuple[str, str]:
    """A sentence, and the command that makes such a run again; the command is empty where there is none.

    Args:
        folder: the name of the project's folder.
        run: the run's name.
        resolved: its facts.
        lost: runs that it was made of and that are not there any more.
    """
    derived = resolved.derived
    if derived is None:
        return _SAME, shlex.join(["workbench", "train", folder, "--repeat", run])
    words = f"It was not trained but made {derived.words}."
    if lost:
        return f"{words} It cannot be made again, for want of what was deleted since: {', '.join(lost)}.", ""
    build = _COMMANDS.get(derived.method)
    options = build(derived, resolved) if build is not None else None
    if options is None:
        return words, ""
    command, *rest = options
    return words + (_PICTURES if derived.method == TEACH else ""), shlex.join(["workbench", command, folder, *rest])


_PICTURES = " Name the folders of the pictures that it was given in the place of CLASS=FOLDER:"


def _blend(derived: Derived, _resolved: Resolved) -> Sequence[str]:
    return ["blend", "--run", derived.origins[0], "--share", str(derived.settings["share"]), "--keep"]


def _soup(derived: Derived, _resolved: Resolved) -> Sequence[str] | None:
    """The uniform average of the runs that were taken, which is what the greedy way ends with; none of one run."""
    return ["soup", "--runs", ",".join(derived.origins), "--keep"] if len(derived.origins) > 1 else None


def _adabn(derived: Derived, _resolved: Resolved) -> Sequence[str]:
    told = derived.settings
    options = [word for key in ("target", "share", "prior") for word in (f"--{key}", str(told[key]))]
    return ["adapt", "--run", derived.origins[0], "--method", ADABN, *options]


def _add_task(derived: Derived, resolved: Resolved) -> Sequence[str]:
    task = next(task for task in resolved.project.tasks if task.name == derived.settings["task"])
    masks = ["--masks", task.masks] if task.masks else []
    options = ["--run", derived.origins[0], "--kind", task.kind, "--head", task.head]
    return ["add-task", f"{task.name}={task.source_text}", *options, *masks]


def _teach(derived: Derived, _resolved: Resolved) -> Sequence[str]:
    told = derived.settings
    return ["teach", "CLASS=FOLDER", "--run", derived.origins[0], "--task", str(told["task"])]


_COMMANDS: dict[str, Callable[[Derived, Resolved], Sequence[str] | None]] = {
    "blend": _blend,
    "soup": _soup,
    ADABN: _adabn,
    ADD_TASK: _add_task,
    TEACH: _teach,
}
