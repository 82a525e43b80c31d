"""What every test relies on. Where Qt's system libraries are missing, GUI tests skip and the others still run."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from PIL import Image

from tests.qt_libraries import ADVICE, MISSING_LIBRARY, REQUIRED
from workbench.core.parsing import assign, validate_project
from workbench.core.project import Project, Task
from workbench.project.store import ProjectFile

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers share the cores; torch reads it when it is loaded

_SLOW = [hypothesis.HealthCheck.too_slow]  # a busy machine makes no property false
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=_SLOW)
hypothesis.settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """pytest-qt loads Qt before any test and would end the whole run; without Qt nothing needs it."""
    if not MISSING_LIBRARY:
        return
    if REQUIRED:
        raise pytest.UsageError(ADVICE)
    plugin = pluginmanager.get_plugin("pytest-qt")
    if plugin is not None:
        pluginmanager.unregister(plugin)


@pytest.fixture
def picture_project(tmp_path: Path) -> Path:
    """The folder of a project with one task: twelve small pictures, red or green."""
    for label, colour in (("red", "#f00"), ("green", "#0f0")):
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for number in range(6):
            Image.new("RGB", (20 + number, 20), colour).save(tmp_path / "pictures" / label / f"{number}.png")
    task = Task(name="colour", source=str(tmp_path / "pictures"))
    return ProjectFile.create(tmp_path / "p", Project(name="p", tasks=[task])).folder


@pytest.fixture
def endless_project(picture_project: Path) -> Path:
    """A project whose training goes on until somebody ends it."""
    file = ProjectFile.read(picture_project)
    settings = ["preset=full", "epochs=10000", "patience=0", "image_size=32", "precision=fp32"]
    data = assign(file.project.written(), [f"recipe.{setting}" for setting in settings])
    data["backbone"] = {"name": "squeezenet1_0", "weights": "none"}
    file.save(validate_project(data))
    return picture_project
