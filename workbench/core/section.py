"""How a table of `project.toml` is checked: nothing unknown, nothing of the wrong type, nothing out of range."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class Section(BaseModel):
    """A table of `project.toml`: unknown keys are errors, assignments are checked, what was written is remembered."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _whole_numbers_are_numbers(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        floats = {name for name, field in cls.model_fields.items() if "float" in str(field.annotation)}
        return {
            key: float(value) if key in floats and isinstance(value, int) and not isinstance(value, bool) else value
            for key, value in data.items()
        }

    @model_validator(mode="after")
    def _numbers_lie_in_range(self) -> Section:
        for name, field in type(self).model_fields.items():
            extra = field.json_schema_extra
            value = getattr(self, name)
            if not isinstance(extra, dict):
                continue
            if isinstance(value, int | float) and not isinstance(value, bool):
                low, high = extra.get("ge"), extra.get("le")
                if (isinstance(low, int | float) and value < low) or (isinstance(high, int | float) and value > high):
                    raise ValueError(f"out of range:{name}")
            choices = extra.get("choices")
            if isinstance(choices, list) and choices and value not in choices:
                raise ValueError(f"out of range:{name}")
        return self
