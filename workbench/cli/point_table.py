"""What commands that draw a map of pictures share: how it is asked for, and its points as a table for a spreadsheet."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.core.errors import RequestError
from workbench.core.picture_map import METHODS


def add_method_argument(parser: argparse.ArgumentParser) -> None:
    """`--method`."""
    parser.add_argument(
        "--method", choices=METHODS, default="pca", help="; ".join(f"{name}: {text}" for name, text in METHODS.items())
    )


def add_table_argument(parser: argparse.ArgumentParser, what: str) -> None:
    """`--out FILE.csv`, which holds what is said."""
    parser.add_argument("--out", metavar="FILE.csv", type=Path, help=what)


def table_or_refuse(out: Path | None) -> None:
    """Refuse a folder in the place of the table, before anything is worked out.

    Raises:
        RequestError: it is one.
    """
    if out is not None and out.is_dir():
        raise RequestError(f"{out} is a folder.", "Give a file, such as map.csv.")


def point_table(document: Mapping[str, Any], group: str) -> str:
    """CSV, one line for each picture: its name, its group (a column of the document), its place, labels and answers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    tasks = document["tasks"]
    titles = (f"{name}.{column}" for name in tasks for column in ("label", "answer"))
    writer.writerow(["image", group, "x", "y", *titles])
    columns = [document[name] for name in ("images", group, "x", "y")]
    columns += [task[column] for task in tasks.values() for column in ("label", "answer")]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()
