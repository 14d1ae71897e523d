"""How tests read a page."""

import re

from django.test import Client


def body_of(response) -> bytes:
    """The whole body, of an answer that is sent in parts too."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def answers_of(addresses: list[str]) -> dict[str, list]:
    """What the site answers at addresses: status and body."""
    found = {}
    for address in addresses:
        answer = Client().get(address)
        found[address] = [answer.status_code, body_of(answer).decode()]
    return found


def text_of(response) -> str:
    """The words of a page as one line."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'").replace("&amp;", "&"))


def html_of(response) -> str:
    """The mark-up without the white space that only formats it: one space between attributes, none beside a tag."""
    html = re.sub(r"\s+", " ", response.content.decode())
    return re.sub(r" ?(<[^<>]*?) ?(/?>) ?", r"\1\2", html)


def hidden_of(response) -> dict[str, list[str]]:
    """The hidden fields of the forms of a page."""
    found: dict[str, list[str]] = {}
    html = response.content.decode()
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html):
        found.setdefault(name, []).append(value)
    return found


def apply_to_shown(client, address, action, *rows):
    """Choose rows of a list, read the page that shows them in full, and press its button; the page that comes then."""
    page = client.post(address, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    return client.post(address, hidden_of(page), follow=True)


def press_what_is_shown(client, address, **values):
    """Open a page that shows something to be confirmed, and press one of its buttons; the page that comes then."""
    return client.post(address, {"seen": hidden_of(client.get(address)).get("seen", [""])[0]} | values, follow=True)
