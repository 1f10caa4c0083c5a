"""What WhatsApp writes into an export in the phone's language, for the languages most exports are in.

Only what is not caught by its form: media that were left out, deleted and edited messages, notices.
"""

from __future__ import annotations

import re

from chatdrill.model import MediaKind

NOONS: dict[str, bool] = {
    word: is_late
    for is_late, words in (
        (False, "am 오전 上午 凌晨 早上 午前 ص πμ sa قظ damanhã öö de fm ap"),
        (True, "pm 오후 下午 晚上 中午 午後 م μμ ch بظ datarde danoite ös du em ip"),
    )
    for word in words.split()
}
"""What says, before a time of twelve hours or behind it, whether it is after noon; in small letters, without dots and spaces."""
_LEFT_OUT = (
    "omitted", "omitido", "omitida", "omis", "omise", "omessi", "omesso", "omessa", "ausgeschlossen", "weggelassen",
    "weggelaten", "pominięto", "pominięty", "pominięte", "отсутствует", "пропущен", "пропущено", "без медиафайлов", "opuszczono",
    "пропущено", "без медіа", "省略", "含まれていません", "제외", "استبعاد", "απουσία", "vynecháno", "atlandı", "oculto", "ocultado",
)  # fmt: skip
_KINDS: tuple[tuple[str, MediaKind], ...] = (
    ("video note", "video_note"),
    ("gif", "animation"),
    ("sticker", "sticker"),
    ("стикер", "sticker"),
    ("naklejk", "sticker"),
    ("image", "photo"),
    ("изображение", "photo"),
    ("obraz", "photo"),
    ("bild", "photo"),
    ("imagen", "photo"),
    ("imagem", "photo"),
    ("immagine", "photo"),
    ("video", "video"),
    ("видео", "video"),
    ("wideo", "video"),
    ("audio", "voice"),
    ("аудио", "voice"),
    ("dźwięk", "voice"),
    ("document", "document"),
    ("документ", "document"),
    ("dokument", "document"),
    ("documento", "document"),
)
_WORD = "|".join(map(re.escape, sorted(set(_LEFT_OUT), key=len, reverse=True)))
LEFT_OUT = re.compile(
    rf"<[^<>\n]{{0,30}}(?:{_WORD})[^<>\n]{{0,30}}>|^(?:[\w.\- ]{{1,40}} )?(?:{_WORD})(?: [\w.]{{1,20}})?$",
    re.IGNORECASE | re.MULTILINE,
)
"""Stands for a file: in angle brackets on Android, as a line of its own on iOS."""

LEFT_OUT_WORDS = frozenset(word for words in _LEFT_OUT for word in words.split())
FIRST_WORDS = frozenset(
    [
        "you",
        "null",
        "deleted",
        "deleted.",
        "данное",
        "сообщение",
        "удалили",
        "wiadomość",
        "wiadomosc",
        "ta",
        "usunięto",
        "usunąłeś",
        "nachricht",
        "hast",
        "eliminaste",
        "eliminó",
        "fue",
        "mensagem",
        "mensaje",
        "message",
        "a",
        "messaggio",
    ]
)
"""One of the first two words of what says that a message was deleted."""
IS_DELETED = re.compile(
    r"^(?:This message was deleted\.?|You deleted this message\.?|This message was deleted by admin.*|Message deleted\.?"
    r"|(?:Данное )?сообщение удалено\.?|Вы удалили (?:это|данное) сообщение\.?"
    r"|(?:Ta )?wiadomość została usunięta\.?|Wiadomość usunięta\.?|Usunięto tę wiadomość\.?|Usunąłeś tę wiadomość\.?|Ta wiadomość została usunięta.*"
    r"|Diese Nachricht wurde gelöscht\.?|Du hast diese Nachricht gelöscht\.?"
    r"|Eliminaste este mensaje\.?|Se eliminó este mensaje\.?|Este mensaje fue eliminado\.?|Mensagem apagada\.?"
    r"|Ce message a été supprimé\.?|Questo messaggio è stato eliminato\.?|null)$",
    re.IGNORECASE,
)
IS_CHANGED = re.compile(
    r"\s*<(?:This message was edited|(?:Это )?сообщение (?:было )?изменено|Изменено|(?:Ta )?wiadomość (?:została )?(?:edytowana|zmieniona)|Edytowano"
    r"|Diese Nachricht wurde bearbeitet|Se editó este mensaje|Ce message a été modifié|Questo messaggio è stato modificato)\.?>$",
    re.IGNORECASE,
)
IS_NOTICE = re.compile(
    r"end-to-end|сквозн\w+ шифрован|szyfrowan|Ende-zu-Ende|extremo a extremo|bout en bout|crittografi"
    r"|created (?:this )?group|added you|changed (?:the|this) |security code|missed (?:voice|video) call|joined using|turned on disappearing"
    r"|создал|пропущенн\w+ (?:аудио|видео)?звонок|код безопасности|добавил|утворив"
    r"|utworzy\w+ grupę|kod zabezpieczeń|nieodebrane połączenie|doda\w+ użytkownika"
    r"|blocked this contact|unblocked this contact|заблокировали|zablokowa",
    re.IGNORECASE,
)
SUFFIXES = re.compile(
    r"\((?:file attached|файл добавлен|файл прикреплен|plik załączony|plik dołączony|załączono plik|Datei angehängt|archivo adjunto|fichier joint|file allegato)\)"
)


def left_out_kind(text: str) -> MediaKind | None:
    """The kind of the file that a line stands for, or ``None`` for words."""
    found = LEFT_OUT.search(text)
    if found is None or ("\n" in text.strip() and not found[0].startswith("<")):
        return None
    words = found[0].lower()
    if not words.startswith("<") and not any(word in words for word, _ in _KINDS):
        return None
    return next((kind for word, kind in _KINDS if word in words), "photo")
