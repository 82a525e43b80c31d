"""Where real pictures and real weights are, and the marks that skip a test where they are not."""

import os
from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[3] / "shared"
DATA = Path(os.environ.get("WORKBENCH_REAL_DATA") or _SHARED / "data")
WEIGHTS_DIR = Path(os.environ.get("WORKBENCH_REAL_WEIGHTS") or _SHARED / "weights")
WEIGHTS = WEIGHTS_DIR / "mobilenet_v2-imagenet-fp16.pt"

needs_pictures = pytest.mark.skipif(
    not (DATA / "trash").is_dir(), reason=f"no real pictures at {DATA}; set WORKBENCH_REAL_DATA to their folder"
)
needs_weights = pytest.mark.skipif(
    not WEIGHTS.is_file(), reason=f"no real weights at {WEIGHTS_DIR}; set WORKBENCH_REAL_WEIGHTS to their folder"
)
