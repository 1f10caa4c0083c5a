"""The pictures of the sample media, drawn from nothing with a fixed seed. Only `make_samples` needs this."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

SEED = 553
SCALE = 2  # drawn twice as large and reduced, which is what smooths the edges
Point = tuple[float, float]
Colour = tuple[int, int, int]


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, so that every machine draws the same letters."""
    return ImageFont.load_default(size)


def noise(size: tuple[int, int], seed: int, spread: float = 1.0) -> Image.Image:
    """Grey noise around 128; `spread` below 1 flattens it."""
    grain = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))
    return grain.point([round(128 + (value - 128) * spread) for value in range(256)])


def grained(image: Image.Image, seed: int, spread: float) -> Image.Image:
    """The image as a small sensor would see it in a room."""
    grain = noise(image.size, seed, spread).filter(ImageFilter.GaussianBlur(0.6))
    return ImageChops.add(image, Image.merge("RGB", [grain] * 3), scale=1, offset=-128)


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A closed Catmull-Rom curve through the points."""
    curve: list[Point] = []
    count = len(points)
    for at in range(count):
        a, b, c, d = (points[(at + shift) % count] for shift in (-1, 0, 1, 2))
        curve += [(_spline(a[0], b[0], c[0], d[0], n / steps), _spline(a[1], b[1], c[1], d[1], n / steps))
                  for n in range(steps)]  # fmt: skip
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - 3 * c + d - a) * t**3)


class Canvas:
    """A picture in the making; coordinates are those of the finished picture."""

    def __init__(self, size: tuple[int, int], background: Image.Image) -> None:
        self.size = size
        self.image = background.resize((size[0] * SCALE, size[1] * SCALE), Image.Resampling.BICUBIC)

    def finish(self) -> Image.Image:
        return self.image.resize(self.size, Image.Resampling.LANCZOS)

    def mask(self, points: Sequence[Point], blur: float = 0) -> Image.Image:
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon([(x * SCALE, y * SCALE) for x, y in points], fill=255)
        return mask.filter(ImageFilter.GaussianBlur(blur * SCALE)) if blur else mask

    def fill(self, points: Sequence[Point], colour: Colour, *, blur: float = 0, strength: float = 1.0) -> None:
        mask = self.mask(points, blur).point([round(value * strength) for value in range(256)])
        self.image.paste(Image.new("RGB", self.image.size, colour), (0, 0), mask)

    def shade(self, points: Sequence[Point], light: Colour, dark: Colour, seed: int, texture: float = 0.12) -> None:
        """A surface: lit from above, dark below, with a woven texture."""
        mask = self.mask(points)
        left, top, right, bottom = mask.getbbox() or (0, 0, 1, 1)
        span = max(bottom - top, 1)
        ramp = Image.linear_gradient("L").resize((right - left, span))
        surface = Image.composite(Image.new("RGB", ramp.size, dark), Image.new("RGB", ramp.size, light), ramp)
        grain = noise((ramp.width // 3 + 1, ramp.height // 3 + 1), seed, texture).resize(ramp.size)
        surface = ImageChops.add(surface, Image.merge("RGB", [grain] * 3), scale=1, offset=-128)
        self.image.paste(surface, (left, top), mask.crop((left, top, right, bottom)))

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        draw = ImageDraw.Draw(self.image)
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            reach = width * SCALE / 2
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)

    def stitches(self, points: Sequence[Point], colour: Colour, width: float = 2.2) -> None:
        for number in range(0, len(points) - 1, 2):
            self.line(points[number : number + 2], colour, width)

    def spot(self, x: float, y: float, reach: float, colour: Colour) -> None:
        self.fill([(x + reach * math.cos(a / 8 * math.pi), y + reach * math.sin(a / 8 * math.pi)) for a in range(16)],
                  colour)  # fmt: skip


def along(start: Point, end: Point, bend: float, count: int) -> list[Point]:
    """Points of a bent line; `bend` lifts its middle."""
    return [
        (
            start[0] + (end[0] - start[0]) * n / count,
            start[1] + (end[1] - start[1]) * n / count - bend * math.sin(math.pi * n / count),
        )
        for n in range(count + 1)
    ]


def floor(size: tuple[int, int], colour: Colour, seed: int) -> Image.Image:
    """Wooden boards seen from above, darker towards the corners."""
    draws = random.Random(seed)
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    board = size[1] / 6
    for row in range(7):
        tone = draws.randint(-14, 14)
        shade = tuple(max(0, min(255, part + tone)) for part in colour)
        top = row * board - draws.random() * 4
        draw.rectangle((0, top, size[0], top + board), fill=shade)
        for _ in range(70):
            y = top + draws.random() * board
            x = draws.random() * size[0]
            grain = tuple(max(0, part + tone - draws.randint(6, 22)) for part in colour)
            draw.line((x, y, x + draws.randint(80, 420), y + draws.randint(-3, 3)), fill=grain, width=1)
        draw.line((0, top, size[0], top), fill=tuple(part // 3 for part in colour), width=2)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    light = Image.radial_gradient("L").resize(size).point([255 - round(value * 0.42) for value in range(256)])
    return ImageChops.multiply(image, Image.merge("RGB", [light] * 3))


BLUE: tuple[Colour, Colour] = ((86, 128, 190), (30, 54, 104))
RED: tuple[Colour, Colour] = ((204, 84, 74), (112, 28, 32))
GREEN: tuple[Colour, Colour] = ((104, 160, 128), (34, 78, 62))
WHITE: Colour = (244, 241, 232)

_UPPER: list[Point] = [
    (1032, 372), (1000, 352), (962, 392), (900, 428), (838, 408), (806, 344), (762, 326), (716, 372), (640, 450),
    (548, 528), (440, 578), (340, 612), (278, 660), (268, 716), (420, 728), (660, 730), (900, 730), (1058, 720),
    (1076, 640), (1056, 520), (1040, 440),
]  # fmt: skip
_SOLE: list[Point] = [
    (252, 704), (300, 716), (500, 724), (760, 724), (980, 716), (1078, 690), (1094, 736), (1078, 784), (1000, 796),
    (760, 800), (520, 800), (340, 794), (262, 768), (244, 736),
]  # fmt: skip


def shoe_side(torn: bool, colours: tuple[Colour, Colour], wood: Colour) -> Image.Image:
    """A trainer from the side, 1280×960."""
    canvas = Canvas((1280, 960), floor((1280, 960), wood, SEED))
    light, dark = colours
    canvas.fill([(x, 800 + (y - 800) * 0.35) for x, y in smooth([(230, 690), (700, 640), (1120, 690), (1150, 800),
                (700, 930), (220, 830)])], (16, 12, 10), blur=26, strength=0.75)  # fmt: skip
    canvas.shade(smooth(_SOLE), WHITE, (168, 160, 148), 11, 0.06)
    canvas.shade(smooth(_UPPER), light, dark, 12)
    _panels(canvas, light, dark)
    _laces(canvas)
    _sole_grooves(canvas)
    if torn:
        _tear(canvas, light)
    return grained(canvas.finish(), 21, 0.17)


def _panels(canvas: Canvas, light: Colour, dark: Colour) -> None:
    deep = tuple(part * 2 // 3 for part in dark)
    toe = smooth([(268, 716), (276, 662), (338, 614), (410, 590), (446, 640), (452, 727), (360, 726)])
    heel = smooth([(1058, 718), (1076, 640), (1058, 530), (1012, 510), (950, 600), (918, 728)])
    stripe = smooth([(560, 724), (640, 640), (744, 520), (806, 470), (846, 486), (770, 590), (690, 724)])
    canvas.shade(toe, light, (deep[0], deep[1], deep[2]), 13, 0.05)
    canvas.shade(heel, light, (deep[0], deep[1], deep[2]), 14, 0.05)
    canvas.shade(stripe, WHITE, (190, 186, 178), 15, 0.05)
    for outline in (toe[42:], heel[28:70], stripe):
        canvas.stitches(outline, (226, 220, 200))
    collar = smooth([(1024, 380), (1000, 362), (964, 402), (900, 440), (842, 420), (822, 376), (852, 396), (904, 412),
                     (956, 376), (998, 340), (1030, 352)])  # fmt: skip
    canvas.fill(collar, (28, 30, 38))
    shine = smooth([(420, 600), (560, 540), (660, 458), (700, 452), (600, 560), (470, 622)])
    canvas.fill(shine, (255, 255, 255), blur=16, strength=0.30)


def _laces(canvas: Canvas) -> None:
    for number in range(5):
        x, y = 590 + number * 42, 520 - number * 38
        left, right = (x - 18, y - 34), (x + 74, y + 46)
        canvas.line(along((left[0], left[1] + 5), (right[0], right[1] + 5), 12, 8), (60, 58, 60), 17)
        canvas.line(along(left, right, 12, 8), (236, 232, 222), 15)
        canvas.line(along((left[0] + 3, left[1] - 3), (right[0] - 6, right[1] - 6), 12, 8), (255, 255, 255), 4)
        canvas.spot(right[0] + 4, right[1] + 2, 11, (70, 70, 76))
        canvas.spot(right[0] + 4, right[1] + 2, 5, (20, 20, 24))
    for bend, end in ((60, (690, 300)), (-36, (880, 318))):
        canvas.line(along((768, 338), end, bend, 12), (70, 66, 66), 13)
        canvas.line(along((766, 334), (end[0], end[1] - 4), bend, 12), (242, 238, 230), 11)


def _sole_grooves(canvas: Canvas) -> None:
    canvas.line(along((262, 742), (1084, 730), -14, 30), (150, 142, 130), 3)
    for number in range(26):
        x = 292 + number * 30
        canvas.line([(x, 770), (x + 8, 794)], (122, 114, 104), 5)


def _tear(canvas: Canvas, light: Colour) -> None:
    """The seam between toe and sole is open, and the cloth beside it has a hole with frayed threads."""
    draws = random.Random(SEED + 1)
    upper = [(300 + 18 * n, 714 - 78 * math.sin(math.pi * n / 15) ** 0.8 + draws.randint(-7, 7)) for n in range(16)]
    lower = [(570 - 18 * n, 718 + 22 * math.sin(math.pi * n / 15) + draws.randint(-4, 4)) for n in range(16)]
    canvas.fill([*upper, *lower], (22, 15, 13))
    canvas.fill(smooth([(370, 704), (440, 684), (510, 702), (490, 730), (400, 732)]), (164, 158, 150), blur=7,
                strength=0.8)  # fmt: skip
    canvas.line(upper, (236, 214, 180), 4)
    _threads(canvas, upper, (214, 196, 160), draws)
    hole = [(604 + 44 * math.cos(a / 11 * math.pi) * draws.uniform(0.7, 1.15),
             622 + 30 * math.sin(a / 11 * math.pi) * draws.uniform(0.7, 1.2)) for a in range(22)]  # fmt: skip
    canvas.fill([(x + 4, y + 5) for x, y in hole], (16, 16, 22), blur=4, strength=0.7)
    canvas.fill(hole, (30, 24, 24))
    canvas.line([*hole, hole[0]], tuple(min(255, part + 60) for part in light), 3)  # type: ignore[arg-type]
    _threads(canvas, hole, (190, 204, 226), draws)


def _threads(canvas: Canvas, edge: Sequence[Point], colour: Colour, draws: random.Random) -> None:
    for x, y in edge:
        for _ in range(2):
            end = (x + draws.randint(-14, 14), y + draws.randint(4, 30))
            canvas.line(along((x, y), end, draws.randint(-7, 7), 5), colour, 1.4)


def shoe_front(colours: tuple[Colour, Colour], wood: Colour) -> Image.Image:
    """The pair from the front, 960×960."""
    canvas = Canvas((960, 960), floor((960, 960), wood, SEED + 2))
    for shift, seed in ((-215, 31), (215, 41)):
        _one_front(canvas, 480 + shift, 1 if shift > 0 else -1, colours, seed)
    return grained(canvas.finish(), 22, 0.12)


def _one_front(canvas: Canvas, x: float, side: int, colours: tuple[Colour, Colour], seed: int) -> None:
    def at(*points: Point) -> list[Point]:
        return smooth([(x + side * dx, dy) for dx, dy in points])

    light, dark = colours
    canvas.fill(at((-190, 760), (0, 720), (200, 760), (190, 850), (0, 880), (-190, 840)), (12, 9, 8), blur=22,
                strength=0.8)  # fmt: skip
    canvas.shade(at((-168, 690), (0, 730), (172, 690), (186, 760), (160, 812), (0, 828), (-150, 812), (-180, 760)),
                 WHITE, (160, 152, 140), seed, 0.06)  # fmt: skip
    canvas.shade(at((-96, 300), (0, 268), (96, 300), (126, 420), (158, 560), (172, 690), (120, 746), (0, 762),
                    (-120, 746), (-168, 690), (-150, 560), (-120, 420)), light, dark, seed + 1)  # fmt: skip
    canvas.shade(at((-150, 640), (0, 560), (152, 640), (166, 700), (110, 748), (0, 760), (-110, 748), (-162, 700)),
                 light, dark, seed + 2, 0.04)  # fmt: skip
    canvas.fill(at((-78, 312), (0, 286), (78, 312), (60, 352), (0, 372), (-60, 352)), (24, 24, 32))
    canvas.shade(at((-52, 320), (0, 306), (52, 320), (72, 470), (60, 566), (0, 580), (-60, 566), (-72, 470)),
                 tuple(min(255, part + 30) for part in light), dark, seed + 3, 0.1)  # type: ignore[arg-type] # fmt: skip
    for number in range(6):
        y = 372 + number * 34
        reach = 58 + number * 5
        for lift in (16, -16):
            canvas.line(along((x - reach, y + lift), (x + reach, y - lift), 10, 10), (58, 54, 56), 15)
            canvas.line(along((x - reach, y + lift - 4), (x + reach, y - lift - 4), 10, 10), (240, 236, 228), 12)
    canvas.stitches(at((-140, 646), (0, 570), (140, 646), (0, 576))[:28], (228, 222, 204))
    canvas.fill(at((-60, 610), (20, 596), (50, 650), (-40, 672)), (255, 255, 255), blur=20, strength=0.32)


def shoe_sole(wood: Colour) -> Image.Image:
    """A worn sole from below, 800×1067."""
    canvas = Canvas((800, 1067), floor((800, 1067), wood, SEED + 3))
    outline = [(400, 90), (520, 130), (590, 260), (588, 420), (540, 560), (536, 680), (560, 820), (520, 940),
               (400, 984), (290, 940), (252, 820), (276, 680), (262, 540), (220, 400), (226, 240), (290, 130)]  # fmt: skip
    canvas.fill([(x + 26, y + 30) for x, y in smooth(outline)], (10, 8, 8), blur=18, strength=0.8)
    canvas.shade(smooth(outline), (226, 220, 208), (176, 168, 154), 51, 0.08)
    inner = [(400 + (x - 400) * 0.88, 537 + (y - 537) * 0.93) for x, y in outline]
    canvas.shade(smooth(inner), (92, 92, 98), (58, 58, 64), 52, 0.14)
    mask = canvas.mask(smooth(inner))
    under = canvas.image.copy()
    for row in range(-4, 44):
        y = 110 + row * 22
        canvas.line([(200 + 36 * n, y + (18 if n % 2 else -8)) for n in range(13)], (30, 30, 34), 6)
    canvas.image.paste(under, (0, 0), ImageChops.invert(mask))
    _worn(canvas)
    return grained(canvas.finish(), 23, 0.13)


def _worn(canvas: Canvas) -> None:
    """Where this customer treads: smooth patches at the ball and the heel, and a crack between them."""
    for patch in ([(330, 240), (470, 230), (520, 330), (450, 420), (330, 400), (290, 320)],
                  [(340, 830), (450, 820), (490, 890), (420, 950), (330, 910)]):  # fmt: skip
        canvas.fill(smooth([(float(x), float(y)) for x, y in patch]), (150, 144, 134), blur=16, strength=0.75)
    draws = random.Random(SEED + 4)
    crack = [(270 + 22 * n, 560 + draws.randint(-12, 12)) for n in range(13)]
    canvas.line(crack, (10, 8, 8), 7)
    canvas.line([(x, y + 5) for x, y in crack], (190, 184, 172), 2)


def contrasted(image: Image.Image) -> Image.Image:
    return ImageEnhance.Contrast(image).enhance(1.08)
