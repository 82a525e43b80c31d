"""Open the window, or run a command without one: see `python main.py --help`."""

import sys

from workbench.cli import main

if __name__ == "__main__":
    sys.exit(main())
