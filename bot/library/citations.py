"""Papers as reference managers and spreadsheets take them: a text a paper, to be joined by `JOINT`. Pure.

What a paper says is data here: it can neither end its field nor start a formula.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from itertools import count
from urllib.parse import quote

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat
from pylatexenc.latexencode import (
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
)

from bot.model import StoredPaper

LONGEST = 2_900  # bytes of a paper, which is one run of text in a message; what is cut ends with …
ROOMS = (1_000, 300, 100, 40, 10)  # characters of a title and a name, and how many names, until it fits
AND_OTHERS = "others"  # what BibTeX writes for authors that are left out
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that starts so is worked out by a spreadsheet
COLUMNS = ("title", "authors", "year", "date", "arxiv_id", "url", "tags")
# BibTeX counts braces, also those after a backslash.
BRACES = {ord("{"): r"{\textbraceleft}", ord("}"): r"{\textbraceright}"}

_encode = UnicodeToLatexEncoder(
    conversion_rules=[UnicodeToLatexConversionRule(RULE_DICT, BRACES), "defaults"],
    unknown_char_policy="keep",
    unknown_char_warning=False,
).unicode_to_latex


_layout = BibtexFormat()  # type: ignore[no-untyped-call]
_layout.indent = "  "


class Format(StrEnum):
    BIBTEX = "bibtex"
    RIS = "ris"
    CSV = "csv"


NAMES = {Format.BIBTEX: "BibTeX", Format.RIS: "RIS", Format.CSV: "CSV"}
JOINT = {Format.BIBTEX: "\n\n", Format.RIS: "\n\n", Format.CSV: "\n"}


def records(papers: Sequence[StoredPaper], wanted: Format) -> list[str]:
    """A text a paper; before them, for CSV, the line of column names."""
    match wanted:
        case Format.BIBTEX:
            keys = _keys(papers)
            return [_fitting(one, lambda p, room: _bibtex(p, room, keys[p.id])) for one in papers]
        case Format.RIS:
            return [_fitting(one, _ris) for one in papers]
        case Format.CSV:
            return [_line(COLUMNS), *(_fitting(one, _csv) for one in papers)]


def _fitting(one: StoredPaper, write: Callable[[StoredPaper, int], str]) -> str:
    written = (write(one, room) for room in ROOMS)
    return next((text for text in written if len(text.encode()) <= LONGEST), write(one, ROOMS[-1]))


# --- BibTeX -----------------------------------------------------------------------------------------


def _bibtex(one: StoredPaper, room: int, key: str) -> str:
    paper = one.paper
    names = [f"{{{_encode(name)}}}" if _one_word(name) else _encode(name) for name in _names(one, room)]
    names += [AND_OTHERS] if len(paper.authors) > room else []
    fields = {
        "title": f"{{{_encode(_title(one, room))}}}",  # twice in braces: its capitals stay
        "author": " and ".join(names),
        "year": _year(one),
        "eprint": paper.arxiv_id or "",
        "archivePrefix": "arXiv" if paper.arxiv_id else "",
        "url": _address(one),
    }
    entry = Entry("misc", key, [Field(name, value) for name, value in fields.items() if value])
    return str(write_string(Library([entry]), bibtex_format=_layout)).strip()


def _one_word(name: str) -> bool:
    """Whether BibTeX would take such a name apart."""
    return "," in name or re.search(r"\b(and|others)\b", name, re.IGNORECASE) is not None


def _keys(papers: Sequence[StoredPaper]) -> dict[int, str]:
    """By the papers' ids: `reyes2025bitnet`, with a letter where that is taken."""
    taken: set[str] = set()
    keys: dict[int, str] = {}
    for one in papers:
        family = one.paper.authors[0].split()[-1:] if one.paper.authors else []
        words = [_letters(word) for word in _title(one, 200).split()]
        first = next((word for word in words if len(word) > 3), "")
        base = f"{_letters(' '.join(family)) or 'paper'}{_year(one)}{first}"[:60]
        keys[one.id] = next(key for key in _variants(base) if key not in taken)
        taken.add(keys[one.id])
    return keys


def _variants(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{number}" for number in count(2))


def _letters(text: str) -> str:
    """ASCII letters and digits, which every BibTeX takes in a key."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


# --- RIS --------------------------------------------------------------------------------------------


def _ris(one: StoredPaper, room: int) -> str:
    paper = one.paper
    record: dict[str, object] = {
        "type_of_reference": "UNPB",
        "title": _title(one, room),
        "authors": [_family_first(name) for name in _names(one, room)],
        "year": _year(one),
        "keywords": [_flat(tag)[:room] for tag in paper.tags[:room]],
        "accession_number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        "urls": [_address(one)] if _address(one) else [],
    }
    written = rispy.dumps([{name: value for name, value in record.items() if value}])
    return str(written).split("\n", 1)[1].strip()  # without its number


def _family_first(name: str) -> str:
    given, space, family = name.rpartition(" ")
    return f"{family}, {given}" if space and "," not in name else name


# --- CSV --------------------------------------------------------------------------------------------


def _csv(one: StoredPaper, room: int) -> str:
    paper = one.paper
    names, tags = "; ".join(_names(one, room)), "; ".join(_flat(tag)[:room] for tag in paper.tags[:room])
    day, number = one.date.isoformat(), paper.arxiv_id or ""
    return _line((_title(one, room), names, _year(one), day, number, _address(one), tags))


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    inert = [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]
    csv.writer(written, lineterminator="").writerow(inert)
    return written.getvalue()


# --- what they share --------------------------------------------------------------------------------


def _title(one: StoredPaper, room: int) -> str:
    title = _flat(one.paper.title)
    return title if len(title) <= room else f"{title[: room - 1].rstrip()}…"


def _names(one: StoredPaper, room: int) -> list[str]:
    return [flat[:room] for name in one.paper.authors[:room] if (flat := _flat(name))]


def _year(one: StoredPaper) -> str:
    """Of the arXiv id, `2504.15376` or `cs/0112017`; else of the digest."""
    if found := re.search(r"(?:^|/)(\d\d)\d\d", one.paper.arxiv_id or ""):
        return f"{'19' if found[1] > '90' else '20'}{found[1]}"
    return str(one.date.year)


def _address(one: StoredPaper) -> str:
    if one.paper.arxiv_id:
        return f"https://arxiv.org/abs/{quote(one.paper.arxiv_id, safe='/.')}"
    address = quote(one.paper.url or "", safe="%/:?#@!$&'()*+,;=~")
    return address if len(address) <= 500 else ""


def _flat(text: str) -> str:
    """One line without control characters."""
    seen = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
    return " ".join(seen.split())
