"""Photographs and share images: what is kept, what is dropped, what is refused, what is shown."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from config.kit.pages import cards, faces
from news.models import Photo, Statement
from news.newsroom import photos
from news.roles import NEWSROOM_EDITOR
from tests.factories import StatementFactory
from tests.reading import html_of

pytestmark = pytest.mark.django_db


TITLES = [
    "Договор о запрещении мин",
    "اتفاقية حظر الألغام",
    "禁止地雷公约",
    "Dovilė Šakalienė",
    "A " * 120,
    "x" * 250,
]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(size=(2000, 1000), suffix="JPEG", name="photo.jpg", exif=True):
    file = BytesIO()
    picture = Image.new("RGB", size, "#336699")
    data = picture.getexif()
    if exif:
        data[0x013B] = "Canary Photographer"
        data[0x0112] = 6  # lies on its side
    picture.save(file, suffix, exif=data)
    return SimpleUploadedFile(name, file.getvalue())


class TestPhotographs:
    def add(self, desk, **values):
        client = desk(NEWSROOM_EDITOR)
        given = {"credit": "Somebody", "caption": "A field", "alt": "A field with signs", "upload": upload()} | values
        return client.post(reverse("admin:news_photo_add"), given)

    def test_are_made_anew_in_sizes_for_every_screen_without_what_else_the_file_carried(self, desk, tmp_path):
        assert self.add(desk).status_code == 302
        photo = Photo.objects.get(caption="A field")
        assert photo.renditions["widths"] == [480, 960, 1000]
        assert (photo.renditions["width"], photo.renditions["height"]) == (1000, 2000)  # upright
        files = list(tmp_path.rglob("*.*"))
        assert len(files) == 9
        for file in files:
            assert b"Canary" not in file.read_bytes()
            with Image.open(file) as kept:
                assert not kept.getexif()
                assert kept.format == {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG"}[file.suffix[1:]]

    def test_are_offered_in_the_formats_that_a_browser_knows(self, desk, client):
        self.add(desk)
        statement = StatementFactory(
            workflow="published", publish_at=timezone.now(), photo=Photo.objects.get(caption="A field")
        )
        html = html_of(client.get(statement.get_absolute_url()))
        assert '<source type="image/avif"' in html
        assert "480w" in html
        assert 'alt="A field with signs"' in html
        assert "Somebody" in html

    def test_need_words_for_those_who_do_not_see_them(self, desk):
        response = self.add(desk, alt="")
        assert "Say in words what the picture shows." in response.content.decode()
        assert not Photo.objects.filter(caption="A field").exists()

    @pytest.mark.parametrize(
        "file",
        [
            SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>"),
            SimpleUploadedFile("photo.jpg", b""),
            SimpleUploadedFile("photo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            upload(suffix="GIF", name="photo.jpg", exif=False),
            SimpleUploadedFile("photo.png", upload().read()[:200]),
        ],
        ids=["script", "empty", "svg", "gif", "cut off"],
    )
    def test_are_known_by_their_content_not_their_name(self, desk, file):
        assert self.add(desk, upload=file).status_code == 200
        assert not Photo.objects.filter(caption="A field").exists()

    def test_that_are_too_large_are_refused(self, monkeypatch):
        monkeypatch.setattr(photos, "LARGEST_PICTURE", 100)
        with pytest.raises(ValidationError, match="pixels"):
            photos.opened(upload((20, 20)))
        monkeypatch.setattr(photos, "LARGEST_FILE", 10)
        with pytest.raises(ValidationError, match="15 MB"):
            photos.opened(upload((20, 20)))

    @pytest.mark.parametrize(
        ("suffix", "values", "limit"),
        [("PNG", {}, "LARGEST_UNREDUCED"), ("JPEG", {"progressive": True}, "LARGEST_PROGRESSIVE")],
    )
    def test_that_are_decoded_whole_have_a_limit_of_their_own(self, monkeypatch, suffix, values, limit):
        monkeypatch.setattr(photos, limit, 100)
        file = BytesIO()
        Image.new("RGB", (20, 20)).save(file, suffix, **values)
        with pytest.raises(ValidationError, match="or a plain JPEG"):
            photos.opened(SimpleUploadedFile("x", file.getvalue()))
        assert photos.opened(upload((20, 20), exif=False)).size == (20, 20)

    def test_keep_neither_comments_nor_profiles(self, tmp_path):
        file = BytesIO()
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        Image.new("RGB", (40, 20), "#336699").save(file, "JPEG", comment=b"Canary", icc_profile=profile)
        assert b"Canary" in file.getvalue()
        made = photos.store(photos.opened(SimpleUploadedFile("x", file.getvalue())))
        for kept in tmp_path.rglob("*.*"):
            assert b"Canary" not in kept.read_bytes()
            assert b"ICC_PROFILE" not in kept.read_bytes()
            with Image.open(kept) as picture:
                assert not picture.info.keys() & {"comment", "icc_profile", "exif", "xmp"}
        assert made["width"] == 40

    def test_with_a_profile_keep_their_colours(self):
        file = BytesIO()
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        Image.new("RGB", (8, 8), (200, 40, 40)).save(file, "JPEG", quality=95, icc_profile=profile)
        shown = photos.opened(SimpleUploadedFile("x", file.getvalue())).getpixel((4, 4))
        assert all(abs(ours - theirs) < 8 for ours, theirs in zip(shown, (200, 40, 40), strict=True))

    def test_with_a_profile_that_cannot_be_read_are_taken_as_they_are(self):
        file = BytesIO()
        Image.new("RGB", (8, 8)).save(file, "JPEG", icc_profile=b"nonsense")
        assert photos.opened(SimpleUploadedFile("x", file.getvalue())).mode == "RGB"

    @pytest.mark.parametrize("size", [(2000, 1), (1, 2000), (3000, 2)])
    def test_of_a_line_keep_a_height(self, size):
        made = photos.store(photos.opened(upload(size, exif=False)))
        assert made["width"] >= 1
        assert made["height"] >= 1

    def test_have_addresses_that_cannot_be_guessed(self):
        stems = {photos.store(photos.opened(upload((20, 20))))["stem"] for _n in range(2)}
        assert len(stems) == 2
        assert all(len(stem) > 25 for stem in stems)


class TestShareImages:
    def test_are_drawn_for_every_public_statement(self, client):
        statement = Statement.objects.get(slug="sgsm22686")
        response = client.get(f"{statement.get_absolute_url()}card.png")
        assert response["Content-Type"] == "image/png"
        with Image.open(BytesIO(response.content)) as picture:
            assert picture.size == (1200, 630)
            assert len(picture.getcolors(1 << 20)) > 10
        html = html_of(client.get(statement.get_absolute_url()))
        assert f'{statement.get_absolute_url()}card.png">' in html
        assert '<meta property="og:image:alt" content="' in html

    @pytest.mark.parametrize(
        "title",
        ["Договор о запрещении мин", "اتفاقية حظر الألغام", "禁止地雷公约", "A " * 120, "x" * 250, "Dovilė Šakalienė"],
    )
    def test_are_drawn_whatever_the_title(self, title):
        assert cards.card("", title[:250]).startswith(b"\x89PNG")

    def test_of_what_is_not_public_do_not_exist(self, client):
        statement = StatementFactory(title="Canary")
        nowhere = client.get("/news/nothing/card.png")
        assert client.get(f"/news/{statement.slug}/card.png").status_code == nowhere.status_code == 404

    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=80))
    def test_break_lines_within_their_width(self, text):
        font = faces.Face("source-serif-4", 64, 600)
        lines = faces.lines_of(text, font, 1040, 5)
        assert len(lines) <= 5


@pytest.mark.parametrize("title", ["Wałęsa and Čaputová in Şırnak: Łódź", "İzmir, ő ű", "Ёлка and Łódź"])
def test_the_letters_of_europe_are_drawn(title):
    assert faces.Face("source-serif-4", 64, 600).covers(title)
