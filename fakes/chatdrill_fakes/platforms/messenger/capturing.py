"""Captured traffic of the Messenger Platform, read as turns: webhooks of a Page, and calls of the Send API."""

from __future__ import annotations

from functools import partial

from chatdrill.importing.captures import Body, Capture, told
from chatdrill_fakes.families.graph.capturing import sent
from chatdrill_fakes.families.graph.decoding import read_webhook

_OBJECT = "page"


def _knows(body: Body) -> bool:
    return body.get("object") == _OBJECT and isinstance(body.get("entry"), list)


capture = Capture("messenger", ("graph.facebook.com",), _knows, told(partial(read_webhook, object=_OBJECT)), sent)
