"""Loads translations of the project's own texts.

They are those of the campaign, its pillars, calls, events and promises, of treaties, articles and steps, of what others said and of
the offices of those who said it.

An editor's translation stays as it is. A text that has no translation in the file is shown in English.
"""

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction

from config.kit.incoming.loading import (
    CORRECTED,
    LoadedRows,
    LoaderCommand,
    Problems,
    Row,
    create_all,
    is_as_loaded,
    read_csv,
)
from config.kit.models.translations import LANGUAGES, Translation, translated_kinds
from news.finding.search import reindex

FILE = "texts.csv"
NAMES = {
    "campaign": ["slug"],
    "pillar": ["slug"],
    "campaign_action": ["slug"],
    "commitment": ["slug"],
    "treaty": ["slug"],
    "article": ["treaty__slug", "number"],
    "withdrawal_step": ["treaty__slug", "state_id", "step", "date", "actor_id"],
    "declaration": [],
    "position": [],
    "photo": [],
    "speaker_role": ["speaker__name", "role"],
}
"""By what the file names the things of each kind, with slashes between; what is empty is left out."""
EVERY = "*"
"""In place of a key: each thing of the kind that has the text."""


class Loader:
    """One run over the file. Nothing is kept unless every row is right."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.problems = Problems()
        self.loaded = LoadedRows(FILE, self.problems)
        self.kinds = kinds = translated_kinds()
        self.keys: dict[tuple[str, str], str] = {
            (kind, "/".join(str(part) for part in parts if part is not None)): str(pk)
            for kind, columns in NAMES.items()
            if columns
            for pk, *parts in kinds[kind].all_rows.values_list("pk", *columns)
        }
        there = Translation.objects.filter(kind__in=NAMES)
        self.there = {(t.kind, t.row, t.language): t for t in there}
        self.touched: dict[tuple[str, str, str], tuple[Translation, Row]] = {}

    def run(self) -> list[str]:
        with transaction.atomic():
            for row in read_csv(self.path, self.problems):
                self.read(row)
            for translation, row in self.touched.values():
                row.checked(translation)
            self.problems.stop_if_any()
            new = [t for t, _row in self.touched.values() if t.pk is None]
            create_all(Translation, new)
            for translation, _row in self.touched.values():
                if translation not in new:
                    translation._change_reason = CORRECTED  # type: ignore[attr-defined]
                    translation.save()
            self.loaded.save()
            if self.touched:
                reindex()  # what is created together sends no signals
        return self.loaded.report()

    def read(self, row: Row) -> None:
        kind, name, field = (row.text(column, required=True) for column in ("kind", "key", "field"))
        original = row.text("original", required=True)
        key = f"{kind} {name} {field}"
        if name == EVERY:
            key += f" {hashlib.sha256(original.encode()).hexdigest()[:16]}"
        if self.loaded.is_as_before(row, key):
            return
        is_noted, is_changed = self.loaded.note(row, key)
        if not is_noted:
            return
        for pk in self.things(row, kind, name, field, original):
            for language, _name in LANGUAGES:
                if text := row.text(language):
                    self.take(row, (kind, pk, language), field, text)
        if is_changed:
            self.loaded.correct(row, key, key, "taken over")

    def things(self, row: Row, kind: str, name: str, field: str, original: str) -> list[str]:
        """The keys of the things that a row of the file is about. One that names nothing is a problem."""
        if name == EVERY:
            if kind not in NAMES or field not in {known.name for known in self.kinds[kind].fields}:
                row.wrong(f"field: there is no {field!r} of a {kind!r} to translate.")
                return []
            # An editor may have changed the text in English: then there is none, and it is shown in English.
            found = self.kinds[kind].all_rows.filter(**{field: original}).values_list("pk", flat=True)
            return [str(pk) for pk in found.order_by("pk")]
        if (kind, name) not in self.keys:
            row.wrong(f"key: there is no {kind} {name!r}.")
            return []
        return [self.keys[kind, name]]

    def take(self, row: Row, of: tuple[str, str, str], field: str, text: str) -> None:
        """Take a text into its translation, unless an editor has had a hand in that."""
        kind, pk, language = of
        translation = self.there.setdefault(of, Translation(kind=kind, row=pk, language=language))
        if translation.pk is not None and of not in self.touched and not is_as_loaded(translation):
            told = "an editor has changed the translation here, left as it is"
            self.loaded.changed.append(f"{row.file}:{row.line}: {told}: {kind} {language}")
            return
        translation.texts = {**translation.texts, field: text}
        translation.originals = {**translation.originals, field: row.text("original", required=True)}
        self.touched.setdefault(of, (translation, row))


class Command(LoaderCommand):
    help = __doc__
    data_folder = Path(settings.LOCALE_PATHS[0])

    def load(self, folder: Path) -> list[str]:
        return Loader(folder).run()
