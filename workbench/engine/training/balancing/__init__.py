"""How the tasks' losses are weighed against each other: one file per method, one row in `BALANCING`."""

from __future__ import annotations

from workbench.engine.training.balancing.aligned_mtl import AlignedMtl
from workbench.engine.training.balancing.base import Balancing, Measured, Setup
from workbench.engine.training.balancing.dwa import DynamicWeightAverage
from workbench.engine.training.balancing.equal import Equal
from workbench.engine.training.balancing.famo import Famo
from workbench.engine.training.balancing.fixed import Fixed
from workbench.engine.training.balancing.gradnorm import GradNorm
from workbench.engine.training.balancing.imtl_g import ImtlG
from workbench.engine.training.balancing.pcgrad import PCGrad
from workbench.engine.training.balancing.upgrad import UPGrad
from workbench.engine.training.balancing.uw import UncertaintyWeighting

__all__ = ["BALANCING", "Balancing", "Equal", "Measured", "Setup"]

BALANCING: dict[str, type[Balancing]] = {
    "equal": Equal,
    "fixed": Fixed,
    "uw": UncertaintyWeighting,
    "dwa": DynamicWeightAverage,
    "gradnorm": GradNorm,
    "famo": Famo,
    "pcgrad": PCGrad,
    "imtl_g": ImtlG,
    "aligned_mtl": AlignedMtl,
    "upgrad": UPGrad,
}
