"""In which languages each statement is, and which translations are behind: the original was corrected after they were made."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Max

from config.kit.formats.languages import CODES, nearest
from config.kit.models.parity import BoardKind, BoardLine, line_of
from config.kit.models.translations import Behind
from news.models import Correction, Statement

KIND = "statement"
TEXT = "body"


def board_of_statements() -> BoardKind:
    """Statements that are public, as the board has them: the whole text is one."""
    return BoardKind(KIND, Statement, _lines, _named)


def _named(keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    return {str(row.pk): (row.title, row.get_absolute_url()) for row in Statement.objects.public().filter(pk__in=keys)}


def _lines(_translations: object) -> Iterator[BoardLine]:
    public = Statement.objects.public().exclude(workflow=Statement.Workflow.WITHDRAWN)
    originals = list(public.filter(translation_of=None).order_by("-dated_on", "-id").values_list("pk", "language"))
    behind = how_far_behind(public.exclude(translation_of=None).only("translation_of_id", "publish_at"))
    translations = public.exclude(translation_of=None).values_list("translation_of", "language", "pk", "publish_at")
    there = {(of, nearest(language)): (pk, at) for of, language, pk, at in translations}
    for pk, own in originals:
        for language in sorted(CODES - {nearest(own)}):
            translation, at = there.get((pk, language), (None, None))
            yield line_of(
                KIND,
                str(pk),
                TEXT,
                language,
                text=str(translation or ""),
                behind=behind.get(translation) if translation is not None else None,
                translated_at=at,
            )


def how_far_behind(translations: Iterable[Statement]) -> dict[int, Behind]:
    """By the keys of translations, how often the original was corrected since they were published or corrected themselves.

    Small corrections do not count: nothing that the text says has changed. Those that are not behind are left out. Two queries.
    """
    made = {t.pk: (t.translation_of_id, t.publish_at) for t in translations}
    corrected = Correction.objects.filter(statement__in=made).values_list("statement").annotate(Max("made_at"))
    own = dict(corrected.order_by())
    of_originals: dict[int, list[datetime]] = defaultdict(list)
    originals = [original for original, _at in made.values() if original is not None]
    told = Correction.objects.filter(statement__in=originals, is_small=False).values_list("statement_id", "made_at")
    for key, corrected_at in told:
        of_originals[key].append(corrected_at)
    found = {}
    for pk, (original, published) in made.items():
        last = max(at for at in (published, own.get(pk)) if at is not None)
        later = [at for at in of_originals[original or 0] if at > last]
        if later:
            found[pk] = Behind(len(later), min(later))
    return found
