"""The translations that come with the project: loaded once, brought up where the file changes, never over an editor's."""

import csv
import re

import pytest
from django.core.management import CommandError, call_command

from campaign.models import Pillar, Position
from config.kit.models import LoadedRow, Translation
from config.kit.models.parity import TextState, lines_that
from config.kit.models.translations import LANGUAGES, translated_kinds
from config.management.commands.load_translations import EVERY, FILE, NAMES, Command
from news.models import SpeakerRole
from tests.factories import EditorFactory

pytestmark = pytest.mark.django_db
ROWS = list(csv.DictReader((Command.data_folder / FILE).open(encoding="utf-8", newline="")))


@pytest.fixture
def folder(tmp_path):
    """A folder with the project's file, changed as a test wants it."""

    def write(change=lambda row: row):
        with (tmp_path / FILE).open("w", encoding="utf-8", newline="") as made:
            table = csv.DictWriter(made, list(ROWS[0]))
            table.writeheader()
            table.writerows(filter(None, (change(dict(row)) for row in ROWS)))
        return tmp_path

    return write


def title_of_pillar(**values):
    def change(row):
        return row | values if (row["key"], row["field"]) == ("uphold-norms", "title") else row

    return change


def french():
    pillar = Pillar.objects.get(slug="uphold-norms")
    return Translation.objects.get(kind="pillar", row=str(pillar.pk), language="fr")


def test_all_that_comes_with_the_project_but_statements_is_there_in_every_language_and_nothing_is_behind(db):
    lines = [line for line in lines_that() if line.kind != "statement"]
    assert {line.state for line in lines} == {TextState.CURRENT}
    assert {line.language for line in lines} == {language for language, _name in LANGUAGES}
    assert {line.kind for line in lines} == set(NAMES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']} {row['key']} {row['field']}")
def test_every_row_has_every_language_and_only_the_texts_that_are_not_english(row):
    assert row["kind"] in NAMES
    assert all(row[language] for language, _name in LANGUAGES)
    if row["field"] not in ("who", "adopted_at", "place", "organization"):
        assert row["original"] not in {row[language] for language, _name in LANGUAGES}


LETTERS = {"ar": ("\u0600", "\u06ff"), "zh-hans": ("\u4e00", "\u9fff"), "ru": ("\u0400", "\u04ff")}


@pytest.mark.parametrize(("language", "letters"), LETTERS.items())
def test_every_text_has_the_letters_of_its_language(language, letters):
    first, last = letters
    assert not [row for row in ROWS if not any(first <= sign <= last for sign in row[language])]


def test_a_row_for_every_thing_that_has_a_text_finds_one():
    kinds = translated_kinds()
    assert not [
        row["original"]
        for row in ROWS
        if row["key"] == EVERY and not kinds[row["kind"]].all_rows.filter(**{row["field"]: row["original"]}).exists()
    ]


def test_a_text_that_several_things_have_is_translated_for_each_of_them():
    places = [
        t.texts["place"]
        for t in Translation.objects.filter(kind="campaign_action", language="ru")
        if "place" in t.texts
    ]
    assert places.count("Нью-Йорк") > 1


def test_an_office_is_translated_for_who_holds_it():
    offices = SpeakerRole.objects.filter(role="President").order_by("speaker__name")
    found = [Translation.objects.get(kind="speaker_role", row=str(o.pk), language="fr").texts["role"] for o in offices]
    assert found == ["Président de la République", "Présidente", "Président"]


def test_a_text_that_an_editor_has_changed_in_english_is_left_alone(folder):
    Translation.objects.filter(kind="position").delete()
    LoadedRow.objects.filter(file=FILE, key__startswith="position").delete()
    Position.objects.filter(note="Day of the report").update(note="Day of the news")
    call_command("load_translations", data=folder(), verbosity=0)
    assert not [
        t for t in Translation.objects.filter(kind="position") if t.originals.get("note") == "Day of the report"
    ]


@pytest.mark.parametrize(("kind", "field"), [("position", "quote"), ("state", "name")])
def test_a_field_that_is_not_translated_is_an_error_with_its_line(folder, kind, field):
    wrong = {"kind": kind, "key": EVERY, "field": field}
    change = lambda row: row | wrong if row["field"] == "note" and row["original"] == "Day of the report" else row  # noqa: E731
    with pytest.raises(CommandError, match=rf"texts\.csv:\d+: field: there is no '{field}' of a '{kind}' to translate"):
        call_command("load_translations", data=folder(change), verbosity=0)


def test_every_text_names_the_years_and_symbols_that_the_english_one_names():
    named = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[A-Z]+/[A-Z0-9/]+\d")
    for row in ROWS:
        wanted = set(named.findall(row["original"]))
        for language, _name in LANGUAGES:
            assert set(named.findall(row[language])) == wanted, (language, row["original"])


def test_loading_again_changes_nothing(campaign):
    before = french().history.count()
    call_command("load_translations", verbosity=0)
    assert french().history.count() == before


def test_a_text_that_is_corrected_in_the_file_is_brought_up(campaign, folder):
    call_command("load_translations", data=folder(title_of_pillar(fr="Autre")), verbosity=0)
    assert french().texts["title"] == "Autre"
    assert french().texts["summary"]


def test_a_text_that_an_editor_has_changed_stays(campaign, folder, capsys):
    row = french()
    row.texts |= {"title": "Mieux"}
    row._history_user = EditorFactory()
    row.save()
    call_command("load_translations", data=folder(title_of_pillar(fr="Autre")))
    assert french().texts["title"] == "Mieux"
    assert "an editor has changed the translation here, left as it is: pillar fr" in capsys.readouterr().out


def test_a_translation_is_behind_where_the_original_here_is_not_that_of_the_file(campaign, folder):
    Translation.objects.all().delete()
    Pillar.objects.filter(slug="uphold-norms").update(title="Ours")
    call_command("load_translations", data=folder(title_of_pillar(fr="Autre")), verbosity=0)
    (line,) = (each for each in lines_that(kinds=["pillar"], languages=["fr"], states=["behind"]))
    assert line.field == "title"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"kind": "zq"}, "there is no zq 'uphold-norms'"),
        ({"key": "zq"}, "there is no pillar 'zq'"),
        ({"field": "slug"}, "No text that is translated: slug."),
        ({"original": ""}, "original is missing."),
        ({"fr": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_loaded_is_named_with_its_line_and_nothing_is_loaded(campaign, folder, values, refusal):
    before = french().texts
    with pytest.raises(CommandError) as refused:
        call_command("load_translations", data=folder(title_of_pillar(**{"fr": "Autre"} | values)), verbosity=0)
    assert refusal in str(refused.value)
    assert f"{FILE}:" in str(refused.value)
    assert french().texts == before
