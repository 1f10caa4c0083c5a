"""What else can come by mail, by names of our own: automatic mail, odd programs, broken mail; and what mail servers are about to do.

``text`` in an event's data takes the place of the words, ``headers`` adds headers or (``None``) leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import Unsupported, did_you_mean
from chatdrill.model import Event, Message, Text
from chatdrill_fakes.platforms.email import odd, reports
from chatdrill_fakes.platforms.email.letters import Envelope, Part, Scene, Told, letter, references
from chatdrill_fakes.platforms.email.reading import bare_subject, read
from chatdrill_fakes.platforms.email.state import Answer

Data = Mapping[str, Any]


def event(scene: Scene, act: Event) -> Told:
    """The mails of an event; none where it prepares what a later mail of the bot meets. Raises ``Unsupported``."""
    make = _EVENTS.get(act.name)
    if make is None:
        raise Unsupported(f"email has no event {act.name!r}{did_you_mean(act.name, EVENT_NAMES)}")
    return make(scene, act.data)


def _answer(scene: Scene) -> Answer:
    """The bot's last mail. Raises ``Unsupported`` where there is none."""
    answer = scene.chat.answer
    if answer is None:
        raise Unsupported(f"email: the bot has not written to {scene.chat.address} yet, so nothing comes back")
    return answer


def _extra(data: Data, own: Mapping[str, str | None]) -> dict[str, str | None]:
    given = data.get("headers", {})
    if not isinstance(given, Mapping) or not all(v is None or _is_line(v) for v in given.values()):
        raise Unsupported("email: headers is a table of names and values")
    return {**own, **{str(name): value for name, value in given.items()}}


def _is_line(value: object) -> bool:
    return isinstance(value, str) and "\n" not in value and value.isascii()


def _text(data: Data, usual: str) -> str:
    text = data.get("text", usual)
    if not isinstance(text, str):
        raise Unsupported(f"email: text must be words, not {text!r}")
    return text


# ------------------------------------------------------------------------------------------------- automatic mail


def _automatic(
    kind: str, nature: str, words: str, subject: str, **headers: str | None
) -> Callable[[Scene, Data], Told]:
    """A mail that nobody wrote."""
    own = {name.replace("_", "-"): value for name, value in headers.items()}

    def make(scene: Scene, data: Data) -> Told:
        answer = scene.chat.answer
        id = scene.new_id()
        about = Envelope(
            id=id,
            kind=kind,
            subject=subject.format(answer.subject if answer else "your message"),
            parent=answer.id if answer else "",
            references=references(answer) if answer else (),
            sender="" if own.get("Auto-Submitted") else None,
            extra=_extra(data, own),
        )
        scene.chat.automatic = (id, nature, scene.now)
        return (letter(scene, scene.part(_text(data, words)), about),)

    return make


_AWAY = "I am out of the office until Monday and will read your message then."
_AUTOMATIC: dict[str, Callable[[Scene, Data], Told]] = {
    "out_of_office": _automatic(
        "auto_reply",
        "an out-of-office note",
        _AWAY,
        "Automatic reply: {}",
        Auto_Submitted="auto-generated",
        X_Auto_Response_Suppress="All",
    ),
    "vacation": _automatic(
        "auto_reply",
        "a vacation note",
        _AWAY,
        "Re: {}",
        Precedence="bulk",
        X_Autoreply="yes",
        Auto_Submitted="auto-replied",
    ),
    "auto_reply_unmarked": _automatic("auto_reply", "an automatic answer without a mark", _AWAY, "Automatic reply: {}"),
    "notification": _automatic(
        "auto_reply",
        "a notification",
        "Your request was received and has the number 4711.",
        "[#4711] {}",
        From="no-reply@notify.example",
        Auto_Submitted="auto-generated",
    ),
    "newsletter": _automatic(
        "list",
        "a newsletter",
        "Our autumn sale begins today.",
        "Autumn sale",
        List_Id="<news.shop.example>",
        List_Unsubscribe="<https://shop.example/u/1>",
        Precedence="bulk",
        In_Reply_To=None,
        References=None,
    ),
}


def _reported(
    status: str, original: reports.Original = "headers", **headers: str | None
) -> Callable[[Scene, Data], Told]:
    own = {name.replace("_", "-"): value for name, value in headers.items()}

    def make(scene: Scene, data: Data) -> Told:
        wanted = data.get("status", status)
        if wanted not in reports.STATUSES:
            raise Unsupported(f"email: no status {wanted!r}{did_you_mean(str(wanted), reports.STATUSES)}")
        return (reports.bounced(scene, _answer(scene), wanted, original=original, extra=_extra(data, own)),)

    return make


def _qmail(scene: Scene, data: Data) -> Told:
    """A bounce in free form: no part of it is made for programs."""
    answer, to = _answer(scene), scene.chat.address
    text = _text(
        data,
        f"Hi. This is the qmail-send program at {scene.domain}.\nI'm afraid I wasn't able to deliver your message to the "
        f"following addresses.\n\n<{to}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nMessage-ID: {answer.id}",
    )
    id = f"<{scene.state.chance.digits(16)}@mx.{scene.domain}>"
    scene.chat.automatic = (id, "a report (in free form)", scene.now)
    extra = _extra(data, {"From": f"MAILER-DAEMON@{scene.domain}"})
    about = Envelope(id=id, kind="bounce", subject="failure notice", sender="", recipient=answer.sender, extra=extra)
    return (letter(scene, odd.plain(text), about),)


