"""Reads the search language. No text is an error: what can't be read is searched as words, with a note."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lark import Lark, Token, Transformer, Tree

from bot.digests import links, taxonomy
from bot.errors import UnknownTag
from bot.library.dates import first_day
from bot.library.expression import (
    After,
    And,
    Arxiv,
    Author,
    Before,
    Has,
    Node,
    Phrase,
    Tag,
    Term,
    all_of,
    alternatives,
    any_of,
    demands,
    names_papers,
    negated,
)
from bot.library.words import words

MAX_TEXT = 4_000  # characters; a pasted abstract has some 1,500
MAX_PARTS = 600  # tokens; SQLite takes a condition of at most 1,000
MAX_DEPTH = 20
MAX_NAME = 100
MAX_NOTES = 3
MAX_MISTAKES = 20  # what comes after is not looked up any more: to find the nearest tags costs a millisecond

# Keyboards, and Slack itself, make quotation marks and minus signs typographic.
TYPOGRAPHY = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("−–", "-"))
FIELD = re.compile(r"(tag|author|has|after|before):\s*", re.IGNORECASE)
WORD = re.compile(r'[^\s()"|]+')
INSIDE = re.compile(r"[^\W_].*[^\W_]|[^\W_]", re.DOTALL)  # without the punctuation around it
ARXIV = re.compile(
    r"(?:arxiv:)?(?:(\d{4}\.\d{4,5})|([a-z-]+)(?:\.[a-z]{2})?(/\d{7}))(?:v\d+)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Query:
    """`str()` of it is the query as it was read."""

    root: Node
    notes: tuple[str, ...] = ()  # for people: what was read otherwise than it was written
    unknown: tuple[UnknownTag, ...] = ()  # tags that were taken for words

    @property
    def wordless(self) -> bool:
        """It asks for nothing."""
        return self.root == And(())

    def __str__(self) -> str:
        return str(self.root)


def parse(text: str, *, today: dt.date, known: Collection[str] | None = ()) -> Query:
    """`known`: tags that papers carry beside those of the taxonomy; None: any name is a tag's."""
    reader = _Reader(today, known)
    written = _cleaned(text)
    tokens = list(_lexer().lex(written))
    mended = _mended(tokens)
    root = reader.transform(_tree(mended)) or And(())
    notes = [*reader.notes, *_impossible(root)]
    if root == And(()) and written.strip():
        notes = [*notes, f"I found no word to search for in {_quoted(written)}."]
    elif len(text) > MAX_TEXT or len(tokens) > MAX_PARTS:
        notes = ["That is long; I read only its beginning.", *notes]
    elif mended != tokens or written.count('"') % 2:
        notes = [*notes, f"Something was left open or stood alone; I read it as {_quoted(str(root))}."]
    return Query(root, tuple(notes[:MAX_NOTES]), tuple(reader.unknown))


def _impossible(root: Node) -> Iterator[str]:
    parts = demands(root)
    after = [part.day for part in parts if isinstance(part, After)]
    before = [part.day for part in parts if isinstance(part, Before)]
    if after and before and max(after) >= min(before):
        yield f"No day is both {_quoted(str(After(max(after))))} and {_quoted(str(Before(min(before))))}."


@lru_cache
def _grammar() -> Lark:
    return Lark.open("query.lark", rel_to=__file__, parser="lalr", lexer="basic")


@lru_cache
def _lexer() -> Lark:
    """Beside a parser, Lark makes a new lexer at each call, which takes longer than to lex a query."""
    return Lark.open("query.lark", rel_to=__file__, parser=None, lexer="basic")


