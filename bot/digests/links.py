"""Links out of a table cell: what is one, what can be made one, and what is not."""

from __future__ import annotations

import re
from typing import NamedTuple

GITHUB = "https://github.com/"
HUGGING_FACE = "https://huggingface.co/"

_ABSENT = frozenset({"", "n/a", "na", "none", "null", "nan", "nil", "-", "–", "—", "tbd", "not available"})

_TARGET = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")  # up to the parenthesis that closes the link
_NEXT = r"(?<![\s,;])[\s,;]+(?=https?://)"  # the look behind keeps a long run of commas linear
_BETWEEN_WORDS = re.compile(rf"{_NEXT}|\s+", re.IGNORECASE)
_BETWEEN_LINKS = re.compile(rf"{_NEXT}|\n|,\s", re.IGNORECASE)
_TRIM = " \t\n<>\"'`.,;"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+-]*):")
_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?=[/:?#]|$)")
_REPOSITORY = re.compile(r"[\w-][\w.-]*(?:/[\w.-]+)+/?")
_WEB = re.compile(r"https?://(?:[\w-]+\.)+[\w-]+\.?(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_LONGEST = 2000
_MOST = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?:/[\w/.~%#=+-]*)?(?<!\.)", re.ASCII)
_ENCODED = str.maketrans({char: f"%{ord(char):02X}" for char in '<>|"`\\^ '})

_AT = (
    r"https?://(?:(?:[\w-]+\.)*(?:arxiv|alphaxiv|ar5iv)\.org/(?:[a-z]+/)?|(?:www\.)?(?:huggingface|hf)\.co/papers/"
    r"|(?:dx\.)?doi\.org/10\.48550/arxiv\.)"
)
_ID = r"(?:(\d{4}\.\d{4,5})|([a-z][a-z-]*)(?:\.[a-z]{2})?(/\d{7}))(?:v\d+)?(?!\d)"
_ARXIV = re.compile(_AT + _ID, re.IGNORECASE)
_MENTION = re.compile(rf"(?:{_AT}|\barxiv:\s?){_ID}", re.IGNORECASE)


class Links(NamedTuple):
    urls: tuple[str, ...]
    junk: tuple[str, ...]  # what claimed to be a link and is none


def links(cell: str, home: str = "") -> Links:
    """The links of a cell, in order. `home` is what `owner/name` alone is added to."""
    urls: list[str] = []
    junk = []
    for target, marked in _targets(cell):
        words = _BETWEEN_WORDS.split(target) if " " in target else [target]
        found = [url for word in words if (url := web_address(word, home))]
        urls += found
        if not found and (marked or target.strip(_TRIM).lower() not in _ABSENT):
            junk.append(target or "()")
    return Links(tuple(urls), tuple(junk))


def _targets(cell: str) -> list[tuple[str, bool]]:
    """What stands where a link should, and whether Markdown's `[…](…)` says that it is one."""
    _, *parts = cell.split("](")
    if parts:
        return [(_target(part), True) for part in parts]
    return [(word, False) for word in _BETWEEN_LINKS.split(cell.strip()) if word]


def _target(part: str) -> str:
    match = _TARGET.match(part)
    target = match[0].strip() if match else ""
    if "\n" in target:
        target = "".join(map(str.strip, target.split("\n")))
    return target.partition(' "')[0].partition(" '")[0]  # [text](address "title")


def web_address(text: str, home: str = "") -> str | None:
    """An http(s) address, or None: a missing scheme is added, any other than http(s) is refused."""
    if len(text) < _LONGEST and _MOST.fullmatch(text):
        return text
    url = text.strip(_TRIM)
    if len(url) > _LONGEST or url.lower() in _ABSENT:
        return None
    if url.startswith("//"):
        url = f"https:{url}"
    scheme = _SCHEME.match(url)
    if not scheme:
        if _HOST.match(url):
            url = f"https://{url}"
        elif home and _REPOSITORY.fullmatch(url):
            url = home + url
    return url.translate(_ENCODED) if _WEB.fullmatch(url) else None


def arxiv_id(url: str | None) -> str | None:
    """The paper's arXiv id without version, from any of the sites that carry it in their addresses."""
    found = _ARXIV.match(url) if url else None
    return _written(found) if found else None


def arxiv_ids(text: str) -> tuple[str, ...]:
    """Of every paper that a text names by a link or as `arXiv:2504.15376v2`, in order, each once."""
    return tuple(dict.fromkeys(map(_written, _MENTION.finditer(text))))


def _written(found: re.Match[str]) -> str:
    return found[1] or found[2].lower() + found[3]
