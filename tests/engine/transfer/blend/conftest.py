"""The runs that all tests here blend."""

import pytest

from tests.engine.transfer.blend.runs import fine_tuned
from workbench.project.store import ProjectFile


@pytest.fixture(scope="package")
def file(tmp_path_factory: pytest.TempPathFactory) -> ProjectFile:
    """A project with two runs; what tests make of them has names of its own."""
    return fine_tuned(tmp_path_factory.mktemp("blend"))
