"""How webhooks and replies are signed, and sealed in safe mode.

Source: developers.weixin.qq.com, service account guide: message encryption and decryption (2026).
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Any

from chatdrill.errors import SettingsError

BLOCK = 32
"""Bytes that padding fills up to; twice the block of AES."""
_IV, _HEAD = 16, 20


class SealError(ValueError):
    """A cipher text that cannot be opened; the text says at which step."""


def signature(*parts: str) -> str:
    """SHA-1 over the parts in the order of their bytes, in lower-case hex."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=64)
def key_of(encoding_key: str) -> bytes:
    """The 32 bytes of an ``EncodingAESKey``. Raises ``SettingsError``."""
    try:
        key = b64decode(f"{encoding_key}=")
    except (binascii.Error, ValueError):
        key = b""
    if len(encoding_key) != 43 or len(key) != 32 or not encoding_key.isalnum():
        raise SettingsError("wechat.encoding_aes_key has 43 letters and digits")
    return key


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> Any:
    """AES in CBC under a key; its package is no part of chatdrill's core."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError as error:
        raise SettingsError("wechat.mode safe and compatible need: pip install 'chatdrill[wechat]'") from error
    return Cipher(algorithms.AES(key), modes.CBC(key[:_IV]))


def check_available(encoding_key: str) -> None:
    """Raises ``SettingsError`` where nothing can be sealed."""
    _cipher(key_of(encoding_key))


def seal(encoding_key: str, app_id: str, random: bytes, content: bytes) -> str:
    """The ``Encrypt`` of a document; ``random`` has 16 bytes."""
    plain = random + len(content).to_bytes(4, "big") + content + app_id.encode()
    missing = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(key_of(encoding_key)).encryptor()
    return b64encode(encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()).decode()


def unseal(encoding_key: str, app_id: str, encrypt: str) -> bytes:
    """The document in an ``Encrypt``. Raises ``SealError``."""
    try:
        sealed = b64decode(encrypt, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealError("Encrypt is no base64") from error
    if not sealed or len(sealed) % _IV:
        raise SealError("Encrypt is no whole number of AES blocks")
    decryptor = _cipher(key_of(encoding_key)).decryptor()
    plain: bytes = decryptor.update(sealed) + decryptor.finalize()
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or len(plain) < _HEAD + padding:
        raise SealError("Encrypt has no padding of 1 to 32 bytes: another key?")
    plain = plain[:-padding]
    size = int.from_bytes(plain[_IV:_HEAD], "big")
    content, tail = plain[_HEAD : _HEAD + size], plain[_HEAD + size :]
    if len(content) != size or tail != app_id.encode():
        raise SealError("Encrypt does not end in the account's appid")
    return content
