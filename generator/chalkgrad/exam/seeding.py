"""From a secret to bits: the same on every machine, with every version, and to nobody without the secret.

    secret text ──scrypt──> root ──BLAKE2b(name, purpose)──> key of 128 bits ──SipHash-2-4(counter)──> 64 bits

Everything by which papers come to differ is read from here.  To write it in another language:

1. *root*: scrypt (RFC 7914) of the secret, as UTF-8 in Unicode's normal form NFC; salt `chalkgrad exam`,
   N = 16384, r = 8, p = 1, 32 bytes.  It is slow on purpose: whoever has a paper and guesses secrets needs some
   50 ms a guess.
2. *key* for some words (the name of an exercise, a purpose): BLAKE2b (RFC 7693) with the root as its key, 16
   bytes, of the words as UTF-8, each preceded by its length in bytes as 8 bytes, least significant first.
3. *bits* of a key at a counter: SipHash-2-4 (Aumasson and Bernstein, 2012) with that key, of the counter as 8
   bytes, least significant first; read as a number of 64 bits.  SipHash is a pseudorandom function: who knows it
   at many counters, but not its key, cannot tell it from dice at the others.
4. A number below n from 64 bits u: ⌊u·n / 2⁶⁴⌋.

>>> key = Secret.of("keep this to yourself").key("mazur", "points")
>>> key
Key(…)
>>> key.below(6, np.arange(3))
array([0, 3, 4], dtype=uint64)
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]

_SALT = b"chalkgrad exam"
_BLOCK = 8192
"""So many counters at once stay in the processor's cache."""
_START = tuple(int.from_bytes(b"somepseudorandomlygeneratedbytes"[i : i + 8], "big") for i in range(0, 32, 8))
_LENGTH = np.uint64(8 << 56)
"""The last block of SipHash: the length of a message of 8 bytes."""


class Secret:
    """What a teacher keeps to themselves, stretched.  It is printed nowhere, not even by `repr`."""

    def __init__(self, root: bytes) -> None:
        self._root = root

    @classmethod
    def of(cls, text: str) -> Secret:
        """The secret that was typed."""
        typed = unicodedata.normalize("NFC", text).encode()
        return cls(hashlib.scrypt(typed, salt=_SALT, n=1 << 14, r=8, p=1, dklen=32))

    def key(self, *words: str) -> Key:
        """The key for some words: an exercise, a purpose."""
        told = b"".join(len(word).to_bytes(8, "little") + word for word in map(str.encode, words))
        return Key(hashlib.blake2b(told, key=self._root, digest_size=16).digest())

    def __repr__(self) -> str:
        """Nothing of it."""
        return "Secret(…)"


class Key:
    """A stream of bits that can be read anywhere, counters being its places."""

    def __init__(self, digest: bytes) -> None:
        self._words = (int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little"))

    def __repr__(self) -> str:
        """Nothing of it."""
        return "Key(…)"

    def bits(self, counters: NDArray[Any]) -> Words:
        """64 bits for each counter (of 64 bits, not negative)."""
        counters = np.ascontiguousarray(counters, dtype=np.uint64)
        out = np.empty(len(counters), np.uint64)
        for start in range(0, len(counters), _BLOCK):
            out[start : start + _BLOCK] = self._hashed(counters[start : start + _BLOCK])
        return out

    def below(self, size: int | Words, counters: NDArray[Any]) -> Words:
        """A number from 0 up to, but not including, `size` (at most 2⁶³) for each counter."""
        return scaled(self.bits(counters), size)

    def _hashed(self, message: Words) -> Words:
        low, high = self._words
        v = [np.full(len(message), k ^ start, np.uint64) for k, start in zip((low, high) * 2, _START, strict=True)]
        spare = np.empty_like(message)
        for word in (message, _LENGTH):
            v[3] ^= word
            _rounds(2, v, spare)
            v[0] ^= word
        v[2] ^= np.uint64(0xFF)
        _rounds(4, v, spare)
        return v[0] ^ v[1] ^ v[2] ^ v[3]


def _rounds(count: int, v: list[Words], spare: Words) -> None:
    """SipRounds, in place."""
    v0, v1, v2, v3 = v
    for _ in range(count):
        v0 += v1
        v2 += v3
        _rotate(v1, 13, spare)
        _rotate(v3, 16, spare)
        v1 ^= v0
        v3 ^= v2
        _rotate(v0, 32, spare)
        v2 += v1
        v0 += v3
        _rotate(v1, 17, spare)
        _rotate(v3, 21, spare)
        v1 ^= v2
        v3 ^= v0
        _rotate(v2, 32, spare)


def _rotate(words: Words, left: int, spare: Words) -> None:
    np.right_shift(words, np.uint64(64 - left), out=spare)
    np.left_shift(words, np.uint64(left), out=words)
    np.bitwise_or(words, spare, out=words)


_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def scaled(bits: Words, size: int | Words) -> Words:
    """⌊bits · size / 2⁶⁴⌋, exactly: the upper half of a product of 128 bits.

    >>> scaled(np.array([1 << 63], np.uint64), 6)
    array([3], dtype=uint64)
    """
    size = np.asarray(size, np.uint64)
    high, low = bits >> _HALF, bits & _LOW
    size_high, size_low = size >> _HALF, size & _LOW
    middle: Words = high * size_low + (low * size_low >> _HALF)
    upper: Words = middle >> _HALF
    if size_high.any():
        upper += high * size_high + (low * size_high + (middle & _LOW) >> _HALF)
    return upper
