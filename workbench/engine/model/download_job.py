"""The `download` job: bring weights of backbones to this computer."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from workbench.core import catalogue, weights_cache
from workbench.core.backbone_facts import WeightsFacts
from workbench.core.control import Control
from workbench.core.errors import RunError
from workbench.core.events import Event, Notice, Result
from workbench.core.specs import DownloadSpec
from workbench.engine.model.download import damaged, fetch_version


def download_weights(spec: DownloadSpec, control: Control) -> Iterator[Event]:
    """Fetch one after another; a file that cannot be fetched does not keep the others from coming.

    Yields Progress, then Result("weights", the document of `weights --json`).

    Raises:
        RequestError: a backbone or a version is not known; nothing was fetched.
        RunError: a file could not be fetched.
    """
    versions = [catalogue.version_or_refuse(name, weights) for name, weights in spec.wanted]
    come: list[str] = []
    failed: list[RunError] = []
    for version in versions:
        try:
            yield from _fetch(version, come, control)
        except RunError as error:
            failed.append(error)
            if len(versions) > 1:
                yield Notice(level="warning", text=f"{error.text} {error.fix}")
        if control.ending:
            return
    if failed and len(versions) == 1:
        raise failed[0]
    if failed:
        raise RunError(f"{len(failed)} of {len(versions)} files could not be downloaded.", "Try again later.")
    yield Result(what="weights", document={**weights_cache.document(), "downloaded": come})


def _fetch(version: WeightsFacts, come: list[str], control: Control) -> Generator[Event, None, None]:
    here = None if damaged(version) else weights_cache.located(version)
    path = yield from fetch_version(version, control)
    if path is not None and path != here:
        come.append(path.name)