def _read_note(scene: Scene, _data: Data) -> Told:
    return (reports.displayed(scene, _answer(scene)),)


def _complaint(scene: Scene, _data: Data) -> Told:
    return (reports.complaint(scene, _answer(scene)),)


# --------------------------------------------------------------------------------------------- people, odd programs


def _odd(name: str) -> Callable[[Scene, Data], Told]:
    """A mail of the customer's that is odd in one respect."""

    def make(scene: Scene, data: Data) -> Told:
        chat, answer = scene.chat, scene.chat.answer
        words = _text(data, odd.WORDS.get(name, "What are your opening hours?"))
        subject = answer.subject if answer else chat.subject or "Question"
        about = Envelope(
            id=scene.new_id(),
            subject=subject if subject[:3].lower() == "re:" or not answer else f"Re: {subject}",
            parent=answer.id if answer else "",
            references=references(answer) if answer else (),
        )
        part: Part = odd.ODDITIES[name](scene, words, about)
        about.extra = _extra(data, about.extra)
        chat.thread.append(about.id)
        chat.opened, chat.asked, chat.automatic, chat.last_customer_at = True, chat.asked + 1, (), scene.now
        shown = (Text(text=words),)
        chat.messages[about.id] = Message(ids=(about.id,), author="customer", parts=shown, at=scene.now)
        told = letter(scene, part, about)
        chat.subjects.add(bare_subject(read(told.body).head("subject")))
        return (told,)

    return make


def _again(scene: Scene, _data: Data) -> Told:
    """The customer's last mail comes once more, by another way: the same Message-ID."""
    chat = scene.chat
    last = next((one for one in reversed(chat.messages.values()) if one.author == "customer"), None)
    if last is None:
        raise Unsupported(f"email: {chat.address} has written nothing that could come twice")
    words = last.text or "(no text)"
    about = Envelope(id=last.id, subject=chat.subject, kind="again", extra={"X-Forwarded-To": scene.state.address})
    return (letter(scene, scene.part(words), about),)


# -------------------------------------------------------------------------------------------- what servers will do


def _refuse(usual: str) -> Callable[[Scene, Data], Told]:
    def make(scene: Scene, data: Data) -> Told:
        reply, times = data.get("reply", usual), data.get("times", 1)
        if not isinstance(reply, str) or not reply[:4].strip().isdigit() or reply[0] not in "45" or reply[3:4] != " ":
            raise Unsupported(f"email: reply is one of 4yz or 5yz with words ({usual}), not {reply!r}")
        if not isinstance(times, int) or isinstance(times, bool) or not 0 < times <= 1000:
            raise Unsupported(f"email: times must be a number from 1 to 1000, not {times!r}")
        scene.chat.refusals += [reply] * times
        return ()

    return make


def _bounce_next(scene: Scene, data: Data) -> Told:
    """The next mail is taken, and comes back later."""
    status = data.get("status", "5.1.1")
    if status not in reports.STATUSES:
        raise Unsupported(f"email: no status {status!r}{did_you_mean(str(status), reports.STATUSES)}")
    scene.chat.bounces.append(status)
    return ()


_PREPARED: dict[str, Callable[[Scene, Data], Told]] = {
    "greylisted": _refuse("451 4.7.1 Greylisting in action, please come back later"),
    "over_quota": _refuse("452 4.2.2 Over quota"),
    "too_quickly": _refuse("450 4.2.1 The user is receiving mail too quickly"),
    "server_down": _refuse("421 4.3.2 Service not available, closing transmission channel"),
    "mailbox_full": _refuse("552 5.2.2 Mailbox full"),
    "mailbox_disabled": _refuse("550 5.2.1 Mailbox disabled"),
    "spam": _refuse("550 5.7.1 Message content rejected"),
    "dmarc": _refuse("550 5.7.26 Unauthenticated mail is not accepted"),
    "refused": _refuse("550 5.1.1 User unknown"),
    "bounces_later": _bounce_next,
}
_REPORTS: dict[str, Callable[[Scene, Data], Told]] = {
    "bounce": _reported("5.1.1"),
    "bounce_delayed": _reported("4.4.1"),
    "bounce_full": _reported("5.2.2"),
    "bounce_policy": _reported("5.7.1"),
    "bounce_with_mail": _reported("5.1.1", "whole"),
    "bounce_without_mail": _reported("5.1.2", "none"),
    "bounce_exchange": _reported(
        "5.1.10", "whole", Subject="Undeliverable: your message", X_MS_Exchange_Message_Is_Ndr=""
    ),
    "bounce_qmail": _qmail,
    "read_note": _read_note,
    "complaint": _complaint,
}
_EVENTS: dict[str, Callable[[Scene, Data], Told]] = {
    **_AUTOMATIC,
    **_REPORTS,
    **{name: _odd(name) for name in odd.ODDITIES},
    "same_mail_again": _again,
    **_PREPARED,
}
SILENT = frozenset(_PREPARED)
"""Those that tell the bot nothing at once."""
EVENT_NAMES = frozenset(_EVENTS)
