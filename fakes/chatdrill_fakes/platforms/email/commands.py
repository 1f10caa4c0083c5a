"""The steps of a mail of the bot's: who may send, to whom, and what; and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal

from chatdrill.model import Media, Message, Part, Receipt, Sent, Text
from chatdrill.model.parts import MediaKind
from chatdrill.wire import Call, Exchange, Handled, HttpRequest, Later, with_choices
from chatdrill.wire.files import describe
from chatdrill.wire.smtp import AUTH, DATA, MAIL, METHOD, RCPT, Envelope, envelope_in, reply
from chatdrill_fakes.platforms.email import errors, limits
from chatdrill_fakes.platforms.email.errors import Refusal
from chatdrill_fakes.platforms.email.manners import remarks
from chatdrill_fakes.platforms.email.reading import Attached, Mail, bare_subject, read
from chatdrill_fakes.platforms.email.state import Answer, MailChat, MailState

_DANGEROUS = frozenset({".exe", ".js", ".scr", ".bat", ".com", ".vbs", ".cmd", ".jar", ".msi"})
_SHOWN_HEADS = ("in-reply-to", "references", "reply-to", "auto-submitted", "date", "message-id", "x-loop")
NOT_OFFERED = frozenset({"BDAT", "ETRN", "IMAP"})
_KINDS: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "audio"}


def handle(state: MailState, exchange: Exchange) -> Handled:
    """Answer a step. Never raises for anything a bot may send."""
    request = exchange.request
    step = _STEPS.get(request.path)
    if step is None or request.method != METHOD:
        return _unknown(request)
    envelope = envelope_in(request)
    try:
        return step(state, envelope, exchange)
    except Refusal as error:
        to = _one(state, envelope.recipients)
        call = Call(request.path[1:], to, _arguments(envelope), ok=False, error=str(error))
        return Handled(error.answer, call)


def _unknown(request: HttpRequest) -> Handled:
    text = f"5.5.1 Command not recognized: mail is taken by SMTP, not by {request.method[:20]} {request.path[:80]}"
    name = request.path[1:81] or "/"
    answer = reply(502, text.encode("ascii", "replace").decode().replace("\n", " "))
    support: Literal["refused", "unknown"] = "refused" if name in NOT_OFFERED else "unknown"
    return Handled(answer, Call(name, ok=False, error=f"502 {text}", support=support))


def _arguments(envelope: Envelope) -> dict[str, Any]:
    found: dict[str, Any] = {"from": envelope.sender, "to": list(envelope.recipients)}
    if envelope.options:
        found["options"] = list(envelope.options)
    return found


# ------------------------------------------------------------------------------------------------------- the steps


def _auth(state: MailState, envelope: Envelope, _exchange: Exchange) -> Handled:
    _prove(state, envelope)
    return Handled(reply(235, "2.7.0 Authentication successful"), Call("AUTH", arguments={"user": envelope.user}))


def _mail(state: MailState, envelope: Envelope, _exchange: Exchange) -> Handled:
    _check_sender(state, envelope)
    return Handled(reply(250, "2.1.0 Ok"), Call("MAIL", arguments=_arguments(envelope)))


def _rcpt(state: MailState, envelope: Envelope, exchange: Exchange) -> Handled:
    _check_sender(state, envelope)
    if not envelope.recipients:
        raise errors.BAD_ADDRESS
    if len(envelope.recipients) > limits.RECIPIENTS_MAX:
        raise errors.TOO_MANY
    to = envelope.recipients[-1]
    chat = _mailbox(state, to)
    if chat is not None:
        if chat.refusals:
            words = chat.refusals.pop(0)
            raise Refusal(int(words[:3]), words[4:])
        _greylist(state, chat, envelope.sender, chat.at(exchange.now))
    return Handled(reply(250, "2.1.5 Ok"), Call("RCPT", None if chat is None else chat.address, _arguments(envelope)))


def _greylist(state: MailState, chat: MailChat, sender: str, at: float) -> None:
    """The first mail of a sender is put off. Source: RFC 6647 (2012)."""
    if not state.greylists:
        return
    first = chat.seen.setdefault(sender.lower(), at)
    if at - first < limits.GREYLIST_S and f"ok {sender.lower()}" not in chat.seen:
        raise errors.GREYLISTED
    chat.seen[f"ok {sender.lower()}"] = at


def _data(state: MailState, envelope: Envelope, exchange: Exchange) -> Handled:
    _check_sender(state, envelope)
    raw = exchange.request.body
    if not envelope.recipients:
        raise errors.NO_RECIPIENT
    if len(envelope.recipients) > limits.RECIPIENTS_MAX:
        raise errors.TOO_MANY
    chats = {chat.address: chat for to in envelope.recipients if (chat := _mailbox(state, to)) is not None}
    _check_bytes(raw)
    mail = read(raw)
    _check_mail(state, mail)
    if state.limited and state.day.take(exchange.now):
        raise errors.TOO_OFTEN
    id = (mail.ids("message-id") or (f"<{state.chance.digits(16)}@relay.bench.example>",))[0]
    effects: list[Sent] = []
    later: list[Later] = []
    said: list[str] = []
    again = [chat for chat in chats.values() if id in chat.messages]
    for chat in chats.values():
        if id in chat.messages:
            continue
        said += remarks(chat, mail, chat.at(exchange.now))
        sent = _deliver(state, chat, mail, id, envelope, chat.at(exchange.now))
        effects.append(sent)
        later += _fates(chat, id, envelope)
    to = next(iter(chats)) if len(chats) == 1 else None
    arguments = {**_arguments(envelope), **_told(mail)}
    note = "the same Message-ID again: mail programs show it once" if again else None
    call = Call("DATA", to, arguments, note=note, remarks=tuple(dict.fromkeys(said)))
    queued = reply(250, f"2.0.0 Ok: queued as {state.chance.digits(10)}")
    return Handled(queued, call, tuple(effects), tuple(later))


def _told(mail: Mail) -> dict[str, Any]:
    """What stands in the trace of a mail."""
    heads = {name: mail.head(name) for name in _SHOWN_HEADS if name in mail.heads}
    files = [file.name or file.mime for file in mail.files]
    return {"subject": mail.head("subject"), "headers": heads, **({"files": files} if files else {})}


# ---------------------------------------------------------------------------------------------------------- checks


def _prove(state: MailState, envelope: Envelope) -> None:
    """Raises what a wrong user, password or token gets."""
    settings = state.settings
    if envelope.token:
        right = envelope.token == settings["token"]
    else:
        right = envelope.user == settings["user"] and envelope.password == settings["password"]
    if not right:
        raise errors.BAD_AUTH


def _check_sender(state: MailState, envelope: Envelope) -> None:
    if envelope.user or envelope.token or envelope.password:
        _prove(state, envelope)
    elif state.needs_auth:
        raise errors.NEEDS_AUTH
    size = envelope.option("SIZE")
    if size is not None and size.isascii() and size.isdigit() and int(size[:20]) > limits.SIZE_MAX_BYTES:
        raise errors.TOO_LARGE
    if envelope.sender:
        _check_address(envelope.sender)
        if envelope.sender.rpartition("@")[2].lower() != state.domain:
            raise errors.NOT_OWNED


def _check_address(address: str) -> None:
    if len(address) > limits.PATH_MAX_BYTES or not _is_address(address):
        raise errors.BAD_ADDRESS


@lru_cache(maxsize=1024)
def _is_address(address: str) -> bool:
    local, at, domain = address.rpartition("@")
    sizes = (
        (local, limits.LOCAL_PART_MAX_BYTES),
        (domain, limits.DOMAIN_MAX_BYTES),
        (address, limits.PATH_MAX_BYTES - len("<>")),
    )
    if not at or not local or not domain or any(sign in address for sign in " \t\r\n<>,;\0"):
        return False
    return all(len(text.encode("utf-8", "replace")) <= most for text, most in sizes)


def _mailbox(state: MailState, to: str) -> MailChat | None:
    """Whose an address is: letter case and plus tags do not matter. Raises what a server says to one that nobody has."""
    _check_address(to)
    local, _, domain = to.lower().rpartition("@")
    chat = state.chats.get(f"{local.partition('+')[0]}@{domain}")
    if chat is None:
        if domain == state.domain:
            return None  # the own mailbox, or a colleague's
        raise errors.UNKNOWN
    if chat.blocked:
        raise errors.BLOCKED
    return chat


def _check_bytes(raw: bytes) -> None:
    if len(raw) > limits.SIZE_MAX_BYTES:
        raise errors.TOO_LARGE
    if len(raw) > limits.LINE_MAX_BYTES and any(
        len(line.rstrip(b"\r")) > limits.LINE_MAX_BYTES for line in raw.split(b"\n")
    ):
        raise errors.LONG_LINE


def _check_mail(state: MailState, mail: Mail) -> None:
    if mail.head_bytes > limits.HEADERS_MAX_BYTES:
        raise errors.LONG_HEADERS
    if len(mail.heads.get("received", ())) > limits.HOPS_MAX:
        raise errors.LOOP
    authors = mail.mailboxes("from")
    if not authors:
        raise errors.NO_FROM
    if any(author.rpartition("@")[2] != state.domain for author in authors):
        raise errors.FOREIGN_FROM
    for file in mail.files:
        if file.name and f".{file.name.lower().rpartition('.')[2]}" in _DANGEROUS:
            raise errors.DANGEROUS


# -------------------------------------------------------------------------------------------------------- delivery


def _deliver(state: MailState, chat: MailChat, mail: Mail, id: str, envelope: Envelope, at: float) -> Sent:
    """Put a mail into a mailbox; returns what the customer sees."""
    parts = (*(with_choices(mail.text) if mail.text else ()), *_files(state, mail.files))
    parent = next((one for one in mail.ids("in-reply-to") if one in chat.messages), None)
    name = mail.head("from").partition("<")[0].strip(' "')
    message = Message(
        ids=(id,),
        author="bot",
        parts=parts or (Text(text=""),),
        at=at,
        reply_to=parent,
        sender=name if name not in ("", state.settings["name"]) else None,
    )
    chat.messages[id] = message
    chat.thread.append(id)
    own = mail.mailboxes("reply-to") or mail.mailboxes("from")
    chat.answers[id] = Answer(
        id=id,
        subject=mail.head("subject"),
        references=mail.ids("references") or mail.ids("in-reply-to"),
        text=mail.text,
        at=at,
        sender=envelope.sender,
        reply_to=own[0],
        envelope_id=envelope.option("ENVID") or "",
        wants_receipt="disposition-notification-to" in mail.heads,
    )
    chat.subjects.add(bare_subject(mail.head("subject")))
    chat.asked, chat.automatic = 0, ()
    return Sent(to=chat.address, message=message)


def _files(state: MailState, files: Iterable[Attached]) -> Iterable[Part]:
    for file in files:
        kind = _KINDS.get(file.mime.partition("/")[0].lower(), "document")
        yield Media(kind=kind, file=describe(file.content, state.blobs, name=file.name, mime=file.mime))


def _fates(chat: MailChat, id: str, envelope: Envelope) -> Iterable[Later]:
    """What servers report of a mail; where the envelope names nobody, they report nothing."""
    if not envelope.sender:
        return ()
    if chat.bounces:
        return (Later(limits.BOUNCE_AFTER_S, chat.address, Receipt(message_id=id, status="failed")),)
    if any("SUCCESS" in notice.upper() for notice in envelope.notices):
        return (Later(limits.DELIVERED_AFTER_S, chat.address, Receipt(message_id=id, status="delivered")),)
    return ()


def _one(state: MailState, recipients: Iterable[str]) -> str | None:
    """The customer whom a call is about, if it is one."""
    known = {key for to in recipients if (key := canonical(to)) in state.chats}
    return known.pop() if len(known) == 1 else None


def canonical(address: str) -> str:
    """A mailbox without a plus tag, in lower case."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


_STEPS: dict[str, Callable[[MailState, Envelope, Exchange], Handled]] = {
    AUTH: _auth,
    MAIL: _mail,
    RCPT: _rcpt,
    DATA: _data,
}
