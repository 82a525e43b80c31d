"""The JSON documents of commands that are carried out in the test's own process."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest

from workbench.cli import main


def document_of(capfd: pytest.CaptureFixture[str], *words: object) -> Any:
    """What a command prints with `--json`; standard output is afterwards as it was before."""
    kept, stream = os.dup(1), sys.stdout
    capfd.readouterr()
    try:
        code = main([*map(str, words), "--json"])
        assert code == 0
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        sys.stdout = stream
    return json.loads(capfd.readouterr().out)
