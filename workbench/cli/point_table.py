"""The points of a map of pictures as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any


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
