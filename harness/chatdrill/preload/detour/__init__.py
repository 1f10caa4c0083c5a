"""Leading programs to the fakes that ask for no proxy: what is loaded into Python and Node before the bot.

Both read one variable. A connection to a host that a fake stands for goes to the redirect's entrance, which speaks TLS as that
host; one to this machine, or to a host that was let through, goes where it would; any other fails at once, and the redirect is
told. Certificates of the redirect's authority are trusted besides what the program trusts. What is neither Python nor Node, or has
a network of its own (gevent's C resolver, a statically linked helper), goes by the proxy variables.
"""

from chatdrill.preload.detour.leading import NODE, PYTHON, Detour
from chatdrill.preload.detour.trying import try_node, try_python

__all__ = ["NODE", "PYTHON", "Detour", "try_node", "try_python"]
