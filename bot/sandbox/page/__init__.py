"""The sandbox workspace as a page in the browser: what members see, rendered here, and what they do there."""

from bot.sandbox.page.export import document
from bot.sandbox.page.site import Control, Site

__all__ = ["Control", "Site", "document"]
