"""QuickXorHash, by which OneDrive lets clients see whether a file is as they know it.

No cryptography: a checksum that only OneDrive uses.
Source: https://learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash
"""

import base64

_BITS = 160
_SHIFT = 11


def quick_xor_hash(data: bytes) -> str:
    """The checksum in base64. Each byte is added, turned by 11 bits more than the one before."""
    # After 160 bytes the turn is back where it was: so whole blocks can be added first.
    block = 0
    for start in range(0, len(data), _BITS):
        block ^= int.from_bytes(data[start : start + _BITS], "little")
    total = 0
    for position, value in enumerate(block.to_bytes(_BITS, "little")):
        total ^= value << (position * _SHIFT % _BITS)
    total = (total & (1 << _BITS) - 1) ^ (total >> _BITS)
    total ^= len(data) << (_BITS - 64)
    return base64.b64encode(total.to_bytes(_BITS // 8, "little")).decode()
