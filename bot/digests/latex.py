"""LaTeX as digests have it (often with its backslashes lost on the way) in readable Unicode; prices stay."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

_SUPER = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW*∘°′†‡⋆",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ*°°′†‡⋆",
)
_SUB = str.maketrans("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")

# A lone dollar is money, so both delimiters are needed, and what stands between is looked at too.
_MATH = re.compile(r"\$(?<!\\\$)\$?([^$\n]{1,300})(?<!\\)\${1,2}|\\\(((?:[^\\\n]|\\(?![()])){1,300})\\\)")
_TEX = re.compile(r"[\\^_{}]")
_NUMBER = re.compile(r"\d[\d.,]*%?")

_FONT = re.compile(
    r"(?:\\|(?<![A-Za-z\\]))"
    r"(?:text(?:bf|it|tt|sc|rm|sf|sl|up|md|normal)?|math(?:bf|it|tt|rm|sf|cal|bb|frak|scr|normal)"
    r"|emph|underline|operatorname|mbox|boldsymbol|bm)\{([^{}]*)\}"
)
_SYMBOL = re.compile(r"\\([A-Za-z]{2,})(?:\{\})?")
_CALL = re.compile(
    r"\\(?:sqrt|hat|tilde|bar|vec|dot|ddot|check|breve|acute|grave|[vcHkrud'`^\"~=.])\{[^{}\\]{1,40}\}"
    r"|\\frac\{[^{}\\]{1,40}\}\{[^{}\\]{1,40}\}"
)
_CALLS_A_TEXT = 32  # the library takes 0.1 ms a call; hostile text may hold a million
_SIZING = re.compile(r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits|xspace)(?![A-Za-z])")
_SPACING = re.compile(r"\\[,;:! ]|(?<!\\)~")
_ESCAPED = re.compile(r"\\(?<!\\\\)\\*([&%$#_{}])")

_CARET = re.compile(
    r"\^(?<=[\w)\]}]\^)(?:\{([^{}\s]{1,20})\}|([+-]?\d+|[*∘°′†‡⋆]|circ(?![A-Za-z])|[A-Za-z](?![A-Za-z0-9])))"
)
_UNDERSCORE = re.compile(r"_(?:\{([^{}\s]{1,20})\}|(\w))")


def to_unicode(text: str) -> str:
    """One pass; nested commands need one pass a level (`repair` repeats it until nothing changes)."""
    if "$" in text or "\\(" in text:
        text = _MATH.sub(_math, text)
    if "\\" in text or "{" in text:
        text = _commands(text)
    if "^" in text:
        text = _CARET.sub(_superscript, text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    return text


def _commands(text: str) -> str:
    if "{" in text:
        text = _FONT.sub(r"\1", text)
    if "\\" not in text:
        return text
    text = _CALL.sub(lambda call: _called(call[0]), text, count=_CALLS_A_TEXT)
    return _SYMBOL.sub(lambda macro: _symbol(macro[1]) or macro[0], text)


def _math(match: re.Match[str]) -> str:
    dollars, parens = match.group(1, 2)
    content = parens if dollars is None else dollars
    if dollars is not None and not _is_math(match, dollars):
        return match[0]
    content = _commands(_SIZING.sub("", content))
    content = _CARET.sub(_superscript, content)
    content = _UNDERSCORE.sub(_subscript, content)
    content = _SPACING.sub(" ", content)
    if content.startswith("^"):  # Free$^2$Guide: the base stands outside
        return content
    return _ESCAPED.sub(r"\1", content) if "\\" in content else content.replace("{", "").replace("}", "")


def _is_math(match: re.Match[str], content: str) -> bool:
    """Prices come in pairs too: "from $5 to $10", "$20/month–$30"."""
    start, end = match.span()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    if content[0].isspace() or content[-1].isspace():
        return _commands(content) != content
    if _TEX.search(content):
        return not (content[0].isdigit() and re.search(r"\s", content)) or _commands(content) != content
    if before.isdigit() or after.isdigit() or re.search(r"\s", content) or len(content) > 20:
        return False
    return content[0].isalpha() or _NUMBER.fullmatch(content) is not None


def _superscript(match: re.Match[str]) -> str:
    return _script(match, _SUPER)


def _subscript(match: re.Match[str]) -> str:
    return _script(match, _SUB)


def _script(match: re.Match[str], table: dict[int, int]) -> str:
    """All of it or nothing: half a script would change the meaning."""
    content: str = match[1] or match[2]
    if content == "circ":
        return "°"
    return content.translate(table) if all(ord(char) in table for char in content) else match[0]


@cache
def _latex_to_text() -> LatexNodes2Text:
    return LatexNodes2Text()


@lru_cache(maxsize=4096)
def _called(latex: str) -> str:
    return str(_latex_to_text().latex_to_text(latex)).strip() or latex


@lru_cache(maxsize=4096)
def _symbol(name: str) -> str | None:
    spec = get_default_latex_context_db().get_macro_spec(name)
    replacement = spec.simplify_repl if spec else None
    return replacement if isinstance(replacement, str) and "%" not in replacement else None
