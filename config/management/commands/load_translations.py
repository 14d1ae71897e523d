"""Loads translations of the project's own texts: of the campaign, its pillars, calls and promises, of treaties, articles and steps.

An editor's translation stays as it is. A text that has no translation in the file is shown in English.
"""

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

FILE = "texts.csv"
NAMES = {
    "campaign": ["slug"],
    "pillar": ["slug"],
    "campaign_action": ["slug"],
    "commitment": ["slug"],
    "treaty": ["slug"],
    "article": ["treaty__slug", "number"],
    "withdrawal_step": ["treaty__slug", "state_id", "step", "date", "actor_id"],
}
"""By what the file names the things of each kind, with slashes between; what is empty is left out."""


class Loader:
    """One run over the file. Nothing is kept unless every row is right."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.problems = Problems()
        self.loaded = LoadedRows(FILE, self.problems)
        kinds = translated_kinds()
        self.keys: dict[tuple[str, str], str] = {
            (kind, "/".join(str(part) for part in parts if part is not None)): str(pk)
            for kind, columns in NAMES.items()
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
        return self.loaded.report()

    def read(self, row: Row) -> None:
        kind, name, field = (row.text(column, required=True) for column in ("kind", "key", "field"))
        key = f"{kind} {name} {field}"
        if self.loaded.is_as_before(row, key):
            return
        is_noted, is_changed = self.loaded.note(row, key)
        if not is_noted:
            return
        if (kind, name) not in self.keys:
            row.wrong(f"key: there is no {kind} {name!r}.")
            return
        for language, _name in LANGUAGES:
            if text := row.text(language):
                self.take(row, (kind, self.keys[kind, name], language), field, text)
        if is_changed:
            self.loaded.correct(row, key, key, "taken over")

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
