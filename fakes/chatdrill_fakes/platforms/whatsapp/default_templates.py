"""The templates that every account of the fake has, approved: Meta's sample and two of a shop, in four languages."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.platforms.whatsapp.state import TemplateEntry

_HELLO: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
    {
        "type": "BODY",
        "text": "Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp message "
        "notification from the Cloud API, hosted by Meta. Thank you for taking the time to test with us.",
    },
    {"type": "FOOTER", "text": "WhatsApp Business Platform sample message"},
]

# language: (body, label of the quick reply, label of the link)
_PARCEL = {
    "de": ("Hallo {{1}}, Paket {{2}} kommt.", "Abmelden", "Verfolgen"),
    "en": ("Hello {{1}}, parcel {{2}} is coming.", "Unsubscribe", "Track"),
    "en_US": ("Hello {{1}}, parcel {{2}} is coming.", "Unsubscribe", "Track"),
    "pl": ("Witaj {{1}}, paczka {{2}} jest w drodze.", "Wypisz mnie", "Śledź"),
    "ru": ("Здравствуйте, {{1}}, посылка {{2}} в пути.", "Отписаться", "Отследить"),
}
_APPOINTMENT = {
    "de": ("Guten Tag {{1}}, wir erwarten Sie am {{2}} um {{3}} Uhr.", "Bestätigen", "Absagen"),
    "en": ("Hello {{1}}, we expect you on {{2}} at {{3}} o'clock.", "Confirm", "Cancel"),
    "en_US": ("Hello {{1}}, we expect you on {{2}} at {{3}} o'clock.", "Confirm", "Cancel"),
    "pl": ("Witaj {{1}}, czekamy na Ciebie dnia {{2}} o godzinie {{3}}.", "Potwierdzam", "Odwołuję"),
    "ru": ("Здравствуйте, {{1}}, ждём вас {{2}} в {{3}} ч.", "Подтвердить", "Отменить"),
}


def default_templates() -> dict[str, TemplateEntry]:
    """Fresh entries by id: ``hello_world`` (en_US), ``parcel_update`` and ``appointment_reminder``."""
    made = [("hello_world", "en_US", _HELLO)]
    made += [("parcel_update", language, _parcel(*texts)) for language, texts in _PARCEL.items()]
    made += [("appointment_reminder", language, _appointment(*texts)) for language, texts in _APPOINTMENT.items()]
    entries = (
        TemplateEntry(str(1627019861106475 + number), name, language, "UTILITY", components, sample=True)
        for number, (name, language, components) in enumerate(made)
    )
    return {entry.id: entry for entry in entries}


def _body(text: str, *examples: str) -> dict[str, Any]:
    return {"type": "BODY", "text": text, "example": {"body_text": [list(examples)]}}


def _parcel(text: str, leave: str, track: str) -> list[dict[str, Any]]:
    link = {"type": "URL", "text": track, "url": "https://atelier.example/t/{{1}}", "example": ["77"]}
    buttons = [{"type": "QUICK_REPLY", "text": leave}, link]
    return [_body(text, "Anna", "77"), {"type": "FOOTER", "text": "Atelier"}, {"type": "BUTTONS", "buttons": buttons}]


def _appointment(text: str, confirm: str, cancel: str) -> list[dict[str, Any]]:
    buttons = [{"type": "QUICK_REPLY", "text": confirm}, {"type": "QUICK_REPLY", "text": cancel}]
    return [_body(text, "Anna", "21.11.", "10:00"), {"type": "BUTTONS", "buttons": buttons}]
