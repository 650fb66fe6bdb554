"""Slack behind its doors: the app, the workspaces it is installed in, and a record of all that went on."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.sandbox import payloads
from bot.sandbox.announcements import scopes
from bot.sandbox.contract import Contract, Violation
from bot.sandbox.delivery import Ack, Carrier, Envelope, SentEvent
from bot.sandbox.errors import SandboxError
from bot.sandbox.faults import ChannelPace, Faults
from bot.sandbox.messages import Json
from bot.sandbox.pulse import Pulse
from bot.sandbox.recorder import Recorder
from bot.sandbox.tickets import TRIGGER_LASTS
from bot.sandbox.workspace import Change, Workspace, recent

T = TypeVar("T")

PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A Web API call that came in; `needed` are the scopes it took, `error` what it was refused with."""

    method: str
    args: Json
    workspace: str | None
    at: dt.datetime
    needed: frozenset[str]
    error: str | None


class Platform:
    """`carrier` is how things reach the bot: over sockets or by HTTP."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        contract: Path | None,
        seed: int,
        paced: bool,
        recorder: Recorder,
        patience: float | None,
    ) -> None:
        self.app = workspace.app
        self.clock = workspace.clock
        self.contract = Contract(contract) if contract else None
        self.faults = Faults(seed)
        self.pace = ChannelPace() if paced else None
        self.recorder = recorder
        self.patience = patience or PATIENCE
        self._trigger_lasts = dt.timedelta(seconds=patience) if patience else TRIGGER_LASTS
        self.pulse = Pulse()
        self.carrier: Carrier
        self.url = ""
        self.calls: list[RecordedCall] = []
        self.violations: list[Violation] = []
        self.events: list[SentEvent] = []
        self.workspaces: dict[str, Workspace] = {}
        self.by_token: dict[str, Workspace] = {}
        self._background: set[asyncio.Task[Ack]] = set()
        self.add(workspace)

    def add(self, workspace: Workspace) -> Workspace:
        """Install the app in one more workspace."""
        if workspace.id in self.workspaces or workspace.app.id != self.app.id:
            raise SandboxError(
                f"{workspace.id} is taken, or its app is another; give each workspace a number."
            )
        self.workspaces[workspace.id] = workspace
        self.by_token[workspace.bot_token] = workspace
        workspace.watchers.append(self._changed)
        workspace.triggers.lasts = self._trigger_lasts
        workspace.announce = partial(self.send_event, workspace)
        return workspace

    async def until(self, predicate: Callable[[], T], timeout: float | None = None) -> T:
        """Wait for the predicate to hold; it is looked at after each change and call."""
        timeout = self.patience if timeout is None else timeout
        try:
            return await self.pulse.until(predicate, timeout)
        except TimeoutError:
            changes = [change for workspace in self.workspaces.values() for change in workspace.changes]
            said = f"Still not so after {timeout:g} s. Last changes: {recent(changes)}."
            raise TimeoutError(said) from None

    def send_event(self, workspace: Workspace, name: str, inner: Json) -> SentEvent | None:
        """Send an event on its way, if the app subscribed to it by that name and has the scope for it."""
        needed = scopes(workspace, name, inner)
        if name not in self.app.events or not needed <= workspace.scopes:
            return None
        sent = SentEvent(payloads.event(workspace, inner), needed)
        self.events.append(sent)
        task = asyncio.create_task(self._attempt(sent, None))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return sent

    async def redeliver(self, sent: SentEvent, reason: str = "timeout") -> Ack:
        """Send an event again under its old id, as Slack does with one it saw no ack of."""
        return await self._attempt(sent, reason)

    async def settle(self) -> None:
        """Drop the events that are still under way."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _attempt(self, sent: SentEvent, reason: str | None) -> Ack:
        retry = len(sent.acks) if reason else 0
        ack = await self.carrier.deliver(Envelope("events_api", sent.payload, retry, reason))
        sent.acks.append(ack)
        self.pulse.beat()
        return ack

    def _changed(self, _: Change) -> None:
        self.pulse.beat()
