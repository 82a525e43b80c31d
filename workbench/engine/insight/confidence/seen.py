"""Pictures through a run's model, each with how far it lies from the training pictures."""

from __future__ import annotations

from torch import Tensor

from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.insight.confidence.neighbours import Neighbours
from workbench.engine.insight.outputs import DISTANCE
from workbench.engine.insight.predictor import Predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.inputs import PixelInputs, view_answers_and_features


class SeenInputs(PixelInputs):
    """Pixels as they are; without a detector of unknown pictures nothing but answers.

    Attributes:
        beside: what it gives beside the tasks' answers.
    """

    def __init__(self, predictor: Predictor, store: PixelStore, detector: Neighbours | None) -> None:
        resolved = predictor.resolved
        super().__init__(predictor.network, store, resolved, predictor.device, piece(resolved), "none")
        self._detector = detector
        self.beside = () if detector is None else (DISTANCE,)

    def answers(self, x: Tensor) -> dict[str, Tensor]:
        if self._detector is None:
            return super().answers(x)
        answers, features = view_answers_and_features(self._network, x, self._resolved)
        return {**answers, DISTANCE: self._detector.distance(features.cpu())}
