"""A Slack workspace on loopback, for `paperboy demo` and for tests; nothing else of the bot knows of it."""

from bot.sandbox.app import App, Shortcut
from bot.sandbox.errors import SandboxError, SlackError
from bot.sandbox.exchange import Reply
from bot.sandbox.member import Member
from bot.sandbox.messages import Draft, Message
from bot.sandbox.server import Sandbox
from bot.sandbox.views import View
from bot.sandbox.workspace import Workspace, sample_workspace

__all__ = [
    "App",
    "Draft",
    "Member",
    "Message",
    "Reply",
    "Sandbox",
    "SandboxError",
    "Shortcut",
    "SlackError",
    "View",
    "Workspace",
    "sample_workspace",
]
