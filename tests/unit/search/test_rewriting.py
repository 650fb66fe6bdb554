"""What a query's words mean, by a vocabulary that is a list of words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.library.search import spelling
from bot.library.search.rewriting import How, Term, idf, rewrite
from bot.library.words import stem


@dataclass(frozen=True)
class Few:
    """Of 1,000 papers: words, and how many have each."""

    counts: Mapping[str, int]
    papers: int = 1_000

    def known(self, words: Collection[str]) -> Mapping[str, Term]:
        return self.written(text for text in self.counts if stem(text) in set(map(stem, words)))

    def written(self, words: Iterable[str]) -> Mapping[str, Term]:
        return {text: Term(text, stem(text), self.counts[text], 0) for text in words if text in self.counts}

    def near(self, word: str) -> Sequence[tuple[int, Term]]:
        distances = spelling.within(word, list(self.counts), 2)
        return [(distances[text], term) for text, term in self.written(distances).items()]

    def starting(self, prefix: str, limit: int) -> Sequence[Term]:
        return list(self.written(text for text in self.counts if text.startswith(prefix)).values())[:limit]

    def short(self, spelt_out: Collection[str]) -> Mapping[str, Collection[str]]:
        return {}


def test_what_a_correction_makes_one_read_is_counted_with_the_other_forms_of_its_stem() -> None:
    """The index knows stems only: whoever asks it for one word is given the papers of all forms."""
    (concept,) = rewrite([["recomend"]], Few({"recommend": 3, "recommendation": 600})).concepts
    form = concept.forms["recommend"]
    assert (form.how, form.papers) == (How.SPELLING, 603)
    assert form.idf == idf(3, 1_000)  # the word that was meant tells no less for it


def test_what_a_beginning_makes_one_read_is_counted_so_too() -> None:
    (concept,) = rewrite([["recom"]], Few({"recommend": 3, "recommended": 400})).concepts
    assert {form.papers for form in concept.forms.values()} == {403}
