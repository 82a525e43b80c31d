"""What is said of weights that are here or on their way."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.core import catalogue
from workbench.core.events import Progress
from workbench.core.text import duration, megabytes
from workbench.core.weights_cache import Entry
from workbench.gui.numbers import count


def _tr(text: str) -> str:
    return QCoreApplication.translate("DownloadWords", text)


def backbone_words(name: str, weights: str) -> str:
    """ResNet-18 · IMAGENET1K_V1, of a version's name, `default` or `hub`."""
    facts = catalogue.get(name)
    version = facts.version(weights)
    return " · ".join(filter(None, (facts.title, version.name if version else weights)))


def title(entry: Entry) -> str:
    """Whose weights they are; the file's name where that is not known."""
    return backbone_words(entry.backbone, entry.version) if entry.backbone else entry.file


def facts(entry: Entry) -> str:
    """Size, licence, and what else there is to know."""
    size = megabytes(entry.bytes)
    if not entry.backbone:
        return _tr("{0} · of no backbone that is known here").format(size)
    if not entry.complete:
        version = catalogue.version_or_refuse(entry.backbone, entry.version)
        whole = megabytes(round(version.download_mb * 1e6))
        return _tr("only its beginning has arrived: {0} of {1}").format(size, whole)
    return " · ".join([size, entry.licence or _tr("licence not known"), entry.file])


def removal(entry: Entry) -> str:
    """What is lost, and what stays."""
    what = _tr("Remove {0} ({1}) from this computer?").format(title(entry), megabytes(entry.bytes))
    again = _tr("It can be downloaded again; projects and runs stay as they are.")
    gone = _tr("This program cannot bring it back.")
    return f"{what} {again if entry.backbone else gone}"


def total(entries: list[Entry], free: int) -> str:
    """How much there is, and how much room is left."""
    files = _tr("1 file") if len(entries) == 1 else _tr("{0} files").format(count(len(entries)))
    size = megabytes(sum(entry.bytes for entry in entries))
    return _tr("{0}, {1} · {2} free").format(files, size, megabytes(free))


def how_far(progress: Progress) -> str:
    """12 of 45 MB · 3.2 MB/s · 0:10 left."""
    if not progress.total:
        return progress.what.removesuffix(", MB")
    words = [_tr("{0} of {1} MB").format(count(progress.done), count(progress.total))]
    words += [_tr("{0}/s").format(megabytes(round(progress.bytes_per_s)))] if progress.bytes_per_s else []
    words += [_tr("{0} left").format(duration(progress.remaining_s))] if progress.remaining_s is not None else []
    return " · ".join(words)
