"""Ctrl-C, where many greenlets run in one thread.

Python raises KeyboardInterrupt in whatever runs at that moment. If that were the greenlet that hears what the crowd says, nobody would ever
hear that the crowd is done, and the run would not end.
"""

from __future__ import annotations

import signal

import gevent


def interrupt_here() -> None:
    """From now on Ctrl-C is raised in the greenlet that calls this, Locust's main one, which waits for it."""
    main = gevent.getcurrent()
    gevent.signal_handler(signal.SIGINT, lambda: gevent.kill(main, KeyboardInterrupt))
