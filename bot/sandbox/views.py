"""Views: each member's Home, and the modals they have open, one on another."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from bot.sandbox.elements import initial_state, with_block_ids
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import Json
from bot.sandbox.tickets import Trigger

PUSH_LIMIT = 3  # modals one on another
MODAL_KEPT = ("title", "submit", "close", "callback_id", "private_metadata", "external_id")


@dataclass(slots=True, eq=False)
class View:
    id: str
    team: str
    user: str
    app_id: str
    bot_id: str
    payload: Json  # what the app sent, with a block_id on every block
    hash: str
    root_id: str
    previous_id: str | None = None
    state: Json = field(default_factory=dict)  # block_id → action_id → what is entered
    channel: str | None = None  # the conversation that it was opened over

    @property
    def is_home(self) -> bool:
        return bool(self.payload["type"] == "home")

    @property
    def blocks(self) -> list[Json]:
        return list(self.payload["blocks"])

    @property
    def private_metadata(self) -> str:
        return str(self.payload.get("private_metadata", ""))

    def as_slack(self) -> Json:
        shown: Json = dict.fromkeys(MODAL_KEPT[:3]) | dict.fromkeys(MODAL_KEPT[3:], "")
        return shown | {
            "clear_on_close": False,
            "notify_on_close": False,
            **self.payload,
            "id": self.id,
            "team_id": self.team,
            "app_id": self.app_id,
            "bot_id": self.bot_id,
            "app_installed_team_id": self.team,
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "state": {"values": deepcopy(self.state)},  # as it is now: the member may go on
        }


class Views:
    """The Homes and modals of one workspace. `new_id` gives ids, `stamp` a fresh hash."""

    def __init__(self, new_id: Callable[[str], str], stamp: Callable[[], str]) -> None:
        self._new_id = new_id
        self._stamp = stamp
        self._by_id: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}

    def get(self, view_id: str) -> View | None:
        return self._by_id.get(view_id)

    def find_external(self, external_id: str) -> View | None:
        return next((v for v in self._by_id.values() if v.payload.get("external_id") == external_id), None)

    def publish(self, user: str, payload: Json, owner: Json, given_hash: str | None) -> View:
        home = self.homes.get(user)
        if home:
            return self.update(home, payload, given_hash)
        view = self._new(user, payload, owner)
        self.homes[user] = view
        return view

    def open(self, trigger: Trigger, payload: Json, owner: Json) -> View:
        """A first modal; what the member had open goes, as in Slack's client."""
        self.close_all(trigger.user)
        return self._stack(trigger.user, payload, owner, trigger.channel)

    def push(self, over: Trigger | View, payload: Json, owner: Json) -> View:
        """One more, on what the member has open."""
        stack = self.stacks.get(over.user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= PUSH_LIMIT:
            raise SlackError("push_limit_reached")
        return self._stack(over.user, payload, owner, over.channel)

    def update(self, view: View, payload: Json, given_hash: str | None) -> View:
        """Replace what a view shows. What was entered is kept where block_id and action_id stay."""
        if given_hash and given_hash != view.hash:
            raise SlackError("hash_conflict")
        self._refuse_taken(payload, view)
        view.hash = self._stamp()
        view.payload = payload | {"blocks": with_block_ids(payload["blocks"], view.hash)}
        fresh = initial_state(view.blocks, view.channel)
        for block, parts in fresh.items():
            kept = view.state.get(block, {})
            same = (name for name in parts if kept.get(name, {}).get("type") == parts[name]["type"])
            parts.update({name: kept[name] for name in same})
        view.state = fresh
        return view

    def close(self, view: View) -> None:
        stack = self.stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)
        self._by_id.pop(view.id, None)

    def close_all(self, user: str) -> None:
        for view in self.stacks.pop(user, []):
            self._by_id.pop(view.id, None)

    def _stack(self, user: str, payload: Json, owner: Json, channel: str | None) -> View:
        stack = self.stacks.setdefault(user, [])
        view = self._new(user, payload, owner, channel)
        if stack:
            view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def _new(self, user: str, payload: Json, owner: Json, channel: str | None = None) -> View:
        self._refuse_taken(payload, None)
        view_id, stamp = self._new_id("V"), self._stamp()
        kept = payload | {"blocks": with_block_ids(payload["blocks"], stamp)}
        state = initial_state(kept["blocks"], channel)
        view = View(
            view_id,
            user=user,
            payload=kept,
            hash=stamp,
            root_id=view_id,
            state=state,
            channel=channel,
            **owner,
        )
        self._by_id[view_id] = view
        return view

    def _refuse_taken(self, payload: Json, but: View | None) -> None:
        external_id = payload.get("external_id")
        if external_id and self.find_external(external_id) not in (None, but):
            raise SlackError("duplicate_external_id")
