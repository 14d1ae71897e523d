"""How tests read a page."""

import re


def text_of(response) -> str:
    """The words of a page as one line."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'").replace("&amp;", "&"))
