"""From text that a person wrote (TOML, `--set`, `--task`) to a `Project`, or to one sentence that says what to mend."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from workbench.core.errors import RequestError
from workbench.core.kinds import HEADS, KINDS
from workbench.core.project import BackboneChoice, Project, Split, Task
from workbench.core.recipe import PhaseChoice, Recipe
from workbench.core.settings import Setting, all_settings
from workbench.core.transfer import Transfer

SECTIONS: dict[str, type[BaseModel]] = {
    "split": Split,
    "backbone": BackboneChoice,
    "recipe": Recipe,
    "transfer": Transfer,
}
PATHS = ("source", "masks", "unlabelled", "target")
"""Settings that are paths."""


def project_settings() -> dict[str, Setting]:
    """Every setting outside the tasks, by its dotted key."""
    return {s.key: s for section, model in SECTIONS.items() for s in all_settings(model, f"{section}.")}


def task_settings() -> dict[str, Setting]:
    """The settings of one task by the key's last part."""
    return {s.name: s for s in all_settings(Task, "tasks.")}


def parse_project(text: str, where: str = "project.toml") -> Project:
    """Read the text of a `project.toml`.

    Raises:
        RequestError: it is not TOML, or a key or value is wrong; the sentence names it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RequestError(f"{where} is not valid TOML: {error}.", "Mend that line, or write the file anew.") from error
    return validate_project(data, where)


def validate_project(data: dict[str, Any], where: str = "project.toml") -> Project:
    """Check the data of a project.

    Raises:
        RequestError: the first thing that is wrong, in one sentence, with the way to mend it.
    """
    try:
        return Project.model_validate(data)
    except ValidationError as error:
        raise _sentence(error, data, where) from error


def assign(data: dict[str, Any], assignments: Iterable[str]) -> dict[str, Any]:
    """Apply `key=value` texts, as `--set` takes them, to the data of a project; a task is addressed by its name.

    Paths are relative to the current folder, as everywhere on a command line.

    Raises:
        RequestError: a text is not `key=value`, or names no setting.
    """
    for text in assignments:
        key, equals, value = text.partition("=")
        if not equals:
            raise RequestError(
                f"--set {text} is not of the form key=value.", "Write for example --set recipe.epochs=5."
            )
        parts = key.strip().split(".")
        table, name, setting = _locate(data, parts, text)
        table[name] = _read_value(value.strip(), setting)
    return data


def _locate(data: dict[str, Any], parts: list[str], text: str) -> tuple[dict[str, Any], str, Setting]:
    if parts[0] == "tasks" and len(parts) == 3:
        for task in data.get("tasks", []):
            if task.get("name") == parts[1]:
                if parts[2] not in task_settings():
                    raise _unknown(parts[2], task_settings(), f"--set {text}")
                return task, parts[2], task_settings()[parts[2]]
        names = ", ".join(str(task.get("name")) for task in data.get("tasks", []))
        raise RequestError(f"--set {text}: there is no task named {parts[1]}.", f"The tasks are: {names}.")
    settings = project_settings()
    if ".".join(parts) not in settings:
        raise _unknown(".".join(parts), settings, f"--set {text}")
    return data.setdefault(parts[0], {}), parts[1], settings[".".join(parts)]


def _read_value(text: str, setting: Setting) -> Any:
    """The text as TOML would read it where the setting wants a number or a truth, else the text itself."""
    if setting.name in PATHS:
        return absolute(text) if text else ""
    if setting.name == "weights" and text.startswith("file:"):
        return f"file:{absolute(text.removeprefix('file:'))}"
    if setting.type in ("text", "choice") or text in setting.words:
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def absolute(path: str) -> str:
    """A path of the command line, relative to the current folder or to ~, made absolute."""
    return os.path.abspath(Path(path).expanduser())


def parse_task(text: str, kind: str = "", head: str = "", option: str = "--task") -> Task:
    """Read `NAME=SOURCE`, where SOURCE is a folder or FILE.csv:COLUMN, relative to the current folder.

    Args:
        option: what the text was given with.

    Raises:
        RequestError: the text is not of that form, or a value is not allowed.
    """
    name, equals, source = text.partition("=")
    if not equals or not source:
        raise RequestError(
            f"{option} {text} is not of the form NAME=SOURCE.", f"Write for example {option} material=photos/waste."
        )
    data: dict[str, Any] = {"name": name.strip(), **parse_source(source)}
    if kind:
        data["kind"] = kind
    if head:
        data["head"] = head
    return validate_project({"tasks": [data]}, f"{option} {text}").tasks[0]


def parse_source(source: str) -> dict[str, str]:
    """`source` and, for FILE.csv:COLUMN, `column` of a task; the table is what ends in .csv before the last colon."""
    match = re.fullmatch(r"(?is)(.*\.csv):([^:]*)", source)
    if match:
        if not match[2]:
            raise RequestError(f"{source} names no column.", "Write FILE.csv:COLUMN.")
        return {"source": absolute(match[1]), "column": match[2]}
    if source.lower().endswith(".csv"):
        raise RequestError(f"{source} is a table, and no column is named.", f"Write {source}:COLUMN.")
    return {"source": absolute(source)}


def unused_name(wanted: str, taken: Iterable[str]) -> str:
    """`wanted` made fit for a task's name, with a number behind it where it is taken."""
    base = re.sub(r"[./\\=:\x00-\x1f]+", " ", wanted).strip()[:90] or "task"
    names = {name.casefold() for name in taken}
    candidates = (base if number == 1 else f"{base} {number}" for number in range(1, len(names) + 2))
    return next(name for name in candidates if name.casefold() not in names)


