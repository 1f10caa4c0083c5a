"""Settings that both products have, under the product's name in the environment."""

from __future__ import annotations

from chatdrill.wire import Setting

_TESTERS = (
    "keys of customers, comma-separated: the app is in development mode and only they may be written to; "
    "empty: the app is live"
)
_SHARED: dict[str, tuple[str, str]] = {
    "verify_token": ("chatdrill-verify", "token of the handshake"),
    "default_app": (
        "",
        "app id that gets new conversations (conversation routing); empty: no default app, every app may answer",
    ),
    "testers": ("", _TESTERS),
    "graph_version": ("v25.0", "Graph API version the bot is told to use"),
    "rate_limits": ("yes", "refuse calls beyond the vendor's rates: yes or no"),
    "strict": ("no", "refuse Graph versions that are not in service: yes or no"),
}
_SECRET = ("verify_token",)


def shared(product: str, *names: str) -> tuple[Setting, ...]:
    """Those of these names."""
    return tuple(Setting(name, *_SHARED[name], f"{product}_{name.upper()}", secret=name in _SECRET) for name in names)
