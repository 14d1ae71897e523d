"""The letters of pictures: all languages of the site are drawn, each from its own side."""

import re
import unicodedata
from io import BytesIO

import pytest
from django.conf import settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from config.kit.formats.languages import in_language
from config.kit.pages import cards, faces
from config.kit.pages.faces import Face, joins_letters, lines_of
from config.pages import map_pictures
from treaties.models.local_names import state_names
from treaties.pages.world_map import PRINTED, WorldMap

PICTURES = [
    "/card.png",
    "/states/est/card.png",
    "/embed/mine-ban-convention/map.png",
    "/embed/mine-ban-convention/chart.png",
]


@pytest.fixture
def face():
    return Face("source-sans-3", 40, 600)


def texts_in(language):
    """All that comes with the project in a language."""
    folder = settings.LOCALE_PATHS[0]
    catalogue = folder / language.replace("hans", "Hans").replace("-", "_") / "LC_MESSAGES" / "django.po"
    names = " ".join(names.get(language, "") for names in state_names().values())
    return catalogue.read_text(encoding="utf-8") + (folder / "texts.csv").read_text(encoding="utf-8") + names


@pytest.fixture
def no_joining(monkeypatch):
    """A machine without libfribidi."""
    monkeypatch.setattr(faces.features, "check", lambda _feature: False)


def edges(text, face):
    """The left and the right end of a text that is drawn at 100 pixels, in a picture of 1000."""
    image = Image.new("L", (1000, 100))
    face.draw(ImageDraw.Draw(image), (100, 20), text, "white")
    left, _top, right, _bottom = image.getbbox()
    return left, right


class TestLetters:
    def test_of_all_chinese_texts_of_the_project_are_there(self, face):
        signs = set(re.findall(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]", texts_in("zh-hans")))
        assert len(signs) > 1000
        assert [sign for sign in sorted(signs) if not face.covers(sign)] == []

    def test_of_all_arabic_texts_of_the_project_are_there(self, face):
        letters = {c for c in texts_in("ar") if unicodedata.bidirectional(c) in ("AL", "AN", "NSM")}
        assert len(letters) > 40
        assert [c for c in sorted(letters) if not faces._has(face.arabic, c)] == []

    @pytest.mark.parametrize("text", ["Wałęsa in Şırnak", "Договор", "禁止地雷公约", "爱沙尼亚：2025年"])
    def test_of_each_language_are_drawn(self, face, text):
        assert face.covers(text)

    @pytest.mark.parametrize("text", ["ก", "भारत", "\U0001f600"])
    def test_that_no_font_has_are_known(self, face, text):
        assert not face.covers(text)

    def test_of_arabic_are_joined_where_the_machine_can_join_them(self, face):
        assert face.covers("ألغام") == joins_letters()
        apart = sum(face.getlength(letter) for letter in "ألغام")
        assert (face.getlength("ألغام") < apart) == joins_letters()

    @pytest.mark.usefixtures("no_joining")
    def test_of_arabic_are_not_drawn_apart(self, face):
        assert not face.covers("ألغام")
        assert cards.card("", "ألغام").startswith(b"\x89PNG")


class TestSides:
    def test_a_text_begins_on_the_left_or_in_arabic_on_the_right(self, face):
        left, right = edges("165", face)
        assert 95 <= left <= 105
        with override("ar"):
            mirrored = edges("165", face)
        assert 895 <= mirrored[1] <= 905
        assert mirrored[1] - mirrored[0] == right - left

    def test_the_key_of_the_map_begins_where_its_words_do(self):
        drawn = WorldMap(width=500, height=10, shapes=[], territories="")
        for language, place in (("en", 34), ("ar", 966)):
            with override(language):
                picture = map_pictures.map_picture(drawn, "", [("party", "")], "")
            with Image.open(BytesIO(picture)) as image:
                colour = "#{:02x}{:02x}{:02x}".format(*image.getpixel((place, 20 + map_pictures.HEAD + 30)))
            assert colour == PRINTED["party"], language


class TestLines:
    def test_of_chinese_end_between_signs_and_never_begin_with_a_mark(self, face):
        text = "《关于禁止使用、储存、生产和转让杀伤人员地雷及销毁此种地雷的公约》：共有2025年12月27日。" * 3
        lines = lines_of(text, face, 400, 99)
        assert len(lines) > 5
        assert "".join(lines) == text
        assert all(face.getlength(line) <= 400 for line in lines)
        assert not [line for line in lines if line[0] in "，。、；：》" or line[-1] == "《"]

    def test_of_words_end_between_words(self, face):
        assert lines_of("who is bound  by the ban", face, 200, 9) == ["who is", "bound by", "the ban"]

    @given(st.text(st.sampled_from("ab c一二，。》《“” 1"), max_size=60))
    def test_lose_nothing(self, text):
        lines = lines_of(text, Face("source-sans-3", 40, 600), 150, 99)
        assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.django_db
class TestPictures:
    def test_of_a_long_title_have_all_of_it_in_smaller_letters(self, monkeypatch):
        drawn = []
        monkeypatch.setattr(Face, "draw", lambda face, draw, place, text, fill: drawn.append((face.size, text)))
        title = "Глобальная кампания за гуманитарное разоружение и деятельность, связанную с разминированием"
        cards.card("", title, [("165", "участники")])
        written = [text for size, text in drawn if size in (54, 46) and text in title]
        assert " ".join(written) == title

    @pytest.mark.parametrize("address", PICTURES)
    def test_are_in_the_language_of_their_address(self, client, address):
        english = client.get(address).content
        for language, tag in {"ar": "ar", "zh-hans": "zh-Hans", "fr": "fr", "ru": "ru", "es": "es"}.items():
            response = client.get(in_language(address, language))
            is_drawn = language != "ar" or joins_letters()
            assert (response.content != english) == is_drawn, language
            assert response.headers["Content-Language"] == (tag if is_drawn else "en"), language

    @pytest.mark.usefixtures("no_joining", "nothing_is_kept")
    @pytest.mark.parametrize("address", PICTURES)
    def test_are_in_english_where_arabic_cannot_be_joined(self, client, address):
        response = client.get(in_language(address, "ar"))
        assert response.content == client.get(address).content
        assert response.headers["Content-Language"] == "en"
