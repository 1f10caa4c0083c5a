"""The way to the fakes for programs whose address of the vendor is fixed: an HTTPS proxy that routes by the vendor's host.

A program that is told ``HTTPS_PROXY`` and trusts the certificates of a throw-away authority calls ``https://api.vendor.example``
and reaches the fake; one that asks for no proxy is led to the *entrance*, which speaks TLS at once and goes by the name that the
program greets with (``chatdrill.preload.detour``). Nothing leaves the machine: hosts that no fake stands for are refused, told
and recorded, but for this machine's own and for those that somebody let through.
"""

from chatdrill.serve.redirect.authority import Authority
from chatdrill.serve.redirect.borders import Borders
from chatdrill.serve.redirect.proxy import Redirect

__all__ = ["Authority", "Borders", "Redirect"]
