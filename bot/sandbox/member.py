"""Acting as a member: posting, slash commands, shortcuts, buttons, modals, and what comes of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox import comings, elements, payloads
from bot.sandbox.announcements import announcements, composed, preview
from bot.sandbox.delivery import Ack, Envelope
from bot.sandbox.directory import Channel
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.exchange import Exchange, Reply
from bot.sandbox.limits import check_suggestions
from bot.sandbox.messages import Draft, Json, Message
from bot.sandbox.platform import Platform
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace


class Member:
    """One person in one workspace.

    Each interaction waits for the bot's ack, then for `answers` things that this member sees change (a
    message posted, edited or deleted, a view opened or published), or for `timeout` seconds (None: the
    sandbox's patience); more may come later.
    """

    def __init__(self, platform: Platform, workspace: Workspace, user: str) -> None:
        self._platform = platform
        self.workspace = workspace
        self.user = workspace.user(user)
        self._exchange = Exchange(platform, workspace, self.user.id)

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

    def offered(self, where: Message | View) -> list[Json]:
        """The blocks they see, also below links; external selects with what was suggested in them."""
        below = where.unfurls.values() if isinstance(where, Message) else ()
        blocks = [*where.blocks, *(block for each in below for block in each["blocks"])]
        return elements.with_options(blocks, self.workspace.suggested)

    # What they say

    async def post(self, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Say something; bare addresses become links. Its events go out by themselves, not waited for."""
        place = self._inside(channel)
        message = self.workspace.post(place, self.id, Draft(composed(text), thread_ts=thread_ts))
        for name, inner in announcements(self.workspace, place, message):
            self.workspace.announce(name, inner)
        return message

    def compose(self, channel: str, text: str) -> Message:
        """Write something and not send it yet; Slack shows what its links unfurl to all the same."""
        draft = self.workspace.draft(self._inside(channel), self.id, Draft(composed(text)))
        self.workspace.announce("link_shared", preview(self.workspace, draft))
        return draft

    async def command(
        self,
        channel: str,
        command: str,
        text: str = "",
        *,
        answers: int = 1,
        timeout: float | None = None,
    ) -> Reply:
        """Type a slash command."""
        place = self._inside(channel)
        known = self.workspace.app.commands
        if known is not None and command not in known:
            raise SandboxError(f"{command} is not a valid command; the app has {', '.join(sorted(known))}.")
        url, address = self._exchange.response_url(place.id)
        payload = payloads.slash_command(self.workspace, self.user, place, command, text, address)
        return await self._exchange.interact(Envelope("slash_commands", payload), answers, timeout, url)

    async def message_shortcut(
        self, message: Message, callback_id: str, *, answers: int = 1, timeout: float | None = None
    ) -> Reply:
        """Choose a shortcut in the menu of any message, their own or another's."""
        self._known("message", callback_id)
        _, address = self._exchange.response_url(message.channel)
        payload = payloads.message_shortcut(self.workspace, self.user, message, callback_id, address)
        return await self._exchange.interact(Envelope("interactive", payload), answers, timeout)

    async def shortcut(self, callback_id: str, *, answers: int = 1, timeout: float | None = None) -> Reply:
        """Choose a global shortcut."""
        self._known("global", callback_id)
        payload = payloads.global_shortcut(self.workspace, self.user, callback_id)
        return await self._exchange.interact(Envelope("interactive", payload), answers, timeout)

    # Messages and views

    async def press(
        self,
        where: Message | View,
        action_id: str | None = None,
        value: Any = None,
        *,
        block_id: str | None = None,
        answers: int = 1,
        timeout: float | None = None,
    ) -> Reply:
        """Press a button, or choose `value` in a select, an overflow, a picker; in a message or a view.

        In a modal also: enter `value` into an input that dispatches its action. In a message also: what the
        app shows below a link.
        """
        found = elements.find(self.offered(where), action_id, value, block_id)
        if found.block["type"] == "input" and not found.block.get("dispatch_action"):
            raise SandboxError(f"{found.action_id} tells the bot nothing before the view is submitted.")
        _, stamp = self.workspace.next_ts()
        action = elements.action(found, value, stamp)
        if isinstance(where, View):
            self._keep(where, found, value)
            payload = payloads.view_action(self.workspace, self.user, where, action)
        elif url := self.workspace.unfurled_by(where, found.block):
            _, address = self._exchange.response_url(where.channel)
            payload = payloads.unfurl_action(self.workspace, self.user, where, url, action, address)
        else:
            _, address = self._exchange.response_url(where.channel, where)
            payload = payloads.message_action(self.workspace, self.user, where, action, address)
        return await self._exchange.interact(Envelope("interactive", payload), answers, timeout)

    async def suggestions(self, where: Message | View, action_id: str, typed: str) -> list[Json]:
        """The options that an external select offers for what is typed; from then on they can be chosen."""
        found = elements.find(where.blocks, action_id, None)
        if not elements.is_external(found.element):
            raise SandboxError(f"{action_id} is no external select.")
        payload = payloads.suggestion(self.workspace, self.user, where, found, typed)
        ack = await self._platform.carrier.deliver(Envelope("interactive", payload))
        self._platform.recorder.note("ack", ack.body)
        if not ack.ok:
            raise SandboxError(f"No options came: {ack.error}.")
        try:
            options = check_suggestions(ack.body)
        except SlackError as refusal:
            raise SandboxError(f"No options came: {refusal.beside}.") from refusal
        self.workspace.suggested.setdefault((found.block["block_id"], action_id), []).extend(options)
        return options

    def fill(self, view: View, values: Mapping[str, Any]) -> None:
        """Enter `values`, by action_id or block_id; the bot sees them with the next press or submission."""
        view.state = elements.filled_state(self.offered(view), view.state, values)

    async def submit(
        self,
        view: View,
        values: Mapping[str, Any] | None = None,
        *,
        answers: int = 1,
        timeout: float | None = None,
    ) -> Reply:
        """Fill in a modal and submit it. That it closes counts as an answer."""
        self.fill(view, values or {})
        elements.refuse_incomplete(view.blocks, view.state)
        payload = payloads.submission(self.workspace, self.user, view, self._response_urls(view))
        return await self._exchange.interact(Envelope("interactive", payload), answers, timeout, view)

    async def dismiss(self, view: View, *, all_of_them: bool = False) -> Reply:
        """Close a modal, or the whole stack; the bot hears of each that has `notify_on_close`."""
        cleared = all_of_them or bool(view.payload.get("clear_on_close"))
        closed = list(self.workspace.views.stacks.get(self.id, ())) if cleared else [view]
        reply = Reply(Ack())
        for each in reversed(closed):
            self.workspace.views.close(each)
            self.workspace.show("closed", each)
            if each.payload.get("notify_on_close"):
                payload = payloads.closing(self.workspace, self.user, each, cleared=cleared)
                reply = await self._exchange.interact(Envelope("interactive", payload), 0, 0)
        return reply

    async def open_home(self, *, tab: str = "home", answers: int = 1, timeout: float | None = None) -> Reply:
        """Look at the app's Home tab, or at its Messages (`tab="messages"`)."""
        since = len(self.workspace.changes)
        home = {"view": self.home.as_slack()} if self.home and tab == "home" else {}
        channel = self.workspace.dm(self.id).id
        inner = {"type": "app_home_opened", "user": self.id, "channel": channel, "tab": tab} | home
        sent = self._platform.send_event(self.workspace, "app_home_opened", inner)
        if sent is None:
            raise SandboxError("The app is not subscribed to app_home_opened.")
        await self._platform.until(lambda: sent.acks)
        return await self._exchange.collect(sent.acks[0], since, answers, timeout)

    # Channels and the app

    async def invite_bot(self, channel: str) -> None:
        """Add the bot to a channel."""
        comings.invite(self.workspace, self.workspace.bot_user, self._inside(channel), self.id)

    async def remove_bot(self, channel: str) -> None:
        comings.remove(self.workspace, self.workspace.bot_user, self._inside(channel), self.id)

    async def rename(self, channel: str, name: str) -> None:
        comings.rename(self.workspace, self._inside(channel), name)

    async def archive(self, channel: str) -> None:
        comings.archive(self.workspace, self._inside(channel), self.id)

    async def uninstall(self) -> None:
        """Remove the app from the workspace: its token is dead from here on."""
        self.workspace.revoked = True
        self.workspace.announce("app_uninstalled", {"type": "app_uninstalled"})
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.workspace.bot_user]}}
        self.workspace.announce("tokens_revoked", revoked)

    # Within

    def _inside(self, channel: str) -> Channel:
        """A channel they are in, by id or name; "@paperboy" is the DM with the bot of that name."""
        if channel == f"@{self.workspace.user(self.workspace.bot_user).name}":
            return self.workspace.dm(self.id)
        place = self.workspace.channel(channel)
        if self.id not in place.members or place.is_archived:
            raise SandboxError(f"{self.user.name} can't write in {place.name or place.id}.")
        return place

    def _known(self, kind: str, callback_id: str) -> None:
        known = {shortcut.callback_id for shortcut in self.workspace.app.menu(kind)}
        if self.workspace.app.shortcuts is not None and callback_id not in known:
            raise SandboxError(f"The app has no {kind} shortcut {callback_id}; there is {sorted(known)}.")

    def _keep(self, view: View, found: elements.Found, value: Any) -> None:
        block = view.state.get(found.block["block_id"], {})
        if found.action_id in block:
            block[found.action_id] = elements.entered(found.element, value)

    def _response_urls(self, view: View) -> list[Json]:
        """One for each conversation chosen in a select that asks for it."""
        urls = []
        for found in elements.interactive(view.blocks):
            block_id, action_id = found.block["block_id"], found.action_id
            chosen = view.state.get(block_id, {}).get(action_id, {}).get("selected_conversation")
            if found.element.get("response_url_enabled") and chosen:
                _, address = self._exchange.response_url(chosen)
                place = {"block_id": block_id, "action_id": action_id, "channel_id": chosen}
                urls.append(place | {"response_url": address})
        return urls
