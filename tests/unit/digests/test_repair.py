"""Broken text mended for people: encodings, LaTeX, carets, entities; prices and code stay as they are."""

from __future__ import annotations

import pytest

from bot.digests.repair import repair


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("GS^3", "GS³"),
        (r"$\textbf{Only-IF}$: Why", "Only-IF: Why"),
        ("Free$^2$Guide", "Free²Guide"),
        ("360^circ Views", "360° Views"),
        (r"360$^{\circ}$ Views", "360° Views"),
        (r"Prefill \& Decode", "Prefill & Decode"),
        (r"$\text{Former}^2$", "Former²"),
        ("$γ-$MoD", "γ-MoD"),
        ("Top-$nσ$", "Top-nσ"),
        ("$f$-Divergence", "f-Divergence"),
        ("X^{2}-Gaussian", "X²-Gaussian"),
        ("texttt{D}ual-texttt{H}ead", "Dual-Head"),
        ("R^textbf{2AI}", "R²AI"),
        ("FaSTA^*", "FaSTA*"),
        (r"\(\beta\) and \(f(x)\)", "β and f(x)"),
        (r"$\mathcal{O}(n \log n)$", "O(n log n)"),
        (r"$L_2$ and $H_{2}O$", "L₂ and H₂O"),
        (r"$\frac{1}{2}$ of $\sqrt{n}$", "1/2 of √(n)"),
        (r"$\mathbf{A}^{-1}$", "A⁻¹"),
        (r"\textbf{\textit{Both}}", "Both"),
        (r"Erd\H{o}s and M\"{u}ller", "Erdős and Müller"),
        ("10^26 steps of 10^-5", "10²⁶ steps of 10⁻⁵"),
        ("less than \\$1000", "less than $1000"),
        ("a 3&times;", "a 3&times;"),
        ("Q&amp;A, R&amp;amp;D, a &lt; b", "Q&A, R&D, a < b"),
    ],
)
def test_latex_carets_and_entities_become_readable(broken: str, mended: str) -> None:
    assert repair(broken) == mended


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("scores 67.7% (Î”11%) today", "scores 67.7% (Δ11%) today"),
        ("naïve Δ — itâ€™s 25Â°C and 2Ã—3", "naïve Δ — it’s 25°C and 2×3"),
        ("JosÃ© Ã  Paris", "José à Paris"),
        ("ÃƒÂ©", "é"),
        ("e\u0301tat", "état"),
    ],
)
def test_broken_encodings_are_mended_inside_good_text(broken: str, mended: str) -> None:
    assert repair(broken) == mended


@pytest.mark.parametrize(
    "text",
    [
        "Earn $1 Million",
        "in $200k",
        "for 1$: cheap",
        "from $5 to $10",
        "$20/month–$30/month",
        "5$/month–10$/month",
        "(US$100M; A$5)",
        "$100 and $200 and 300$",
        "Visual Index (V_AI)",
        "snake_case and `cat.n.01`",
        "GPT-[n] <think> a < b & c > d",
        "^RFLAV stays",
        "O(n^(2+o(1)))",
        r"C:\new\table and \n",
        "AT&T",
        "“curly” – ‘quotes’ — stay",
        "世界模型 и мир, Sedláček, ﬁne",
        "{braces} and {more}",
        "~3,000 or 50%",
    ],
)
def test_what_is_not_broken_stays(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x00b\x07c\x7f", "abc"),
        ("\u202eevil\u202c \u2066x\u2069 \u200f", "evil x "),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("tag\U000e0041s", "tags"),
        ("â€®hidden", "hidden"),
    ],
)
def test_characters_that_deceive_are_gone(text: str, seen: str) -> None:
    assert repair(text) == seen


def test_hopelessly_nested_latex_stays_as_it_was_written() -> None:
    text = r"\textbf{" * 50 + "x" + "}" * 50
    assert repair(text) == text
