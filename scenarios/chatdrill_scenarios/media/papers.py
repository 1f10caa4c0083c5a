"""The drawn papers and screens of the sample media: receipt, screenshot, size chart, sticker, PDF."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw, ImageFilter

from .drawing import BLUE, SEED, Canvas, Colour, floor, font, grained, shoe_side, smooth

INK: Colour = (38, 36, 40)
_RECEIPT: tuple[tuple[str, str], ...] = (
    ("Order", "553"), ("Date", "16.11.2026 14:05"), ("Till 2", "Anna"), ("", ""),
    ("Runner 2, blue, 42", "289.00"), ("Laces, white", "12.00"), ("Shoe care kit", "39.00"), ("", ""),
    ("Subtotal", "340.00"), ("VAT 23% incl.", "63.58"), ("TOTAL PLN", "340.00"), ("", ""), ("Card **** 1881", "340.00"),
)  # fmt: skip


def receipt() -> Image.Image:
    """A till receipt on a table, slightly turned, 900×1200."""
    paper = Image.new("RGBA", (560, 1000), (250, 248, 240, 255))
    draw = ImageDraw.Draw(paper)
    draw.text((280, 70), "STEPWELL SHOES", INK, font(46), anchor="mm")
    draw.text((280, 118), "ul. Marszalkowska 104, Warszawa", INK, font(24), anchor="mm")
    y = 180
    for left, right in _RECEIPT:
        size = 38 if left.startswith("TOTAL") or left == "Order" else 28
        if not left:
            draw.line((40, y + 4, 520, y + 4), fill=INK, width=2)
        draw.text((40, y), left, INK, font(size))
        draw.text((520, y), right, INK, font(size), anchor="ra")
        y += 52 if left else 24
    _barcode(draw, y + 24)
    draw.text((280, y + 150), "Returns within 14 days. Thank you!", INK, font(24), anchor="mm")
    crease = Image.linear_gradient("L").resize((560, 1000)).point([round(value * 0.16) for value in range(256)])
    paper.paste(Image.new("RGBA", paper.size, (70, 60, 50, 255)), (0, 0), crease)
    table = floor((900, 1200), (96, 70, 50), SEED + 5).convert("RGBA")
    turned = paper.rotate(4, Image.Resampling.BICUBIC, expand=True)
    shadow = Image.new("RGBA", turned.size, (0, 0, 0, 255))
    table.paste(shadow, (158, 108), turned.getchannel("A").filter(ImageFilter.GaussianBlur(14)))
    table.paste(turned, (140, 82), turned)
    return grained(table.convert("RGB"), 24, 0.11)


def _barcode(draw: ImageDraw.ImageDraw, top: float) -> None:
    x = 130
    for number in range(62):
        width = 2 + (number * 7 + number // 3) % 4
        if number % 2 == 0:
            draw.rectangle((x, top, x + width, top + 84), fill=INK)
        x += width + 1


_CHAT: tuple[tuple[bool, str, str], ...] = (
    (False, "Hello! How can I help?", "14:01"),
    (True, "hi", "14:02"),
    (True, "my shoes came torn :(", "14:02"),
    (True, "order 553", "14:02"),
    (False, "I am sorry! Please send a photo\nof the shoes.", "14:03"),
    (True, "[photo]", "14:05"),
    (False, "Thank you, I have the photo.\nReturn R-553-1 is registered.", "14:05"),
)


def screenshot() -> Image.Image:
    """A chat application on a phone, 720×1280."""
    image = Image.new("RGB", (720, 1280), (229, 236, 242))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 720, 132), fill=(38, 92, 140))
    draw.text((28, 12), "14:07", (255, 255, 255), font(26))
    draw.text((692, 12), "4G  87%", (255, 255, 255), font(26), anchor="ra")
    draw.ellipse((28, 52, 98, 122), fill=(240, 196, 84))
    draw.text((63, 87), "S", (38, 92, 140), font(40), anchor="mm")
    draw.text((120, 54), "Stepwell Shoes", (255, 255, 255), font(34))
    draw.text((120, 94), "online", (188, 214, 236), font(24))
    y = 160
    for mine, words, time in _CHAT:
        y += _bubble(image, draw, y, mine, words, time) + 16
    draw.rectangle((0, 1200, 720, 1280), fill=(255, 255, 255))
    draw.rounded_rectangle((24, 1214, 620, 1266), 26, fill=(238, 240, 243))
    draw.text((50, 1226), "Message", (150, 156, 164), font(26))
    draw.ellipse((642, 1212, 698, 1268), fill=(38, 92, 140))
    draw.polygon([(660, 1226), (688, 1240), (660, 1254)], fill=(255, 255, 255))
    return image


def _bubble(image: Image.Image, draw: ImageDraw.ImageDraw, y: int, mine: bool, words: str, time: str) -> int:
    colour = (210, 238, 206) if mine else (255, 255, 255)
    if words == "[photo]":
        picture = shoe_side(True, BLUE, (138, 106, 78)).resize((300, 225), Image.Resampling.LANCZOS)
        draw.rounded_rectangle((374, y, 698, y + 270), 18, fill=colour)
        image.paste(picture, (386, y + 12))
        draw.text((682, y + 240), time, (120, 140, 120), font(20), anchor="ra")
        return 270
    lines = words.split("\n")
    width = max(draw.textlength(line, font(28)) for line in lines) + 48
    height = 62 + 36 * len(lines)
    left = 698 - width if mine else 22
    draw.rounded_rectangle((left, y, left + width, y + height), 18, fill=colour)
    for number, line in enumerate(lines):
        draw.text((left + 24, y + 16 + 36 * number), line, (30, 36, 44), font(28))
    draw.text((left + width - 18, y + height - 30), time, (120, 130, 140), font(20), anchor="ra")
    return height


def size_chart() -> Image.Image:
    """The shop's size chart, 900×1000."""
    image = Image.new("RGB", (900, 1000), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 900, 130), fill=(38, 92, 140))
    draw.text((450, 65), "Stepwell Shoes: size chart", (255, 255, 255), font(48), anchor="mm")
    columns = (112, 337, 562, 787)
    for x, title in zip(columns, ("EU", "UK", "US", "Foot, cm"), strict=True):
        draw.text((x, 172), title, (38, 92, 140), font(34), anchor="mm")
    for number, size in enumerate(range(35, 48)):
        top = 206 + number * 57
        if number % 2 == 0:
            draw.rectangle((30, top, 870, top + 57), fill=(236, 242, 248))
        row = (str(size), f"{size - 33 + 0.5:g}", f"{size - 32 + 0.5:g}", f"{22.0 + number * 0.65:.1f}")
        for x, cell in zip(columns, row, strict=True):
            draw.text((x, top + 28), cell, INK, font(32), anchor="mm")
    draw.text(
        (450, 972), "Measure in the evening, standing, heel against a wall.", (110, 118, 128), font(24), anchor="mm"
    )
    return image


