"""How each backbone falls into stages: one row per backbone, plain data.

A stage is the stem or one resolution step of a convolutional network, and one block of a transformer. Layers
that work at the stem's resolution belong to the stem, and a layer that lowers the resolution begins the next
stage, so that the stages' maps have one resolution each. The pooling and what follows it up to the classifier
belong to the last stage: frozen whole, a backbone is a function from pictures to features.
"""

from __future__ import annotations

from workbench.engine.model.plans import named, sequences, transformers
from workbench.engine.model.plans.base import Plan, StagePlan

__all__ = ["PLANS", "Plan", "StagePlan"]

_ROWS = (
    *named.RESNETS,
    *sequences.MOBILENETS,
    *sequences.EFFICIENTNETS,
    *sequences.CONVNEXTS,
    *transformers.VITS,
    *transformers.SWINS,
    *transformers.MAXVITS,
    *named.REGNETS,
    *named.DENSENETS,
    *named.SHUFFLENETS,
    *sequences.MNASNETS,
    *sequences.SQUEEZENETS,
    *named.INCEPTIONS,
    *sequences.VGGS,
    *sequences.ALEXNETS,
)

PLANS: dict[str, Plan] = {plan.name: plan for plan in _ROWS}
"""Every torchvision backbone by its name, in the order in which it is offered."""