def resolve_source(source: str, project_dir: Path) -> Path:
    """A source's path: absolute, or relative to the project."""
    return Path(os.path.normpath(project_dir / Path(source).expanduser()))


def _unknown(key: str, known: Iterable[str], where: str) -> RequestError:
    close = difflib.get_close_matches(key, list(known), n=1, cutoff=0.5)
    if not close:
        by_name = {name.rpartition(".")[2]: name for name in known}
        close = [by_name[match] for match in difflib.get_close_matches(key.rpartition(".")[2], list(by_name), n=1)]
    fix = f"Did you mean {close[0]}?" if close else "Known are: " + ", ".join(sorted(known)) + "."
    return RequestError(f"{where}: {key} is not a setting.", fix)


def _sentence(error: ValidationError, data: dict[str, Any], where: str) -> RequestError:
    """The first complaint of pydantic in the words of the project file."""
    complaint = error.errors()[0]
    location = list(complaint["loc"])
    known, label = _settings_at(location, data)
    kind, message = complaint["type"], str(complaint["msg"])
    if kind == "extra_forbidden":
        return _unknown(label, known, where)
    if kind == "missing":
        return RequestError(f"{where}: {label} is missing.", "Write it.")
    if "out of range:" in message:
        field = message.rpartition("out of range:")[2]
        label = f"{label}.{field}" if label else field
        return _wrong_value(where, label, known, _value_at(data, [*location, field]))
    if "task names" in message:
        return RequestError(f"{where}: two tasks have the same name.", "Give each task a name of its own.")
    if "task name" in message:
        value = complaint["input"]
        return RequestError(
            f"{where}: {value!r} cannot be a task's name.", "Use letters, digits, spaces, - and _; no . / \\ = or :."
        )
    if "nothing left to train" in message:
        return RequestError(
            f"{where}: split.validation and split.test together leave nothing to train on.", "Lower one of them."
        )
    if message.endswith("folds"):
        return RequestError(
            f"{where}: split.folds must be 0 or from 2 on, and split.fold one of them.", "Set both, such as 5 and 1."
        )
    return _wrong_value(where, label, known, complaint["input"])


def _wrong_value(where: str, label: str, known: dict[str, Setting], value: Any) -> RequestError:
    setting = known.get(label)
    if label.endswith(".kind"):
        return RequestError(
            f"{where}: {label} = {value!r} is not a kind of task.", "Kinds are: " + ", ".join(KINDS) + "."
        )
    if label == "format":
        return RequestError(f"{where}: format = {value!r} is not one that this version reads.", "Update the program.")
    if setting is None:
        return RequestError(
            f"{where}: {label or 'the file'} = {value!r} is not allowed here.", "See the settings page of the help."
        )
    return RequestError(f"{where}: {label} = {value!r} is not allowed.", f"It takes {setting.range_text()}.")


def _settings_at(location: list[Any], data: dict[str, Any]) -> tuple[dict[str, Setting], str]:
    """The settings known at a place that pydantic names, and that place as a person writes it."""
    if location[:1] == ["tasks"] and len(location) > 1 and isinstance(location[1], int):
        task = data["tasks"][location[1]]
        name = task.get("name", location[1] + 1) if isinstance(task, dict) else location[1] + 1
        settings = {f"tasks.{name}.{key}": value for key, value in task_settings().items()}
        return settings, ".".join(["tasks", str(name), *(str(part) for part in location[2:3])])
    if location[:2] == ["recipe", "phases"] and len(location) > 2:
        place = f"recipe.phases.{location[2] + 1}"
        settings = {setting.key: setting for setting in all_settings(PhaseChoice, f"{place}.")}
        return settings, ".".join([place, *(str(part) for part in location[3:4])])
    if location[:1] and location[0] in SECTIONS:
        return project_settings(), ".".join(str(part) for part in location[:2])
    top = all_settings(Project)
    return {**project_settings(), **{s.key: s for s in top}}, ".".join(str(part) for part in location[:1])


def _value_at(data: Any, location: list[Any]) -> Any:
    for part in location:
        data = data[part] if isinstance(data, list) else data.get(part) if isinstance(data, dict) else None
    return data


def check_resize(project: Project) -> None:
    """Refuse a fit that cuts pictures where a task has masks.

    Raises:
        RequestError: it does.
    """
    marked = [task.name for task in project.tasks if task.kind == "mask"]
    if project.recipe.resize == "crop" and marked:
        raise RequestError(
            f"recipe.resize = 'crop' cuts off what the masks of {', '.join(marked)} mark at the edges.",
            "Set recipe.resize to squash or pad.",
        )


def check_head(task: Task) -> None:
    """Refuse a head that cannot answer the task's kind.

    Raises:
        RequestError: it cannot.
    """
    if task.head not in HEADS[task.kind]:
        raise RequestError(
            f"The head {task.head} of {task.name} cannot answer a {task.kind} task.",
            "Choose one of " + ", ".join(HEADS[task.kind]) + ".",
        )
