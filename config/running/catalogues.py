"""The catalogues of the interface: what is to be translated, found without any tool but Python's.

A catalogue holds what visitors can read: pages, forms, mails, feeds, calendars, pictures and answers of the API. The editors' own
pages are in English, as is the reference of the API; their texts are marked all the same, and left out here.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOMS = ("config", "treaties", "campaign", "news")
PLACES = {"gettext": 0, "_": 0, "__": 0, "ngettext": 0, "pgettext": 1, "npgettext": 1}
"""The functions that mark a text, each with the place of the text among their arguments; before it stands the context."""
FOR_EDITORS = (
    "config/accounts/",
    "config/api/",
    "config/apps.py",
    "config/kit/admin/",
    "config/kit/admin_base.py",
    "config/kit/api/access_tokens.py",
    "config/kit/api/authentication.py",
    "config/kit/api/change_feed.py",
    "config/kit/api/deliveries.py",
    "config/kit/api/exports.py",
    "config/kit/api/idempotency.py",
    "config/kit/api/parsers.py",
    "config/kit/api/tables.py",
    "config/kit/api/webhooks.py",
    "config/kit/api/writing.py",
    "config/kit/apps.py",
    "config/kit/incoming/loading.py",
    "config/kit/incoming/spreadsheets.py",
    "config/kit/incoming/tables.py",
    "config/kit/models/",
    "config/kit/pending_work.py",
    "config/kit/proposals/",
    "config/kit/roles.py",
    "config/management/",
    "config/pages/guide.py",
    "config/running/",
    "treaties/admin/",
    "treaties/api/",
    "treaties/apps.py",
    "treaties/ledger/checks.py",
    "treaties/ledger/comparing.py",
    "treaties/ledger/depositary.py",
    "treaties/ledger/letters.py",
    "treaties/ledger/recording.py",
    "treaties/ledger/reviewing.py",
    "treaties/ledger/tables.py",
    "treaties/ledger/sent_sources.py",
    "treaties/management/",
    "treaties/models/comparisons.py",
    "treaties/models/ledger_records.py",
    "treaties/models/sent_sources.py",
    "treaties/pending_work.py",
    "treaties/roles.py",
    "campaign/admin/",
    "campaign/api/serializers.py",
    "campaign/apps.py",
    "campaign/follow_up.py",
    "campaign/management/",
    "campaign/models/choices.py",
    "campaign/models/invalidations.py",
    "campaign/pending_work.py",
    "campaign/pledging/moderation.py",
    "campaign/roles.py",
    "news/admin/",
    "news/api/",
    "news/apps.py",
    "news/management/",
    "news/newsroom/",
    "news/pending_work.py",
    "news/roles.py",
    "templates/403.html",
    "templates/429.html",
    "templates/accounts/",
    "templates/admin/",
    "templates/api/",
    "templates/simple_history/",
    "templates/styleguide.html",
)
"""Where texts for editors and for developers stand."""


def sources() -> Iterator[Path]:
    """The files whose texts visitors can read, in a settled order."""
    base = Path(settings.BASE_DIR)
    for room in ROOMS:
        yield from (p for p in sorted((base / room).rglob("*.py")) if "migrations" not in p.parts and is_public(p))
    for kind in ("*.html", "*.txt", "*.svg"):
        yield from (p for p in sorted((base / "templates").rglob(kind)) if is_public(p))


def is_public(path: Path) -> bool:
    return not path.relative_to(settings.BASE_DIR).as_posix().startswith(FOR_EDITORS)


def template() -> Catalog:
    """What there is to translate, each text with the files that it stands in."""
    found = Catalog(charset="utf-8")
    for path in sources():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for context, message in messages_in(path):
            found.add(
                message, context=context, locations=[(name, 0)], flags=["python-format"] if _has_places(message) else []
            )
    return found


_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(?:_|n?p?gettext)\({_STRING}(?:,\s*{_STRING})*(?:,\s*count)?\)", re.DOTALL)
"""A marked text in what Django makes of a template: Python's calls among letters that stand for all else."""
HEADER = """\
# What visitors read. Made by `make catalogues`; STYLE.md and terms.csv beside it say how to translate.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "zh-hans": "nplurals=1; plural=0;",
    "fr": "nplurals=2; plural=(n > 1);",
    "ru": ("nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"),
    "es": "nplurals=2; plural=(n != 1);",
}
"""The plural forms of each language by the rules of CLDR, in the order of their numbers: zero, one, two, few, many, other."""
Message = str | tuple[str, ...]


def messages_in(path: Path) -> Iterator[tuple[str | None, Message]]:
    """The marked texts of a file, each with its context; singular and plural together."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(found[0] for found in CALL.finditer(templatize(text, origin=str(path))))
    tree = ast.parse(text)
    if "models" in path.parts:
        _leave_out_words_of_forms(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name_of(node.func)) in PLACES:
            first = PLACES[name]
            words = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            of_several = tuple(words[first : first + 2])
            if words[first:]:
                message = of_several if name in ("ngettext", "npgettext") else words[first]
                yield (words[0] if first else None), message


def _name_of(function: ast.expr) -> str:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.removesuffix("_lazy").removesuffix("_noop")


def _leave_out_words_of_forms(tree: ast.Module) -> None:
    """Leave out of a module of models the names and hints of its fields, and its checks, which only editors read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not any(ast.unparse(base).endswith("Choices") for base in node.bases):
            parts = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.ClassDef)]
            node.body = [part for part in parts if part.name not in EDITORS_PARTS] or [ast.Pass()]
    is_check = lambda part: isinstance(part, ast.FunctionDef) and part.name.startswith("check")  # noqa: E731
    tree.body = [part for part in tree.body if not is_check(part)]


EDITORS_PARTS = frozenset({"Meta", "clean", "clean_fields"})


def _has_places(message: Message) -> bool:
    return any("%(" in part for part in ([message] if isinstance(message, str) else message))


def file_of(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language, empty where there is none yet."""
    path = file_of(language)
    # Read with its plural forms: those that Babel has for Arabic are in another order.
    header = HEADER.format(language=to_locale(language), plural_forms=PLURALS[language])
    text = path.read_text(encoding="utf-8") if path.exists() else header
    return read_po(BytesIO(text.encode()), locale=to_locale(language))


def languages() -> list[str]:
    """The languages that have a catalogue: all but that in which the texts are written."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def updated(language: str) -> Catalog:
    """The catalogue of a language with exactly the texts that there are; a new one has no translation yet."""
    catalogue = read(language)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(language: str, catalogue: Catalog) -> str:
    """A catalogue as its file has it, the same whenever it is written."""
    out = BytesIO()
    write_po(out, catalogue, width=0, sort_output=True, omit_header=True)
    return HEADER.format(language=to_locale(language), plural_forms=PLURALS[language]) + out.getvalue().decode()


def missing(catalogue: Catalog) -> Iterable[str]:
    """The texts that a catalogue has no translation of, or not in every plural form that the language has."""
    for message in catalogue:
        if not message.id:
            continue
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy or not all(words) or (message.pluralizable and len(words) != catalogue.num_plurals):
            yield message.id if isinstance(message.id, str) else message.id[0]
