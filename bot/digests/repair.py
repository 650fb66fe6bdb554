"""Text as people should see it: broken encodings, entities and LaTeX mended, deceiving characters gone."""

from __future__ import annotations

import re
import unicodedata

from ftfy import fix_encoding

from bot.digests.latex import to_unicode

# Control characters but tab and line breaks; zero-width, bidi and tag characters; halves of surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_C1 = re.compile("[\x80-\x9f]")  # what a broken encoding still needs to be mended
_NEIGHBOURS = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]|(?<=[ÂÃ]) )")  # no broken encoding is without them

_ENTITY = re.compile(r"&(?:amp;)*(?:(amp|lt|gt|quot|apos|nbsp|#39|#x27);)", re.IGNORECASE)
_ENTITIES = {
    "amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " ", "#39": "'", "#x27": "'",
}  # fmt: skip
_ROUNDS = 6


def strip_unsafe(text: str) -> str:
    """The text without characters that no reader sees: controls, zero-width, bidi overrides."""
    if text.replace("\n", "").isprintable():  # none of them is, and asking costs little
        return text
    return _UNSAFE.sub("", text)


def repair(text: str) -> str:
    """Repairing twice changes nothing more. What does not settle in a few rounds stays as it was written."""
    repaired = text
    for _ in range(_ROUNDS):
        if _is_sound(repaired):
            return repaired
        before, repaired = repaired, _once(repaired)
        if repaired == before:
            return repaired
    return strip_unsafe(text)


def _is_sound(text: str) -> bool:
    """Whether nothing in it can need repair: most text, told quickly."""
    if not text.isprintable() or "\\" in text or "$" in text or "^" in text or "&" in text or "{" in text:
        return False
    return text.isascii() or (not _NEIGHBOURS.search(text) and unicodedata.is_normalized("NFC", text))


def _once(text: str) -> str:
    text = strip_unsafe(text)
    if not text.isascii():
        if _NEIGHBOURS.search(text):
            text = fix_encoding(text)
        text = unicodedata.normalize("NFC", _C1.sub("", text))
    if "&" in text:
        text = _ENTITY.sub(lambda entity: _ENTITIES[entity[1].lower()], text)
    return to_unicode(text)
