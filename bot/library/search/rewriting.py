"""What the words of a query mean: which words of papers answer each of them, and how well. Pure.

A concept is one thing that was asked for; a paper that has any of its forms has it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from bot.library.search.tuning import REWRITING
from bot.library.words import stem

# Said far more often than meant: they find everything, tell nothing apart, and cost the most.
STOPWORDS = frozenset(
    "a about an and any are as at be by can did do does for from had has have how i if in into is it its"  # noqa: SIM905
    " me my of on or our paper papers so some that the their them there these they this those to us use used"
    " using via was we were what when where which who why will with you your"
    # of those who ask in sentences
    " anyone anything exist exists find finding good give help know like look looking need please recent"
    " should show tell there try trying want way whether work works would".split()
)
# What any paper does or is; asked for, but hardly what is remembered.
VAGUE = frozenset(
    "ability address addresses approach assess aims challenge challenges develop develops effectively enhance"  # noqa: SIM905
    " enhances ensure establish evaluate framework improve improves introduce introduces introducing"
    " investigate investigates issues limitations method methods more novel perform performance present"
    " presents problem propose proposed proposes reduce solve systematically technique".split()
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word as papers write it."""

    text: str
    stem: str
    papers: int  # that have it
    titles: int  # of these, how many have it in the title


def idf(papers: int, of: int) -> float:
    """How much a word tells that so many papers have."""
    papers = min(papers, of)
    return math.log(1 + (of - papers + 0.5) / (papers + 0.5))


class How(StrEnum):
    """How a word of a paper came to answer a word of the query."""

    TYPED = "typed"
    FORM = "another form"
    SPELLING = "spelling"
    JOINED = "joined"
    PREFIX = "beginning"
    ACRONYM = "acronym"


@dataclass(frozen=True, slots=True)
class Form:
    weight: float  # 1: as good as typed
    how: How
    stem: str
    papers: int  # that have the stem
    titles: int
    idf: float  # of the stem, or of the word where it was not typed; at most what the concept is worth


@dataclass(frozen=True, slots=True)
class Concept:
    text: str  # as it was asked for
    place: int  # among the words of the query
    idf: float
    forms: Mapping[str, Form]  # by how papers write them


@dataclass(frozen=True, slots=True)
class Rewritten:
    concepts: tuple[Concept, ...]
    unknown: Mapping[str, str] = field(default_factory=dict)  # words that no paper has, and what is nearest


class Words(Protocol):
    """What rewriting asks of the vocabulary."""

    papers: int

    def known(self, words: Collection[str]) -> Mapping[str, Term]: ...
    def written(self, words: Iterable[str]) -> Mapping[str, Term]: ...
    def near(self, word: str) -> Sequence[tuple[int, Term]]: ...
    def starting(self, prefix: str, limit: int) -> Sequence[Term]: ...
    def short(self, spelt_out: Collection[str]) -> Mapping[str, Collection[str]]: ...


def rewrite(groups: Sequence[Sequence[str]], vocabulary: Words, *, verbatim: bool = False) -> Rewritten:
    """`groups`: the words asked for in their order; of a group with more than one, any will do.

    `verbatim`: nothing is corrected.
    """
    return _Rewriter(groups, vocabulary, verbatim).rewritten()


