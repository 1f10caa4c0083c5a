"""What answers and webhooks are made of: the message as the REST API has it, and the fields of a webhook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import quote_plus

from chatdrill.wire import Update
from chatdrill_fakes.families.sms import segmented
from chatdrill_fakes.platforms.twilio import errors
from chatdrill_fakes.platforms.twilio.ids import rfc2822
from chatdrill_fakes.platforms.twilio.state import Json, Sms, TwilioChat, TwilioState

Told = tuple[Update, ...]
API_VERSION = "2010-04-01"
PRICE = 0.0079
"""Dollars for a segment to a US number, as in the price list of 2026; a bot must not count on it."""
_GEOGRAPHY = {
    "US": ("WASHINGTON", "DC", "20005"),
    "CA": ("OTTAWA", "ON", "K1A 0A0"),
}


def message_object(state: TwilioState, sms: Sms) -> Json:
    """A message as GET, POST and lists show it."""
    uri = f"{state.root}/Messages/{sms.sid}"
    is_sent = sms.sent_at is not None
    waits = sms.status in ("accepted", "scheduled")
    made_at = rfc2822(sms.made_at)
    return {
        "account_sid": state.account,
        "api_version": API_VERSION,
        "body": sms.body,
        "date_created": made_at,
        "date_sent": rfc2822(sms.sent_at),
        "date_updated": rfc2822(sms.updated_at) if sms.updated_at else made_at,
        "direction": sms.direction,
        "error_code": sms.error,
        "error_message": None if sms.error is None else f"{sms.status}: error {sms.error}",
        "from": sms.sender,
        "messaging_service_sid": sms.service,
        "num_media": str(len(sms.media)),
        "num_segments": "0" if waits else str(sms.segments),
        "price": f"-{PRICE * sms.segments:.5f}" if is_sent else None,
        "price_unit": "USD",
        "sid": sms.sid,
        "status": sms.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": sms.to,
        "uri": f"{uri}.json",
    }


def list_page(
    state: TwilioState, name: str, path: str, items: list[Json], page: tuple[int, int, bool], query: str
) -> Json:
    """A page of a list. ``page``: its number, how many fit, whether more follow."""
    number, size, more = page
    base = f"{state.root}/{path}?{query}PageSize={size}"
    last = items[-1]["sid"] if items else ""
    return {
        "first_page_uri": f"{base}&Page=0",
        "end": number * size + max(0, len(items) - 1),
        "previous_page_uri": f"{base}&Page={number - 1}" if number else None,
        name: items,
        "uri": f"{base}&Page={number}",
        "page_size": size,
        "start": number * size,
        "next_page_uri": f"{base}&Page={number + 1}&PageToken=PA{last}" if more else None,
        "page": number,
    }


# ------------------------------------------------------------------------------------------------------ webhooks


def form(fields: list[tuple[str, str]]) -> bytes:
    """The exact bytes of a webhook."""
    names, values = zip(*fields, strict=True)
    return _form(_layout(names), values)


def signed_form(state: TwilioState, fields: list[tuple[str, str]]) -> bytes:
    """The same; the state remembers what is signed of it, which costs less now than to read it out of the form again."""
    names, values = zip(*fields, strict=True)
    layout = _layout(names)
    body = _form(layout, values)
    state.will_sign(body, layout.text % layout.sort(values))
    return body


class _Layout(NamedTuple):
    """Patterns of a form and of what is signed of it, which has the names in order; ``sort`` brings the values into it."""

    form: str
    text: str
    sort: Callable[[Sequence[str]], tuple[str, ...]]


@lru_cache(maxsize=64)
def _layout(names: tuple[str, ...]) -> _Layout:
    order = sorted(range(len(names)), key=names.__getitem__)
    form, text = "&".join([f"{name}=%s" for name in names]), "".join([f"{names[place]}%s" for place in order])
    return _Layout(form, text, itemgetter(*order))


def _form(layout: _Layout, values: Sequence[str]) -> bytes:
    return (layout.form % tuple(map(_quoted, values))).encode()


@lru_cache(maxsize=4096)
def _quoted(value: str) -> str:
    return value if value.isascii() and value.isalnum() else quote_plus(value, errors="replace")


def place_of(chat: TwilioChat) -> tuple[str, str, str, str]:
    """City, state, zip and country that a carrier guesses from the customer's number; mostly nothing outside North America."""
    return _place(chat.customer.locale, chat.address.startswith("+1"))


@lru_cache(maxsize=256)
def _place(locale: str, is_american: bool) -> tuple[str, str, str, str]:
    region = locale.replace("-", "_").partition("_")[2][:2].upper()
    country = region if len(region) == 2 and region.isalpha() else "US"
    if is_american:
        country = country if country in _GEOGRAPHY else "US"
    return (*_GEOGRAPHY.get(country, ("", "", "")), country)


def inbound_fields(state: TwilioState, chat: TwilioChat, sms: Sms) -> list[tuple[str, str]]:
    """What a webhook says of a customer's message."""
    city, region, zip, country = place_of(chat)
    fields = [
        ("ToCountry", "US"), ("ToState", "DC"), ("SmsMessageSid", sms.sid), ("NumMedia", str(len(sms.media))),
        ("ToCity", "WASHINGTON"), ("FromZip", zip), ("SmsSid", sms.sid), ("FromState", region), ("SmsStatus", "received"),
        ("FromCity", city), ("Body", sms.body), ("FromCountry", country), ("To", sms.to), ("ToZip", "20005"),
    ]  # fmt: skip
    if sms.opt_out:
        fields.append(("OptOutType", sms.opt_out))
    if sms.service:
        fields.append(("MessagingServiceSid", sms.service))
    for number, kept in enumerate(sms.media):
        fields += [
            (f"MediaContentType{number}", kept.file.mime),
            (f"MediaUrl{number}", media_url(state, sms.sid, kept.sid)),
        ]
    return [
        *fields,
        ("NumSegments", str(sms.segments)),
        ("MessageSid", sms.sid),
        ("AccountSid", state.account),
        ("From", sms.sender or ""),
        ("ApiVersion", API_VERSION),
    ]


def status_fields(state: TwilioState, sms: Sms, status: str, error: int | None) -> list[tuple[str, str]]:
    """What a status callback says of a message of the bot's."""
    fields = [("SmsSid", sms.sid), ("SmsStatus", status), ("MessageStatus", status), ("To", sms.to)]
    if sms.service:
        fields.append(("MessagingServiceSid", sms.service))
    fields += [("MessageSid", sms.sid), ("AccountSid", state.account), ("From", sms.sender or state.number)]
    fields.append(("ApiVersion", API_VERSION))
    return fields if error is None else [*fields, ("ErrorCode", str(error))]


def media_url(state: TwilioState, message: str, media: str) -> str:
    """Where a file of a customer's lies."""
    return f"{state.known_url}{state.root}/Messages/{message}/Media/{media}"


def segments_of(body: str, media: int) -> int:
    """How many segments are billed; an MMS counts as one."""
    return 1 if media else segmented(body).count


def final_status(code: int) -> str:
    """``failed`` or ``undelivered``."""
    return errors.FATES.get(code, errors.UNDELIVERED)
