"""Text is read as Slack reads it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import sample_workspace
from bot.sandbox.inline import Line, Reader

NOW = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
YESTERDAY = int(NOW.timestamp()) - 86_400


def read(text: str) -> list[Line]:
    workspace = sample_workspace(lambda: NOW)
    reader = Reader(workspace, "Europe/Berlin", NOW)
    return reader.text({"type": "mrkdwn", "text": text})


def told(lines: list[Line]) -> str:
    """The first line in a shorthand: B bold, I italic, S strike, C code, and what spans point at."""
    shown = []
    for span in lines[0].spans:
        marks = "".join(
            letter
            for letter, on in zip("BISC", (span.bold, span.italic, span.strike, span.code), strict=True)
            if on
        )
        shown.append(f"{marks}[{span.text}]{span.url or span.mention or ''}")
    return " ".join(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "[plain]"),
        ("a *bold* word", "[a ] B[bold] [ word]"),
        ("_a *b* c_", "I[a ] BI[b] I[ c]"),
        ("~gone~", "S[gone]"),
        ("2*3*4 and snake_case_name", "[2*3*4 and snake_case_name]"),
        ("* not bold *", "[* not bold *]"),
        ("`*code*` &amp; `a&lt;b`", "C[*code*] [ & ] C[a<b]"),
        ("&lt;b&gt; &amp;amp;", "[<b> &amp;]"),
        ("*<https://a.org/x_y_z|A *starred* title>*", "B[A *starred* title]https://a.org/x_y_z"),
        ("<https://a.org?a=1&amp;b=2>", "[https://a.org?a=1&b=2]https://a.org?a=1&b=2"),
        ("see https://a.org/x, please", "[see ] [https://a.org/x]https://a.org/x [, please]"),
        ("<mailto:a@b.org>", "[a@b.org]mailto:a@b.org"),
        ("<@U001000002> in <#C001000002>", "[@ada]@U001000002 [ in ] [#papers]#C001000002"),
        ("<@U999>", "[@U999]@U999"),
        ("<!here> <!subteam^S1|@team>", "[@here]@here [ ] [@team]@S1"),
        (":tada: :nosuch:", "[🎉 :nosuch:]"),
        (f"<!date^{YESTERDAY}^{{date_short_pretty}} at {{time}}|then>", "[yesterday at 9:00 AM]"),
        (f"<!date^{YESTERDAY}^{{date_num}}^https://a.org|then>", "[2026-11-19]https://a.org"),
        (f"<!date^{YESTERDAY}^{{date_long}}, {{ago}}|then>", "[Thursday, November 19, 2026, 1 day ago]"),
        ("<!date^soon^{date}|then>", "[then]"),
    ],
)
def test_mrkdwn(text: str, shown: str) -> None:
    assert told(read(text)) == shown


def test_quotes_and_fences_are_lines_of_their_own() -> None:
    lines = read("said\n&gt; quoted\n```\nx = 1\ny < 2\n```\nafter")

    assert [(line.kind, "".join(span.text for span in line.spans)) for line in lines] == [
        ("text", "said"),
        ("quote", "quoted"),
        ("pre", "x = 1"),
        ("pre", "y < 2"),
        ("text", "after"),
    ]


@given(st.text(alphabet=st.sampled_from("*_~`<>|@#!&;:\n \\ab\ue000\x1b^{}"), max_size=200) | st.text())
def test_any_text_can_be_read_and_drives_no_terminal(text: str) -> None:
    shown = "".join(span.text for line in read(text) for span in line.spans)

    assert "\x1b" not in shown
