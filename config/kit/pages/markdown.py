"""Markdown as readers see it: a small set of elements, sanitised."""

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


def to_html(text: str) -> str:
    """Markdown to HTML that is safe to print as it is: no scripts, styles, images, or addresses but of the web and mail."""
    return nh3.clean(
        _PARSER.render(text),
        tags=_ALLOWED,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def to_text(text: str) -> str:
    """Markdown to plain words, for cards and descriptions."""
    return " ".join(unescape(nh3.clean(_PARSER.render(text), tags=set())).split())
