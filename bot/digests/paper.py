"""One row of a table read into a paper, with what could not be read as it stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.digests.columns import Cells, Column, Header, cut, header
from bot.digests.layout import Row
from bot.digests.links import GITHUB, HUGGING_FACE, Links, arxiv_id, links
from bot.digests.points import points
from bot.digests.repair import repair
from bot.digests.taxonomy import canonical
from bot.model import Paper, Problem

FILL_IN = "give every column its cell, and N/A where there is nothing to say."
FEW_CELLS = "This row has {count} of {width} cells, so the paper was left out: " + FILL_IN
LOST_CELLS = "This row has {count} of {width} cells; the missing ones were read as empty: " + FILL_IN
NO_TITLE = "This row has no title, so the paper was left out: write the title into its cell."
NO_LINK = "This paper has no link and was kept without: write its title as [Title](https://arxiv.org/abs/…)."
NO_SUCH_LINK = "“{link}” is no web link and was left out: write an address that begins with https://, or N/A."

_READ_MORE = "(Read more on ["
_ABSENT = frozenset({"", "n/a", "none", "null"})
_BETWEEN_NAMES = re.compile(r", and |,|;| and ")
_WORD = re.compile(r"[^\W\d_]")
_EXCERPT = 60
_NO_LINKS = Links((), ())


class Reading(NamedTuple):
    paper: Paper | None
    problems: tuple[Problem, ...] = ()


class _Title(NamedTuple):
    raw: str  # unwrapped, without link
    text: str
    links: Links


def read(row: Row) -> Reading:
    """The paper of a row. A header written again between the rows is neither a paper nor a problem."""
    cells = cut(row.text, row.header)
    title = _title(cells.values.get(Column.TITLE, ""))
    if not _has_enough(cells, row.header):
        message = FEW_CELLS.format(count=cells.found, width=row.header.width)
        return Reading(None, (Problem(row.line, message, title.text or None),))
    if not title.links.urls and header(row.text):
        return Reading(None)
    if not title.text:
        return Reading(None, (Problem(row.line, NO_TITLE),))
    return _reading(row, cells, title)


def _has_enough(cells: Cells, columns: Header) -> bool:
    needed = Column.SUMMARY if Column.SUMMARY in columns.columns else Column.TITLE
    return needed in cells.values


def _reading(row: Row, cells: Cells, title: _Title) -> Reading:
    values = cells.values
    own = _links(values.get(Column.LINK, ""))
    github = _links(values.get(Column.GITHUB, ""), GITHUB)
    hugging_face = _links(values.get(Column.HUGGING_FACE, ""), HUGGING_FACE)
    urls = title.links.urls + own.urls
    url = next((url for url in urls if "arxiv.org/" in url), urls[0] if urls else None)
    summary = values.get(Column.SUMMARY, "").strip()
    paper = Paper(
        title=title.text,
        url=url,
        arxiv_id=next(filter(None, map(arxiv_id, urls)), None),
        authors=_names(values.get(Column.AUTHORS, "")),
        summary=() if summary.lower() in _ABSENT else points(repair(summary)),
        tags=_tags(values.get(Column.TAGS, "")),
        github_urls=github.urls,
        huggingface_urls=hugging_face.urls,
        raw_title=title.raw,
        raw_summary=summary,
    )
    messages = [
        NO_SUCH_LINK.format(link=_excerpt(junk))
        for cell in (title.links, own, github, hugging_face)
        for junk in cell.junk
    ]
    if not urls and not title.links.junk and not own.junk:
        messages.append(NO_LINK)
    if cells.found < row.header.width:
        messages.append(LOST_CELLS.format(count=cells.found, width=row.header.width))
    # Each once: one word may stand for every link that is missing.
    return Reading(paper, tuple(Problem(row.line, one, paper.title) for one in dict.fromkeys(messages)))


def _title(cell: str) -> _Title:
    text, link = _parted(cell)
    raw = " ".join(text.split())
    if raw.startswith("**") and raw.endswith("**"):
        raw = raw[2:-2].strip()
    return _Title(raw, " ".join(repair(raw).split()), links(link) if link else _NO_LINKS)


def _parted(cell: str) -> tuple[str, str]:
    """Title and links of `[Title](url)`, `Title (Read more on [arXiv](url) or …)`, `Title [arXiv](url)`."""
    more = cell.find(_READ_MORE)
    if more >= 0:
        return cell[:more], cell[more:]
    close = cell.find("](http")
    if close < 0:
        close = cell.rfind("](")
    if close < 0:
        return cell, ""
    opening = cell.find("[") if cell.lstrip().startswith("[") else cell.rfind("[", 0, close)
    before = cell[: max(opening, 0)]
    return (before if _WORD.search(before) else cell[opening + 1 : close]), cell[close:]


def _links(cell: str, home: str = "") -> Links:
    return _NO_LINKS if cell.strip() == "N/A" else links(cell, home)


def _names(cell: str) -> tuple[str, ...]:
    names = (name.strip() for name in _BETWEEN_NAMES.split(" ".join(repair(cell).split())))
    return tuple(name for name in names if name.lower() not in _ABSENT)


def _tags(cell: str) -> tuple[str, ...]:
    """A Python list as it is printed, or what a model made of one; read as text, never evaluated."""
    listed = repair(cell).strip()
    if listed.startswith("("):
        listed = listed.strip("()")
    parts = listed.replace(";", ",").split(",")
    tags = (canonical(part.strip(" \t\n'\"`[]")) for part in parts)
    return tuple(dict.fromkeys(tag for tag in tags if tag.lower() not in _ABSENT))


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"