def thumbs_up() -> Image.Image:
    """A sticker with a white rim on transparent ground, 512×512."""
    size = (512, 512)
    shapes = Canvas(size, Image.new("RGB", size))
    hand = [(190, 232), (236, 168), (252, 84), (292, 62), (326, 96), (318, 196), (420, 196), (452, 232), (436, 268),
            (448, 304), (424, 336), (428, 372), (400, 400), (388, 432), (340, 446), (240, 436), (190, 412)]  # fmt: skip
    cuff = [(84, 220), (176, 220), (176, 440), (84, 440)]
    points = smooth([(float(x), float(y)) for x, y in hand])
    cuffs = smooth([(float(x), float(y)) for x, y in cuff], 4)
    whole = Image.composite(shapes.mask(points), shapes.mask(cuffs), shapes.mask(points))
    rim = whole.filter(ImageFilter.GaussianBlur(18)).point([255 if value > 24 else 0 for value in range(256)])
    shapes.fill([(0, 0), (512, 0), (512, 512), (0, 512)], (255, 255, 255))
    shapes.shade(points, (255, 214, 92), (240, 160, 48), 61, 0.02)
    shapes.shade(cuffs, (74, 128, 190), (36, 74, 130), 62, 0.02)
    for y in (262, 318, 370):
        shapes.line([(360 + 30 * math.cos(n / 5), y + n * 0.6) for n in range(8)], (196, 122, 30), 6)
    shapes.fill(smooth([(268, 96), (290, 86), (296, 150), (272, 190)]), (255, 246, 200), blur=6, strength=0.8)
    sticker = shapes.image.copy()
    sticker.putalpha(rim.filter(ImageFilter.GaussianBlur(2)))
    return sticker.resize(size, Image.Resampling.LANCZOS)


_INVOICE = (
    (20, "Invoice 553"), (12, "Stepwell Shoes, ul. Marszalkowska 104, Warszawa"), (12, "Date of sale: 16.11.2026"),
    (12, ""), (12, "1 x Runner 2, blue, size 42 ............ 289.00 PLN"), (12, "1 x Laces, white ............ 12.00 PLN"),
    (12, "1 x Shoe care kit ............ 39.00 PLN"), (12, ""), (14, "Total: 340.00 PLN (VAT 23% included: 63.58 PLN)"),
    (12, "Paid by card. Returns within 14 days."),
)  # fmt: skip


def invoice_pdf() -> bytes:
    """One page of text, written by hand: a PDF is a list of objects and a table of where they are."""
    lines, y = [], 780
    for size, words in _INVOICE:
        escaped = words.replace("(", "\\(").replace(")", "\\)")
        lines.append(f"BT /F1 {size} Tf 60 {y} Td ({escaped}) Tj ET")
        y -= size + 14
    stream = "\n".join(lines).encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += str(number).encode() + b" 0 obj\n" + content + b"\nendobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n".encode()
    return body + head + table + tail
