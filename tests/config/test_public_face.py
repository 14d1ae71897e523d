"""What stands in the head of every page, the pages that explain, and the form that writes embeds."""

import html
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image, ImageColor

from config.kit.incoming.days import today
from config.pages.chart_pictures import corners
from config.pages.learning import numbers
from config.pages.map_pictures import HEAD, SCALE, map_picture
from news.models import Statement
from news.models.statements import public_speakers
from tests.config.addresses import CAMPAIGN, MBC
from tests.reading import html_of, text_of
from treaties.models import Treaty
from treaties.pages.world_map import PRINTED, rings_of, world_map
from treaties.status.boards import status_board
from treaties.status.sentences import count_in_words

pytestmark = pytest.mark.django_db


class TestTheHead:
    @pytest.mark.parametrize("address", ["/", "/states/pol/", "/nothing/", "/privacy/"])
    def test_has_search_and_the_way_to_back_the_campaign(self, client, address):
        page = html_of(client.get(address))
        assert 'action="/search/"' in page
        assert 'href="/back/"' in page

    def test_leads_to_the_pledge_of_the_newest_campaign(self, client):
        assert client.get("/back/")["Location"] == f"{CAMPAIGN}/pledge/"

    def test_leads_to_the_list_where_there_is_no_campaign(self, client, campaign):
        campaign.treaties.clear()
        assert client.get("/back/")["Location"] == "/campaigns/"

    def test_has_a_menu_that_opens_without_a_script(self, client):
        assert '<details class="menu">' in html_of(client.get("/"))


class TestBackingTheCampaign:
    def test_says_what_is_asked_and_that_a_mail_must_be_answered(self, client):
        words = text_of(client.get(f"{CAMPAIGN}/pledge/"))
        assert "Uphold the norms of humanitarian disarmament" in words
        assert "counted only once you have opened its link and pressed the button" in words
        assert "The six months that were announced ended on 16 December 2025" in words

    def test_knows_the_state_of_whoever_comes_from_its_page(self, client):
        assert '<option value="POL" selected>' in html_of(client.get(f"{CAMPAIGN}/pledge/?state=pol"))

    @pytest.mark.parametrize("state", ["XYZ", "<b>", ""])
    def test_chooses_no_state_that_there_is_not(self, client, state):
        assert " selected>I would rather not say" in html_of(client.get(f"{CAMPAIGN}/pledge/", {"state": state}))

    def test_moves_the_focus_to_what_is_wrong(self, client):
        assert 'role="alert" aria-labelledby="form-errors" tabindex="-1" autofocus' in html_of(
            client.post(f"{CAMPAIGN}/pledge/", {"email": "no"})
        )


class TestPagesThatExplain:
    def test_add_the_signatories_up_to_the_parties(self, client, convention, today):
        found = numbers(status_board(convention, today))
        assert found["signed_and_party"] + found["joined_without_signing"] == found["parties"] == 162
        assert found["signed_and_party"] + found["signed_and_left"] + found["signed_only"] == found["signed"] == 133
        words = text_of(client.get("/questions/"))
        assert "Why 133 signatories and 162 parties?" in words
        assert f"{found['signed_and_party']} + {found['joined_without_signing']} = 162 parties" in words

    def test_give_the_figures_of_the_day_to_the_press(self, client):
        words = text_of(client.get("/press/"))
        assert "162 States are parties to the Mine Ban Convention; 161 or 162 are bound by it today" in words
        assert "Poland: notice received 20 Aug 2025 , effect 20 Feb 2026" in words

    def test_say_in_simple_words_how_many_keep_the_promise(self, client):
        assert "Today 161 or 162 States must keep this promise. 5 have left it." in text_of(
            client.get("/what-the-ban-is/")
        )

    def test_give_every_term_an_address(self, client):
        assert '<dt id="accession">' in html_of(client.get("/glossary/"))


