"""Where a statement is read."""

from config.kit.formats.languages import ENGLISH, in_language, nearest
from news.models import Statement


def own_address(statement: Statement) -> str:
    """The address of a statement on the pages in its own language; on the English ones where the site has no pages in it."""
    return in_language(statement.get_absolute_url(), nearest(statement.language) or ENGLISH)
