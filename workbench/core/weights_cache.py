"""Which weights are on this computer: the folder that downloads go to and the cache of the hub; no torch is needed.

Files appear in the folder whole or not at all, so what is there by its name can be used. Copying the folder to another
computer carries everything along.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.core import catalogue
from workbench.core.backbone_facts import BackboneFacts, WeightsFacts
from workbench.core.errors import RequestError
from workbench.core.file_lock import Locked, locked_file
from workbench.core.run_weights import find_run_weights

SUFFIXES = (".pth", ".pth.tar", ".pt", ".safetensors", ".bin")
"""Of files that hold weights."""
PART = ".part"
"""Behind the name of a file of which only the beginning has arrived."""
MARK = ".etag"
"""Behind the name of a beginning: the file that tells of which version it is."""
_HUB_FILE = "model.safetensors"


@dataclass(frozen=True)
class Entry:
    """Something of the cache.

    Attributes:
        file: its name.
        path: of the file; of the whole folder where it belongs to the hub's cache.
        backbone: whose weights they are; "" where the catalogue does not know the file.
        version: the name of the weights, such as IMAGENET1K_V1.
        bytes: on the disk.
        licence: under which they are given; "" where that is not known.
        source: the library that brings the backbone; "" where the catalogue does not know the file.
        complete: False for the beginning of a file whose download broke off.
    """

    file: str
    path: Path
    backbone: str
    version: str
    bytes: int
    licence: str
    source: Literal["torchvision", "timm", ""]
    complete: bool = True


def folder() -> Path:
    """Where downloads are kept, which is torchvision's own place: `$TORCH_HOME/hub/checkpoints`."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("TORCH_HOME") or os.path.join(cache, "torch")
    return Path(home).expanduser() / "hub" / "checkpoints"


def hub_folder() -> Path:
    """Where the hub's own programs keep what they download: `$HF_HUB_CACHE`, else `$HF_HOME/hub`."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or os.path.join(cache, "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or os.path.join(home, "hub")).expanduser()


def file_name(version: WeightsFacts) -> str:
    """The name under which the folder keeps a version of weights; those of a hub are named after their repository."""
    if not version.hub_id:
        return version.file
    return version.hub_id.replace("/", "--") + Path(version.file or _HUB_FILE).suffix


def address(version: WeightsFacts) -> str:
    """Where the file of a version can be fetched; a hub's is that of `$HF_ENDPOINT`, else huggingface.co."""
    if not version.hub_id:
        return version.url
    hub = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
    return f"{hub}/{version.hub_id}/resolve/main/{version.file or _HUB_FILE}"


def located(version: WeightsFacts) -> Path | None:
    """The file of a version that is on this computer, in the folder or in the hub's cache; None where it is not."""
    path = os.path.join(folder(), file_name(version))
    if os.path.isfile(path):
        return Path(path)
    return _in_hub(version) if version.hub_id else None


def is_here(name: str, weights: str, project_dir: Path | None = None) -> bool:
    """Whether a backbone can take these weights without any download.

    Args:
        weights: what `backbone.weights` takes: `default`, a version, `file:PATH`, `run:NAME`, `starter`, `none`, `hub`.
        project_dir: where paths and runs are; without it they are looked for from the current folder.
    """
    kind, _, rest = weights.partition(":")
    here = _HERE.get(kind, _version_is_here)
    return here(name, rest if kind in _HERE else weights, project_dir or Path())


def listing() -> list[Entry]:
    """All weights on this computer that backbones take by name, and what else lies in the folder; largest first."""
    entries = [*_in_folder(), *_hub_entries()]
    return sorted(entries, key=lambda entry: (not entry.complete, not entry.backbone, -entry.bytes, entry.file))


def find(text: str) -> Entry:
    """The entry of a file's name or path, or of NAME or NAME@VERSION where it is the only one.

    Raises:
        RequestError: there is none, or there are several.
    """
    entries = listing()
    backbone, _, version = text.partition("@")
    found = [entry for entry in entries if text in (entry.file, str(entry.path))]
    found = found or [e for e in entries if e.backbone == backbone and version in ("", e.version)]
    if len(found) == 1:
        return found[0]
    if found:
        raise RequestError(f"{text} means several files.", f"Name one: {', '.join(entry.file for entry in found)}.")
    raise RequestError(f"There is no file {text} in {folder()}.", "List what is there with: workbench weights.")


