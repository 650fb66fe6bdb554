"""What stands in Slack beside what the ledger and the digests say: lost, repeated, out of order, out of date."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

BLIND = "sent again: can't tell"  # in the story of a row that was sent again without a look
LOOKED = "sent again: it is not in the channel's history"
FOUND = "found in the channel's history"
TITLE = re.compile(r"\bPaper (\d+)\b")  # what papers.py calls its papers


@dataclass(frozen=True, slots=True)
class Again:
    """A row that was sent more than once, or came more than once."""

    key: str
    blind: int  # times that the ledger sent it again without a look
    messages: tuple[str, ...]  # the ts of each that stands in Slack
    story: str

    @property
    def repeats(self) -> int:
        return max(0, len(self.messages) - 1)

    @property
    def is_explained(self) -> bool:
        """Each repeat is one that the ledger knew might be."""
        return self.repeats <= self.blind


@dataclass(slots=True)
class Audit:
    """Lists are of keys, or of sentences."""

    rows: int = 0  # messages to send
    changes: int = 0  # of messages sent earlier
    messages: int = 0  # in Slack
    unsure: int = 0  # rows that were ever unsure
    found: int = 0  # rows that a look found
    looked: int = 0  # times a row was sent again, after looks in vain
    again: list[Again] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)  # still open, or given up
    strangers: list[str] = field(default_factory=list)  # messages that no row knows
    misplaced: list[str] = field(default_factory=list)  # sent, with the ts of another message
    out_of_order: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)  # reads otherwise than the ledger says
    unseen: list[str] = field(default_factory=list)  # papers that a channel was never shown
    planned_twice: list[str] = field(default_factory=list)  # papers that a channel has two messages of
    unplanned: list[str] = field(default_factory=list)
    fell: list[str] = field(default_factory=list)  # bots that ended by themselves
    stories: dict[str, str] = field(default_factory=dict)

    @property
    def blind(self) -> int:
        return sum(one.blind for one in self.again)

    @property
    def repeats(self) -> int:
        return sum(one.repeats for one in self.again)

    @property
    def unexplained(self) -> list[Again]:
        return [one for one in self.again if not one.is_explained]

    def wrong(self, history: bool) -> list[str]:
        """A line for each thing that must not be; with `history`, nothing may be sent blindly either."""
        repeated = [one for one in self.again if one.repeats] if history else self.unexplained
        kinds = {
            "lost": self.lost,
            "still open, or given up": self.unfinished,
            "repeated": [f"{one.key} {', '.join(one.messages)}" for one in repeated],
            "sent again without a look": [one.key for one in self.again if history and one.blind],
            "unknown to the ledger": self.strangers,
            "recorded with another ts": self.misplaced,
            "out of order": self.out_of_order,
            "not as the ledger has it": self.stale,
            "a paper that was never shown": self.unseen,
            "never planned": self.unplanned,
            "planned twice": self.planned_twice,
            "a bot that ended by itself": self.fell,
        }
        return [self._line(kind, what) for kind, whats in kinds.items() for what in whats]

    def _line(self, kind: str, what: str) -> str:
        story = self.stories.get(what.split(" ")[0], "")
        return f"{kind}: {what}\n    " + story.strip().replace("\n", "\n    ") if story else f"{kind}: {what}"


@dataclass(frozen=True, slots=True)
class _Standing:
    """A message as it stands in Slack."""

    ts: str
    text: str


def audit(rows: Iterable[Any], state: Mapping[str, Any], event: str, papers: int = 0) -> Audit:
    """`rows` of the ledger by id, the sandbox's `state`, the event type of our metadata, and how many
    papers every channel is to be shown."""
    every = list(rows)
    places = _messages(state, event, {row.key: row.target for row in every if row.target})
    new = [row for row in every if row.state != "skipped" and not row.target]
    changes = [row for row in every if row.state != "skipped" and row.target]
    found = Audit(len(new), len(changes), sum(map(len, places.values())))
    found.stories = {row.key: row.story for row in every}
    for row in new:
        there = tuple(one.ts for one in places.get(row.key, ()))
        blind = row.story.count(BLIND)
        found.unsure += " unsure" in row.story
        found.found += FOUND in row.story
        found.looked += row.story.count(LOOKED)
        found.lost += [row.key] * (not there)
        found.misplaced += [row.key] * (row.state == "sent" and bool(there) and row.slack_ts not in there)
        if blind or len(there) > 1:
            found.again.append(Again(row.key, blind, there, row.story))
    found.unfinished = [f"{row.key} {row.state}: {row.note}" for row in new + changes if row.state != "sent"]
    found.strangers = sorted(places.keys() - {row.key for row in new})
    found.out_of_order = list(_out_of_order(new, places))
    found.stale = list(_stale(new, changes, places))
    found.unseen = list(_unseen(state, papers))
    return found


def _channels(state: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for workspace in state["workspaces"]:
        yield from workspace["channels"]


def _messages(state: Mapping[str, Any], event: str, targets: Mapping[str, str]) -> dict[str, list[_Standing]]:
    """The messages that carry each key, oldest first; one that was changed may carry its change's."""
    places: dict[str, list[_Standing]] = defaultdict(list)
    for channel in _channels(state):
        for message in channel["messages"]:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == event:
                key = metadata["event_payload"]["key"]
                places[targets.get(key, key)].append(_Standing(message["ts"], message["text"]))
    return {key: sorted(there, key=lambda one: one.ts) for key, there in places.items()}


def _out_of_order(rows: list[Any], places: Mapping[str, list[_Standing]]) -> Iterator[str]:
    """Messages of a channel that came before one that the ledger had written earlier."""
    lanes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if there := places.get(row.key):
            lanes[row.destination].append((there[0].ts, row.key))
    for lane in lanes.values():
        for (before, _), (after, key) in pairwise(lane):
            if after < before:
                yield key


def _stale(new: list[Any], changes: list[Any], places: Mapping[str, list[_Standing]]) -> Iterator[str]:
    """Messages that don't read as what was sent last: posted, or changed to. Rows are in that order."""
    last = {row.key: row for row in new} | {row.target: row for row in changes if row.state == "sent"}
    posted = {row.key: row.slack_ts for row in new}
    for key, row in last.items():
        for one in places.get(key, ()):
            if one.ts == posted.get(key) and row.payload and one.text != row.payload["text"]:
                yield f"{row.key} reads {one.text[:80]!r}"


def _unseen(state: Mapping[str, Any], papers: int) -> Iterator[str]:
    """By the titles alone, whatever the ledger says."""
    wanted = {str(number) for number in range(1, papers + 1)}
    for channel in _channels(state):
        if str(channel.get("name", "")).startswith("topic-"):
            shown = set(TITLE.findall(json.dumps(channel["messages"])))
            yield from (f"Paper {number} in {channel['name']}" for number in sorted(wanted - shown, key=int))
