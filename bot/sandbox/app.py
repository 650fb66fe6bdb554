"""The app installed in the sandbox: what its manifest would tell Slack about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Every scope that a method or an event of the sandbox may ask for.
ALL_SCOPES = frozenset(
    {"chat:write", "chat:write.public", "commands", "links:read", "links:write", "team:read", "users:read"}
    | {"app_mentions:read", "channels:history", "channels:join", "channels:manage", "channels:read"}
    | {"groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write"}
    | {"mpim:history", "mpim:read", "mpim:write"}
)
DEFAULT_EVENTS = frozenset(
    {"app_home_opened", "app_mention", "link_shared", "member_joined_channel", "message.im"}
    | {"member_left_channel", "channel_left", "channel_rename", "channel_archive"}
    | {"group_left", "group_rename", "group_archive", "app_uninstalled", "tokens_revoked"}
)


@dataclass(frozen=True, slots=True)
class Hint:
    """What Slack's composer shows while someone types a command: `usage` such as "[today | help]"."""

    command: str
    description: str
    usage: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`kind`: "message" for one in the menu of every message, "global" for one in the composer's."""

    kind: str
    callback_id: str
    name: str


@dataclass(frozen=True, slots=True)
class App:
    """`commands` None: any slash command reaches the bot; `unfurl_domains` None: links of any domain do.

    `shortcuts` None: a shortcut of any callback_id reaches it, though no menu lists one.
    """

    id: str = "A0SANDBOX1"
    name: str = "Paperboy"
    app_token: str = "xapp-1-A0SANDBOX1-sandbox"  # noqa: S105 - opens nothing but a sandbox
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    scopes: frozenset[str] = ALL_SCOPES
    events: frozenset[str] = DEFAULT_EVENTS
    commands: frozenset[str] | None = None
    unfurl_domains: frozenset[str] | None = None
    hints: tuple[Hint, ...] = ()
    shortcuts: tuple[Shortcut, ...] | None = None
    has_home: bool = True

    def menu(self, kind: str) -> list[Shortcut]:
        """The shortcuts of a kind, as a menu lists them."""
        return [shortcut for shortcut in self.shortcuts or () if shortcut.kind == kind]

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> App:
        """The app as an installed manifest makes it: no scope, event or command beyond what stands there."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        commands = features.get("slash_commands", ())
        return cls(
            name=manifest["display_information"]["name"],
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            commands=frozenset(each["command"] for each in commands),
            unfurl_domains=frozenset(features.get("unfurl_domains", ())),
            hints=tuple(
                Hint(each["command"], each.get("description", ""), each.get("usage_hint", ""))
                for each in commands
            ),
            shortcuts=tuple(
                Shortcut(each["type"], each["callback_id"], each["name"])
                for each in features.get("shortcuts", ())
            ),
            has_home=features.get("app_home", {}).get("home_tab_enabled", True),
        )
