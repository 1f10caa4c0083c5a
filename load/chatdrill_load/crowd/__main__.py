"""``python -m chatdrill_load.crowd FD NAME``: the process of a crowd; orders come and news go over the socket ``FD``. The name is for
whoever looks at a list of processes."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import traceback

from chatdrill.errors import ChatdrillError
from chatdrill.serve.loop import collect_briefly, run
from chatdrill_load.crowd.engine import Engine
from chatdrill_load.messages import Arrive, Failed, Frames, Meet, News, Open, Play, Rest, Stop, frame, read_order


async def serve(end: socket.socket) -> None:
    """Do as told until the other end is closed or says stop."""
    reader, writer = await asyncio.open_connection(sock=end)

    def say(news: News) -> None:
        if not writer.is_closing():
            writer.write(frame(news))

    engine: Engine | None = None
    frames = Frames()
    interrupted = True
    try:
        while data := await reader.read(1 << 16):
            for body in frames.feed(data):
                order = read_order(body)
                if isinstance(order, Open):
                    engine = Engine(order.job, say)
                    await engine.open()
                    collect_briefly()
                    continue
                assert engine is not None
                if isinstance(order, Play):
                    engine.play(order)
                elif isinstance(order, Arrive):
                    engine.arrive(order)
                elif isinstance(order, Meet):
                    engine.meet(order)
                elif isinstance(order, Rest):
                    engine.rest()
                elif isinstance(order, Stop):
                    await engine.stop(order)
                    interrupted = False
                    return
    except ChatdrillError as error:
        say(Failed(what=str(error), usage=True))
    except Exception:  # noqa: BLE001  the other end prints it: this process has no terminal of its own
        say(Failed(what=traceback.format_exc()))
    finally:
        if engine is not None:
            await engine.close(interrupted=interrupted)
        await _last_words(writer)


async def _last_words(writer: asyncio.StreamWriter) -> None:
    try:
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    except OSError:
        pass  # nobody listens any more


if __name__ == "__main__":
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a terminal's Ctrl-C reaches all its processes; Locust says when it is over
    link = socket.socket(fileno=int(sys.argv[1]))
    link.set_inheritable(False)  # a bot that held it too would hide from Locust that this process is gone
    run(serve(link))
