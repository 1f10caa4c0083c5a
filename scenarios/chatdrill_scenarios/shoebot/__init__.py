"""The support bot of an online shoe shop: an ordinary program that knows nothing of the tests around it.

`app` is the ASGI application, configured by environment variables (see `config`); `BEHAVIOUR.md` says what it does.
"""

from .web import Application

app = Application()

__all__ = ["Application", "app"]
