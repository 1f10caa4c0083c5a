"""The receipt template."""

from __future__ import annotations

import re

from chatdrill.model import Order, OrderItem, Part
from chatdrill_fakes.families.graph import reading
from chatdrill_fakes.families.graph.errors import invalid
from chatdrill_fakes.families.graph.state import Json

from ..limits import RECEIPT_ELEMENTS_MAX

_AT = "name_placeholder"
_CURRENCY = re.compile(r"[A-Z]{3}")
_REQUIRED = ("recipient_name", "order_number", "currency", "payment_method")
_ADDRESS = ("street_1", "city", "postal_code", "state", "country")


def receipt(payload: Json) -> tuple[Part, ...]:
    """An order as the customer sees it. Order numbers are not checked for being unique: Meta's answer is not known."""
    name, number, currency, _method = (reading.text(payload.get(key), f"{_AT}[{key}]") for key in _REQUIRED)
    if not _CURRENCY.fullmatch(currency):
        raise invalid(f"The currency code '{currency[:10]}' is not supported")
    if payload.get("order_url") is not None:
        reading.url(payload["order_url"], f"{_AT}[order_url]")
    if payload.get("timestamp") is not None:
        reading.number(payload["timestamp"], f"{_AT}[timestamp]")
    _check_address(payload)
    items = _items(payload, currency)
    return (Order(items=items, number=number, total=_total(payload), note=name),)


def _check_address(payload: Json) -> None:
    if payload.get("address") is None:
        return
    address = reading.mapping(payload["address"], f"{_AT}[address]")
    for key in _ADDRESS:
        reading.text(address.get(key), f"{_AT}[address][{key}]")


def _total(payload: Json) -> float:
    summary = reading.mapping(payload.get("summary"), f"{_AT}[summary]")
    total = reading.number(summary.get("total_cost"), f"{_AT}[summary][total_cost]")
    for key in ("subtotal", "shipping_cost", "total_tax"):
        if summary.get(key) is not None:
            reading.number(summary[key], f"{_AT}[summary][{key}]")
    if not 0 <= total < 1e15 or round(total, 2) != total:
        raise invalid(
            "The amount you specified in payment summary is invalid. Please verify that it is a valid positive amount "
            "and is supported by its currency in terms of decimal places.",
            2018055,
        )
    for where, one in reading.objects(payload.get("adjustments") or [], f"{_AT}[adjustments]", 0, 100):
        reading.optional_text(one.get("name"), f"{where}[name]")
        if one.get("amount") is not None:
            reading.number(one["amount"], f"{where}[amount]")
    return total


def _items(payload: Json, currency: str) -> tuple[OrderItem, ...]:
    elements = reading.objects(payload.get("elements") or [], f"{_AT}[elements]", 0, RECEIPT_ELEMENTS_MAX)
    return tuple(
        OrderItem(
            id=reading.text(one.get("title"), f"{where}[title]"),
            name=str(one["title"]),
            quantity=reading.number(one.get("quantity") or 1, f"{where}[quantity]"),
            price=reading.number(one.get("price"), f"{where}[price]"),
            currency=str(one.get("currency") or currency),
        )
        for where, one in elements
    )
