"""How statements look on a page."""

from django import template

from config.kit.formats.languages import direction_of
from config.kit.pages.markdown import to_text

register = template.Library()
register.filter("writing_direction", direction_of)


@register.filter
def plain(text: str) -> str:
    """Markdown as plain words."""
    return to_text(text)
