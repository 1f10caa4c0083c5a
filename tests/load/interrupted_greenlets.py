"""A greenlet that never waits gets Ctrl-C, as the one that reads from a crowd may; printed is where it was raised."""

import os
import signal
import sys

import gevent

from chatdrill_load.swarm.interrupting import interrupt_here


def busy() -> None:
    try:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass
    except KeyboardInterrupt:
        print("in a greenlet beside", flush=True)


ours = sys.argv[1:] == ["ours"]
if ours:
    interrupt_here()
beside = gevent.spawn(busy)
try:
    beside.join()
    if ours:
        gevent.sleep(30)  # the signal ends it as soon as the hub notices
except KeyboardInterrupt:
    print("in the main greenlet", flush=True)
