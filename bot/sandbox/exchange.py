"""An interaction on its way to the bot and back: what a member does, and what they see come of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from bot.sandbox.delivery import Ack, Envelope
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.messages import Message
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


class Exchange:
    """The line between one member of a workspace, by id, and the bot."""

    def __init__(self, platform: Platform, workspace: Workspace, user: str) -> None:
        self._platform = platform
        self._workspace = workspace
        self._user = user

    async def interact(
        self,
        envelope: Envelope,
        answers: int,
        timeout: float | None,
        answered: ResponseUrl | View | None = None,
    ) -> Reply:
        """Deliver it, do what the ack asks for, and wait for so many answers."""
        since = len(self._workspace.changes)
        ack = await self._platform.carrier.deliver(envelope)
        errors: dict[str, str] = {}
        try:
            if ack.ok and isinstance(answered, View):
                errors = submit_outcome(self._workspace, answered, ack.body)
            elif ack.ok and ack.body and isinstance(answered, ResponseUrl):
                body = ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)}
                respond(self._workspace, answered, body)
        except SlackError as refusal:
            ack = Ack(refusal.code, ack.status, ack.body, ack.seconds)
        self._platform.recorder.note("ack", ack.body, ack.error)
        return await self.collect(ack, since, 0 if errors else answers, timeout, errors)

    async def collect(
        self,
        ack: Ack,
        since: int,
        answers: int,
        timeout: float | None,
        errors: dict[str, str] | None = None,
    ) -> Reply:
        """Wait for as many answers as are due; an interaction that failed has none coming."""

        def seen() -> list[Change]:
            return [change for change in self._workspace.changes[since:] if self._sees(change)]

        if ack.ok:
            with suppress(TimeoutError):  # the reply shows what there is
                await self._platform.until(lambda: len(seen()) >= answers, timeout)
        messages = list(dict.fromkeys(c.message for c in seen() if c.message))
        views = list(dict.fromkeys(c.view for c in seen() if c.view))
        return Reply(ack, messages, views, ack.error, errors or {})

    def response_url(self, channel: str, source: Message | None = None) -> tuple[ResponseUrl, str]:
        """One to answer at, and its address; `source` is the message whose button was pressed."""
        url = self._workspace.response_urls.issue(self._workspace.id, channel, self._user, source)
        return url, f"{self._platform.url}/commands/{self._workspace.id}/{url.id}"

    def _sees(self, change: Change) -> bool:
        """Whether a change shows up before this member's eyes, and is neither their own doing nor what the
        app posts by itself: it marks that with metadata, to find it again."""
        if change.message and change.message.user == self._user and change.kind == "posted":
            return False
        if change.message and change.message.metadata:
            return False
        if change.user:
            return change.user == self._user
        channel = self._workspace.channels.get(change.channel or "")
        return channel is not None and self._user in channel.members
