"""QR codes of addresses, drawn as SVG."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(address: str, title: str, scale: int = 5) -> SafeString:
    """A QR code as an inline SVG, dark on white in every colour scheme, with a white edge so that cameras find it.

    Args: title: what the picture is, for those who do not see it; scale: pixels of a square.
    """
    picture = segno.make(address, error="m").svg_inline(scale=scale, border=4, light="#fff", title=title)
    return mark_safe(picture)  # noqa: S308 - the library's own drawing, which escapes the title