def _cleaned(text: str) -> str:
    encodable = text[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", encodable).translate(TYPOGRAPHY)[:MAX_TEXT]


def _tree(tokens: Sequence[Token]) -> Tree[Token]:
    parser = _grammar().parse_interactive()
    for token in tokens:
        parser.feed_token(token)
    tree: Tree[Token] = parser.feed_eof()  # type: ignore[no-untyped-call]
    return tree


def _mended(tokens: Sequence[Token]) -> list[Token]:
    """Tokens that the grammar takes: parentheses paired, each OR and minus beside something."""
    kept: list[Token] = []
    depth = 0
    for token in tokens[:MAX_PARTS]:
        if token.type == "_OPEN":
            depth += 1
            if depth > MAX_DEPTH:
                continue
        elif token.type == "_CLOSE":
            depth -= 1
            if depth < 0 or depth >= MAX_DEPTH:
                depth = max(depth, 0)
                continue
            _drop_last(kept, "_OR", "_NOT")
        elif token.type == "_OR":
            _drop_last(kept, "_OR", "_NOT")
            if not kept or kept[-1].type == "_OPEN":
                continue
        elif token.type == "_NOT":
            _drop_last(kept, "_NOT")
        kept.append(token)
    _drop_last(kept, "_OR", "_NOT")
    return kept + [Token("_CLOSE", ")")] * min(depth, MAX_DEPTH)


def _drop_last(tokens: list[Token], *kinds: str) -> None:
    while tokens and tokens[-1].type in kinds:
        tokens.pop()


class _Reader(Transformer[Token, Node | None]):
    """From the syntax to its meaning; None is what holds nothing to search for."""

    def __init__(self, today: dt.date, known: Collection[str] | None) -> None:
        super().__init__()
        self._today = today
        self._known = known
        self.notes: list[str] = []
        self.unknown: list[UnknownTag] = []

    def start(self, clauses: list[Node | None]) -> Node | None:
        nodes = [clause for clause in clauses if clause]
        return _side_by_side(nodes) if nodes else None

    def clause(self, parts: list[Node | None]) -> Node | None:
        nodes = [part for part in parts if part]
        return any_of(nodes) if nodes else None

    def negation(self, parts: list[Node | None]) -> Node | None:
        return negated(parts[0]) if parts[0] else None

    def PHRASE(self, token: Token) -> Node | None:  # noqa: N802, Lark calls by the terminal's name
        text = " ".join(token.strip('"').split())
        return Phrase(text) if words(text) else None

    def WORD(self, token: Token) -> Node | None:  # noqa: N802
        return _term(token)

    def FIELD(self, token: Token) -> Node | None:  # noqa: N802
        name, value = FIELD.split(token, maxsplit=1)[1:]
        value = " ".join(value.strip('"').split())[:MAX_NAME].strip(" .,;")
        node = self._named(name.lower(), value)
        return node or _side_by_side(filter(None, map(_term, WORD.findall(value)))) if words(value) else None

    def _named(self, field: str, value: str) -> Node | None:
        match field:
            case "tag":
                return self._tag(value)
            case "author":
                return Author(value)
            case "has":
                return self._has(value)
            case _:
                return self._day(field, value)

    def _tag(self, value: str) -> Node | None:
        if len(self.notes) >= MAX_MISTAKES:
            return None
        if self._known is None:
            return Tag(taxonomy.meaning(value))
        try:
            return Tag(taxonomy.resolve(value, self._known))
        except UnknownTag as error:
            self.unknown.append(error)
            self.notes.append(f"{error.user_message} Searched as words.")
            return None

    def _has(self, value: str) -> Node | None:
        match value.lower():
            case "code":
                return Has("code")
            case "model":
                return Has("model")
        self.notes.append(f"has: knows code and model, not {_quoted(value)}; searched as words.")
        return None

    def _day(self, field: str, value: str) -> Node | None:
        day = first_day(value, self._today)
        if day is None:
            self.notes.append(f"{_quoted(f'{field}:{value}')} isn't a date; searched as words.")
            return None
        return After(day) if field == "after" else Before(day)


def _side_by_side(nodes: Iterable[Node]) -> Node:
    """All of them; but no paper is two papers, so of those that are named any will do."""
    node = all_of(nodes)
    parts = demands(node)
    named = [part for part in parts if names_papers(part)]
    if len(named) < 2:
        return node
    either = any_of(dict.fromkeys(one for part in named for one in alternatives(part)))
    return all_of([either, *(part for part in parts if part not in named)])


def _term(text: str) -> Node | None:
    inside = INSIDE.search(text)
    if not inside or not words(inside[0]):
        return None
    word = inside[0]
    if arxiv_id := _arxiv_id(word):
        return Arxiv(arxiv_id)
    if word in ("OR", "AND"):
        return Term(word.lower())
    # What starts like a field within its punctuation, as in `!tag:x`, would read as one when it is printed.
    return Term(word.replace(":", "_", 1) if FIELD.match(word) else word)


def _arxiv_id(word: str) -> str | None:
    found = ARXIV.fullmatch(word)
    if not found:
        return links.arxiv_id(links.web_address(word))
    return found[1] or found[2].lower() + found[3]


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= MAX_NAME else f"“{line[:MAX_NAME]}…”"
