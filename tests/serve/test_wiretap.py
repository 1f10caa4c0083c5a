"""The bytes of exchanges are kept for a while, and not for ever."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from chatdrill.errors import UsageError
from chatdrill.serve.wiretap import Wiretap
from chatdrill.wire import HttpRequest, HttpResponse


def tapped(bodies: list[bytes], **bounds: int) -> Wiretap:
    scene: Any = SimpleNamespace(notes=SimpleNamespace(tap=None))
    tap = Wiretap(scene, **bounds)
    for n, body in enumerate(bodies):
        record: Any = SimpleNamespace(n=n)
        scene.notes.tap.called(record, HttpRequest("POST", "/x", (), body), HttpResponse(200))
    return tap


@pytest.mark.parametrize("bounds", [{"keep_max": 2}, {"keep_max_bytes": 9}])
def test_the_oldest_are_forgotten_first(bounds):
    tap = tapped([b"1234", b"5678", b"9012"], **bounds)
    assert tap.exchange(2).request.body == b"9012" and tap.exchange(1)
    with pytest.raises(UsageError, match="bytes are gone"):
        tap.exchange(0)


def test_what_the_bot_has_called_cannot_be_sent_again():
    with pytest.raises(UsageError, match="only a webhook"):
        tapped([b""]).again(0, 1)
