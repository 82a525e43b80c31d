"""What jobs that help to choose a backbone are asked for."""

from __future__ import annotations

from pathlib import Path

from workbench.core.advice import FIRST_IMAGES, MOST_IMAGES, Candidate
from workbench.core.project import Project
from workbench.core.specs.base import JobSpec


class AdviseSpec(JobSpec):
    """Compare backbones on up to `images` of the project's training pictures; none for the short list."""

    project: Project
    project_dir: Path
    backbones: tuple[Candidate, ...] = ()
    images: int = MOST_IMAGES


class LadderSpec(JobSpec):
    """Probe every stage of a backbone (None: the project's) on up to `images` of the project's training pictures."""

    project: Project
    project_dir: Path
    backbone: Candidate | None = None
    images: int = FIRST_IMAGES


class DownloadSpec(JobSpec):
    """Bring weights here: (backbone, version) pairs, of which a version may be `default`."""

    wanted: tuple[tuple[str, str], ...]
