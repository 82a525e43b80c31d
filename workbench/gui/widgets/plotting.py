"""pyqtgraph, imported without the CUDA bindings that it would load if they are installed.

They cost 0.13 s and belong to the engine: nothing in the window touches a GPU.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, cast


def _import() -> ModuleType:
    hidden = sys.modules.get("cuda")
    sys.modules["cuda"] = cast("ModuleType", None)  # None makes its import fail, which pyqtgraph expects
    try:
        import pyqtgraph
    finally:
        del sys.modules["cuda"]
        if hidden is not None:
            sys.modules["cuda"] = hidden
    return pyqtgraph


if TYPE_CHECKING:
    import pyqtgraph as pg
else:
    pg = _import()

__all__ = ["pg"]
