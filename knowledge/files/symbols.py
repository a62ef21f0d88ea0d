"""Signs of fonts that have pictures in the place of letters, as the characters that they show."""

from __future__ import annotations

BULLET = "•"
_PRIVATE = range(0xF000, 0xF100)
_PLAIN = range(0x20, 0xFFFE)
_GREEK = {
    **dict(zip("ABGDEZHQIKLMNXOPRSTUFCYW", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", strict=True)),
    **dict(zip("abgdezhqiklmnxoprstufcyw", "αβγδεζηθικλμνξοπρστυφχψω", strict=True)),
}
_SYMBOL = {
    **{ord(each): shown for each, shown in _GREEK.items()},
    0xA3: "≤",
    0xA5: "∞",
    0xAC: "←",
    0xAD: "↑",
    0xAE: "→",
    0xAF: "↓",
    0xAB: "↔",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xB4: "×",
    0xB5: "∝",
    0xB7: BULLET,
    0xB8: "÷",
    0xB9: "≠",
    0xBA: "≡",
    0xBB: "≈",
    0xBC: "…",
    0xC5: "⊕",
    0xCE: "∈",
    0xD2: "®",
    0xD3: "©",
    0xD4: "™",
    0xD7: "⋅",
    0xDE: "⇒",
    0xDB: "⇔",
    0xE5: "∑",
    0xF2: "∫",
    0xD6: "√",
    0x2D: "−",
    **{each: chr(each) for each in b" !#%&()+,./0123456789:;<=>?[]_{|}"},
}
_WINGDINGS = {
    0x28: "☎",
    0x2A: "✉",
    0x46: "☞",
    0x4A: "☺",
    0x4C: "☹",
    0x6C: "●",
    0x6E: "■",
    0x6F: "☐",
    0x71: "❑",
    0x72: "❒",
    0x73: "⬧",
    0x75: "◆",
    0x76: "❖",
    0x77: "⬥",
    0x78: "☒",
    0x9F: BULLET,
    0xA1: "○",
    0xA7: "▪",
    0xA8: "☐",
    0xD8: "➢",
    0xDF: "←",
    0xE0: "→",
    0xE1: "↑",
    0xE2: "↓",
    0xE8: "➔",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
    0xB7: BULLET,
}


def symbol(code: int, font: str) -> str:
    """The character that a sign of a font looks like; blank where none is known."""
    at = code - _PRIVATE.start if code in _PRIVATE else code
    name = font.lower()
    if "wingdings" in name or "webdings" in name:
        return _WINGDINGS.get(at, "") if name == "wingdings" else ""
    if name == "symbol":
        return _SYMBOL.get(at, "")
    return chr(code) if code in _PLAIN and code not in _PRIVATE else ""


def bullet(text: str) -> str:
    """The sign before the items of a list as its reader sees it, whatever its font."""
    if len(text) != 1:
        return text.strip() or ""
    code = ord(text)
    if code in _PRIVATE:
        return _WINGDINGS.get(code - _PRIVATE.start) or BULLET
    # Word draws a circle with the “o” of a typewriter's font.
    return {"o": "◦", "·": BULLET, "§": "▪", "ü": "✓", "Ø": "➢", "v": "❖"}.get(text, text)


def readable(text: str, font: str = "") -> str:
    """A text whose signs from such fonts are characters that can be read, others a bullet."""
    if not any(ord(each) in _PRIVATE for each in text):
        return text
    return "".join(
        (symbol(ord(each), font or "Wingdings") or BULLET) if ord(each) in _PRIVATE else each
        for each in text
    )
