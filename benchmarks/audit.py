"""What stands in Slack beside what the ledger says: lost, repeated, out of order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

BLIND = "sent again: can't tell"  # in the story of a row that was sent again without a look


@dataclass(slots=True)
class Audit:
    """Every list is of keys."""

    rows: int = 0
    messages: int = 0
    unsure: int = 0  # rows that were ever unsure
    blind: int = 0  # times a row was sent again without a look
    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)  # repeated more often than sent again blindly
    strangers: list[str] = field(default_factory=list)  # messages that no row knows
    misplaced: list[str] = field(default_factory=list)  # sent, with the ts of another message
    out_of_order: list[str] = field(default_factory=list)

    def passed(self, history: bool) -> bool:
        wrong = [self.lost, self.strangers, self.misplaced, self.out_of_order]
        wrong.append(self.repeated if history else self.unexplained)
        return not any(wrong)


def audit(rows: Iterable[Any], state: Mapping[str, Any], event: str) -> Audit:
    """`rows` of the ledger by id, the sandbox's `state`, and the event type of our metadata."""
    every = list(rows)
    places = _messages(state, event, {row.key: row.target for row in every if row.target})
    new = [row for row in every if row.state != "skipped" and not row.target]
    found = Audit(len(new), sum(map(len, places.values())))
    known = {row.key for row in new}
    for row in new:
        there = places.get(row.key, [])
        blind = row.story.count(BLIND)
        found.unsure += " unsure" in row.story
        found.blind += blind
        found.lost += [row.key] * (not there)
        found.repeated += [row.key] * (len(there) > 1)
        found.unexplained += [row.key] * (len(there) - 1 > blind)
        found.misplaced += [row.key] * (row.state == "sent" and bool(there) and row.slack_ts not in there)
    found.strangers = sorted(places.keys() - known)
    found.out_of_order = list(_out_of_order(new, places))
    return found


def _messages(state: Mapping[str, Any], event: str, targets: Mapping[str, str]) -> dict[str, list[str]]:
    """The ts of each message that carries a key; one that was changed carries the key of its change."""
    places: dict[str, list[str]] = defaultdict(list)
    for workspace in state["workspaces"]:
        for channel in workspace["channels"]:
            for message in channel["messages"]:
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == event:
                    key = metadata["event_payload"]["key"]
                    places[targets.get(key, key)].append(message["ts"])
    return places


def _out_of_order(rows: list[Any], places: Mapping[str, list[str]]) -> Iterable[str]:
    """Messages of a channel that came before one that the ledger had written earlier."""
    lanes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if places.get(row.key):
            lanes[row.destination].append((min(places[row.key]), row.key))
    for lane in lanes.values():
        for (before, _), (after, key) in pairwise(lane):
            if after < before:
                yield key