class TestEmbedsBuilder:
    def test_writes_the_line_and_shows_what_it_gives(self, client):
        page = html_of(client.get("/data/?show=map&treaty=mine-ban-convention&pinned_to=2025-06-16&theme=dark"))
        path = "/embed/mine-ban-convention/map/?on=2025-06-16&amp;theme=dark"
        assert f'src="{path}"' in page
        line = html.unescape(page.split('id="frame-line"')[1].split(">", 1)[1].split("</textarea>")[0])
        assert line.startswith(f'<iframe src="http://localhost:8000{path}" title="Mine Ban Convention"')

    def test_writes_lines_whose_addresses_answer(self, client):
        for show in ("counter", "map", "backers"):
            page = html_of(client.get(f"/data/?show={show}"))
            path = html.unescape(page.split('<iframe class="preview" src="')[1].split('"')[0])
            assert client.get(path).status_code == 200

    def test_quotes_a_title_that_has_marks(self, client, campaign):
        type(campaign).objects.filter(pk=campaign.pk).update(title='A "new" <campaign>')
        page = client.get("/data/?show=backers").content.decode()
        assert "<campaign>" not in page
        line = html.unescape(page.split('id="frame-line"')[1].split(">", 1)[1].split("</textarea>")[0])
        assert 'title="A &quot;new&quot; &lt;campaign&gt;"' in line

    @pytest.mark.parametrize(
        ("address", "prefix", "title"),
        [
            ("/data/?show=map&language=fr", "/fr", "Convention sur l’interdiction des mines antipersonnel"),
            ("/ru/data/?show=counter&language=en", "", "Mine Ban Convention"),
            ("/ar/data/?show=map", "/ar", "اتفاقية حظر الألغام المضادة للأفراد"),
        ],
    )
    def test_is_in_the_language_that_was_asked_for_or_that_of_the_page(self, client, address, prefix, title):
        page = html_of(client.get(address))
        show = "map" if "map" in address else "counter"
        path = f"{prefix}/embed/mine-ban-convention/{show}"
        assert f'src="{path}/"' in page
        assert f"http://localhost:8000{path}.svg" in page
        assert f"http://localhost:8000{prefix}/treaties/mine-ban-convention/" in page
        assert f'title="{title}"' in page
        assert client.get(f"{path}/").status_code == client.get(f"{path}.svg").status_code == 200

    @pytest.mark.parametrize("query", ["show=globe", "treaty=nothing", "pinned_to=soon", "theme=pink", "language=de"])
    def test_refuses_what_there_is_not(self, client, query):
        assert client.get(f"/data/?{query}").status_code == 400

    def test_lets_the_page_frame_ourselves_alone(self, client):
        assert "frame-src 'self'" in client.get("/data/")["Content-Security-Policy"]
        assert "frame-src" not in client.get("/")["Content-Security-Policy"]

    def test_gives_an_embed_the_colours_asked_for(self, client):
        dark = html_of(client.get("/embed/mine-ban-convention/counter/?theme=dark"))
        assert 'data-theme="dark"' in dark
        assert 'media="all"' in dark
        assert "dark" not in html_of(client.get("/embed/mine-ban-convention/counter/?theme=light"))
        assert client.get("/embed/mine-ban-convention/counter/?theme=pink").status_code == 400


class TestTheMapAsAPng:
    def drawn(self, client, on):
        answer = client.get(f"/embed/mine-ban-convention/map.png?on={on}")
        assert answer["Content-Type"] == "image/png"
        return Image.open(BytesIO(answer.content)).convert("RGB")

    def test_has_the_colours_of_each_status(self, client):
        colours = {colour for _n, colour in self.drawn(client, "2025-09-15").getcolors(1 << 22)}
        for name in ("party", "withdrawing", "withdrawing-2", "not-party", "consented"):
            assert ImageColor.getrgb(PRINTED[name]) in colours, name

    def test_follows_the_day(self, client):
        ink = ImageColor.getrgb(PRINTED["withdrawn"])
        before, after = (
            {c: n for n, c in self.drawn(client, on).getcolors(1 << 22)}.get(ink, 0)
            for on in ("2025-06-16", "2026-03-01")
        )
        assert before < after  # before, the legend alone

    def test_lays_a_state_inside_another_on_top(self, client):
        world = world_map(status_board(Treaty.objects.main(), date(2026, 3, 1)))
        lesotho = next(shape for shape in world.shapes if shape.mark.state.pk == "LSO")
        marked = replace(lesotho, mark=replace(lesotho.mark, kind="withdrawn"))
        shapes = [marked if shape is lesotho else shape for shape in world.shapes]
        picture = Image.open(BytesIO(map_picture(replace(world, shapes=shapes), "", [], ""))).convert("RGB")
        x, y = (sum(each) / len(each) for each in zip(*rings_of(lesotho.path)[0], strict=True))
        near = {picture.getpixel((int(x * SCALE) + n, int(y * SCALE) + HEAD)) for n in range(-4, 5)}
        assert ImageColor.getrgb(PRINTED["withdrawn"]) in near

    def test_refuses_what_it_cannot_read(self, client):
        assert client.get("/embed/mine-ban-convention/map.png?on=soon").status_code == 400
        assert client.get("/embed/nothing/map.png").status_code == 404


