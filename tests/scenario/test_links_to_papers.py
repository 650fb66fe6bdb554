"""Papers in what members write: a shortcut finds them, and links to them show what they are about."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from stage import Stage, catch_up, row

KNOWN = "https://arxiv.org/abs/2504.00001"
OLD = "https://arxiv.org/abs/cs/0112017"
UNKNOWN = "https://arxiv.org/abs/2504.99999"


@pytest.fixture
async def library(either_way: Stage) -> AsyncIterator[Stage]:
    stage = either_way
    papers = (row(f"Gripper {n}", f"2504.0000{n}") for n in range(1, 8))
    stage.write("2025-04-27", *papers, row("Older than Most", "cs/0112017"))
    async with stage.bot() as bot:
        await catch_up(bot)
        yield stage


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (f"Seen {KNOWN}?", "Gripper 1"),
        ("https://arxiv.org/pdf/2504.00002v3.pdf", "Gripper 2"),
        ("https://arxiv.org/html/2504.00003v1", "Gripper 3"),
        ("https://export.arxiv.org/abs/2504.00001", "Gripper 1"),
        ("see arXiv:2504.00004v2, it is good", "Gripper 4"),
        ("http://www.alphaxiv.org/abs/2504.00005v1?x=1", "Gripper 5"),
        ("<https://huggingface.co/papers/2504.00006|this>", "Gripper 6"),
        (OLD, "Older than Most"),
        ("arXiv:cs/0112017", "Older than Most"),
    ],
)
async def test_the_shortcut_finds_the_paper_of_a_message(library: Stage, said: str, title: str) -> None:
    message = await library.member("ada").post("general", said)
    await library.member().message_shortcut(message, "find_paper", answers=0)
    (answer,) = await library.sandbox.until(library.member().ephemerals)
    assert title in answer.text
    assert "paper_save" in str(answer.blocks)


async def test_many_papers_are_three_cards_and_names(library: Stage) -> None:
    said = " ".join(f"https://arxiv.org/abs/2504.0000{n}" for n in range(1, 8)) + f" {UNKNOWN}"
    message = await library.member("ada").post("general", said)
    await library.member().message_shortcut(message, "find_paper", answers=0)
    (answer,) = await library.sandbox.until(library.member().ephemerals)
    assert answer.text.startswith("7 papers") and str(answer.blocks).count("paper_save") == 3
    assert "And Gripper 4, Gripper 5, Gripper 6, Gripper 7" in str(answer.blocks)
    assert "Not in the library yet" in str(answer.blocks)


async def test_a_paper_that_is_not_there_and_a_message_without_one(library: Stage) -> None:
    ada, jonas = library.member("ada"), library.member()
    unknown = (await jonas.message_shortcut(await ada.post("papers", UNKNOWN), "find_paper")).message
    assert f"<{UNKNOWN}|arXiv:2504.99999>" in str(unknown.blocks)
    none = (await jonas.message_shortcut(await ada.post("papers", "Lunch?"), "find_paper")).message
    assert "no paper in that message" in none.text and "/papers search" in none.text


async def test_a_channel_s_post_of_the_bot_can_be_looked_into_too(library: Stage) -> None:
    jonas = library.member()
    found = (await jonas.command("papers", "/papers", 'search "Gripper 1"')).message
    await jonas.press(found, "search_share", answers=2)
    answer = (await library.member("yuki").message_shortcut(library.posts()[0], "find_paper")).message
    assert "Gripper 1" in answer.text


async def test_a_link_to_a_known_paper_unfurls_wherever_it_is_posted(library: Stage) -> None:
    for channel in ("papers", "general"):
        said = await library.member("ada").post(
            channel, f"{KNOWN} and {UNKNOWN} and https://arxiv.org/list/cs.CL"
        )
        await library.sandbox.until(lambda said=said: said.unfurls)
        assert list(said.unfurls) == [KNOWN]
        assert "Gripper 1" in str(said.unfurls) and "It moves an arm" in str(said.unfurls)
        assert "Ada Reyes, Bo Chen" in str(said.unfurls)


async def test_what_is_below_a_link_can_be_pressed(library: Stage) -> None:
    said = await library.member("ada").post("general", KNOWN)
    await library.sandbox.until(lambda: said.unfurls)
    jonas = library.member()
    saved = (await jonas.press(said, "paper_save")).message
    assert "Saved “Gripper 1”" in saved.text and saved.only_for == jonas.id
    (row,) = [block for block in said.unfurls[KNOWN]["blocks"] if block["type"] == "actions"]
    hide = row["elements"][-1]["options"][-1]["value"]
    assert "Hidden for you" in (await jonas.press(said, "paper_more", hide)).text
    reason = row["elements"][-1]["options"][1]["value"]
    assert "Gripper 1" in (await jonas.press(said, "paper_more", reason)).text
    share = row["elements"][-1]["options"][0]["value"]
    assert (await jonas.press(said, "paper_more", share)).view.payload["callback_id"] == "share_paper"
    assert said.text == f"<{KNOWN}>", "Ada's own words stay"


async def test_a_link_unfurls_while_it_is_being_written(library: Stage) -> None:
    draft = library.member("ada").compose("general", f"Seen {KNOWN}?")
    await library.sandbox.until(lambda: draft.unfurls)
    assert "Gripper 1" in str(draft.unfurls)
    assert library.posts("general") == []


async def test_a_link_sent_again_and_papers_named_twice_unfurl_once(library: Stage) -> None:
    both = f"{KNOWN} https://huggingface.co/papers/2504.00001 " + " ".join(
        f"https://arxiv.org/abs/2504.0000{n}" for n in range(2, 8)
    )
    said = await library.member("ada").post("papers", both)
    await library.sandbox.until(lambda: said.unfurls)
    assert list(said.unfurls) == [KNOWN, *(f"https://arxiv.org/abs/2504.0000{n}" for n in range(2, 6))]
    (event,) = [one for one in library.sandbox.events if one.payload["event"]["type"] == "link_shared"]
    await library.sandbox.redeliver(event)
    await _quiet(library)
    assert [call.method for call in library.sandbox.calls].count("chat.unfurl") == 1


async def test_our_own_messages_and_unknown_links_are_left_alone(library: Stage) -> None:
    workspace = library.sandbox.workspace
    await library.member("ada").post("papers", f"{UNKNOWN} https://huggingface.co/models")
    link = {"url": KNOWN, "domain": "arxiv.org"}
    event = {"type": "link_shared", "user": workspace.bot_user, "channel": "C1", "message_ts": "1.1"}
    workspace.announce("link_shared", event | {"links": [link]})
    await library.sandbox.until(
        lambda: [one.payload["event"]["type"] for one in library.sandbox.events].count("link_shared") == 2
    )
    await _quiet(library)
    assert "chat.unfurl" not in {call.method for call in library.sandbox.calls}


async def test_what_slack_refuses_to_unfurl_is_told_to_nobody(
    library: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = library.sandbox.faults.add("refuse", method="chat.unfurl", error="cannot_unfurl_message")
    said = await library.member("ada").post("papers", KNOWN)
    while refusal.times:
        await _quiet(library)
    told = [one.text for one in (*library.member("ada").ephemerals(), *library.member("ada").dms())]
    assert said.unfurls == {} and not [text for text in told if "How to use" not in text]
    logged = "".join(capsys.readouterr())
    assert "cannot_unfurl_message" in logged and "listener failed" not in logged


async def _quiet(library: Stage) -> None:
    """Until what was told is handled: an answer asked for after it has come."""
    await library.sandbox.until(lambda: all(event.acks for event in library.sandbox.events))
    await library.member("ada").command("papers", "/papers", "help")
