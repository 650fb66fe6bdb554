"""Every number that a ranking turns on, with where it came from.

What the index is made by stands where it is made: spelling.py, acronyms.py, vocabulary.py.

"Measured" is a run of `paperboy bench search` over 4,002 real papers and 2,410 queries, each number chosen on
one half of the queries and checked on the other; "speed" is the same on a million synthetic papers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewriting:
    rare: int = 2  # a word in no more papers may be a misspelling
    form: float = 0.7  # another form of the stem: Porter takes general, generation and generative for one
    near: tuple[float, ...] = (1.0, 0.75, 0.45)  # a correction, by its distance
    surer: int = 20  # times more frequent a correction of a known word has to be
    corrections: int = 8  # a word
    doubted: int = 12  # words of a query that are looked up so: each costs a millisecond
    prefix: float = 0.7  # a word that starts with an unfinished one
    prefixes: int = 30
    shortest_prefix: int = 3
    vague: float = 0.6  # of the idf of words that any paper is described with
    run: int = 3  # adjacent words that may be one name
    acronym: float = 0.9  # for the words it stands for
    longest_name: int = 5  # words that an acronym may stand for
    most: int = 24  # words of a query that count: the rarest


@dataclass(frozen=True, slots=True)
class Gathering:
    rows: int = 7_000  # of the index that one query may read whole: 5,000 find less, 10,000 take longer
    apart: int = 2  # common words that tell those with rare ones apart
    best: int = 100  # go on to be reranked
    title: float = 0.5  # share of the idf that a word in the title adds
    newest: int = 100  # of those that have several common words
    telling: int = 4  # common words that are looked up together: the rarest


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights of what reranking looks at, measured; k1 and b as BM25 has them, flat around these."""

    k1: float = 1.2
    b: float = 0.5
    title: float = 0.85  # BM25 of each field, over the idf of the query
    authors: float = 1.0
    summary: float = 0.75
    tags: float = 1.0
    code: float = 0.25
    covered: float = 2.6  # share of the query's idf that the paper has, and its cube
    covered_cube: float = 1.4
    covered_title: float = 0.5
    title_share: float = 0.4  # share of the title's words that were asked for
    pairs_title: float = 0.85  # neighbours in the query that are as far apart in the field
    pairs_summary: float = 1.5
    pairs_authors: float = 0.5
    near_summary: float = 0.85  # neighbours in the query that are near each other in the field
    exact: float = 0.4  # share of the query's idf that the paper has as it was typed
    letters: float = 1.0  # the query's letters stand in the title's in a row
    starts: float = 0.5  # and begin it


@dataclass(frozen=True, slots=True)
class Looking:
    """What counts for reranking."""

    gap: int = 3  # words; those that were asked for farther apart are no neighbours
    near: int = 5  # words
    letters: int = 4  # of a query, that are looked for within a title's
    starts: int = 3  # and at its beginning


@dataclass(frozen=True, slots=True)
class Usual:
    """Words of a field, as BM25 takes for usual; the means of the 4,002 papers are 10, 12, 126, 6 and 3."""

    title: int = 11
    authors: int = 12
    summary: int = 150
    tags: int = 6
    code: int = 4


@dataclass(frozen=True, slots=True)
class Similar:
    words: int = 12  # of the paper, that ask for more like it
    title: float = 3.0  # times that a word of the title counts


REWRITING = Rewriting()
GATHERING = Gathering()
RANKING = Ranking()
LOOKING = Looking()
USUAL = Usual()
SIMILAR = Similar()
