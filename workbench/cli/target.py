"""`--target`, `--labelled` and `--masks`: pictures of another domain, and what they are where somebody knows."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli.other_data import add_other_data_arguments, other_data
from workbench.core.text import percent
from workbench.core.verdict import is_error

LABELLED = "--labelled"


def add_target_arguments(parser: argparse.ArgumentParser, required: bool = True) -> None:
    """The options that say where the pictures of the other domain are."""
    parser.add_argument(
        "--target", metavar="FOLDER", type=Path, required=required, help="a folder with pictures of the other domain"
    )
    what = "where labels of these pictures are, for scoring alone (default: the folder's class folders, if any)"
    add_other_data_arguments(parser, LABELLED, what)


def target_facts(args: argparse.Namespace, origin_dir: Path) -> dict[str, Any]:
    """`target` and `labelled` as the specs have them.

    Raises:
        RequestError: labels are of no task of the run.
    """
    return {"target": args.target.absolute(), "labelled": other_data(args, origin_dir, LABELLED)}


def score_text(kind: str, score: dict[str, Any]) -> str:
    """A score with its interval."""
    if score["score"] is None:
        return "–"
    text = (lambda value: f"{value:.3g}") if is_error(kind) else percent
    low_high = score["interval"]
    return text(score["score"]) + (f" ({text(low_high[0])} to {text(low_high[1])})" if low_high else "")
