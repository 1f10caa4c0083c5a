"""The shop: its orders, its houses, its calendar. Data only; the words for it are in `texts`."""

from __future__ import annotations

import math
from dataclasses import dataclass

# Order number → id of the text that tells its status.
ORDERS: dict[str, str] = {
    "553": "order.on_the_way",
    "554": "order.packing",
    "1001": "order.delivered",
    "1002": "order.refunded",
    "1003": "order.pickup",
}


@dataclass(frozen=True, slots=True)
class Shop:
    city: str
    latitude: float
    longitude: float
    address: str


SHOPS: tuple[Shop, ...] = (
    Shop("warsaw", 52.2319, 21.0067, "ul. Marszałkowska 104, Warszawa"),
    Shop("krakow", 50.0637, 19.9390, "ul. Floriańska 18, Kraków"),
    Shop("gdansk", 54.3490, 18.6530, "ul. Długa 57, Gdańsk"),
    Shop("wroclaw", 51.1095, 17.0326, "ul. Świdnicka 12, Wrocław"),
)
MAIN_SHOP = SHOPS[0]
DAYS = ("thu", "fri", "sat", "sun")
SLOTS = ("11:00", "13:00", "15:00", "17:00")
REASONS = ("damaged", "size", "mind")
STARS = ("1", "2", "3", "4", "5")
# Order number → days that the workshop needs; other shoes it can only look at in the shop.
REPAIRS: dict[str, int] = {"1001": 6, "1002": 8, "1003": 1}


def nearest_shop(latitude: float, longitude: float) -> tuple[Shop, int]:
    """The shop closest to a point and the distance to it in km."""
    shop = min(SHOPS, key=lambda one: distance_km(one, latitude, longitude))
    return shop, round(distance_km(shop, latitude, longitude))


def distance_km(shop: Shop, latitude: float, longitude: float) -> float:
    """Haversine: good to half a percent, which is enough to choose a shop."""
    here, there = math.radians(latitude), math.radians(shop.latitude)
    turn = math.radians(longitude - shop.longitude)
    chord = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(chord))
