"""Where the files that ship with the program are."""

from __future__ import annotations

from pathlib import Path

import workbench


def resource(*parts: str) -> Path:
    """The path of a shipped file: inside an installed package, or beside it in a checkout.

    Raises:
        FileNotFoundError: it does not ship.
    """
    package = Path(workbench.__file__).parent
    for root in (package / "resources", package.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"resources/{'/'.join(parts)} does not ship with this installation")
