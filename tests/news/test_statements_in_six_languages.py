"""The statements that come with the project stand in six languages: the same numbers, the same figures, nothing left in English."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from config.kit.models import LoadedRow
from news.models import Statement

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[2] / "news" / "data"
LANGUAGES = ("ar", "zh-Hans", "fr", "ru", "es")
ORIGINALS = {text["slug"]: text for text in yaml.safe_load((DATA / "statements.yaml").read_text(encoding="utf-8"))}
ENTRIES = yaml.safe_load((DATA / "translations.yaml").read_text(encoding="utf-8"))
TRANSLATIONS = {(text["slug"], text["language"]): text for text in ENTRIES}
TIMES = {"million": 10**6, "millions": 10**6, "millones": 10**6, "миллионов": 10**6, "миллионах": 10**6, "مليون": 10**6}
TIMES |= {"多万": 10**4, "万": 10**4, "亿": 10**8}
NUMBER = re.compile(r"(\d+(?:[ \u00a0.,]\d{3})*)\s*(millions?|millones|миллион(?:ов|ах)|مليون|多?万|亿)?")
MONTH = re.compile(r"\d{1,2}月")


def numbers_in(text):
    """The numbers that a text writes in digits, whatever its language."""
    found = NUMBER.findall(MONTH.sub("", text))
    return {int(re.sub(r"\D", "", digits)) * TIMES.get(of, 1) for digits, of in found}


def test_each_stands_in_all_of_them():
    assert TRANSLATIONS.keys() == {(slug, language) for slug in ORIGINALS for language in LANGUAGES}
    assert len(ENTRIES) == len(TRANSLATIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_tells_the_same_numbers(language):
    for slug, original in ORIGINALS.items():
        translation = TRANSLATIONS[slug, language]
        for field in ("title", "summary"):
            assert numbers_in(translation[field]) == numbers_in(original[field]), (slug, field)
        for words, figure in zip(translation.get("figures", []), original["figures"], strict=True):
            assert numbers_in(words) == numbers_in(figure["text"]), slug


@pytest.mark.parametrize(
    ("language", "letters"), [("ar", "[\u0600-\u06ff]"), ("zh-Hans", "[\u4e00-\u9fff]"), ("ru", "[\u0400-\u04ff]")]
)
def test_each_is_written_in_the_letters_of_its_language(language, letters):
    for slug in ORIGINALS:
        text = TRANSLATIONS[slug, language]
        for words in (text["title"], text["summary"], *text.get("figures", [])):
            latin = len(
                re.findall("[A-Za-z]", words.replace("Mines Advisory Group", "").replace("Landmine Monitor", ""))
            )
            assert len(re.findall(letters, words)) > latin, words


@pytest.mark.parametrize("language", ["fr", "es"])
def test_none_is_left_in_english(language):
    for slug in ORIGINALS:
        text = TRANSLATIONS[slug, language]
        assert not re.search(r"\b(?:the|and|of|with|that)\b", f"{text['title']} {text['summary']}"), slug


def test_each_is_loaded_with_all_of_its_original_but_the_words():
    for original in Statement.objects.filter(translation_of=None).for_page():
        translations = Statement.objects.filter(translation_of=original).for_page()
        assert {each.language for each in translations} == set(LANGUAGES), original.slug
        for each in translations:
            assert (each.dated_on, each.speaker, each.symbol, each.source_url, each.stance) == (
                original.dated_on,
                original.speaker,
                original.symbol,
                original.source_url,
                original.stance,
            )
            assert [*each.states.all()] == [*original.states.all()]
            assert [*each.articles.all()] == [*original.articles.all()]
            assert [q.text for q in each.quotations.all()] == [q.text for q in original.quotations.all()]
            cited = [[(f.query, f.on, f.value) for f in text.figures.all()] for text in (each, original)]
            assert cited[0] == cited[1]


@pytest.fixture
def folder(tmp_path):
    """A copy of the data, in which one translation is another: gives the folder."""

    def copy(**changed):
        for name in ("statements.yaml", "translations.yaml"):
            shutil.copy(DATA / name, tmp_path / name)
        entries = [
            entry | changed if (entry["slug"], entry["language"]) == ("sgsm22686", "fr") else entry for entry in ENTRIES
        ]
        (tmp_path / "translations.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
        LoadedRow.objects.filter(file="translations.yaml", key="statement sgsm22686 fr").delete()
        return tmp_path

    return copy


class TestLoading:
    def test_again_changes_nothing(self):
        before = Statement.objects.count()
        call_command("load_news", verbosity=0)
        assert Statement.objects.count() == before

    def test_leaves_an_editor_s_translation_as_it_is(self, folder):
        there = Statement.objects.filter(slug="sgsm22686-fr")
        there.update(slug="un-autre-nom", title="Autre titre")
        call_command("load_news", data=folder(), verbosity=0)
        translations = Statement.objects.filter(translation_of__slug="sgsm22686", language="fr")
        assert [(text.slug, text.title) for text in translations] == [("un-autre-nom", "Autre titre")]

    def test_takes_no_address_from_another_text(self, folder):
        Statement.objects.filter(slug="sgsm22686-fr").update(translation_of=None, title="Autre titre")
        call_command("load_news", data=folder(), verbosity=0)
        assert Statement.objects.get(slug="sgsm22686-fr").title == "Autre titre"

    @pytest.mark.parametrize(
        "since",
        [
            {"body": "Another text."},
            {"title": "Another title"},
            {"workflow": "withdrawn", "withdrawn_reason": "It was wrong."},
            {"workflow": "draft", "publish_at": None},
        ],
    )
    def test_publishes_no_translation_of_a_text_that_says_something_else_or_nothing_now(self, folder, since):
        original = Statement.objects.get(slug="sgsm22686")
        Statement.objects.filter(translation_of=original, language="fr").update(translation_of=None, slug="elsewhere")
        Statement.objects.filter(pk=original.pk).update(**since)
        call_command("load_news", data=folder(), verbosity=0)
        assert not Statement.objects.filter(slug="sgsm22686-fr").exists()

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"slug": "nothing"}, "slug: there is no statement 'nothing' in statements.yaml"),
            ({"figures": []}, "figures: the original cites 1"),
            ({"title": ""}, "title"),
            ({"language": "french"}, "language"),
        ],
    )
    def test_names_line_and_field_of_what_is_wrong(self, folder, changed, told):
        Statement.objects.filter(slug="sgsm22686-fr").update(translation_of=None, slug="elsewhere")
        with pytest.raises(CommandError, match=rf"translations\.yaml:\d+: .*{told}"):
            call_command("load_news", data=folder(**changed), verbosity=0)
