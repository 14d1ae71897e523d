"""Markdown as readers see it: a small set of elements, sanitised."""

import re
import unicodedata
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import emphasis
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_ALLOWED = {
    "p",
    "br",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h2",
    "h3",
    "h4",
    "hr",
    "code",
    "sup",
} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
"""The nearest heading that a page allows inside its own outline."""
_ADDRESSES = re.compile(r"(?:https?://|mailto:|/(?!/)|#)", re.I)
"""How the address of a link begins; "www.example.org" or a footnote would lead nowhere, and is shown as it was typed."""


def _joins(character: str) -> bool:
    """Whether a character is written without a space to its neighbours, as in Chinese, Thai, or an Arabic "and"."""
    return _is_wide(character) or unicodedata.category(character) in ("Lo", "Lm", "Mn", "Mc")


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and unicodedata.category(character) != "So"


def _emphasis(state: StateInline, silent: bool) -> bool:
    """The rule of CommonMark for * and **, but that punctuation inside the marks opens and closes beside a letter that joins.

    CommonMark wants a space there, which such scripts do not write (commonmark-spec issue 650).
    """
    before = state.src[state.pos - 1] if state.pos else " "
    marker, first = state.src[state.pos], len(state.delimiters)
    found = emphasis.tokenize(state, silent)
    after = state.src[state.pos] if state.pos < state.posMax else " "
    if found and marker == "*":
        for mark in state.delimiters[first:]:
            mark.open = mark.open or (not after.isspace() and (_joins(before) or _is_wide(after)))
            mark.close = mark.close or (not before.isspace() and (_joins(after) or _is_wide(before)))
    return found


_PARSER.inline.ruler.at("emphasis", _emphasis)
_PARSER.validateLink = lambda url: bool(_ADDRESSES.match(url))  # type: ignore[method-assign]


def _rendered(text: str) -> str:
    """HTML before it is sanitised.

    Headings are those that a page allows; each item of a list has the number that its author gave it; pictures are words.
    """
    tokens = _PARSER.parse(text)
    expected: list[tuple[int, str]] = []
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        token.children = [_in_words(child) for child in token.children or []]
        if token.type == "ordered_list_open":
            expected.append((int(token.attrs.get("start", 1)), ""))
        elif token.type == "ordered_list_close":
            expected.pop()
        elif token.type == "list_item_open" and token.info and expected:
            number, before = expected[-1]
            if token.info != before and int(token.info) != number:  # 1. 1. 1. is counted, 2. 4. is meant
                token.attrs["value"] = token.info
                number = int(token.info)
            expected[-1] = number + 1, token.info
    return _PARSER.renderer.render(tokens, _PARSER.options, {})


def _in_words(token: Token) -> Token:
    """No page asks other sites for pictures: what is said of one stays, or else its address."""
    return Token("text", "", 0, content=token.content or str(token.attrs["src"])) if token.type == "image" else token


def to_html(text: str, *, site: str = "") -> str:
    """Markdown to HTML that is safe to print as it is: no scripts, styles, images, or addresses but of the web and mail.

    Args: site: the address of the site, for readers elsewhere (feeds, API): links to its pages become absolute.
    """
    return nh3.clean(
        _rendered(text),
        tags=_ALLOWED,
        attributes={"a": {"href"}, "ol": {"start"}, "li": {"value"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
        url_relative=("rewrite_with_base", f"{site.rstrip('/')}/") if site else "pass_through",
    )


def with_absolute_links(text: str, site: str) -> str:
    """Markdown whose links to pages of the site are absolute, for readers elsewhere."""
    return text.replace("](/", f"]({site.rstrip('/')}/")


def to_text(text: str) -> str:
    """Markdown to plain words, for cards and descriptions."""
    numbered = _ITEM.sub(lambda item: f"{item[1]}. ", _with_numbers(_rendered(text)))
    return " ".join(unescape(nh3.clean(numbered, tags=set())).split())


_ITEM = re.compile(r'<li value="(\d+)">')
_LISTS = re.compile(r"<(/?)(ol|ul|li)\b[^>]*?(?:(?:start|value)=\"(\d+)\")?>")


def _with_numbers(html: str) -> str:
    """The HTML with the number of every item of an ordered list said on the item."""
    numbers: list[int | None] = []

    def say(tag: re.Match[str]) -> str:
        closing, name, given = tag.groups()
        if name != "li":
            if closing:
                numbers.pop()
            else:
                numbers.append(int(given or 1) if name == "ol" else None)
            return tag.group()
        number = int(given) if given else numbers[-1] if numbers else None
        if closing or number is None:
            return tag.group()
        numbers[-1] = number + 1
        return f'<li value="{number}">'

    return _LISTS.sub(say, html)
