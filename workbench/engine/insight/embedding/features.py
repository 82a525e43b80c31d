"""Features of a run's pictures by its trained backbone: what is kept of them, and the rest computed now and kept."""

from __future__ import annotations

from collections.abc import Generator
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core import catalogue
from workbench.core.changes import CHANGES_FILE
from workbench.core.control import Control
from workbench.core.events import Event
from workbench.core.resolved import HEADS_ALONE, RESOLVED_FILE, Resolved, load_resolved
from workbench.engine import device as devices
from workbench.engine.data.pixel_store import PixelStore
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.insight.predictor import Predictor
from workbench.engine.training.amounts import piece
from workbench.engine.training.experiment import PIXEL_LIMIT_BYTES
from workbench.engine.training.feature_cache import FOLDER, Features, FeatureSource


def run_features(
    predictor: Predictor,
    project_dir: Path,
    run_dir: Path,
    table: SampleTable,
    rows: npt.NDArray[np.int64],
    control: Control,
) -> Generator[Event, None, Features | None]:
    """Features of some rows of the run's table by its best model; yields Progress where any are to be computed.

    They lie in the cache that training uses, so a backbone that the run left as it was needs nothing computed at all.

    Returns:
        None when told to end; what was computed until then is kept.
    """
    resolved = predictor.resolved
    if not left_as_it_was(resolved, run_dir):
        # in the precision of the run's answers, so that heads on these features answer as the run does
        facts = {"weights_sha256": _backbone_sum(predictor), "feature_precision": None, "feature_layout": None}
        resolved = resolved.model_copy(update=facts)
    pixels = project_dir / "cache" / "pixels"
    with PixelStore(pixels, table.paths, resolved.view, PIXEL_LIMIT_BYTES, devices.cores(), read_only=True) as store:
        source = FeatureSource(
            network=predictor.network,
            store=store,
            paths=table.paths,
            resolved=resolved,
            device=predictor.device,
            chunk=piece(resolved),
            folder=project_dir.joinpath(*FOLDER),
        )
        return (yield from source.features(rows, control))


def _backbone_sum(predictor: Predictor) -> str:
    """Changes with any number of the backbone, and is the same for all runs that share it, whatever their heads."""
    digest = sha256()
    for part in (predictor.network.normalise, predictor.network.backbone):
        for name, value in sorted(part.state_dict().items()):
            digest.update(name.encode())
            digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def left_as_it_was(resolved: Resolved, run_dir: Path) -> bool:
    """Whether no stage of the run's backbone was ever trained, nor changed in another way."""
    derived = resolved.derived
    if derived is not None:
        origin = run_dir.with_name(derived.origins[0])
        kept = derived.method in HEADS_ALONE and (origin / RESOLVED_FILE).exists()
        return kept and left_as_it_was(load_resolved(origin), origin)
    backbone = resolved.project.effective().backbone
    return (
        catalogue.freeze_depth(backbone.name, backbone.freeze) == catalogue.freeze_depth(backbone.name, "all")
        and not (run_dir / CHANGES_FILE).exists()
    )
