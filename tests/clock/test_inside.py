"""Connections between a client and a server of one exact loop: as those through sockets, with no socket between."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl

import aiohttp
import pytest

from chatdrill.clock.inside import InsideTransport
from clock.kit import drill, now
from clock.servers import BIG, echo, serving, web_server

# -------------------------------------------------------------------------------------------------- what is inside


@pytest.mark.parametrize(("bound", "to"), [("127.0.0.1", "localhost"), ("0.0.0.0", "127.0.0.1"), ("::1", "::1")])
def test_a_client_finds_a_server_of_its_loop_by_any_name_of_this_machine(bound, to):
    async def main():
        async with serving(echo, bound) as port:
            reader, writer = await asyncio.open_connection(to, port)
            writer.write(b"hello")
            got = await reader.readexactly(5)
            names = writer.get_extra_info("peername")[:2], writer.get_extra_info("sockname")[0]
            writer.close()
            return got, isinstance(writer.transport, InsideTransport), names[0][1] == port, names[0][0] == names[1]

    assert drill(main).result == (b"hello", True, True, True)


def test_each_client_has_an_address_of_its_own():
    async def main():
        peers = []

        async def note(reader, writer):
            peers.append(writer.get_extra_info("peername"))
            writer.close()

        async with serving(note) as port:
            for _ in range(3):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                await reader.read()
                writer.close()
        return len(set(peers))

    assert drill(main).result == 3


def test_nobody_listens_on_the_other_protocols_address():
    async def main():
        async with serving(echo, "127.0.0.1") as port:
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("::1", port)

    drill(main)


def test_a_server_that_has_closed_is_not_there():
    async def main():
        async with serving(echo) as port:
            pass
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)

    drill(main)


def test_a_unix_socket_is_a_socket(tmp_path):
    async def main():
        server = await asyncio.start_unix_server(echo, tmp_path / "s")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(b"hello")
        got = await reader.readexactly(5)
        inside = isinstance(writer.transport, InsideTransport)
        writer.close()
        await reader.read()
        server.close()
        return got, inside

    assert drill(main).result == (b"hello", False)


def test_tls_to_a_server_without_it_fails_as_ever(tls):
    async def main():
        async with serving(echo_once) as port:
            for client in (_tls_by_streams, _tls_by_aiohttp):
                with pytest.raises((ssl.SSLError, aiohttp.ClientConnectorError, ConnectionError)):
                    await client(port, tls[1])

    drill(main)


async def echo_once(reader, writer):
    writer.write(await reader.read(100))
    writer.close()


async def _tls_by_streams(port, context):
    await asyncio.open_connection("127.0.0.1", port, ssl=context)


async def _tls_by_aiohttp(port, context):
    async with aiohttp.ClientSession() as session, session.get(f"https://127.0.0.1:{port}/", ssl=context):
        pass


def test_a_server_with_tls_is_reached_through_a_socket(tls):
    async def main():
        async with serving(echo, ssl=tls[0]) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls[1])
            writer.write(b"hello")
            got = await reader.readexactly(5)
            writer.close()
            return got

    assert drill(main).result == b"hello"


def test_a_program_with_its_own_socket_is_really_connected():
    async def main():
        loop = asyncio.get_running_loop()
        async with serving(echo) as port:
            with socket.socket() as sock:
                sock.setblocking(False)
                await loop.sock_connect(sock, ("127.0.0.1", port))
                await loop.sock_sendall(sock, b"hello")
                return await loop.sock_recv(sock, 5)

    assert drill(main).result == b"hello"


def test_a_socket_given_up_leaves_nothing_behind_for_the_next_of_its_number():
    async def main():
        loop = asyncio.get_running_loop()
        async with serving(echo) as port, serving(echo_once) as other:
            given_up = socket.socket()
            given_up.setblocking(False)
            await loop.sock_connect(given_up, ("127.0.0.1", port))
            number = given_up.fileno()
            given_up.close()
            del given_up
            sock = await asyncio.to_thread(socket.create_connection, ("127.0.0.1", other))
            sock.setblocking(False)
            assert sock.fileno() == number
            _, writer = await asyncio.open_connection(sock=sock)
            inside = isinstance(writer.transport, InsideTransport)
            writer.close()
            return inside

    assert drill(main).result is False


# ---------------------------------------------------------------------------------------------- the transport itself


def test_requests_one_behind_the_other_are_answered_in_order():
    async def main():
        async with web_server() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for text in (b"one", b"two", b"end"):
                writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" + text)
            bodies = [(await reader.readuntil(b"\r\n\r\n"), await reader.readexactly(3))[1] for _ in range(3)]
            writer.close()
            return bodies

    assert drill(main).result == [b"one", b"two", b"end"]


def test_whoever_writes_more_than_is_read_has_to_wait():
    async def main():
        go_on = asyncio.Event()

        async def slow(reader, writer):
            reader._transport.pause_reading()
            await go_on.wait()
            reader._transport.resume_reading()
            received.append(len(await reader.read(-1)))
            writer.close()

        received = []
        async with serving(slow) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(1)
            writer.write(BIG)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(writer.drain(), 60)
            held = writer.transport.get_write_buffer_size()
            go_on.set()
            await writer.drain()
            writer.write_eof()
            await reader.read()
            writer.close()
        return held, received

    assert drill(main).result == (len(BIG), [len(BIG)])


def test_one_side_may_end_and_still_read():
    async def main():
        async with serving(answers_the_end) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"question")
            assert writer.can_write_eof()
            writer.write_eof()
            with pytest.raises(RuntimeError, match="write_eof"):
                writer.write(b"more")
            got = await reader.read()
            writer.close()
            await writer.wait_closed()
            return got

    assert drill(main).result == b"question, you said"


async def answers_the_end(reader, writer):
    question = await reader.read()
    writer.write(question + b", you said")
    writer.close()


def test_what_was_written_before_the_end_is_read_before_the_end():
    async def main():
        async with serving(says_and_closes) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(1)
            got = await reader.read()
            writer.close()
            return len(got)

    assert drill(main).result == len(BIG)


async def says_and_closes(_reader, writer):
    writer.write(BIG)
    writer.close()


def test_a_connection_that_is_cut_is_reset():
    async def main():
        async def cut(_reader, writer):
            writer.transport.abort()

        async with serving(cut) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with pytest.raises(ConnectionResetError):
                await reader.read()
            writer.close()

    drill(main)


@pytest.mark.parametrize("leave", ["close", "abort"])
@pytest.mark.parametrize("after_s", [0, 1], ids=["while it writes", "while it waits"])
def test_whoever_writes_to_somebody_that_is_gone_is_told(leave, after_s):
    """A client leaves in the middle of a download."""

    async def main():
        ended = asyncio.get_running_loop().create_future()

        async def streams(_reader, writer):
            try:
                while True:
                    writer.write(BIG)
                    await writer.drain()
            except ConnectionError as error:
                ended.set_result(type(error))

        async with serving(streams) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.readexactly(10)
            await asyncio.sleep(after_s)
            getattr(writer.transport, leave)()
            return await asyncio.wait_for(ended, 5)

    assert issubclass(drill(main).result, ConnectionError)


def test_a_connection_says_whether_something_came_in():
    """So clients ask if a connection that they kept still stands."""

    def readable(writer):
        return bool(select.select([writer.get_extra_info("socket").fileno()], [], [], 0)[0])

    async def main():
        far = []

        async def keep(_reader, writer):
            far.append(writer)

        async with serving(keep) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(0)
            told = [readable(writer)]
            far[0].close()
            told.append(readable(writer))
            await reader.read()
            writer.close()
            return told

    assert drill(main).result == [False, True]


def test_a_protocol_with_its_own_buffer_gets_all():
    class Small(asyncio.BufferedProtocol):
        def __init__(self):
            self.got = bytearray()
            self.room = bytearray(7)
            self.ended = asyncio.get_running_loop().create_future()

        def get_buffer(self, _size):
            return self.room

        def buffer_updated(self, count):
            self.got += self.room[:count]

        def eof_received(self):
            self.ended.set_result(bytes(self.got))

    async def main():
        async with serving(says_hello) as port:
            _, small = await asyncio.get_running_loop().create_connection(Small, "127.0.0.1", port)
            return await small.ended

    assert drill(main).result == b"hello " * 100


async def says_hello(_reader, writer):
    writer.write(b"hello " * 100)
    writer.close()


def test_a_call_inside_costs_no_time_and_few_turns():
    async def main():
        loop = asyncio.get_running_loop()
        async with web_server() as port, aiohttp.ClientSession() as session:
            for _ in range(3):
                async with session.get(f"http://127.0.0.1:{port}/") as answer:
                    await answer.read()
            return now(), loop._turns

    at, turns = drill(main).result
    assert at == 0 and turns < 150
