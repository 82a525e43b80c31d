"""Where projects are kept unless a person says otherwise."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def projects_folder() -> Path:
    """The folder for new projects: `Workbench` among the user's documents (in their home where there are none)."""
    documents = platformdirs.user_documents_path()
    return (documents if documents.is_dir() else Path.home()) / "Workbench"


def fresh_folder(name: str) -> Path:
    """A folder of that name for a new project, with a number behind it where one is taken; not made yet."""
    candidates = (projects_folder() / (name if number == 1 else f"{name} {number}") for number in range(1, 10**6))
    return next(path for path in candidates if not path.exists())
