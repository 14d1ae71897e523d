"""Markdown as readers see it: a small set of elements, sanitised."""

import re
from html import unescape

import nh3
from markdown_it import MarkdownIt

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
_MARK_BESIDE_A_LETTER = re.compile(
    # Closing marks after punctuation and before a letter of a script without spaces close nothing in CommonMark, and opening
    # marks the same way (commonmark-spec issue 650): a space without width, taken out again, lets them.
    r"(?<=[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65])"
    r"(\*{1,3})(?=[\u2e80-\u2fff\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff])"
)
_OPENING_BESIDE_A_LETTER = re.compile(
    r"(?<=[\u2e80-\u2fff\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff])(\*{1,3})"
    r"(?=[\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff08])"
)
_HELPER = "\u2005"  # a space that no author types, so that it can be taken out again


def _rendered(text: str) -> str:
    """HTML before it is sanitised: headings that a page allows, each item of a list under the number that its author gave it."""
    text = _OPENING_BESIDE_A_LETTER.sub(rf"{_HELPER}\1", _MARK_BESIDE_A_LETTER.sub(rf"\1{_HELPER}", text))
    tokens = _PARSER.parse(text)
    expected: list[int] = []
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if token.type == "ordered_list_open":
            expected.append(int(token.attrs.get("start", 1)))
        elif token.type == "ordered_list_close":
            expected.pop()
        elif token.type == "list_item_open" and token.info and expected:
            if int(token.info) != expected[-1]:
                token.attrs["value"] = token.info
            expected[-1] = int(token.info) + 1
    return _PARSER.renderer.render(tokens, _PARSER.options, {}).replace(_HELPER, "")


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
