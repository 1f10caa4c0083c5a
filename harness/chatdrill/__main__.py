"""``chatdrill``, and ``python -m chatdrill``."""

import atexit
import contextlib
import gc
import os
import sys
from typing import NoReturn

from chatdrill.cli import main


def run() -> NoReturn:
    """Run a command and end the process.

    It ends at once, as far as everybody's last words are said: to free hundreds of thousands of records one by one would
    cost a run a tenth of a second.
    """
    gc.disable()  # nothing of what is imported is ever garbage; a run enables it again (``serve.loop.collect_less``)
    try:
        code = main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
