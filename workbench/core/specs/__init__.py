"""What each job of the engine is asked for."""

from __future__ import annotations

from workbench.core.specs.base import PARTS, JobSpec, Part
from workbench.core.specs.choosing import (
    AdviseSpec,
    DownloadSpec,
    LadderSpec,
)
from workbench.core.specs.looking import (
    COVERAGE,
    DISAGREEMENTS,
    NEIGHBOURS,
    CalibrateSpec,
    CompareSpec,
    CurveSpec,
    DoubtsSpec,
    EvaluateSpec,
    ExplainSpec,
    MapSpec,
    NeighboursSpec,
    PredictSpec,
    ReportSpec,
)
from workbench.core.specs.tools import (
    MEMORY,
    AdaptedSpec,
    AdaptSpec,
    AddTaskSpec,
    Arrival,
    BlendSpec,
    DomainsSpec,
    ForgettingSpec,
    LeaveOneOutSpec,
    PseudoLabelSpec,
    RecallSpec,
    ShotsSpec,
    ShrunkSpec,
    SoupSpec,
    TeachSpec,
)
from workbench.core.specs.training import (
    RATE_STEPS,
    AffinitySpec,
    CheckSpec,
    PretrainSpec,
    RateSpec,
    TrainSpec,
    TransferSpec,
    VerdictSpec,
)

Spec = (
    CheckSpec
    | TrainSpec
    | EvaluateSpec
    | CompareSpec
    | ReportSpec
    | VerdictSpec
    | PredictSpec
    | ExplainSpec
    | AffinitySpec
    | CalibrateSpec
    | PretrainSpec
    | AdviseSpec
    | DoubtsSpec
    | MapSpec
    | CurveSpec
    | BlendSpec
    | SoupSpec
    | ShotsSpec
    | TransferSpec
    | NeighboursSpec
    | LadderSpec
    | AddTaskSpec
    | TeachSpec
    | RecallSpec
    | ForgettingSpec
    | DownloadSpec
    | RateSpec
    | AdaptSpec
    | AdaptedSpec
    | PseudoLabelSpec
    | DomainsSpec
    | LeaveOneOutSpec
    | ShrunkSpec
)

__all__ = [
    "COVERAGE",
    "DISAGREEMENTS",
    "MEMORY",
    "NEIGHBOURS",
    "PARTS",
    "RATE_STEPS",
    "AdaptSpec",
    "AdaptedSpec",
    "AddTaskSpec",
    "AdviseSpec",
    "AffinitySpec",
    "Arrival",
    "BlendSpec",
    "CalibrateSpec",
    "CheckSpec",
    "CompareSpec",
    "CurveSpec",
    "DomainsSpec",
    "DoubtsSpec",
    "DownloadSpec",
    "EvaluateSpec",
    "ExplainSpec",
    "ForgettingSpec",
    "JobSpec",
    "LadderSpec",
    "LeaveOneOutSpec",
    "MapSpec",
    "NeighboursSpec",
    "Part",
    "PredictSpec",
    "PretrainSpec",
    "PseudoLabelSpec",
    "RateSpec",
    "RecallSpec",
    "ReportSpec",
    "ShotsSpec",
    "ShrunkSpec",
    "SoupSpec",
    "Spec",
    "TeachSpec",
    "TrainSpec",
    "TransferSpec",
    "VerdictSpec",
]
