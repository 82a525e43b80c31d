"""Mixtures of a run's pretrained and trained weights: what is scored where nothing else is asked for."""

from __future__ import annotations

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the trained weights."""
