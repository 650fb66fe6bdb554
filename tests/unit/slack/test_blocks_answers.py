"""Answers to a member: pages, lists and notices, at their plainest and at their worst."""

from __future__ import annotations

import datetime as dt

import pytest
from block_kit import buttons, check_message, links, shown
from hypothesis import given
from hypothesis import strategies as st
from sample_papers import DAY, HUGE_DAY, LANTERN, NASTY, PAPERS, days, some, words

from bot.model import Follow, FollowKind, Frequency, Match, Saved, StoredPaper, Subscription
from bot.slack import ids
from bot.slack.blocks import following, member, notice, saved, schedule, today
from bot.slack.blocks import help as usage
from bot.slack.blocks.following import Preview
from bot.slack.blocks.help import Examples
from bot.slack.text import linkable

examples = st.builds(Examples, query=words, tag=words, author=words)
follows = st.builds(Follow, st.sampled_from(FollowKind), words)
subscriptions = st.builds(
    Subscription,
    st.just("T1"),
    st.just("U1"),
    timezone=words,
    frequency=st.sampled_from(Frequency),
    at=st.times(),
    follows=st.lists(follows, max_size=30).map(tuple),
)
MANY = Subscription(
    "T1",
    "U1",
    timezone="Europe/Berlin",
    at=dt.time(8, 30),
    follows=tuple(Follow(list(FollowKind)[n % 3], f"{n} {NASTY[n % len(NASTY)]}"[:300]) for n in range(500)),
)


def page_of(papers: list[StoredPaper], offset: int) -> Saved:
    return Saved(tuple(papers[offset : offset + saved.PAGE]), len(papers), offset)


REASONS = ("Robotics", "author Yi Peng")


class TestMemberDigest:
    @some
    @given(days, st.lists(words, max_size=4).map(tuple))
    def test_any_matches_fit_one_message(self, papers: list[StoredPaper], reasons: tuple[str, ...]) -> None:
        part = member.render(DAY, [Match(one, reasons) for one in papers])
        check_message(part.message)
        assert part.papers == tuple(one.id for one in papers)
        assert not part.reply

    @pytest.mark.parametrize("number", [1, 7, 60, 600])
    def test_however_many_it_is_one_message(self, number: int) -> None:
        matches = [Match(HUGE_DAY[n % 60], ("🧪" * 300,) * 9) for n in range(number)]
        check_message(member.render(DAY, matches).message)

    def test_a_few_are_cards_the_rest_are_lines_each_with_its_reason(self) -> None:
        part = member.render(DAY, [Match(LANTERN, REASONS)] * 8)
        texts = shown(part.message)
        assert texts.count("You follow Robotics, author Yi Peng · Ada Moss, Ben Okoro, Chie Tanaka +2") == 5
        assert texts.count(" · Robotics, author Yi Peng") == 3
        assert part.message.text.count("You follow Robotics, author Yi Peng") == 8

    def test_what_has_no_room_is_counted_and_can_be_found(self) -> None:
        part = member.render(DAY, [Match(LANTERN, REASONS)] * 200)
        lines = links(part.message.blocks).count(str(LANTERN.paper.url))
        assert f"and {200 - lines} more: `/papers today`" in shown(part.message)


class TestDay:
    @some
    @given(days, st.integers(0, 15))
    def test_any_day_fits(self, papers: list[StoredPaper], offset: int) -> None:
        check_message(today.page(DAY, papers, offset=offset))
        check_message(today.titles(DAY, papers))
        check_message(today.titles(DAY, papers, shared_by="U123"))

    @pytest.mark.parametrize("papers", [PAPERS, HUGE_DAY])
    def test_pages_hold_every_paper_once_in_order(self, papers: list[StoredPaper]) -> None:
        found: list[str] = []
        where: tuple[int, dt.date] | None = (0, DAY)
        while where:
            message = today.page(where[1], papers, offset=where[0])
            check_message(message)
            found += links(message.blocks)
            where = ids.read_day(buttons(message).get("Next", ""))
        assert list(dict.fromkeys(found)) == [
            address for one in papers if (address := linkable(one.paper.url))
        ]

    def test_titles_lead_to_the_summaries(self) -> None:
        message = today.titles(DAY, PAPERS)
        assert buttons(message) == {"Read the summaries": "0:2025-04-28", "Share to channel": "0:2025-04-28"}
        assert message.text.splitlines()[0] == "Monday, 28 April 2025: 3 papers"

    def test_a_shared_day_is_its_titles_and_who_shared_them(self) -> None:
        message = today.page(DAY, PAPERS, offset=2, shared_by="U123")
        assert message == today.titles(DAY, PAPERS, shared_by="U123")
        assert message.blocks[-1]["elements"][0]["elements"][1] == {"type": "user", "user_id": "U123"}
        assert not buttons(message)


class TestHelp:
    @some
    @given(examples, words, words)
    def test_any_words_fit(self, live: Examples, unknown: str, suggestion: str) -> None:
        check_message(usage.message(live))
        check_message(usage.message(live, unknown=unknown, suggestion=suggestion))

    def test_what_is_not_understood_gets_a_suggestion_and_the_usage(self) -> None:
        message = usage.message(unknown="folow", suggestion="follow")
        assert shown(message)[0] == "I don’t know `folow`. Did you mean `/papers follow`?"
        assert "`/papers follow Robotics`" in shown(message)[-3]


