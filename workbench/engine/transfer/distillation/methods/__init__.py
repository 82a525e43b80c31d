"""The ways to learn what a teacher believes of classes: one file per method, one row in `METHODS`."""

from __future__ import annotations

from workbench.engine.transfer.distillation.methods.base import Method, softened
from workbench.engine.transfer.distillation.methods.dkd import Decoupled
from workbench.engine.transfer.distillation.methods.kd import Hinton

__all__ = ["METHODS", "Method", "softened"]

METHODS: dict[str, type[Method]] = {"kd": Hinton, "dkd": Decoupled}
