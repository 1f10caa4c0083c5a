"""What becomes of a message, in Infobip's numbers. Source: infobip.com/docs, Response status and error codes (2026)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

Json = dict[str, Any]

_GROUPS = {0: "ACCEPTED", 1: "PENDING", 2: "UNDELIVERABLE", 3: "DELIVERED", 4: "EXPIRED", 5: "REJECTED"}
STATUSES: dict[int, tuple[int, str, str]] = {
    3: (1, "PENDING_WAITING_DELIVERY", "Message sent, waiting for delivery report"),
    7: (1, "PENDING_ENROUTE", "Message sent to next instance"),
    26: (1, "PENDING_ACCEPTED", "Message sent to next instance"),
    4: (2, "UNDELIVERABLE_REJECTED_OPERATOR", "Message rejected by operator"),
    9: (2, "UNDELIVERABLE_NOT_DELIVERED", "Message sent not delivered"),
    31: (2, "UNDELIVERABLE_NOT_SENT", "Message not sent"),
    2: (3, "DELIVERED_TO_OPERATOR", "Message delivered to operator"),
    5: (3, "DELIVERED_TO_HANDSET", "Message delivered to handset"),
    15: (4, "EXPIRED_EXPIRED", "Message expired"),
    29: (4, "EXPIRED_DLR_UNKNOWN", "Message expired, delivery report unknown"),
    6: (5, "REJECTED_NETWORK", "Network is forbidden"),
    8: (5, "REJECTED_PREFIX_MISSING", "Number prefix missing"),
    10: (5, "REJECTED_DND", "Destination is on the do-not-disturb list"),
    11: (5, "REJECTED_SOURCE", "Invalid source address"),
    12: (5, "REJECTED_NOT_ENOUGH_CREDITS", "Not enough credits"),
    13: (5, "REJECTED_SENDER", "By sender"),
    14: (5, "REJECTED_DESTINATION_BLOCKLISTED", "By destination, blocklisted"),
    17: (5, "REJECTED_PREPAID_PACKAGE_EXPIRED", "Prepaid package expired"),
    18: (5, "REJECTED_DESTINATION_NOT_REGISTERED", "Destination not registered"),
    19: (5, "REJECTED_ROUTE_NOT_AVAILABLE", "Route not available"),
    20: (5, "REJECTED_FLOODING_FILTER", "Rejected by flooding filter"),
    21: (5, "REJECTED_SYSTEM_ERROR", "System error"),
    23: (5, "REJECTED_DUPLICATE_MESSAGE_ID", "Duplicate message id"),
    24: (5, "REJECTED_INVALID_UDH", "Invalid UDH"),
    25: (5, "REJECTED_MESSAGE_TOO_LONG", "Message too long"),
    51: (5, "MISSING_TO", "Missing destination"),
    52: (5, "REJECTED_DESTINATION", "Invalid destination address"),
    87: (5, "SIGNALS_BLOCKED", "Blocked by Signals"),
    99: (5, "REJECTED", "Rejected"),
}
"""Group, name and description by id."""
REJECTED = frozenset(id for id, (group, _, _) in STATUSES.items() if group == 5)
_ACTIONS = {
    14: "Remove destination from blocklist",
    19: "Contact account manager",
    12: "Top up your account",
    23: "Use another messageId",
    25: "Shorten the message",
}

_ERROR_GROUPS = {0: "OK", 1: "HANDSET_ERRORS", 2: "USER_ERRORS", 3: "OPERATOR_ERRORS"}
ERRORS: dict[int, tuple[int, str, bool]] = {
    0: (0, "NO_ERROR", False),
    1: (1, "EC_UNKNOWN_SUBSCRIBER", True),
    5: (1, "EC_UNIDENTIFIED_SUBSCRIBER", False),
    6: (1, "EC_ABSENT_SUBSCRIBER_SM", False),
    9: (1, "EC_ILLEGAL_SUBSCRIBER", True),
    11: (1, "EC_TELESERVICE_NOT_PROVISIONED", True),
    12: (1, "EC_ILLEGAL_EQUIPMENT", True),
    13: (1, "EC_CALL_BARRED", False),
    27: (1, "EC_ABSENT_SUBSCRIBER", False),
    31: (1, "EC_SUBSCRIBER_BUSY_FOR_MT_SMS", False),
    32: (1, "EC_SM_DELIVERY_FAILURE", False),
    34: (1, "EC_SYSTEM_FAILURE", False),
    255: (1, "EC_UNKNOWN_ERROR", False),
    256: (1, "EC_SM_DF_MEMORYCAPACITYEXCEEDED", False),
    573: (1, "EC_SC_BLOCKED_BY_END_USER", True),
    581: (1, "EC_USER_OUT_OF_CREDIT", False),
    629: (1, "EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS", True),
    351: (2, "EC_INVALID_DESTINATION_ADDRESS", False),
    355: (2, "EC_MSG_TEXT_TOO_LONG", True),
    368: (2, "EC_INVALID_SOURCE_ADDRESS", True),
    433: (2, "EC_ACCOUNT_ACCESS_DENIED", True),
    541: (2, "EC_LIMIT_REACHED", False),
    603: (2, "EC_CONTENT_BLOCKED", True),
    607: (2, "EC_REJECTED_SPAM_BY_OPERATOR", True),
    2049: (2, "EC_IMSI_BLACKLISTED", True),
    2052: (2, "EC_BLACKLISTED_DESTINATIONADDRESS", True),
    4101: (2, "EC_VALIDITY_EXPIRED", True),
    4103: (2, "EC_DESTINATION_FLOODING", True),
    51: (3, "EC_RESOURCE_LIMITATION", True),
    375: (3, "EC_SOURCE_ADDRESS_IS_BLOCKED", True),
    561: (3, "EC_CONTENT_BLOCKED_BY_OPERATOR", True),
    569: (3, "EC_DEST_ADDRESS_SUSPENDED", True),
    631: (3, "EC_MOBILE_OPERATOR_NETWORK_ERROR", True),
    632: (3, "EC_SMS_REJECTED_BY_MOBILE_OPERATOR", True),
    2048: (3, "EC_TIME_OUT", False),
    2050: (3, "EC_DEST_ADDRESS_BLACKLISTED", True),
    4098: (3, "EC_VP_EXPIRED", False),
    5492: (3, "EC_DUPLICATE_MESSAGE", True),
}
"""Group, name and whether it will stay so, by id."""
_EXPIRED = (4101, 4098, 2048)
_BY_OPERATOR = 3


@lru_cache(maxsize=64)
def status_object(id: int) -> Json:
    """A status as answers and reports have it."""
    group, name, description = STATUSES[id]
    status = {"groupId": group, "groupName": _GROUPS[group], "id": id, "name": name, "description": description}
    return {**status, "action": _ACTIONS[id]} if id in _ACTIONS else status


def error_object(id: int, *, old: bool = False) -> Json:
    """An error as reports have it; the older API spells one group otherwise."""
    group, name, permanent = ERRORS[id]
    words = "Ok" if old and group == 0 else _ERROR_GROUPS[group]
    description = "No Error" if id == 0 else name.removeprefix("EC_").replace("_", " ").capitalize()
    return {
        "groupId": group,
        "groupName": words,
        "id": id,
        "name": name,
        "description": description,
        "permanent": permanent,
    }


def status_of(error: int) -> int:
    """The status that goes with an error."""
    if error == 0:
        return 5
    if error in _EXPIRED:
        return 15
    return 4 if ERRORS[error][0] == _BY_OPERATOR else 9
