"""What WhatsApp and Messenger share: Meta signs the raw bytes, and greets a webhook with a challenge."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

# The platform counts from its own clock; who writes in the last minute of a window comes too late.
MARGIN_S = 60


def signed_by(secret: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """The signature covers the escaped bytes as sent; JSON that was parsed and written again would not match."""
    expected = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    given = headers.get("x-hub-signature-256", "")
    return hmac.compare_digest(expected.encode(), given.encode())


def challenge(verify_token: str, query: Mapping[str, str]) -> str | None:
    token = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not hmac.compare_digest(token.encode(), verify_token.encode()):
        return None
    return query.get("hub.challenge", "")