def remove(entry: Entry) -> None:
    """Delete what an entry stands for; it can be downloaded again.

    Raises:
        RequestError: it is being downloaded, or cannot be deleted.
    """
    try:
        if entry.path.is_dir():
            shutil.rmtree(entry.path)
            return
        with locked_file(lock(entry.path.with_name(entry.path.name.removesuffix(PART)))):
            entry.path.unlink(missing_ok=True)
            entry.path.with_name(entry.path.name + MARK).unlink(missing_ok=True)
    except Locked as error:
        raise RequestError(f"{entry.file} is being downloaded now.", "Stop the download first.") from error
    except FileNotFoundError:
        return
    except OSError as error:
        raise RequestError(
            f"{entry.path} cannot be removed: {error.strerror}.", "Close what uses it, or allow writing there."
        ) from error


def lock(target: Path) -> Path:
    """The file that whoever fetches or removes `target` holds locked."""
    return target.with_name(f"{target.name}.lock")


def document() -> dict[str, Any]:
    """What `weights --json` prints: the folder, what is free there, and the listing."""
    entries = [asdict(entry) | {"path": str(entry.path)} for entry in listing()]
    return {"folder": str(folder()), "free_bytes": free_bytes(), "files": entries, "downloaded": [], "removed": []}


def free_bytes() -> int:
    """What is free on the disk that holds the folder, whether the folder is there yet or not."""
    place = folder()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def _version_is_here(name: str, weights: str, project_dir: Path) -> bool:
    version = catalogue.get(name).version(weights)
    return version is not None and located(version) is not None


def _run_is_here(name: str, wanted: str, project_dir: Path) -> bool:
    try:
        find_run_weights(wanted, project_dir)
    except RequestError:
        return False
    return True


_HERE: dict[str, Callable[[str, str, Path], bool]] = {
    "none": lambda name, rest, project_dir: True,
    "starter": lambda name, rest, project_dir: catalogue.starter(name) is not None,
    "file": lambda name, rest, project_dir: bool(rest) and (project_dir / Path(rest).expanduser()).is_file(),
    "run": _run_is_here,
}


def _in_hub(version: WeightsFacts) -> Path | None:
    """The file in the hub's cache: `models--OWNER--NAME/snapshots/COMMIT/FILE`, with the commit in `refs/main`."""
    repository = os.path.join(hub_folder(), "models--" + version.hub_id.replace("/", "--"))
    try:
        with open(os.path.join(repository, "refs", "main"), encoding="ascii") as file:
            commit = file.read().strip()
    except (OSError, ValueError):
        return None
    path = Path(repository, "snapshots", commit, version.file or _HUB_FILE)
    return path if path.is_file() else None


def _in_folder() -> Iterator[Entry]:
    try:
        names = sorted(os.listdir(folder()))
    except OSError:
        return
    known = _known_files(names)
    for name in names:
        whole = name.removesuffix(PART)
        path = folder() / name
        if not whole.lower().endswith(SUFFIXES) or not path.is_file():
            continue
        yield _entry(name, path, path.stat().st_size, known.get(whole), complete=whole == name)


_Known = tuple[BackboneFacts, WeightsFacts]


def _entry(file: str, path: Path, size: int, known: _Known | None, complete: bool = True) -> Entry:
    if known is None:
        return Entry(file, path, "", "", size, "", "", complete)
    facts, version = known
    return Entry(file, path, facts.name, version.name, size, version.licence, facts.source, complete)


def _known_files(names: list[str]) -> dict[str, _Known]:
    """Whose weights the catalogue keeps under which name; timm's are read only where a file may be one of them."""
    known = {file_name(v): (facts, v) for facts in catalogue.backbones().values() for v in facts.versions}
    if any(name.removesuffix(PART) not in known for name in names):
        known |= {file_name(v): (facts, v) for facts in catalogue.hub().values() for v in facts.versions}
    return known


def _hub_entries() -> Iterator[Entry]:
    repositories = [path for path in hub_folder().glob("models--timm--*") if path.is_dir()]
    if not repositories:
        return
    by_id = {v.hub_id: (facts, v) for facts in catalogue.hub().values() for v in facts.versions if v.hub_id}
    for path in sorted(repositories):
        known = by_id.get(path.name.removeprefix("models--").replace("--", "/"))
        if known is not None and _in_hub(known[1]) is not None:
            size = sum(blob.stat().st_size for blob in path.rglob("*") if blob.is_file() and not blob.is_symlink())
            yield _entry(path.name, path, size, known)
