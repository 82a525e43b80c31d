"""`python -m workbench.cli`, as the window starts its engine children."""

import sys

from workbench.cli import main

sys.exit(main())
