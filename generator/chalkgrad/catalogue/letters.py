"""The letters of mathematics: what a symbol may begin with, kept in one spelling that every markup can set.

A letter is one Latin letter (`w`), a Greek one spelled out (`theta`), a short word (`net`), or a Unicode character
for a letter with a sign on it (`ŷ`), a script capital (`ℒ`) or a bold letter (`𝐖`, `𝛅`).

>>> letter("θ"), letter("yhat"), letter("𝓛"), letter("\\\\input")
('theta', 'ŷ', 'ℒ', '')
>>> bold("delta"), taken_apart("𝛅"), taken_apart("ŷ")
('𝛅', ('bold', 'delta'), ('hat', 'y'))
"""

from __future__ import annotations

import re
import unicodedata

GREEK = {
    **dict(zip("alpha beta gamma delta epsilon zeta eta theta".split(), "αβγδεζηθ", strict=True)),
    **dict(zip("iota kappa lambda mu nu xi pi rho".split(), "ικλμνξπρ", strict=True)),
    **dict(zip("sigma tau upsilon phi chi psi omega".split(), "στυφχψω", strict=True)),
    **dict(zip("Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(), "ΓΔΘΛΞΠΣΦΨΩ", strict=True)),
}
"""Spelled out → character: those that differ from every Latin letter."""

_SPELLED = {character: name for name, character in GREEK.items()}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}")
_ACCENTED = re.compile(f"([A-Za-z])({'|'.join(_ACCENTS)})")
_SCRIPT = re.compile(r"(?:MATHEMATICAL (?:BOLD )?)?SCRIPT CAPITAL ([A-Z])")
_BOLD = re.compile(r"MATHEMATICAL BOLD (?:(SMALL|CAPITAL) (\w+)|DIGIT ONE)")


def letter(text: str) -> str:
    """What was written, in the one spelling used here; an empty string for what is no letter."""
    text = unicodedata.normalize("NFC", text.strip())
    if text in _SPELLED:
        return _SPELLED[text]
    if found := _ACCENTED.fullmatch(text):
        return unicodedata.normalize("NFC", found[1] + _ACCENTS[found[2]])
    if _WORD.fullmatch(text):
        return text
    parts = unicodedata.normalize("NFD", text)
    if len(parts) == 2 and re.fullmatch("[A-Za-z]", parts[0]) and parts[1] in _ACCENTS.values():
        return text
    if len(text) == 1 and (script := _SCRIPT.fullmatch(unicodedata.name(text, ""))):
        return _script(script[1])
    return ""


def _script(capital: str) -> str:
    try:
        return unicodedata.lookup(f"SCRIPT CAPITAL {capital}")
    except KeyError:
        return unicodedata.lookup(f"MATHEMATICAL SCRIPT CAPITAL {capital}")


def bold(base: str) -> str:
    """The bold form of a letter, with its accent; a word has none and stays."""
    base = GREEK.get(base, base)
    parts = unicodedata.normalize("NFD", base)
    if len(parts) == 2:
        return bold(parts[0]) + parts[1]
    name = unicodedata.name(base, "") if len(base) == 1 else ""
    found = re.fullmatch(r"(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER (\w+)", name)
    return unicodedata.lookup(f"MATHEMATICAL BOLD {found[1]} {found[2]}") if found else _SPELLED.get(base, base)


def taken_apart(base: str) -> tuple[str, str]:
    """The style of a letter (`bold`, `script`, `hat`, `bar`, `tilde` or none) and the letter without it."""
    parts = unicodedata.normalize("NFD", base)
    for accent, sign in _ACCENTS.items():
        if len(parts) == 2 and parts[1] == sign:
            return accent, parts[0]
    name = unicodedata.name(base, "") if len(base) == 1 else ""
    if _BOLD.fullmatch(name):
        plain = unicodedata.normalize("NFKD", base)
        return "bold", _SPELLED.get(plain, plain)
    if script := _SCRIPT.fullmatch(name):
        return "script", script[1]
    return "", base
