"""What every test relies on. Where Qt's system libraries are missing, GUI tests skip and the others still run."""

from __future__ import annotations

import pytest

from tests.qt_libraries import ADVICE, MISSING_LIBRARY, REQUIRED


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """pytest-qt loads Qt before any test and would end the whole run; without Qt nothing needs it."""
    if not MISSING_LIBRARY:
        return
    if REQUIRED:
        raise pytest.UsageError(ADVICE)
    plugin = pluginmanager.get_plugin("pytest-qt")
    if plugin is not None:
        pluginmanager.unregister(plugin)