class TestTheChartToTakeAway:
    CHART = "/embed/mine-ban-convention/chart"

    def test_is_drawn_with_the_number_of_its_day(self, client):
        drawn = text_of(client.get(f"{self.CHART}.svg?on=2025-06-16"))
        assert "Mine Ban Convention: parties up to 16 June 2025" in drawn
        assert "165" in drawn.split("In force")[1]

    def test_names_the_page_that_shows_the_same_numbers(self, client):
        asked = "on=2025-06-16&known_at=2099-01-01T00%3A00%3A00.000000Z"
        assert f"/treaties/mine-ban-convention/?{asked}" in text_of(client.get(f"{self.CHART}.svg?{asked}"))

    def test_is_a_png_in_the_same_colours(self, client):
        answer = client.get(f"{self.CHART}.png?on=2025-06-16")
        assert answer["Content-Type"] == "image/png"
        colours = {colour for _n, colour in Image.open(BytesIO(answer.content)).convert("RGB").getcolors(1 << 22)}
        assert ImageColor.getrgb(PRINTED["party"]) in colours

    def test_ends_lower_after_states_have_left(self, client):
        def foot_of_the_line(on):
            picture = Image.open(BytesIO(client.get(f"{self.CHART}.png?on={on}").content)).convert("RGB")
            party = ImageColor.getrgb(PRINTED["party"])
            return min(y for y in range(picture.height) if picture.getpixel((1322, y)) == party)

        assert foot_of_the_line("2026-03-01") > foot_of_the_line("2025-12-01")

    @pytest.mark.parametrize("form", ["svg", "png"])
    def test_refuses_what_it_cannot_read_or_draw(self, client, form):
        assert client.get(f"{self.CHART}.{form}?on=soon").status_code == 400
        assert client.get(f"{self.CHART}.{form}?on=1990-01-01").status_code == 404
        assert client.get(f"{self.CHART}.{form}?known_at=1999-01-01T00:00:00Z").status_code == 200
        assert client.get(f"/embed/nothing/chart.{form}").status_code == 404

    @pytest.mark.parametrize("form", ["svg", "png"])
    def test_may_be_shown_by_any_site(self, client, form):
        assert client.get(f"{self.CHART}.{form}")["Cross-Origin-Resource-Policy"] == "cross-origin"

    def test_is_read_from_the_corners_of_its_line(self):
        assert corners("M40 10.5H60V8H70") == [(40, 10.5), (60, 10.5), (60, 8), (70, 8)]


def test_a_number_to_frame_weighs_little(client, settings):
    page = client.get("/embed/mine-ban-convention/counter/")
    sheets = ("tokens.css", "dark.css", "embed.css")
    weight = len(page.content) + sum((settings.BASE_DIR / "config/static/css" / name).stat().st_size for name in sheets)
    assert "fonts" not in page.content.decode()
    assert weight < 15_000


def test_what_was_promised_can_be_asked_of_any_state(client):
    assert "Nothing on record: no commitment of Chad" in text_of(client.get(f"{CAMPAIGN}/commitments/?state=TCD"))
    assert client.get(f"{CAMPAIGN}/commitments/?state=XYZ").status_code == 400


def test_the_downloads_have_what_the_filters_choose(client):
    page = html_of(client.get(f"{CAMPAIGN}/commitments/?state=UKR&status=announced"))
    assert "?campaign=humanitarian-disarmament&amp;state=UKR&amp;status=announced&amp;format=csv" in page
    assert "status=withdrawn" in html_of(client.get(f"{MBC}/?status=withdrawn")).split("Download")[1]


class TestTheStatementThatAnnouncedTheCampaign:
    @pytest.mark.parametrize("address", ["/", f"{CAMPAIGN}/"])
    def test_is_linked_with_what_the_ledger_says_of_its_numbers(self, client, address):
        words = text_of(client.get(address))
        assert "The statement that announced it" in words
        now = status_board(Treaty.objects.main(), today()).counts
        assert f"right on that day; {count_in_words(now, 'not_parties')} today." in words

    def test_is_not_named_while_it_is_a_draft(self, client):
        Statement.objects.filter(source_url=Statement.objects.get(slug="sgsm22686").source_url).update(workflow="draft")
        assert "The statement that announced it" not in text_of(client.get("/"))


class TestTheFilterBySpeaker:
    def test_offers_those_who_speak_in_public(self, client):
        assert "António Guterres" in html_of(client.get("/news/")).split('name="speaker"')[1].split("</select>")[0]

    def test_keeps_the_one_chosen(self, client):
        speaker = Statement.objects.get(slug="sgsm22686").speaker
        assert f'<option value="{speaker.pk}" selected>' in html_of(client.get(f"/news/?speaker={speaker.pk}"))

    def test_keeps_several_of_an_address(self, client):
        keys = list(public_speakers().values_list("pk", flat=True)[:2])
        page = html_of(client.get(f"/news/?speaker={keys[0]}&speaker={keys[1]}"))
        boxes = [f'<input type="checkbox" name="speaker" value="{key}" checked>' in page for key in keys]
        chosen = [f'<option value="{key}" selected>' in page for key in keys]
        assert sorted(boxes) == sorted(chosen) == [False, True]
        assert boxes != chosen
