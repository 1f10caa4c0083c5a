"""What is new in a mail: the words above what they answer, and above the signature."""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r"^(?:>.*"
    r"|On .{5,120} wrote:|W dniu .{5,120} pisze:|.{5,80} napisał(?:\(a\)|a)?:|.{5,120} (?:пишет|написал\(?а?\)?):|Am .{5,120} schrieb.*:"
    r"|\d{1,2}\.\d{1,2}\.\d{4}, \d{1,2}:\d{2}, .{3,120}:"
    r"|-{2,} ?(?:Original Message|Forwarded message|Исходное сообщение|Пересылаемое сообщение|Wiadomość oryginalna|Oryginalna wiadomość).*"
    r"|Sent from my [\w ]{2,30}|Sent with Thunderbird|Отправлено (?:с|из) .{2,40}|Von meinem [\w ]{2,30} gesendet|Wysłane z .{2,40}"
    r"|_{10,}|(?:From|От|Od|Von): .+@.+)$",
    re.IGNORECASE,
)


def unquoted(text: str) -> str:
    """What is new in a mail: nothing from the first quotation or the signature on. Of one that answers line by line, what stands between the
    quotations."""
    lines = text.replace("\r\n", "\n").split("\n")
    marked = [line in ("-- ", "--") or bool(_QUOTED.match(line.strip())) for line in lines]
    above = "\n".join(lines[: marked.index(True)] if True in marked else lines).strip()
    if above or not any(line.startswith(">") for line in lines):
        return above
    return "\n".join(line for line, is_old in zip(lines, marked, strict=True) if not is_old).strip()
