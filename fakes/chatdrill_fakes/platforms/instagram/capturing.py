"""Captured traffic of Instagram, read as turns: webhooks of an account, and calls of the Send API."""

from __future__ import annotations

from functools import partial

from chatdrill.importing.captures import Body, Capture, told
from chatdrill_fakes.families.graph.capturing import sent
from chatdrill_fakes.families.graph.decoding import read_webhook

_OBJECT = "instagram"


def _knows(body: Body) -> bool:
    return body.get("object") == _OBJECT and isinstance(body.get("entry"), list)


capture = Capture("instagram", ("graph.instagram.com",), _knows, told(partial(read_webhook, object=_OBJECT)), sent)
