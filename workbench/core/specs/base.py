"""What all requests have in common."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")


class JobSpec(BaseModel):
    """What a job is asked for."""

    model_config = ConfigDict(frozen=True)
