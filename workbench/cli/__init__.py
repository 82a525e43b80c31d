"""The command line: `workbench COMMAND …` without a window, `workbench [PROJECT]` with one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from workbench.cli.output import carry_out
from workbench.cli.parser import parse
from workbench.cli.streams import let_go, open_missing
from workbench.core.errors import RequestError, WorkbenchError, disk_error


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line (default: this process's own) and return its exit code.

    Exit codes: 0 done or stopped on request, 1 failed, 2 the request is wrong, 130 interrupted.
    """
    open_missing()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    command, args = parse(list(sys.argv[1:] if argv is None else argv))
    try:
        code = carry_out(command.Job(args)) if hasattr(command, "Job") else int(command.run(args))
        sys.stdout.flush()
        return code
    except WorkbenchError as error:
        print(f"{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as with `| head`
        return 1
    except OSError as error:
        known = disk_error(error)
        if known is None:
            raise
        try:
            sys.stdout.flush()
        except OSError:
            let_go(sys.stdout)  # it is what the disk does not take
        print(f"{known}", file=sys.stderr)
        return 2 if isinstance(known, RequestError) else 1
