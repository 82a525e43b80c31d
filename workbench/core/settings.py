"""Settings as data: each has its type, default, range, unit and one sentence of help, written once beside the field.

Forms in the window, `--help` and the help page are built from `all_settings`.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

SettingType = Literal["text", "integer", "number", "flag", "choice", "tables"]


@dataclass(frozen=True)
class Setting:
    """One setting, as a form or a help page needs it.

    Attributes:
        key: dotted name in `project.toml`, such as `recipe.epochs`.
        words: values that are allowed beside the numbers of an integer or number setting, such as "auto".
        choices: all values of a choice; empty otherwise.
        choice_titles: what each choice is called, where its value is not a word that people read.
        choice_help: one sentence for each choice, where they need one.
        kinds: of task that the setting means something for; empty: for every kind.
        heads: that it means something for; empty: for every head.
    """

    key: str
    title: str
    help: str
    type: SettingType
    default: Any
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    advanced: bool = False
    choice_titles: tuple[str, ...] = ()
    choice_help: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The key without its section."""
        return self.key.rpartition(".")[2]

    def fits(self, kind: str) -> bool:
        """Whether the setting means something for a task of that kind."""
        return not self.kinds or kind in self.kinds

    def range_text(self) -> str:
        """The allowed values in words, such as "a whole number from 1 to 1000, or auto"."""
        if self.type == "choice":
            return "one of " + ", ".join(self.choices)
        if self.type == "flag":
            return "true or false"
        if self.type in ("text", "tables"):
            return "a text" if self.type == "text" else "a list of tables, such as [{freeze = 3, epochs = 5}]"
        text = "a whole number" if self.type == "integer" else "a number"
        if self.minimum is not None and self.maximum is not None:
            text += f" from {_figure(self.minimum)} to {_figure(self.maximum)}"
        elif self.minimum is not None:
            text += f" of at least {_figure(self.minimum)}"
        return text + "".join(f", or {word}" for word in self.words)


def setting(
    default: Any = ...,
    *,
    title: str,
    help: str,
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
    choices: tuple[str, ...] = (),
    choice_titles: tuple[str, ...] = (),
    choice_help: tuple[str, ...] = (),
    advanced: bool = False,
    kinds: tuple[str, ...] = (),
    heads: tuple[str, ...] = (),
) -> Any:
    """A pydantic field that carries what a form needs to know. `choices`: the rows of a table, for text."""
    extra: dict[str, Any] = {"unit": unit, "advanced": advanced, "choices": list(choices), "ge": ge, "le": le}
    extra["choice_titles"], extra["choice_help"] = list(choice_titles), list(choice_help)
    extra["kinds"], extra["heads"] = list(kinds), list(heads)
    return Field(default, title=title, description=help, json_schema_extra=extra)


def all_settings(model: type[BaseModel], prefix: str = "") -> list[Setting]:
    """Every setting of a model in the order in which it is written, with dotted keys under `prefix`."""
    return [_read(f"{prefix}{name}", field) for name, field in model.model_fields.items() if field.title is not None]


def _read(key: str, field: FieldInfo) -> Setting:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    kind, words, choices = _type_of(field.annotation)
    if written := _texts(extra.get("choices")):
        kind, choices = "choice", written
    return Setting(
        key=key,
        title=field.title or key,
        help=field.description or "",
        type=kind,
        default=None if field.is_required() else field.default,
        unit=str(extra.get("unit", "")),
        minimum=_number(extra.get("ge")),
        maximum=_number(extra.get("le")),
        choices=choices,
        words=words,
        advanced=bool(extra.get("advanced", False)),
        choice_titles=_texts(extra.get("choice_titles")),
        choice_help=_texts(extra.get("choice_help")),
        kinds=_texts(extra.get("kinds")),
        heads=_texts(extra.get("heads")),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _type_of(annotation: Any) -> tuple[SettingType, tuple[str, ...], tuple[str, ...]]:
    """The form's type, the words allowed beside numbers, and the choices of an annotation."""
    if get_origin(annotation) is Literal:
        return "choice", (), tuple(str(value) for value in get_args(annotation))
    if get_origin(annotation) in (Union, types.UnionType):
        number: Any = None
        words: tuple[str, ...] = ()
        for part in get_args(annotation):
            if get_origin(part) is Literal:
                words = tuple(str(value) for value in get_args(part))
            else:
                number = part
        kind, _, _ = _type_of(number)
        return kind, words, ()
    if get_origin(annotation) is list:
        return "tables", (), ()
    by_type: dict[Any, SettingType] = {bool: "flag", int: "integer", float: "number", str: "text"}
    return by_type[annotation], (), ()
