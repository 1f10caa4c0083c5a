"""All specimens."""

from __future__ import annotations

from . import (
    bursts,
    calls,
    declared,
    delivery,
    dialog,
    handoff,
    instagram,
    language,
    line,
    load,
    mail,
    media,
    phone,
    privacy,
    signatures,
    sms,
    state,
    text,
    timing,
    webchat,
    webhooks,
    wechat,
)
from .specimen import Specimen

SPECIMENS: tuple[Specimen, ...] = (
    *delivery.SPECIMENS,
    *bursts.SPECIMENS,
    *media.SPECIMENS,
    *text.SPECIMENS,
    *signatures.SPECIMENS,
    *sms.SPECIMENS,
    *phone.SPECIMENS,
    *webhooks.SPECIMENS,
    *calls.SPECIMENS,
    *state.SPECIMENS,
    *dialog.SPECIMENS,
    *language.SPECIMENS,
    *timing.SPECIMENS,
    *privacy.SPECIMENS,
    *load.SPECIMENS,
    *instagram.SPECIMENS,
    *line.SPECIMENS,
    *mail.SPECIMENS,
    *handoff.SPECIMENS,
    *wechat.SPECIMENS,
    *declared.SPECIMENS,
    *webchat.SPECIMENS,
)