class TestFollowing:
    @some
    @given(subscriptions, follows, st.integers(0, 40), st.lists(words, max_size=9))
    def test_any_follows_fit(
        self, subscription: Subscription, follow: Follow, offset: int, kinds: list[str]
    ) -> None:
        check_message(following.render(subscription, offset=offset))
        check_message(following.followed(follow, subscription, Preview(kinds, len(kinds), 0, 3, 30), kinds))
        check_message(following.unfollowed([follow] * 9, subscription, dt.datetime.now(dt.UTC)))
        check_message(schedule.settings(subscription))

    def test_five_hundred_follows_are_paged_without_losing_one(self) -> None:
        found, where = 0, (0, "")
        while where:
            message = following.render(MANY, offset=where[0])
            check_message(message)
            found += sum(block["type"] == "section" for block in message.blocks)
            where = ids.read_page(buttons(message).get("Next", "")) or ()
        assert found == 500

    def test_a_page_that_is_gone_is_the_first_one(self) -> None:
        assert following.render(MANY, offset=len(MANY.follows)) == following.render(MANY)

    def test_the_list_names_each_and_says_when_the_digest_comes(self) -> None:
        subscription = Subscription(
            "T1",
            "U1",
            timezone="Europe/Berlin",
            at=dt.time(8, 30),
            follows=(
                Follow(FollowKind.PHRASE, "far frames"),
                Follow(FollowKind.AUTHOR, "Ada Moss"),
                Follow(FollowKind.TAG, "Robotics"),
            ),
        )
        assert following.render(subscription).text.splitlines() == [
            "You follow 3 things. Your digest comes every day at 08:30 (Europe/Berlin), by direct message.",
            "Robotics",
            "author Ada Moss",
            "“far frames”",
        ]

    def test_a_new_follow_says_what_it_brings_and_can_be_undone(self) -> None:
        audio = Follow(FollowKind.TAG, "Audio")
        mine = Subscription("T1", "U1", follows=(audio,))
        brought = Preview(["One", "Two"], 12, 22, 31, 30)
        message = following.followed(audio, mine, brought, ["Text-to-Speech"])
        assert message.text == (
            "You follow Audio (with Text-to-Speech). In the last 30 days this would have brought you 12"
            " papers (9 that your other follows do not bring), about 3 a week: “One”; “Two”."
            " Your digest comes every day at 09:00 (UTC), by direct message."
        )
        assert buttons(message) == {"Undo": "tag:Audio"}

    def test_the_tags_of_a_large_family_are_counted(self) -> None:
        vision = Follow(FollowKind.TAG, "Computer Vision")
        mine = Subscription("T1", "U1", follows=(vision,))
        under = [f"Tag {number}" for number in range(18)]
        said = following.followed(vision, mine, Preview([], 0, 0, 0, 30), under).text
        assert said.startswith("You follow Computer Vision (with the 18 tags under it). In")

    def test_a_follow_that_brings_nothing_or_too_much_says_so(self) -> None:
        assert "would have brought you nothing." in following.brought(Preview([], 0, 3, 3, 30))
        flood = following.brought(Preview(["One"], 900, 0, 900, 30))
        assert "about 30 a day" in flood and "a lot for one message" in flood
        assert following.rate(1 / 30) == "less than one a week"

    def test_what_was_unfollowed_at_once_is_brought_back_at_once(self) -> None:
        at = dt.datetime(2025, 4, 28, 6, 0, 0, 123456, dt.UTC)
        message = following.unfollowed(MANY.follows, Subscription("T1", "U1"), at)
        check_message(message)
        assert "and 495 more" in message.text
        assert ids.read_moment(buttons(message)["Undo"]) == at

    def test_one_thing_is_named(self) -> None:
        alone = Subscription("T1", "U1", follows=(Follow(FollowKind.TAG, "Audio"),))
        assert following.render(alone).text.startswith("What you follow. Your digest")
        assert "You follow Audio again" in following.restored(alone.follows, alone).text
        assert "You follow Audio." in following.restored((), alone).text

    def test_a_digest_that_is_off_says_how_to_turn_it_on(self) -> None:
        message = schedule.settings(Subscription("T1", "U1", frequency=Frequency.OFF, follows=MANY.follows))
        assert message.text == "Your digest is off. `/papers digest daily` turns it on."

    def test_following_nothing_shows_how_to_begin(self) -> None:
        assert "`/papers follow Robotics`" in following.render(Subscription("T1", "U1")).text


class TestSaved:
    @some
    @given(days, st.integers(0, 15))
    def test_any_papers_fit(self, papers: list[StoredPaper], offset: int) -> None:
        check_message(saved.render(page_of(papers, offset)))
        for one in papers[:2]:
            check_message(saved.saved(one))
            check_message(saved.removed(one))

    def test_the_largest_papers_are_paged_without_losing_one(self) -> None:
        found: list[str] = []
        where = (0, "")
        while where:
            message = saved.render(page_of(HUGE_DAY, where[0]))
            check_message(message)
            found += [block["accessory"]["value"] for block in message.blocks if "accessory" in block]
            where = ids.read_page(buttons(message).get("Next", "")) or ()
        assert found == [ids.paper(one.id) for one in HUGE_DAY]

    def test_saving_can_be_undone(self) -> None:
        assert buttons(saved.saved(LANTERN)) == {"Undo": "1"}
        assert saved.render(Saved()).text.startswith("You have saved nothing yet.")


class TestNotice:
    @some
    @given(words, words | st.none())
    def test_any_error_fits(self, sentence: str, ref: str | None) -> None:
        check_message(notice.error(sentence, ref))
        check_message(notice.say(sentence * 50))

    def test_an_error_carries_its_reference(self) -> None:
        assert "ab12cd" in notice.error("That did not work.", "ab12cd").text


def test_the_owner_hears_which_feed_is_paused_and_can_copy_what_to_type() -> None:
    told = notice.paused("C1234567", "Type `/invite @Paperboy` there.")
    assert told.text.startswith("Your feed in <#C1234567> is paused.")
    assert "`/invite @Paperboy`" in str(told.blocks) and "/invite @Paperboy" in told.text
