"""The one normalisation that every text passes on its way in. Plain functions, one for each kind of field.

`clean_line`   one line: titles, names, labels, subjects.
`clean_text`   several lines: bodies, notes, reasons.

Both bring letters to one spelling (Unicode NFC), remove characters that no reader sees and no XML may hold (control characters,
lone surrogates, noncharacters), and strip white space and invisible marks at the edges. Joiners and marks of direction inside a
text stay: Persian, Hindi, Arabic and Hebrew need them.
"""

import re
import unicodedata

INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Marks without width, as the inside of a regular expression's character class: they mean nothing at the edge of a text."""
FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\uffff]")
"""Control characters but tab and line ends, lone surrogates, anchors of annotations, noncharacters (XML 1.0, section 2.2)."""
_KEPT = "\ufffc\ufffd"  # the object replacement and the replacement character are seen by readers
_PLANES = [chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)]
_HIGHER_NONCHARACTERS = re.compile(f"[{''.join(_PLANES)}]")
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"[\t\n ]+")
_EDGES = re.compile(rf"\A[\s{INVISIBLE}]+|[\s{INVISIBLE}]+\Z")
_LINES_AT_START = re.compile(rf"\A(?:[\s{INVISIBLE}]*\n)+")


def _printable(text: str) -> str:
    text = FORBIDDEN.sub(lambda match: match.group() if match.group() in _KEPT else "", text)
    return unicodedata.normalize("NFC", _HIGHER_NONCHARACTERS.sub("", text))


def clean_line(text: str) -> str:
    """A text of one line: line ends and tabs become spaces."""
    return _EDGES.sub("", _BLANK.sub(" ", _printable(_LINE_ENDS.sub("\n", text))))


def clean_text(text: str) -> str:
    """A text of several lines: every kind of line end becomes a line feed, tabs and the indent of the first line stay."""
    text = _printable(_LINE_ENDS.sub("\n", text))
    text = _LINES_AT_START.sub("", text)
    return _EDGES.sub("", text) if not text.startswith((" ", "\t")) else _right_stripped(text)


def _right_stripped(text: str) -> str:
    """The text without what follows its last visible character; empty where there is none."""
    bare = _EDGES.sub("", text)
    return text[: text.rindex(bare) + len(bare)] if bare else ""


def without_marks(text: str) -> str:
    """The text without any mark that has no width: for comparing and finding words, not for keeping."""
    return _MARKS.sub("", text)


_MARKS = re.compile(f"[{INVISIBLE}]")
