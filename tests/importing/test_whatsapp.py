"""WhatsApp's texts: what iOS and Android write in many languages, line by line."""

from __future__ import annotations

import calendar

import pytest

from chatdrill.errors import ExportError
from importing.kit import JPEG, dialogs, export, said, turns, zipped


def at(*moment: int) -> float:
    return float(calendar.timegm((*moment, 0)[:6] if len(moment) == 5 else moment))


STYLES = {
    "android en_GB": ("13/03/2024, 14:05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android en_US": ("3/13/24, 2:05 PM - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android en_US, narrow space": ("3/13/24, 2:05\u202fPM - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android ru": ("13.03.2024, 14:05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android es": ("13/3/24, 2:05 p. m. - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android es, no comma": ("13/3/24 14:05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android nl": ("13-03-2024 14:05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android sv, ISO": ("2024-03-13 14:05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "ios en_GB": ("[13/03/2024, 14:05:33] Anna: Hi", at(2024, 3, 13, 14, 5, 33)),
    "ios en_US": ("[3/13/24, 2:05:33 PM] Anna: Hi", at(2024, 3, 13, 14, 5, 33)),
    "ios pl": ("[13.03.2024, 14:05:33] Anna: Hi", at(2024, 3, 13, 14, 5, 33)),
    "ios, left-to-right mark": ("\u200e[13/03/2024, 14:05:33] Anna: Hi", at(2024, 3, 13, 14, 5, 33)),
    "midnight": ("3/13/24, 12:05 AM - Anna: Hi", at(2024, 3, 13, 0, 5)),
    "noon": ("3/13/24, 12:05 PM - Anna: Hi", at(2024, 3, 13, 12, 5)),
    "cs, spaces in the date": ("13. 3. 2024 14:05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android fr": ("13/03/2024 à 14:05 - Anna : Hi", at(2024, 3, 13, 14, 5)),
    "ios fr, a space before the colon": ("[13/03/2024 14:05:33] Anna\u00a0: Hi", at(2024, 3, 13, 14, 5, 33)),
    "android ko": ("2024. 3. 13. 오후 2:05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "ios zh": ("[2024/3/13 下午2:05:33] Anna: Hi", at(2024, 3, 13, 14, 5, 33)),
    "ios ja": ("[2024/03/13 14:05:33] Anna: Hi", at(2024, 3, 13, 14, 5, 33)),
    "android ar": ("\u200f١٣\u200f/٣\u200f/٢٠٢٤، ٢:٠٥ م - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android hi": ("१३/३/२४, २:०५ pm - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android el": ("13/3/24, 2:05 μ.μ. - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "android vi": ("13/3/24, 2:05 CH - Anna: Hi", at(2024, 3, 13, 14, 5)),
    "ios en_CA": ("[2024-03-13, 2:05:33 p.m.] Anna: Hi", at(2024, 3, 13, 14, 5, 33)),
    "it, points in the time": ("13/03/24, 14.05 - Anna: Hi", at(2024, 3, 13, 14, 5)),
}


@pytest.mark.parametrize("style", STYLES)
def test_each_way_to_write_a_moment_is_read(style, tmp_path):
    line, moment = STYLES[style]
    (turn,) = turns(export(tmp_path, "chat.txt", line + "\n"))
    assert (turn.at, turn.who, turn.text) == (moment, "Anna", "Hi")


def test_the_order_of_day_and_month_is_seen_anywhere_in_the_file(tmp_path):
    lines = "3/4/24, 9:00 - Anna: one\n3/13/24, 9:00 - Anna: two\n"
    assert [turn.at for turn in turns(export(tmp_path, "chat.txt", lines))] == [
        at(2024, 3, 4, 9, 0),
        at(2024, 3, 13, 9, 0),
    ]


def test_where_both_orders_are_possible_time_goes_forward(tmp_path):
    lines = "3/11/24, 9:00 - Anna: one\n4/02/24, 9:00 - Anna: two\n"
    first, second = turns(export(tmp_path, "chat.txt", lines))
    assert (first.at, second.at) == (at(2024, 3, 11, 9, 0), at(2024, 4, 2, 9, 0))


def test_a_person_can_say_the_order(tmp_path):
    path = export(tmp_path, "chat.txt", "03/04/2024, 9:00 - Anna: Hi\n")
    assert turns(path)[0].at == at(2024, 4, 3, 9, 0) and turns(path, dates="mdy")[0].at == at(2024, 3, 4, 9, 0)
    with pytest.raises(ExportError, match=r"chat.txt:1: 13/13/2024 is no date; .*--dates"):
        turns(export(tmp_path, "chat.txt", "13/13/2024, 9:00 - Anna: Hi\n"), format="whatsapp")


def test_a_message_of_several_lines_stays_one(tmp_path):
    text = "13/03/2024, 14:05 - Anna: Hi\n\nhow are you: fine?\n- one\n13/03/2024, 14:06 - Bot: ok\n"
    assert said(export(tmp_path, "chat.txt", text)) == [("Anna", "Hi\n\nhow are you: fine?\n- one"), ("Bot", "ok")]


SILENT = [
    "13/03/2024, 14:05 - Messages and calls are end-to-end encrypted. Tap to learn more.",
    "13/03/2024, 14:05 - Anna: This message was deleted",
    "13/03/2024, 14:05 - Anna: Данное сообщение удалено",
    "13/03/2024, 14:05 - Anna: Ta wiadomość została usunięta",
    "13/03/2024, 14:05 - Anna: null",
    "[13/03/2024, 14:05:33] Anna: \u200eMessages and calls are end-to-end encrypted. No one can read them.",
    "[13.03.2024, 14:05:33] Anna: \u200eСообщения и звонки защищены сквозным шифрованием.",
    "[13.03.2024, 14:05:33] Anna: \u200eПропущенный аудиозвонок",
    "13.03.2024, 14:05 - Anna изменила код безопасности",
]


@pytest.mark.parametrize("line", SILENT)
def test_what_whatsapp_says_itself_is_nobodys_message(line, tmp_path):
    assert said(export(tmp_path, "chat.txt", f"{line}\n13/03/2024, 14:06 - Anna: Hi\n")) == [("Anna", "Hi")]


LEFT_OUT = {
    "<Media omitted>": "photo",
    "<Без медиафайлов>": "photo",
    "<pominięto multimedia>": "photo",
    "\u200eimage omitted": "photo",
    "\u200eaudio omitted": "voice",
    "\u200eизображение отсутствует": "photo",
    "\u200evideo omitted": "video",
    "\u200eGIF omitted": "animation",
    "\u200esticker omitted": "sticker",
    "\u200einvoice 553.pdf \u200edocument omitted": "document",
    "\u200e<attached: 00000012-AUDIO-2024-03-12-14-05-33.opus>": "voice",
    "\u200e<прикреплено: 00000013-PHOTO-2024-03-12-14-05-33.jpg>": "photo",
    "IMG-20240312-WA0001.jpg (file attached)": "photo",
    "PTT-20240312-WA0002.opus (файл добавлен)": "voice",
    "STK-20240312-WA0003.webp (plik załączony)": "sticker",
}


@pytest.mark.parametrize("text", LEFT_OUT)
def test_a_file_is_known_by_what_stands_for_it(text, tmp_path):
    (turn,) = turns(export(tmp_path, "chat.txt", f"13/03/2024, 14:05 - Anna: {text}\n"))
    assert ([file.kind for file in turn.files], turn.text) == ([LEFT_OUT[text]], "")


def test_words_about_files_are_words(tmp_path):
    for text in (
        "I omitted the image on purpose, sorry",
        "see the file (attached) please",
        "1 < 2 and 3 > 2",
        "you: ok",
    ):
        assert said(export(tmp_path, "chat.txt", f"13/03/2024, 14:05 - Anna: {text}\n")) == [("Anna", text)]


def test_a_caption_a_place_and_an_edit_are_read(tmp_path):
    lines = (
        "13/03/2024, 14:05 - Anna: IMG-20240312-WA0001.jpg (file attached)\nlook at this\n"
        "13/03/2024, 14:06 - Anna: location: https://maps.google.com/?q=52.2297,21.0122\n"
        "13/03/2024, 14:07 - Anna: later <This message was edited>\n"
    )
    photo, place, edited = turns(export(tmp_path, "chat.txt", lines))
    assert photo.text == "look at this" and photo.files[0].path == "IMG-20240312-WA0001.jpg"
    assert (place.place.latitude, place.place.longitude, place.text) == (52.2297, 21.0122, "")
    assert (edited.text, edited.changed) == ("later", True)


def test_a_zip_has_the_chat_and_its_media(tmp_path):
    line = "[13/03/2024, 14:05:33] ~\u202fAnna: \u200e<attached: 00000012-PHOTO.jpg>\r\n"
    path = zipped(tmp_path / "WhatsApp Chat - Anna K.zip", {"_chat.txt": line, "00000012-PHOTO.jpg": JPEG})
    (dialog,) = dialogs(path)
    (turn,) = dialog.turns()
    assert dialog.title == "Anna K" and turn.who == "Anna" and turn.files[0].path == "00000012-PHOTO.jpg"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_other_encodings_are_seen(encoding, tmp_path):
    text = "13.03.2024, 14:05 - Анна Иванова: Привет, где мой заказ?\r\n"
    assert said(export(tmp_path, "chat.txt", text.encode(encoding))) == [("Анна Иванова", "Привет, где мой заказ?")]


def test_polish_in_an_old_code_page_is_seen(tmp_path):
    text = "13.03.2024, 14:05 - Żaneta: Dzień dobry, proszę o zwrot\n"
    assert said(export(tmp_path, "chat.txt", text.encode("cp1250"))) == [("Żaneta", "Dzień dobry, proszę o zwrot")]
