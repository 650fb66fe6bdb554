"""Acting as a member: posting, slash commands, buttons, modals, and what comes of each."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import elements, payloads
from bot.sandbox.announcements import announcements
from bot.sandbox.delivery import Ack, Envelope
from bot.sandbox.directory import Channel
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.messages import Draft, Json, Message
from bot.sandbox.platform import Platform
from bot.sandbox.responses import respond, submit_outcome
from bot.sandbox.tickets import ResponseUrl
from bot.sandbox.views import View
from bot.sandbox.workspace import Change, Workspace


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an interaction: the ack, then what the member saw change, in order and each once.

    `error` is what Slack would show in place of an answer; `errors` stand beside the inputs of a modal.
    """

    ack: Ack
    messages: list[Message] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.messages)

    @property
    def message(self) -> Message:
        """The only answer, or the last."""
        if not self.messages:
            raise SandboxError(f"No message came in answer (error: {self.error}).")
        return self.messages[-1]

    @property
    def view(self) -> View:
        if not self.views:
            raise SandboxError(f"No view came in answer (error: {self.error}).")
        return self.views[-1]


class Member:
    """One person in one workspace.

    Each interaction waits for the bot's ack, then for `answers` things that this member sees change (a
    message posted, edited or deleted, a view opened or published), or for `timeout`; more may come later.
    """

    def __init__(self, platform: Platform, workspace: Workspace, user: str) -> None:
        self._platform = platform
        self.workspace = workspace
        self.user = workspace.user(user)

    @property
    def id(self) -> str:
        return self.user.id

    # What they see

    def dms(self) -> list[Message]:
        """Their direct messages with the bot, oldest first, replies left out."""
        return [message for message in self.workspace.dm(self.id).timeline if not message.deleted]

    def ephemerals(self, channel: str | None = None) -> list[Message]:
        """What only they can see, oldest first."""
        place = self.workspace.channel(channel).id if channel else None
        mine = (m for m in self.workspace.ephemerals if m.only_for == self.id and not m.deleted)
        return [message for message in mine if place in (None, message.channel)]

    @property
    def home(self) -> View | None:
        return self.workspace.views.homes.get(self.id)

    @property
    def modal(self) -> View | None:
        """The modal in front."""
        stack = self.workspace.views.stacks.get(self.id)
        return stack[-1] if stack else None

    def looking_at(
        self, *, view_id: str | None = None, channel: str | None = None, ts: str = ""
    ) -> Message | View:
        """A view, a message of a channel, or without a channel an ephemeral one."""
        found: Message | View | None
        if view_id is not None:
            found = self.workspace.views.get(view_id)
        elif channel is not None:
            found = self.workspace.channel(channel).message(ts)
        else:
            found = self.workspace.ephemeral(ts)
        if found is None:
            raise SandboxError("There is no such message or view any more.")
        return found

    # What they do

    async def post(self, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Say something. The events of it go out by themselves; this does not wait for them."""
        place = self._inside(channel)
        message = self.workspace.post(place, self.id, Draft(text, thread_ts=thread_ts))
        for name, inner in announcements(self.workspace, place, message):
            self._tell(name, inner)
        return message

    async def command(
        self,
        channel: str,
        command: str,
        text: str = "",
        *,
        answers: int = 1,
        timeout: float = 5.0,
    ) -> Reply:
        """Type a slash command."""
        place = self._inside(channel)
        known = self.workspace.app.commands
        if known is not None and command not in known:
            raise SandboxError(f"{command} is not a valid command; the app has {', '.join(sorted(known))}.")
        url = self.workspace.response_urls.issue(self.workspace.id, place.id, self.id)
        payload = payloads.slash_command(self.workspace, self.user, place, command, text, self._address(url))
        return await self._interact(Envelope("slash_commands", payload), answers, timeout, url)

    async def press(
        self,
        where: Message | View,
        action_id: str | None = None,
        value: Any = None,
        *,
        block_id: str | None = None,
        answers: int = 1,
        timeout: float = 5.0,
    ) -> Reply:
        """Press a button, or choose `value` in a select, an overflow, a picker; in a message or a view."""
        found = elements.find(where.blocks, action_id, value, block_id)
        _, stamp = self.workspace.next_ts()
        action = elements.action(found, value, stamp)
        if isinstance(where, View):
            self._keep(where, found, value)
            payload = payloads.view_action(self.workspace, self.user, where, action)
        else:
            url = self.workspace.response_urls.issue(self.workspace.id, where.channel, self.id, where)
            payload = payloads.message_action(self.workspace, self.user, where, action, self._address(url))
        return await self._interact(Envelope("interactive", payload), answers, timeout)

    async def submit(
        self,
        view: View,
        values: Mapping[str, Any] | None = None,
        *,
        answers: int = 1,
        timeout: float = 5.0,
    ) -> Reply:
        """Fill in a modal, by action_id or block_id, and submit it. That it closes counts as an answer."""
        view.state = elements.filled_state(view.blocks, view.state, values or {})
        payload = payloads.submission(self.workspace, self.user, view)
        return await self._interact(Envelope("interactive", payload), answers, timeout, view)

    async def dismiss(self, view: View) -> Reply:
        """Close a modal without submitting it; the bot hears of it if the view asked for that."""
        self.workspace.views.close(view)
        self.workspace.show("closed", view)
        if not view.payload.get("notify_on_close"):
            return Reply(Ack())
        payload = payloads.closing(self.workspace, self.user, view)
        return await self._interact(Envelope("interactive", payload), 0, 0)

    async def open_home(self, *, answers: int = 1, timeout: float = 5.0) -> Reply:
        """Look at the app's Home tab."""
        since = len(self.workspace.changes)
        home = {"view": self.home.as_slack()} if self.home else {}
        channel = self.workspace.dm(self.id).id
        inner = {"type": "app_home_opened", "user": self.id, "channel": channel, "tab": "home"} | home
        sent = self._platform.send_event(self.workspace, "app_home_opened", inner)
        if sent is None:
            raise SandboxError("The app is not subscribed to app_home_opened.")
        await self._platform.until(lambda: sent.acks, timeout=10)
        return await self._collect(sent.acks[0], since, answers, timeout)

    async def invite_bot(self, channel: str) -> None:
        """Add the bot to a channel."""
        place, bot = self._inside(channel), self.workspace.bot_user
        if bot not in place.members:
            place.members.append(bot)
            inner = {"type": "member_joined_channel", "user": bot, "channel": place.id, "inviter": self.id}
            self._tell("member_joined_channel", inner)

    async def uninstall(self) -> None:
        """Remove the app from the workspace: its token is dead from here on."""
        self.workspace.revoked = True
        self._tell("app_uninstalled", {"type": "app_uninstalled"})
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.workspace.bot_user]}}
        self._tell("tokens_revoked", revoked)

    # How it travels

    async def _interact(
        self, envelope: Envelope, answers: int, patience: float, answered: ResponseUrl | View | None = None
    ) -> Reply:
        since = len(self.workspace.changes)
        ack = await self._platform.carrier.deliver(envelope)
        errors: dict[str, str] = {}
        try:
            if ack.ok and isinstance(answered, View):
                errors = submit_outcome(self.workspace, answered, ack.body)
            elif ack.ok and ack.body and isinstance(answered, ResponseUrl):
                body = ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)}
                respond(self.workspace, answered, body)
        except SlackError as refusal:
            ack = Ack(refusal.code, ack.status, ack.body, ack.seconds)
        return await self._collect(ack, since, 0 if errors else answers, patience, errors)

    async def _collect(
        self, ack: Ack, since: int, answers: int, patience: float, errors: dict[str, str] | None = None
    ) -> Reply:
        """Wait for as many answers as are due; an interaction that failed has none coming."""

        def seen() -> list[Change]:
            return [change for change in self.workspace.changes[since:] if self._sees(change)]

        if ack.ok:
            with suppress(TimeoutError):  # the reply shows what there is
                await self._platform.pulse.until(lambda: len(seen()) >= answers, patience)
        messages = list(dict.fromkeys(c.message for c in seen() if c.message))
        views = list(dict.fromkeys(c.view for c in seen() if c.view))
        return Reply(ack, messages, views, ack.error, errors or {})

    def _sees(self, change: Change) -> bool:
        """Whether a change shows up before this member's eyes, and is not their own doing."""
        if change.message and change.message.user == self.id:
            return False
        if change.user:
            return change.user == self.id
        channel = self.workspace.channels.get(change.channel or "")
        return channel is not None and self.id in channel.members

    def _inside(self, channel: str) -> Channel:
        """A channel they are in, by id or name; "@paperboy" is the DM with the bot of that name."""
        if channel == f"@{self.workspace.user(self.workspace.bot_user).name}":
            return self.workspace.dm(self.id)
        place = self.workspace.channel(channel)
        if self.id not in place.members or place.is_archived:
            raise SandboxError(f"{self.user.name} can't write in {place.name or place.id}.")
        return place

    def _keep(self, view: View, found: elements.Found, value: Any) -> None:
        block = view.state.get(found.block["block_id"], {})
        if found.action_id in block:
            block[found.action_id] = elements.entered(found.element, value)

    def _tell(self, name: str, inner: Json) -> None:
        self._platform.send_event(self.workspace, name, inner)

    def _address(self, url: ResponseUrl) -> str:
        return f"{self._platform.url}/commands/{self.workspace.id}/{url.id}"
