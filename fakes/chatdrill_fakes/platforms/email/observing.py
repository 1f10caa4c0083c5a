"""What a mail of the bot's did: the shadow mailbox takes it as the server did."""

from __future__ import annotations

import msgspec

from chatdrill.model import Customer, Write
from chatdrill.wire import Call, Exchange, HttpResponse, Platform
from chatdrill.wire.reading import STRANGER, Observed, Said, observed_by_handling, refused, remember
from chatdrill.wire.smtp import DATA, METHOD, Envelope, asked, envelope_in, reply_in
from chatdrill_fakes.platforms.email.commands import canonical
from chatdrill_fakes.platforms.email.state import MailChat, MailState


def meet(state: MailState, said: Said, customer: Customer, now: float) -> None:
    """Make a mailbox of the world's known."""
    if said.to is None:
        return
    chat = _mailbox(state, said.to, customer)
    chat.opened, chat.last_customer_at = True, now
    if isinstance(said.act, Write):
        chat.thread += said.ids
        remember(chat, said, said.act.parts, now)


def _mailbox(state: MailState, address: str, customer: Customer) -> MailChat:
    chat = state.chats.get(address)
    if chat is None:
        chat = state.chats[address] = MailChat(address=address, customer=customer)
    return chat


def observe(platform: Platform[MailState], state: MailState, exchange: Exchange, response: HttpResponse) -> Observed:
    """What a step of a mail did that the server answered; a call of anything but SMTP is none of it."""
    request = exchange.request
    if request.method != METHOD:
        return Observed()
    envelope = envelope_in(request)
    call = Call(request.path[1:], arguments={"from": envelope.sender, "to": list(envelope.recipients)})
    if response.status >= 400:
        return refused(call, reply_in(response))
    if request.path != DATA:
        return Observed(call=call)
    state.domain, state.limited = envelope.sender.rpartition("@")[2].lower() or state.domain, False
    for address in map(canonical, envelope.recipients):
        if address.rpartition("@")[2] != state.domain:
            _mailbox(state, address, STRANGER)
    return observed_by_handling(platform, state, exchange, asked(DATA, _own(state, envelope), request.body), ())


def _own(state: MailState, envelope: Envelope) -> Envelope:
    """The same from the user of the shadow."""
    settings = state.settings
    return msgspec.structs.replace(envelope, user=settings["user"], password=settings["password"], token="")
