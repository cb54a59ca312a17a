"""The way from a secret to a place's point, in Python's whole numbers: written from the description alone."""

from __future__ import annotations

import hashlib
from math import isqrt

WORD = (1 << 64) - 1


def siphash(key: bytes, message: bytes) -> int:
    """SipHash-2-4 of any message, as its authors describe it."""
    k0, k1 = (int.from_bytes(key[i : i + 8], "little") for i in (0, 8))
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def left(x, n):
        return (x << n | x >> (64 - n)) & WORD

    def rounds(n):
        for _ in range(n):
            v[0] = (v[0] + v[1]) & WORD
            v[1] = left(v[1], 13) ^ v[0]
            v[0] = left(v[0], 32)
            v[2] = (v[2] + v[3]) & WORD
            v[3] = left(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & WORD
            v[3] = left(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & WORD
            v[1] = left(v[1], 17) ^ v[2]
            v[2] = left(v[2], 32)

    padded = message + bytes(7 - len(message) % 8) + bytes([len(message) % 256])
    for i in range(0, len(padded), 8):
        m = int.from_bytes(padded[i : i + 8], "little")
        v[3] ^= m
        rounds(2)
        v[0] ^= m
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def plain_key(secret: str, *words: str) -> bytes:
    root = hashlib.scrypt(secret.encode(), salt=b"chalkgrad exam", n=16384, r=8, p=1, dklen=32)
    told = b"".join(len(w.encode()).to_bytes(8, "little") + w.encode() for w in words)
    return hashlib.blake2b(told, key=root, digest_size=16).digest()


def plain_permutation(raw: list[bytes], size: int, place: int) -> int:
    """The same in whole numbers, by the description."""
    a = isqrt(size - 1) + 1  # the least whole number whose square is not below the size
    b = -(-size // a)
    while True:
        x, y = divmod(place, b)
        for number, key in enumerate(raw):
            if number % 2:
                y = (y + (siphash(key, x.to_bytes(8, "little")) * b >> 64)) % b
            else:
                x = (x + (siphash(key, y.to_bytes(8, "little")) * a >> 64)) % a
        place = x * b + y
        if place < size:
            return place
