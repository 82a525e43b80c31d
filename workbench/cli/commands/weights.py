"""`weights`: which weights are on this computer; `weights download` and `weights remove` change that."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import Any

from workbench.cli.engine import run_job
from workbench.cli.jobs import CommandJob
from workbench.cli.output import add_output_arguments
from workbench.core import weights_cache
from workbench.core.catalogue import get
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Result
from workbench.core.specs import DownloadSpec
from workbench.core.text import megabytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "action",
        metavar="ACTION",
        nargs="?",
        default="list",
        choices=tuple(_ACTIONS),
        help="list (default): what is here; download NAME[@VERSION] …; remove FILE …",
    )
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="download: a backbone such as resnet18, resnet50@IMAGENET1K_V1 or timm/resnet18@a1_in1k; "
        "remove: a file of the list, or such a name",
    )
    add_output_arguments(parser)


class Job(CommandJob):
    """Lists, fetches or removes."""

    def events(self, control: Control) -> Iterator[Event]:
        return _ACTIONS[self.args.action](self.args.names, control)

    def describe(self, document: dict[str, Any]) -> str:
        lines = [f"Downloaded {name}." for name in document["downloaded"]]
        lines += [f"Removed {name}." for name in document["removed"]]
        if self.args.action == "download" and not document["downloaded"]:
            lines.append("All of it was here already.")
        return "\n".join(lines or _listed(document))


def _list(names: list[str], control: Control) -> Iterator[Event]:
    if names:
        raise RequestError(
            f"weights list takes no names, and {names[0]} is one.", f"Write: workbench weights download {names[0]}."
        )
    yield Result(what="weights", document=weights_cache.document())


def _download(names: list[str], control: Control) -> Iterator[Event]:
    if not names:
        raise RequestError("Nothing is named to be downloaded.", "Write for example: weights download resnet18.")
    return run_job("download", DownloadSpec(wanted=tuple(_wanted(name) for name in names)), control)


def _remove(names: list[str], control: Control) -> Iterator[Event]:
    if not names:
        raise RequestError("Nothing is named to be removed.", "Name files of the list that `weights` prints.")
    entries = [weights_cache.find(name) for name in names]
    for entry in entries:
        weights_cache.remove(entry)
    yield Result(what="weights", document={**weights_cache.document(), "removed": [entry.file for entry in entries]})


_ACTIONS: dict[str, Callable[[list[str], Control], Iterator[Event]]] = {
    "list": _list,
    "download": _download,
    "remove": _remove,
}


def _wanted(text: str) -> tuple[str, str]:
    """(backbone, version) of NAME[@VERSION].

    Raises:
        RequestError: the backbone is not known, or has no such version.
    """
    name, _, version = text.partition("@")
    get(name)
    if ":" in version or version in ("starter", "none"):
        raise RequestError(f"{text} is nothing to be downloaded.", f"Write {name} or {name}@VERSION.")
    return name, version or "default"


def _listed(document: dict[str, Any]) -> list[str]:
    files = document["files"]
    where = f"in {document['folder']}, where {megabytes(document['free_bytes'])} are free"
    if not files:
        return [f"No weights are on this computer yet. They are kept {where}."]
    total = megabytes(sum(file["bytes"] for file in files))
    count = f"{len(files)} file{'s' * (len(files) != 1)}"
    return [*map(_line, files), f"{count}, {total}, {where}."]


def _line(file: dict[str, Any]) -> str:
    whose = f"{file['backbone']}@{file['version']}" if file["backbone"] else "not of a backbone that is known here"
    state = "" if file["complete"] else "  (only its beginning: download it again to go on)"
    return f"{megabytes(file['bytes']):>9}  {file['file']:<48}  {whose}  {file['licence']}".rstrip() + state
