from __future__ import annotations

import subprocess
import sys
from importlib import import_module

from workbench.engine.jobs import JOBS


def test_every_job_is_there() -> None:
    for place in JOBS.values():
        module, _, function = place.partition(":")
        assert callable(getattr(import_module(module), function))


def test_preload_touches_no_device_and_the_table_loads_no_torch() -> None:
    code = (
        "import sys, workbench.engine.jobs as jobs; assert 'torch' not in sys.modules; jobs.preload();"
        "import torch; assert not torch.cuda.is_initialized(); print('workbench.engine.training.job' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=110)
    assert done.stdout.strip() == "True"
