from typing import Any

from django.core.management.base import BaseCommand

from config.running import catalogues


class Command(BaseCommand):
    help = "Writes what visitors read into the catalogue of each language, and says how much is not translated yet."

    def handle(self, *args: Any, **options: Any) -> None:
        for language in catalogues.languages():
            catalogue = catalogues.updated(language)
            path = catalogues.file_of(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(catalogues.written(language, catalogue), encoding="utf-8")
            self.stdout.write(
                f"{language}: {len(list(catalogues.missing(catalogue)))} of {len(catalogue)} to translate"
            )
