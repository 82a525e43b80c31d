"""A workspace over a project in a temporary folder, whose runs and answers come from the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gui.synthetic import SyntheticWorkspace, pictures


@pytest.fixture
def workspace(qapp: object, tmp_path: Path) -> Iterator[SyntheticWorkspace]:
    """An open project with two tasks."""
    made = SyntheticWorkspace(tmp_path / "project")
    yield made
    made.close()


@pytest.fixture
def images(workspace: SyntheticWorkspace) -> list[str]:
    """Forty pictures inside the project, named relative to it."""
    assert workspace.folder is not None
    return [path.relative_to(workspace.folder).as_posix() for path in pictures(workspace.folder / "pictures", 40)]


@pytest.fixture
def show(qtbot: object) -> Callable[[object], object]:
    """Shows a page as the main window does."""

    def shown(page: object, width: int = 1190, height: int = 640) -> object:
        qtbot.addWidget(page)  # type: ignore[attr-defined]
        page.resize(width, height)  # type: ignore[attr-defined]
        with qtbot.waitExposed(page):  # type: ignore[attr-defined]
            page.show()  # type: ignore[attr-defined]
        page.shown()  # type: ignore[attr-defined]
        return page

    return shown
