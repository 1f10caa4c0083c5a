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


if sys.argv[1:] == ["ours"]:
    interrupt_here()
beside = gevent.spawn(busy)
try:
    beside.join()
    for _ in range(100):  # turns of the hub, in which a signal is noticed
        gevent.sleep(0)
except KeyboardInterrupt:
    print("in the main greenlet", flush=True)
