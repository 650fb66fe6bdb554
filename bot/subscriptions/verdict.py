"""Why a filter does not let a paper through, in the parts that its author wrote. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.library.expression import And, Node, Not, Or
from bot.subscriptions.matching import PaperText, Prepared, holds, prepare


@dataclass(frozen=True, slots=True)
class Verdict:
    """Parts of the filter, printed as they read. Neither: it lets the paper through."""

    excluded_by: tuple[str, ...] = ()  # `-survey`, `-tag:Audio`: what else would have come
    lacking: tuple[str, ...] = ()  # what it asks for and the paper has not

    @property
    def passes(self) -> bool:
        return not self.excluded_by and not self.lacking


def of(root: Node, given: PaperText) -> Verdict:
    failing = list(_failing(root, given, prepare(given.paper)))
    excluded = (str(one) for one in failing if isinstance(one, Not))
    lacking = (str(one) for one in failing if not isinstance(one, Not))
    return Verdict(tuple(dict.fromkeys(excluded)), tuple(dict.fromkeys(lacking)))


def _failing(node: Node, given: PaperText, prepared: Prepared) -> Iterable[Node]:
    """The smallest parts that would each have to hold. Of alternatives one would do, so they fail as one;
    save where nothing but a minus stands in the way of some."""
    if holds(node, given, prepared):
        return []
    match node:
        case And(nodes):
            return [part for one in nodes for part in _failing(one, given, prepared)]
        case Or(nodes):
            ways = [list(_failing(one, given, prepared)) for one in nodes]
            barred = [way for way in ways if all(isinstance(part, Not) for part in way)]
            return [part for way in barred for part in way] or [node]
    return [node]