class _Rewriter:
    def __init__(self, groups: Sequence[Sequence[str]], vocabulary: Words, verbatim: bool) -> None:
        self._groups = groups
        self._words = [group[0] if len(group) == 1 else "" for group in groups]
        self._vocabulary = vocabulary
        self._verbatim = verbatim
        self._by_stem: dict[str, list[Term]] = {}
        self._known = self._know({word for group in groups for word in group})
        self._joined = self._joins()
        self._spelt_out = self._acronyms()
        self._unknown: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._doubted = 0

    def rewritten(self) -> Rewritten:
        meant = [place for place, group in enumerate(self._groups) if not STOPWORDS.issuperset(group)]
        places = meant or range(len(self._groups))
        concepts = [self._concept(place) for place in places]
        concepts.sort(key=lambda concept: -concept.idf)
        kept = sorted(concepts[: REWRITING.most], key=lambda concept: concept.place)
        return Rewritten(tuple(kept), self._unknown)

    def _know(self, words: Collection[str]) -> Mapping[str, Term]:
        """In every form of their stems: by these together is told how many papers will have to be read."""
        known = self._vocabulary.known(words)
        by_stem: dict[str, list[Term]] = {}
        for term in known.values():
            by_stem.setdefault(term.stem, []).append(term)
        self._by_stem |= by_stem
        return known

    # --- one word -------------------------------------------------------------------------------

    def _concept(self, place: int) -> Concept:
        group = self._groups[place]
        forms: dict[str, Form] = {}
        for word in group:
            for term in self._by_stem.get(stem(word), ()):
                typed = term.text == word
                self._add(forms, term, 1.0 if typed else REWRITING.form, How.TYPED if typed else How.FORM)
        papers = sum(self._known[text].papers for text in forms)
        worth = self._idf(papers)
        if len(group) == 1 and papers <= REWRITING.rare and not self._verbatim:
            joined = place in self._joined
            for text, form in self._instead(group[0], place, papers, bool(forms) or joined).items():
                forms.setdefault(text, form)
            if not papers:
                worth = self._worth(forms)
        for term in self._joined.get(place, ()):
            self._add(forms, term, 1.0, How.JOINED)
        for term in self._spelt_out.get(place, ()):
            self._add(forms, term, REWRITING.acronym, How.ACRONYM)
        if VAGUE.issuperset(group):
            worth *= REWRITING.vague
        capped = {text: replace(form, idf=min(form.idf, worth)) for text, form in forms.items()}
        return Concept(" ".join(group), place, worth, capped)

    def _instead(self, word: str, place: int, papers: int, found: bool) -> dict[str, Form]:
        """What a word that is hardly known may stand for."""
        unfinished = place == len(self._groups) - 1 and len(word) >= REWRITING.shortest_prefix
        begun = self._vocabulary.starting(word, REWRITING.prefixes) if unfinished else []
        self._doubted += 1
        found_near = self._vocabulary.near(word) if self._doubted <= REWRITING.doubted else []
        near = sorted(found_near, key=lambda one: (one[0], -one[1].papers))
        near = [one for one in near if one[1].text not in STOPWORDS]
        if papers:
            near = [one for one in near if one[0] == 1 and one[1].papers >= REWRITING.surer * papers]
        near = near[: REWRITING.corrections]
        self._know({*(term.text for term in begun), *(term.text for _, term in near)})
        forms: dict[str, Form] = {}
        for term in begun:
            self._add(forms, term, REWRITING.prefix, How.PREFIX)
        for distance, term in near:
            if term.text not in forms:
                self._add(forms, term, REWRITING.near[distance], How.SPELLING)
        if not found and near:
            self._unknown[word] = near[0][1].text
        return forms

    def _worth(self, forms: Mapping[str, Form]) -> float:
        """Of a word that no paper has: that of its likeliest correction, or of all that it may begin."""
        begun = [text for text, form in forms.items() if form.how is How.PREFIX]
        if begun:
            return self._idf(sum(self._seen[text] for text in begun))
        return max((form.idf for form in forms.values()), default=self._idf(0))

    def _add(self, forms: dict[str, Form], term: Term, weight: float, how: How) -> None:
        self._seen[term.text] = term.papers
        known = forms.get(term.text)
        if known is None or known.weight < weight:
            same = self._by_stem.get(term.stem, [term])
            papers, titles = sum(one.papers for one in same), sum(one.titles for one in same)
            worth = self._idf(papers if how in (How.TYPED, How.FORM) else term.papers)
            forms[term.text] = Form(weight, how, term.stem, papers, titles, worth)

    def _idf(self, papers: int) -> float:
        return idf(papers, self._vocabulary.papers)

    # --- several --------------------------------------------------------------------------------

    def _joins(self) -> dict[int, list[Term]]:
        """Adjacent words that papers write as one, by the places of the words."""
        runs: dict[str, list[range]] = {}
        for start in range(len(self._words)):
            for end in range(start + 2, min(start + REWRITING.run, len(self._words)) + 1):
                if all(self._words[start:end]):
                    runs.setdefault("".join(self._words[start:end]), []).append(range(start, end))
        return self._at(runs, {text: [text] for text in runs})

    def _acronyms(self) -> dict[int, list[Term]]:
        """Words that an acronym stands for, by their places."""
        stems = [stem(word) if word else "" for word in self._words]
        runs: dict[str, list[range]] = {}
        for start in range(len(stems)):
            for end in range(start + 2, min(start + REWRITING.longest_name, len(stems)) + 1):
                if all(stems[start:end]):
                    runs.setdefault(" ".join(stems[start:end]), []).append(range(start, end))
        return self._at(runs, self._vocabulary.short(runs.keys())) if runs else {}

    def _at(
        self, runs: Mapping[str, Sequence[range]], named: Mapping[str, Collection[str]]
    ) -> dict[int, list[Term]]:
        found: dict[int, list[Term]] = {}
        terms = self._vocabulary.written([name for names in named.values() for name in names])
        self._know(terms)
        for text, names in named.items():
            for name in names:
                for place in {place for run in runs[text] for place in run} if name in terms else ():
                    found.setdefault(place, []).append(terms[name])
        return found
