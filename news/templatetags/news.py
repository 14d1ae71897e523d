"""How statements look on a page."""

from django import template

from config.kit.pages.markdown import to_text

register = template.Library()


RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
_OTHER_SCRIPTS = frozenset({"latn", "cyrl"})


@register.filter
def writing_direction(language: str) -> str:
    """Which way a text in a language is read, for `dir`: rtl or ltr (BCP 47 tag; a Latin or Cyrillic script goes before)."""
    first, *rest = language.lower().split("-")
    return "rtl" if first in RIGHT_TO_LEFT and not _OTHER_SCRIPTS & set(rest) else "ltr"


@register.filter
def plain(text: str) -> str:
    """Markdown as plain words."""
    return to_text(text)
