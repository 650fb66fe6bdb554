"""In the terminal a message looks as it does in Slack."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from rich.console import Console, RenderableType

from bot.sandbox import Draft, Workspace, sample_workspace
from bot.sandbox.terminal import Screen

MORNING = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
LINKED = {"type": "mrkdwn", "text": "*<https://arxiv.org/abs/1|A paper>* &amp; more"}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def workspace() -> Workspace:
    return sample_workspace(lambda: MORNING)


def drawn(what: RenderableType, *, colour: bool = False) -> str:
    console = Console(
        width=60, file=io.StringIO(), force_terminal=colour, color_system="truecolor" if colour else None
    )
    console.print(what)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in shown.splitlines())


def test_a_post_with_its_blocks() -> None:
    place = workspace()
    save = {"type": "button", "text": plain("Save"), "action_id": "save", "style": "primary"}
    more = {"type": "overflow", "action_id": "more", "options": [{"text": plain("Hide"), "value": "1"}]}
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain("Papers of the day")},
        {"type": "section", "text": LINKED, "accessory": more},
        {"type": "context", "elements": [plain("Ada, Ben")]},
        {"type": "actions", "elements": [save, save | {"action_id": "go", "url": "https://arxiv.org"}]},
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A chart"},
    ]
    message = place.post(place.channel("papers"), place.bot_user, Draft("x", blocks))

    assert drawn(Screen(place, "Europe/Berlin").render(message)) == "\n".join(
        [
            " P  Paperboy  APP  9:00 AM",
            "    Papers of the day",
            "    A paper & more                                     [ ⋯ ]",
            "    Ada, Ben",
            "    [ Save ]  [ Save ↗ ]",
            "",
            "    ▣ A chart",
            "",
        ]
    )


def test_a_link_is_a_link_of_the_terminal() -> None:
    place = workspace()
    message = place.post(
        place.channel("papers"), place.bot_user, Draft("x", [{"type": "section", "text": LINKED}])
    )

    shown = drawn(Screen(place).render(message), colour=True)

    assert ";https://arxiv.org/abs/1\x1b\\" in shown


def test_a_channel_has_its_days_and_threads() -> None:
    place = workspace()
    channel = place.channel("papers")
    parent = place.post(channel, place.bot_user, Draft("Today"))
    place.post(channel, place.user("yuki").id, Draft("Thanks, <@U001000002>", thread_ts=parent.ts))

    assert drawn(Screen(place, "Asia/Tokyo").render(channel)) == "\n".join(
        [
            "# papers",
            "─" * 60,
            "──────────────── Friday, November 20, 2026 ─────────────────",
            " P  Paperboy  APP  5:00 PM",
            "    Today",
            "",
            "    ▎ 1 reply",
            "    ▎  Y  Yuki Tanaka 5:00 PM",
            "    ▎     Thanks, @ada",
            "",
        ]
    )


def test_an_unfurled_link_stands_beside_a_bar() -> None:
    place = workspace()
    url = "https://arxiv.org/abs/1"
    message = place.post(place.channel("papers"), place.user("ada").id, Draft(f"Seen <{url}>?"))
    place.unfurl(message, {url: {"blocks": [{"type": "section", "text": LINKED}]}})

    assert drawn(Screen(place).render(message)).splitlines()[1:] == [
        "    Seen https://arxiv.org/abs/1?",
        "    ▎ A paper & more",
    ]


def test_a_private_answer_says_so() -> None:
    place = workspace()
    message = place.post_ephemeral(place.channel("papers"), place.user("ada").id, Draft("Found *one*"))

    assert drawn(Screen(place).render(message)).split("\n") == [
        "    👀 Only visible to you",
        " P  Paperboy  APP  8:00 AM",
        "    Found one",
        "",
    ]


def test_a_home_and_a_modal() -> None:
    place = workspace()
    ada = place.user("ada").id
    weekly = {"text": plain("Weekly"), "value": "w"}
    often = {"type": "radio_buttons", "action_id": "often", "options": [weekly], "initial_option": weekly}
    name = {"type": "plain_text_input", "action_id": "name", "placeholder": plain("robotics")}
    blocks = [
        {"type": "input", "label": plain("Tag"), "element": name, "hint": plain("Any spelling")},
        {"type": "input", "label": plain("How often"), "element": often, "optional": True},
    ]
    home = place.views.publish(ada, {"type": "home", "blocks": blocks}, place.view_owner, None)
    titled = {"title": plain("Follow"), "submit": plain("Go"), "type": "modal", "blocks": blocks}
    trigger = place.triggers.exchange(place.triggers.issue(ada))
    modal = place.views.open(trigger, titled, place.view_owner)

    shown = drawn(Screen(place).render(home)) + drawn(Screen(place).render(modal))

    for words in (
        "Paperboy │ Home",
        "Any spelling",
        "◉ Weekly",
        "How often (optional)",
        "─  Follow  ─",
        "[ Go ]",
    ):
        assert words in shown


def test_text_from_outside_can_not_drive_the_terminal() -> None:
    place = workspace()
    evil = "\x1b]0;gotcha\x07\x1b[2J"
    field = {"type": "image", "image_url": f"https://example.org/{evil}", "alt_text": evil}
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": evil}]}
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": plain(evil)},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"<https://a.org/{evil}|{evil}>"}},
        field,
        {"type": "rich_text", "elements": [rich]},
    ]
    message = place.post(place.channel("papers"), place.bot_user, Draft(evil, blocks))

    shown = drawn(Screen(place).render(message), colour=True)

    assert "\x1b]0;" not in shown
    assert "\x1b[2J" not in shown
