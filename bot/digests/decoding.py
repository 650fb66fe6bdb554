"""Bytes that claim to be a digest, as text, or the sentence that says why they are none."""

from __future__ import annotations

import codecs
from typing import NamedTuple

MAX_BYTES = 20_000_000

EMPTY = "The file is empty: write a digest into it, or remove it."
TOO_BIG = "The file has {size:.1f} MB, and 20 MB is the limit: split it into one file a day."
BINARY = "The file is not text: save the digest as UTF-8 Markdown."
NOT_UTF8 = "The file is not UTF-8, so some letters may be wrong: save it as UTF-8."

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\v\x1b")
_TEXT_HOLDS = 0.02  # of control characters, at most: a stray NUL is mended, a picture is refused


class Decoded(NamedTuple):
    text: str | None  # None: there is nothing to parse
    problem: str = ""


def decode(data: bytes) -> Decoded:
    if len(data) > MAX_BYTES:
        return Decoded(None, TOO_BIG.format(size=len(data) / 1e6))
    if not data.strip():
        return Decoded(None, EMPTY)
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            return Decoded(text, NOT_UTF8 if "\ufffd" in text else "")
    try:
        text, problem = data.decode(), ""
    except UnicodeDecodeError:
        text, problem = _guessed(data), NOT_UTF8
    return Decoded(None, BINARY) if _is_binary(data, is_utf8=not problem) else Decoded(text, problem)


def _is_binary(data: bytes, *, is_utf8: bool) -> bool:
    if not is_utf8 and b"\0" in data:
        return True
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > 8 and controls > _TEXT_HOLDS * len(data)


def _guessed(data: bytes) -> str:
    """UTF-8 with a few bytes broken, or else the encoding of old Windows files."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    letters = sum(not char.isascii() for char in text) - broken
    return text if letters >= broken else data.decode("cp1252", "replace")
