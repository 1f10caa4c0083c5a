"""Leads the program that it is loaded into to chatdrill's fakes; see ``chatdrill.preload.detour``.

It runs in the bot's own Python, of any version from 3.7 on and without chatdrill: it needs the standard library only, patches a
module when the bot imports it, and then runs the ``sitecustomize`` that the bot would have without it.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import re
import sys
import weakref
from collections.abc import Callable
from typing import Any

_PATIENCE_S = 2.0
_LOCAL_PORT = 80
_LOOPBACK = re.compile(r"(::ffff:)?127(\.\d+){1,3}$")
_FIRST_ADDRESS = 127 << 24 | 77 << 16 | 1
"""Addresses that stand for names: of this machine, so that whoever is not led from there gets nowhere."""


class Lead:
    """Where the program may go. ``plan`` is what ``Detour`` wrote."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.host = plan["host"]
        self.proxy = plan["proxy"]
        self.entrance = plan["entrance"]
        self.authority = plan["authority"]
        self.fakes = frozenset(plan["fakes"])
        self.opened = frozenset(plan["opened"])
        self.names: dict[str, str] = {}
        self.addresses: dict[str, str] = {}
        self.reachable: set[str] = set()
        self.real: dict[str, Any] = {}

    # ------------------------------------------------------------------------------------------------- whom it calls

    def way(self, host: Any) -> str:
        """``fake``, ``free`` (this machine, or let through) or ``barred``."""
        host = self.plain(host)
        if host in self.fakes or "*." + host.partition(".")[2] in self.fakes:
            return "fake"
        if host in self.opened or host in self.reachable or self.is_own(host):
            return "free"
        return "barred"

    def plain(self, host: Any) -> str:
        """A name as a key: text, small, without the dot of the root; for a made-up address the name that it stands for."""
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("ascii", "replace")
        host = str(host or "").lower().rstrip(".").partition("%")[0]
        text: str = self.names.get(host, host)
        return text

    def is_own(self, host: str) -> bool:
        """True for this machine. A name without a dot may be that of a neighbour, or stand in the table of hosts."""
        import socket

        if host in ("", "::", "::1", "0.0.0.0", "localhost", "<broadcast>", socket.gethostname().lower()):
            return True
        if host.endswith(".localhost") or _LOOPBACK.match(host):
            return True
        if "." in host or ":" in host:
            return False
        try:
            found = self.real["getaddrinfo"](host, None)
        except OSError:
            return False
        return all(one[4][0].startswith("127.") or one[4][0] == "::1" for one in found)

    def address(self, host: Any) -> str:
        """A made-up address for a fake's host."""
        host = self.plain(host)
        if host not in self.addresses:
            number = _FIRST_ADDRESS + len(self.addresses)
            made = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
            self.addresses[host], self.names[made] = made, host
        return self.addresses[host]

    def place(self, host: Any, port: Any) -> Any:
        """Host and port to connect to instead; the same where they may be. Raises ``ConnectionRefusedError``."""
        way = self.way(host)
        if way == "free":
            return host, port
        if way == "fake":
            return self.host, self.proxy if port == _LOCAL_PORT else self.entrance
        raise ConnectionRefusedError(111, self.refuse(host, port))

    def refuse(self, host: Any, port: Any) -> str:
        """Tell chatdrill of it; returns what to tell the program."""
        host = self.plain(host)
        self.tell(host, port if isinstance(port, int) and port else 443)
        words = "chatdrill: there is no fake of {0} here, and a drill never reaches the internet; --allow {0} lets it through"
        return words.format(host)

    def tell(self, host: str, port: int) -> None:
        import _socket

        asked = "CONNECT {0}:{1} HTTP/1.1\r\nHost: {0}:{1}\r\n\r\n".format(
            "[" + host + "]" if ":" in host else host, port
        )
        told = _socket.socket(_socket.AF_INET6 if ":" in self.host else _socket.AF_INET, _socket.SOCK_STREAM)
        try:
            told.settimeout(_PATIENCE_S)
            told.connect((self.host, self.proxy))
            told.send(asked.encode("ascii", "replace"))
            told.recv(64)
        except OSError:
            pass  # chatdrill is gone; the program is refused all the same
        finally:
            told.close()

    # ------------------------------------------------------------------------------------------------------- patches

    def patch_names(self, module: Any) -> None:
        """``getaddrinfo`` and its kin in a module, which is ``socket`` or has what ``socket`` has."""
        real = {name: getattr(module, name) for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex")}
        for name, function in real.items():
            self.real.setdefault(name, function)
        error, unknown = module.gaierror, module.EAI_NONAME

        def known(host: Any, port: Any = None) -> Any:
            """What to look up instead."""
            way = self.way(host)
            if way == "barred":
                raise error(unknown, self.refuse(host, port))
            return self.address(host) if way == "fake" else host

        def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:
            found = real["getaddrinfo"](known(host, port), port, family, type, proto, flags)
            if self.plain(host) in self.opened:
                self.reachable.update(one[4][0] for one in found)
            return found

        def gethostbyname(host: Any) -> Any:
            found = real["gethostbyname"](known(host))
            if self.plain(host) in self.opened:
                self.reachable.add(found)
            return found

        def gethostbyname_ex(host: Any) -> Any:
            return real["gethostbyname_ex"](known(host))

        module.getaddrinfo, module.gethostbyname = getaddrinfo, gethostbyname
        module.gethostbyname_ex = gethostbyname_ex

    def patch_class(self, kind: Any) -> None:
        """Where sockets of a class connect to."""
        connect, connect_ex = kind.connect, kind.connect_ex

        def to(own: Any, address: Any) -> Any:
            is_stream = own.type & 0xF == 1 and own.family in (2, 10, 30)  # TCP; AF_INET6 is 10 here and 30 there
            if not is_stream or not isinstance(address, tuple):
                return address
            host, port = self.place(address[0], address[1])
            if host == address[0]:
                return address
            mapped = "::ffff:" + host if own.family != 2 and ":" not in host else host
            return (mapped, port, *address[2:])

        def connected(own: Any, address: Any) -> Any:
            return connect(own, to(own, address))

        def connected_ex(own: Any, address: Any) -> Any:
            try:
                return connect_ex(own, to(own, address))
            except ConnectionRefusedError as error:
                return error.errno

        kind.connect, kind.connect_ex = connected, connected_ex

    def patch_trust(self, module: Any) -> None:
        """Clients trust the authority, whatever they were told to trust."""
        kind = module.SSLContext
        trusting: Any = weakref.WeakSet()

        def trust(context: Any) -> None:
            if context not in trusting:
                trusting.add(context)
                context.load_verify_locations(cafile=self.authority)

        def patched(name: str, server_side_at: int) -> None:
            wrap = getattr(kind, name)

            def wrapped(own: Any, *given: Any, **named: Any) -> Any:
                is_server = named.get("server_side") or (len(given) > server_side_at and given[server_side_at])
                if not is_server:
                    trust(own)
                return wrap(own, *given, **named)

            setattr(kind, name, wrapped)

        patched("wrap_socket", 1)
        patched("wrap_bio", 2)

    def patch_socket(self, module: Any) -> None:
        self.patch_names(module)
        self.patch_class(module.socket)

    def patch_uvloop(self, module: Any) -> None:
        """uvloop has its own way to names and connections."""
        kind = module.Loop
        create_connection, lookup = kind.create_connection, kind.getaddrinfo

        async def connected(own: Any, factory: Any, host: Any = None, port: Any = None, **named: Any) -> Any:
            if host is not None and named.get("sock") is None:
                at = self.place(host, port)
                if at != (host, port):
                    if named.get("ssl") and named.get("server_hostname") is None:
                        named["server_hostname"] = self.plain(host)
                    host, port = at
                    named.pop("family", None)
            return await create_connection(own, factory, host, port, **named)

        async def looked_up(own: Any, host: Any, port: Any, **named: Any) -> Any:
            import socket

            if self.way(host) == "free":
                found = await lookup(own, host, port, **named)
                if self.plain(host) in self.opened:
                    self.reachable.update(one[4][0] for one in found)
                return found
            return socket.getaddrinfo(host, port, **named)

        kind.create_connection, kind.getaddrinfo = connected, looked_up

    def patch_resolver(self, module: Any) -> None:
        """aiohttp asks a C library for names where there is one; threads ask Python."""

        class Resolver(module.ThreadedResolver):  # type: ignore[misc]
            def __init__(self, loop: Any = None, *_: Any, **__: Any) -> None:
                super().__init__(loop)

        module.AsyncResolver = module.DefaultResolver = Resolver


class Watch:
    """Patches modules once they are imported."""

    def __init__(self, patches: dict[str, Callable[[Any], None]]) -> None:
        self.patches = patches

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any | None:
        """The module as others find it, to be patched when it has run."""
        if name not in self.patches:
            return None
        patch = self.patches[name]
        spec = None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find is not None and finder is not self else None
            if spec is not None:
                break
        loader = None if spec is None else spec.loader
        if loader is not None and hasattr(loader, "exec_module"):
            run = loader.exec_module

            def run_and_patch(module: Any) -> None:
                run(module)
                patch(module)

            loader.exec_module = run_and_patch
        return spec


def begin(plan: dict[str, Any]) -> None:
    """Patch what is imported, and watch for the rest."""
    lead = Lead(plan)
    patches: dict[str, Callable[[Any], None]] = {
        "socket": lead.patch_socket,
        "ssl": lead.patch_trust,
        "uvloop": lead.patch_uvloop,
        "aiohttp.resolver": lead.patch_resolver,
        "gevent._socketcommon": lead.patch_names,
        "gevent._socket3": lambda module: lead.patch_class(module.socket),
        "gevent.ssl": lead.patch_trust,
    }
    for name in [name for name in patches if name in sys.modules]:
        patches.pop(name)(sys.modules[name])
    sys.meta_path.insert(0, Watch(patches))


def go_on() -> None:
    """Run the ``sitecustomize`` behind this one on the path, if there is any."""
    here = os.path.dirname(os.path.abspath(__file__))
    rest = [place for place in sys.path if os.path.abspath(place or os.getcwd()) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if os.environ.get("CHATDRILL_DETOUR"):
    begin(json.loads(os.environ["CHATDRILL_DETOUR"]))
go_on()
