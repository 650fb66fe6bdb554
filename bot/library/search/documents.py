"""A paper as the search index keeps it: words as they are written, in fields, and flags to filter by. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from bot.digests import taxonomy
from bot.library.search.acronyms import Acronyms
from bot.library.words import SEPARATOR, passages, stem, words
from bot.model import Paper

HAS_CODE = f"has{SEPARATOR}code"  # no word holds the separator, so no word finds a flag
HAS_MODEL = f"has{SEPARATOR}model"

HYPHENATED = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9.]*[A-Za-z0-9])+")
NAMED = re.compile(r"[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Document:
    """Words of each field, passages told apart; kept whole, for reranking and to be taken out again."""

    title: str
    authors: str
    summary: str
    tags: str
    code: str
    flags: str
    title_alias: str  # what the title's words are also called: joined names, acronyms
    summary_alias: str

    def __str__(self) -> str:
        return "\n".join(astuple(self))

    def columns(self) -> tuple[str, ...]:
        """For the index, where the same word in another form is the same."""
        aliases = self.title_alias, self.summary_alias
        fields = (self.title, self.authors, self.summary, self.tags, self.code)
        return (*map(_stemmed, fields), self.flags, *map(_stemmed, aliases))


def kept(text: str) -> Document:
    return Document(*text.split("\n"))


def document(paper: Paper, acronyms: Acronyms) -> Document:
    title, summary = passages([paper.title], words), passages(paper.summary, words)
    return Document(
        title=title,
        authors=passages(paper.authors, words),
        summary=summary,
        tags=passages(paper.tags, words),
        code=passages(map(_path, (*paper.github_urls, *paper.huggingface_urls)), words),
        flags=" ".join(_flags(paper)),
        title_alias=" ".join((*_joined(paper.title), *_short(title, acronyms))),
        summary_alias=" ".join((*_names(paper.summary), *_short(summary, acronyms))),
    )


def tag_flag(tag: str) -> str:
    """In digits, so that C++ stays apart from C."""
    return f"tag{SEPARATOR}{tag.encode('utf-8', 'replace').hex()}"


def name_flags(name: str) -> list[str]:
    return [f"by{SEPARATOR}{word}" for word in words(name)]


def _stemmed(field: str) -> str:
    return " ".join(map(stem, field.split()))


def _flags(paper: Paper) -> Iterator[str]:
    if paper.github_urls:
        yield HAS_CODE
    if paper.huggingface_urls:
        yield HAS_MODEL
    yield from (tag_flag(taxonomy.meaning(tag)) for tag in paper.tags)
    yield passages(paper.authors, name_flags)


def _joined(title: str) -> Iterator[str]:
    """Hyphenated names as they are also typed: dianjinr1 for DianJin-R1."""
    for unit in re.findall(r"\S+", title):
        if unit.isascii() and len(parts := words(unit)) > 1:
            yield "".join(parts)


def _names(texts: Iterable[str]) -> Iterator[str]:
    """Hyphenated names in running text, told by a capital or a digit past the beginning: coupledgrpo."""
    for text in texts:
        for unit in HYPHENATED.findall(text):
            yield "".join(words(unit))


def _short(field: str, acronyms: Acronyms) -> Iterator[str]:
    """LLM, where large language models are spelt out."""
    yield from (short for _, _, short in acronyms.within(list(map(stem, field.split()))))


def _path(url: str) -> str:
    """The owner's and the repository's name."""
    return url.partition("//")[2].partition("/")[2]
