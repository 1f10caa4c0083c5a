"""The probes themselves. Importing this package registers them, in the order in which they are tried."""

# isort: off
from chatdrill.probe.trials import handshake, genuine, signature, contents, texts, asking, pressure, afterwards

# isort: on

__all__ = ["afterwards", "asking", "contents", "genuine", "handshake", "pressure", "signature", "texts"]
