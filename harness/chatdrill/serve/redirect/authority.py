"""The throw-away certificate authority of a run, and what makes a program trust it."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chatdrill.errors import UsageError

_CA_FILE = "chatdrill-ca.pem"
_BUNDLE_FILE = "chatdrill-ca-bundle.pem"
_TRUSTED_BY = (
    "SSL_CERT_FILE",  # OpenSSL, and so Python, Ruby, PHP; Go
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "DENO_CERT",
    "AWS_CA_BUNDLE",
    "WEBSOCKET_CLIENT_CA_BUNDLE",
    "HTTPLIB2_CA_CERTS",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
)


class Authority:
    """A certificate authority that lives as long as a run. Its certificate is written to ``folder``, alone (``path``) and
    before those that programs trust anyway (``bundle``). What it issues is valid from 2000 to 3000, so at any drill time.

    No key is kept on a disk: one lies for a moment in a folder that only this user can open, because OpenSSL reads keys from
    files. Raises ``UsageError`` where the library that makes certificates is not installed.
    """

    def __init__(self, folder: Path, inherited: Mapping[str, str] = os.environ) -> None:
        try:
            import trustme
        except ImportError as error:
            raise UsageError(
                "the redirect makes certificates with trustme; install it with: pip install 'chatdrill[redirect]'"
            ) from error
        self._authority = trustme.CA(organization_name="chatdrill, for one run")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self.bundle = folder / _CA_FILE, folder / _BUNDLE_FILE
        own = self._authority.cert_pem.bytes()
        self.path.write_bytes(own)
        self.bundle.write_bytes(own + b"".join(_trusted_anyway(inherited)))

    def context(self, host: str) -> ssl.SSLContext:
        """What a server needs to be taken for ``host``. HTTP/2 is not offered."""
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with tempfile.TemporaryDirectory(dir=self._folder) as private:  # with mode 0700
                self._load(context, host, private)
            self._contexts[host] = context
        return self._contexts[host]

    def _load(self, context: ssl.SSLContext, host: str, private: str) -> None:
        issued = self._authority.issue_cert(host)
        with issued.private_key_and_cert_chain_pem.tempfile(dir=private) as path:
            context.load_cert_chain(path)

    def many_faced(self, known: Callable[[Any, str | None], bool]) -> ssl.SSLContext:
        """What a server needs to be taken for whomever its caller greets, so long as he is ``known``: that is asked with
        the TLS object and the name."""

        def turn(connection: Any, name: str | None, _: ssl.SSLContext) -> int | None:
            host = (name or "").lower()
            if not known(connection, host or None):
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            connection.context = self.context(host)
            return None

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = turn
        return context

    def host_of(self, context: ssl.SSLContext) -> str:
        """Whom a server of this context is taken for."""
        return next(host for host, own in self._contexts.items() if own is context)

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which programs trust what it issues."""
        return dict.fromkeys(_TRUSTED_BY, str(self.bundle))


def _trusted_anyway(inherited: Mapping[str, str]) -> list[bytes]:
    """The certificates that programs trust on this machine: a bot may speak TLS with services of its own."""
    usual = ssl.get_default_verify_paths()
    places = [inherited.get(name) for name in (*_TRUSTED_BY[:1], "NODE_EXTRA_CA_CERTS")]
    found = dict.fromkeys(place for place in (places[0] or usual.cafile, places[1]) if place)
    return [b"\n" + Path(place).read_bytes() for place in found if Path(place).is_file()]
