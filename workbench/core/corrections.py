"""Labels that were looked at and decided: `labels.toml` of a project, which the sample table obeys.

The user's files are never changed. A decision is about one picture in one task: another label takes the place of the
given one, or the picture is set aside and has no label there, or the given label is kept though it was doubted.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, model_validator

from workbench.core.errors import RequestError
from workbench.core.section import Section

CORRECTIONS_FILE = "labels.toml"
Verdict = Literal["relabelled", "aside", "kept"]


class Correction(Section):
    """One decision: exactly one of `label`, `aside` and `keep` is given.

    Attributes:
        picture: with forward slashes relative to the project where it lies inside, else absolute.
        label: what takes the place of the given one, as a cell of a column would hold it.
    """

    picture: str
    task: str
    label: str = ""
    aside: bool = False
    keep: bool = False

    @model_validator(mode="after")
    def _decides_one_thing(self) -> Correction:
        if [bool(self.label.strip()), self.aside, self.keep].count(True) != 1 or not self.picture or not self.task:
            raise ValueError("one decision")
        return self

    @property
    def verdict(self) -> Verdict:
        """What was decided."""
        return "aside" if self.aside else "kept" if self.keep else "relabelled"


class _File(Section):
    format: Literal[1] = 1
    corrections: list[Correction] = []


@dataclass(frozen=True)
class Corrections:
    """All decisions of a project; of two about the same picture and task the later one counts."""

    project_dir: Path
    decided: tuple[Correction, ...] = ()

    def of(self, task: str) -> dict[str, Correction]:
        """The decisions about one task, by the absolute path of the picture, links not followed."""
        return {self.path(each): each for each in self.decided if each.task == task}

    def by_name(self) -> Mapping[tuple[str, str], Correction]:
        """All of them by task and the picture's name."""
        return {(each.task, each.picture): each for each in self.decided}

    def digest(self, tasks: Collection[str]) -> str:
        """Equal where the decided labels of some tasks are, in whatever order they were decided; a label that is kept
        is none. Empty where no label was decided."""
        decided = sorted(
            (task, picture, each.label) for (task, picture), each in self.by_name().items()
            if task in tasks and not each.keep
        )
        return sha256(json.dumps(decided).encode()).hexdigest() if decided else ""

    def path(self, correction: Correction) -> str:
        """Where a picture lies."""
        return os.path.abspath(self.project_dir / correction.picture)


def read_corrections(project_dir: Path) -> Corrections:
    """What was decided in a project; nothing where there is no `labels.toml`.

    Raises:
        RequestError: the file cannot be read, or does not hold what it should.
    """
    path = project_dir / CORRECTIONS_FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Corrections(project_dir)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RequestError(f"{path} cannot be read: {error}.", "Mend that line, or remove the file.") from error
    try:
        return Corrections(project_dir, tuple(_File.model_validate(data).corrections))
    except ValidationError as error:
        raise RequestError(f"{path}: {_place(error, data)} is not a decision about a label.", _FIX) from error


_FIX = 'Each [[corrections]] names a picture and a task, and one of label = "…", aside = true and keep = true.'


def _place(error: ValidationError, data: Mapping[str, Any]) -> str:
    """What the first complaint is about, as a person finds it in the file."""
    location = error.errors()[0]["loc"]
    if location[:1] == ("corrections",) and len(location) > 1:
        return f"[[corrections]] number {int(location[1]) + 1}"
    return str(location[0]) if location else repr(dict(data))
