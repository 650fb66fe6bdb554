"""When a member's digest comes, in words and as menus to change it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import Frequency, Message, Subscription
from bot.slack.blocks import notice
from bot.slack.blocks.kit import Block, actions, button, plain, select
from bot.slack.ids import Action
from bot.slack.text import DAYS, clean
from bot.subscriptions import hours

OFTEN = {"Every day": Frequency.DAILY, "Once a week": Frequency.WEEKLY, "Never": Frequency.OFF}
PAUSED = "Paused: nothing comes to you by itself until you resume."


def sentence(subscription: Subscription) -> str:
    """When the digest comes, in the member's own zone."""
    if subscription.muted:
        return PAUSED
    if subscription.frequency is Frequency.OFF:
        return "Your digest is off. `/papers digest daily` turns it on."
    often = (
        "every day" if subscription.frequency is Frequency.DAILY else f"every {DAYS[subscription.weekday]}"
    )
    hour = f"{hours.as_text(subscription.at)} ({clean(subscription.timezone)})"
    if not subscription.follows:
        return f"Nothing comes yet. Once you follow something, its papers come {often} at {hour}."
    return f"Your digest comes {often} at {hour}, by direct message."


def settings(subscription: Subscription) -> Message:
    """The answer to `/papers digest …`."""
    said = notice.say(sentence(subscription))
    return Message(said.text, (*said.blocks, controls(subscription)))


def controls(subscription: Subscription) -> Block:
    if subscription.muted:
        return actions(button("Resume", Action.DIGEST_RESUME, "resume", "Resume your digest"))
    often = {shown: frequency.value for shown, frequency in OFTEN.items()}
    menus = [_chosen("How often", Action.DIGEST_OFTEN, often, subscription.frequency.value)]
    if subscription.frequency is Frequency.WEEKLY:
        days = {day: str(number) for number, day in enumerate(DAYS)}
        menus.append(_chosen("Weekday", Action.DIGEST_WEEKDAY, days, str(subscription.weekday)))
    if subscription.frequency is not Frequency.OFF:
        pause = button("Pause", Action.DIGEST_PAUSE, "pause", "Pause all that comes to you by itself")
        menus += [_hour(subscription), pause]
    return actions(*menus)


def paused() -> Message:
    resume = button("Resume", Action.DIGEST_RESUME, "resume", "Resume your digest")
    return notice.say(f"{PAUSED} What you ask for is still answered.", resume)


def resumed(subscription: Subscription) -> Message:
    later = " It brings what is new from now on." if subscription.follows else ""
    return notice.say(f"Resumed. {sentence(subscription)}{later}")


def _chosen(placeholder: str, action_id: str, options: Mapping[str, str], value: str) -> Block:
    menu = select(placeholder, action_id, options)
    return menu | {"initial_option": next(one for one in menu["options"] if one["value"] == value)}


def _hour(subscription: Subscription) -> Block:
    return {
        "type": "timepicker",
        "action_id": Action.DIGEST_HOUR,
        "initial_time": hours.as_text(subscription.at),
        "placeholder": plain("Hour"),
    }
