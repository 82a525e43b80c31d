"""`python -m workbench` is `python main.py`."""

import sys

from workbench.cli import main

sys.exit(main())
