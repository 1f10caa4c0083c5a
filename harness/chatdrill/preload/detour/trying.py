"""Whether the detour works in the Python and the Node of this machine: a program is started that calls nobody."""

from __future__ import annotations

import os
import subprocess
import sys

from chatdrill.preload.detour.leading import Detour

_NOWHERE = Detour(host="127.0.0.1", proxy=9, entrance=9, fakes=(), opened=(), authority=os.devnull)
"""Nobody listens there: port 9 is for what is thrown away (RFC 863)."""
_PATIENCE_S = 20.0
_REFUSED = "chatdrill: there is no fake of"
_IN_PYTHON = """\
import socket
try:
    socket.create_connection(("nobody.example", 443), 1)
except OSError as error:
    print(error)
"""
_IN_NODE = "require('net').connect(443, 'nobody.example').on('error', (error) => console.log(error.message))"


def try_python(program: str = sys.executable) -> bool:
    """True if a Python program is kept from a host that nobody let through. Raises ``OSError`` if it cannot be started."""
    return _tried(program, "-c", _IN_PYTHON)


def try_node(program: str = "node") -> bool:
    """The same of a Node program."""
    return _tried(program, "-e", _IN_NODE)


def _tried(*command: str) -> bool:
    variables = {**os.environ, **_NOWHERE.variables(os.environ)}
    try:
        said = subprocess.run(
            command, env=variables, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        ).stdout
    except subprocess.TimeoutExpired:
        return False
    return _REFUSED in said
