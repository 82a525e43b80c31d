"""Whether the packages that exporting needs are here."""

from __future__ import annotations

import importlib.util

from workbench.core.errors import RequestError

PACKAGES = ("onnx", "onnxscript", "onnxruntime")
_HOW = "Run pip install 'finetune-workbench[export]'."


def missing() -> list[str]:
    """Those that are not installed."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def check_export_library() -> None:
    """Refuse to export where a package is missing.

    Raises:
        RequestError: one is.
    """
    absent = missing()
    if absent:
        verb = "is" if len(absent) == 1 else "are"
        raise RequestError(f"Exporting needs {', '.join(absent)}, which {verb} not installed.", _HOW)


def how_to_install() -> str:
    """The sentence that says what is missing and how to mend it; empty where all is here."""
    absent = missing()
    return f"{', '.join(absent)} would be needed. {_HOW}" if absent else ""
