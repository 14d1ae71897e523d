"""How the United Nations name States and treaties in Arabic, Chinese, French, Russian and Spanish.

The names come from files beside the ledger's, which name their sources and change only with the code. English ones stand in the
database, where editors keep them.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent.parent / "data"
COLUMNS: Mapping[str, str] = {"ar": "ar", "zh-hans": "zh_hans", "fr": "fr", "ru": "ru", "es": "es"}
"""The column of a language in the file of States' names."""


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@cache
def state_names() -> Mapping[str, Mapping[str, str]]:
    """The short names of the 197 States by code and language (UN M49 and UNTERM)."""
    return {
        row["iso3"]: {language: row[column] for language, column in COLUMNS.items()}
        for row in _rows("state_names_six.csv")
    }


@cache
def treaty_titles() -> Mapping[tuple[str, str], tuple[str, str]]:
    """The short and the full title of a treaty by its slug and language."""
    return {
        (row["slug"], row["language"]): (row["short_title"], row["full_title"]) for row in _rows("treaty_titles.csv")
    }


def state_name(state: Any, language: str) -> str:
    """The short name of a State in a language; an empty text where it is not known."""
    return state_names().get(state.iso3, {}).get(language, "")


def state_sort_key(state: Any, language: str) -> str:
    """By what a State stands in its place among the others in a language; an empty text where its name is not known."""
    name = state_name(state, language)
    match language:
        case "ar":
            # Neither the article nor the forms of the alif count.
            return re.sub("[أإآ]", "ا", name.removeprefix("ال"))
        case "zh-hans":
            # The order of GB 18030 is that of the sounds, for the characters in common use.
            return name.encode("gb18030").decode("latin-1")
        case "ru":
            return name.casefold().replace("ё", "е")
        case _:
            plain = unicodedata.normalize("NFKD", name).casefold()
            return re.sub(r"[^a-z]", "", plain)


def short_title(treaty: Any, language: str) -> str:
    """The short title of a treaty in a language; an empty text where it is not known."""
    return treaty_titles().get((treaty.slug, language), ("", ""))[0]


def full_title(treaty: Any, language: str) -> str:
    """The full title of a treaty in a language; an empty text where it is not known."""
    return treaty_titles().get((treaty.slug, language), ("", ""))[1]
