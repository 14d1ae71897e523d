"""How statements look on a page."""

from django import template

from config.kit.pages.markdown import to_text

register = template.Library()


@register.filter
def plain(text: str) -> str:
    """Markdown as plain words."""
    return to_text(text)
