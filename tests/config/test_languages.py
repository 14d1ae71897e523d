"""Six languages at six addresses: the same pages, the same numbers, the right direction."""

import re
from collections import Counter
from datetime import date
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import override

from config.kit.formats.days import written
from config.kit.formats.languages import (
    CODES,
    ENGLISH,
    _offer_in,
    in_language,
    language_of,
    nearest,
    versions_of,
    without_language,
)
from config.kit.formats.lists import listed, one_or_other
from config.kit.models import Translation
from tests import pseudo
from tests.config.addresses import API, FORMS, MBC, PAGES
from tests.reading import body_of, html_of, text_of
from treaties.ledger.reading import states_known
from treaties.models import State, StatusChoices, Treaty
from treaties.models.local_names import state_names, treaty_titles
from treaties.models.treaties import MAIN_TREATY
from treaties.status import sentences
from treaties.status.boards import status_board
from treaties.status.explain import explain

pytestmark = pytest.mark.django_db
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
FOR_DEVELOPERS = ("/api/", "/changelog/")
READ = [address for address in [*PAGES, *FORMS] if not address.startswith(FOR_DEVELOPERS)]
TAGS = {"ar": "ar", "zh-hans": "zh-Hans", "fr": "fr", "ru": "ru", "es": "es"}
DAY = date(2025, 6, 16)
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "zh-hans": r"[\u4e00-\u9fff]"}


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "language", "plain"),
        [
            ("/", "en", "/"),
            ("/ar/", "ar", "/"),
            ("/ar", "ar", "/"),
            ("/zh-hans/states/est/", "zh-hans", "/states/est/"),
            ("/arms/", "en", "/arms/"),
            ("/en/", "en", "/en/"),
            ("/AR/", "en", "/AR/"),
        ],
    )
    def test_say_by_their_first_part_which_language_is_meant(self, address, language, plain):
        assert (language_of(address), without_language(address)) == (language, plain)

    def test_of_the_same_page_in_another_language_keep_what_is_asked(self):
        assert in_language("/fr/treaties/x/?on=2025-06-16&q=a", "ru") == "/ru/treaties/x/?on=2025-06-16&q=a"
        assert in_language("/fr/?q=1", "en") == "/?q=1"
        assert in_language("/", "es") == "/es/"

    @pytest.mark.parametrize(
        "address", ["/en/", "/AR/", "/de/", "/zh/", "/zh-hant/", "/ar/nothing/", "/ar/admin/", "/fr/api/v1/"]
    )
    def test_that_are_no_page_are_not_found(self, client, address):
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize(
        "address", ["/ar//elsewhere.example/", "//ar//elsewhere.example/", "//elsewhere.example/ar/"]
    )
    def test_never_lead_to_another_site(self, client, address):
        assert all(re.match(r"/[^/]|/$", version.address) for version in versions_of(address))
        html = client.get(address).content.decode()
        assert 'href="//' not in html

    @pytest.mark.parametrize("address", ["/", f"{MBC}/?on=2025-06-16", "/states/est/"])
    def test_lead_to_the_same_page_in_each_language(self, client, address):
        html = client.get(address).content.decode()
        found = dict(re.findall(r'hreflang="([^"]+)" href="http://[^/]+(/[^"]*)"', html))
        assert found.keys() == {"ar", "zh-Hans", "en", "fr", "ru", "es", "x-default"}
        assert found["x-default"] == found["en"] == address.partition("?")[0]
        for version in versions_of(address):
            assert client.get(version.address).status_code == 200
            assert f'href="{version.address.replace("&", "&amp;")}"' in html

    def test_of_developers_pages_have_no_other_language(self, client):
        for address in ("/api/", "/changelog/", f"{API}/docs/"):
            assert "hreflang=" not in client.get(address).content.decode()

    def test_without_a_slash_at_the_end_lead_to_the_page(self, client):
        assert client.get("/ar").headers["Location"] == "/ar/"

    def test_alone_decide_not_the_browser_s_language(self, client):
        plain = client.get("/about/")
        asked = client.get("/about/", headers={"accept-language": "ar"})
        assert asked.content == plain.content
        assert "Accept-Language" not in asked.headers.get("Vary", "")

    def test_of_a_statement_are_those_in_its_own_language(self, client):
        html = client.get("/ar/news/sgsm22686/").content.decode()
        assert '<link rel="canonical" href="http://localhost:8000/news/sgsm22686/">' in html

    def test_within_a_page_stay_in_its_language(self, client):
        html = client.get("/fr/states/est/").content.decode()
        inner = set(re.findall(r'href="(/[^"#?]*)', html)) - {
            version.path for version in versions_of("/fr/states/est/")
        }
        elsewhere = [a for a in inner if not a.startswith(("/fr/", "/static/", "/media/", "/api/", "/data/"))]
        assert elsewhere == []


class TestPages:
    @pytest.mark.walk
    @pytest.mark.parametrize("language", OTHERS)
    def test_answer_in_each_language_with_its_direction(self, client, language):
        for address in READ:
            response = client.get(in_language(address, language))
            assert response.status_code == 200, address
            html = response.content.decode()
            assert f'lang="{TAGS[language]}"' in html, address
            assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html, address
            if not address.startswith("/news/"):
                assert response.headers["Content-Language"] == TAGS[language], address

    @pytest.mark.parametrize("language", OTHERS)
    def test_tell_the_same_numbers_in_each_language(self, client, language):
        for address in ("/", f"{MBC}/?on=2025-06-16", f"{MBC}/counts/?on=2010-01-01"):
            counted = numbers_of(client.get(address))
            assert len(counted) >= 6, address
            assert numbers_of(client.get(in_language(address, language))) == counted, address

    def test_of_a_state_name_it_in_their_language(self, client):
        for language, name in {
            "ar": "إستونيا",
            "zh-hans": "爱沙尼亚",
            "fr": "Estonie",
            "ru": "Эстония",
            "es": "Estonia",
        }.items():
            assert f"<title> {name}" in text_of_html(client.get(f"/{language}/states/est/"))

    def test_list_states_in_the_order_of_their_language(self):
        with override("fr"):
            names = [state.name for state in states_known(None).values()]
        assert names[:3] == ["Afghanistan", "Afrique du Sud", "Albanie"]
        assert names.index("Éthiopie") < names.index("Fidji")

    def test_of_a_statement_say_in_which_language_it_is(self, client):
        assert "Ce texte est en anglais." in text_of(client.get("/fr/news/sgsm22686/"))
        assert "This text is in" not in text_of(client.get("/news/sgsm22686/"))

    def test_of_errors_are_in_the_language_of_the_address(self, client):
        response = client.get("/fr/rien/")
        assert "Il n’y a rien à cette adresse" in text_of(response)
        assert response.headers["Content-Language"] == "fr"

    def test_say_what_a_form_lacks_in_their_language(self, client):
        response = client.get("/ru/treaties/mine-ban-convention/?on=yesterday")
        assert response.status_code == 400
        assert "Укажите дату календаря" in text_of(response)

    def test_feeds_say_their_language(self, client):
        assert 'xml:lang="fr"' in client.get("/fr/news/feed.atom").content.decode()
        assert client.get("/ar/news/feed.json").json()["language"] == "ar"

    def test_calendars_and_embeds_speak_it(self, client):
        assert (
            "Эстония" in body_of(client.get("/ru/treaties/mine-ban-convention/deadlines.ics")).decode()
            or "Украина" in body_of(client.get("/ru/treaties/mine-ban-convention/deadlines.ics")).decode()
        )
        html = html_of(client.get("/ar/embed/mine-ban-convention/counter/"))
        assert 'lang="ar" dir="rtl"' in html
        assert "اتفاقية حظر الألغام المضادة للأفراد" in html

    @pytest.mark.walk
    @pytest.mark.parametrize("language", OTHERS)
    def test_draw_with_numbers_that_browsers_read(self, client, language):
        """A decimal comma is for readers: in an attribute it breaks a drawing."""
        drawings = [f"/embed/mine-ban-convention/{name}.svg" for name in ("chart", "map", "counter")]
        for address in [*READ, *drawings]:
            html = client.get(in_language(address, language)).content.decode()
            assert not re.search(
                r'\s(?:[xy][12]?|c[xy]|r|rx|width|height|viewBox|value|max|min)="[^"]*\d,\d[^"]*"', html
            ), address


class Parts(HTMLParser):
    """How many things of each sort a page has in its main part, and where its links lead, whatever the language."""

    COUNTED = frozenset(
        {"tr", "li", "dt", "dd", "h1", "h2", "h3", "h4", "details", "figure", "section", "option", "form"}
    )

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.is_in_main = self.is_in_notice = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.is_in_main |= tag == "main"
        self.is_in_notice |= tag == "aside" and "notice" in (values.get("class") or "")
        if not self.is_in_main or self.is_in_notice:
            return
        if tag in self.COUNTED:
            self.found[tag] += 1
        address = (values.get("href") or "").removeprefix("http://testserver")
        if tag == "a" and address.startswith("/"):
            self.found[without_language(address)] += 1

    def handle_endtag(self, tag):
        self.is_in_main &= tag != "main"
        self.is_in_notice &= tag != "aside"


class TestEveryPage:
    NOT_THE_SAME = (
        "/search/?q=embed",
        "/search/?q=mines",
        "/news/sgsm22686/",
        "/news/un-chief-launches-global-campaign/",
    )
    """What is found by an English word is not all found in another language; a text in English leads to its translation there."""

    @staticmethod
    def parts_of(page):
        """What a page has; a statement is the same thing in each language, at an address of its own."""
        own = re.compile(r"(?<=/news/)([-a-z0-9]+?)-(?:ar|zh-hans|fr|ru|es)(?=/)")
        return Parts(own.sub(r"\1", page.content.decode())).found

    @pytest.mark.walk
    @pytest.mark.django_db
    @pytest.mark.parametrize("language", sorted(CODES - {ENGLISH}))
    def test_has_as_many_rows_and_leads_to_the_same_things_in_every_language(self, client, language):
        differing = {}
        for address in READ:
            if address in self.NOT_THE_SAME:
                continue
            english = self.parts_of(client.get(address))
            other = self.parts_of(client.get(in_language(address, language)))
            if english != other:
                differing[address] = (english - other, other - english)
        assert differing == {}


@pytest.mark.django_db
class TestWhatIsReadByEnglishNames:
    """A text in English is read by the English names of States, whatever the language of the page."""

    def test_are_names_of_states(self, convention):
        english = State.objects.codes_by_name()
        with override("fr"):
            assert State.objects.codes_by_name() == english

    def test_are_claims_on_the_page_that_checks_a_text(self, client):
        def verdicts(prefix):
            given = {"text": "Estonia has withdrawn. Poland is a party. There are 165 parties.", "on": "2026-06-01"}
            return re.findall(r'class="tag( tag--\w+)?"', html_of(client.post(f"{prefix}/check/", given)))

        assert verdicts("/fr") == verdicts("") != []

    @pytest.mark.parametrize("name", ["Estonia", "Estonie"])
    def test_are_states_that_an_address_names(self, client, name):
        page = client.get(f"/fr/news/?state={name}")
        assert page.status_code == 200


class TestTextsOfAnotherDirection:
    @pytest.mark.django_db
    def test_stand_by_themselves_in_a_sentence(self, client):
        page = html_of(client.get("/ar/campaigns/humanitarian-disarmament/"))
        assert '<bdi lang="en">United Nations press releases</bdi>' in page
        assert "«\u206832 States that have yet to join\u2069»" in page

    @pytest.mark.django_db
    def test_that_a_statement_cites_stand_by_themselves_beside_their_check(self, client):
        page = html_of(client.get("/ar/news/sgsm22686/"))
        assert '“<span lang="en" dir="ltr">32 States that have yet to join</span>”' in page

    def test_are_as_they_were_where_the_directions_are_the_same(self, client):
        assert "\u2068" not in html_of(client.get("/fr/campaigns/humanitarian-disarmament/"))
        assert "<bdi" not in html_of(client.get("/campaigns/humanitarian-disarmament/")).partition("<main")[2]


def numbers_of(response) -> list[str]:
    """The figures of the counters and tables of a page, in their order."""
    cells = re.findall(r'<(?:a|span|td|p) class="(?:counter__n|num)"[^>]*>(.*?)</(?:a|span|td|p)>', html_of(response))
    return [number for cell in cells for number in re.findall(r"\d+", re.sub(r"<[^>]+>|(?<=\d)[\s.,](?=\d)", "", cell))]


def text_of_html(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


class TestTheAPI:
    @pytest.mark.parametrize(
        ("query", "header", "language", "name"),
        [
            ("", None, "en", "Estonia"),
            ("?lang=fr", None, "fr", "Estonie"),
            ("?lang=FR", None, "fr", "Estonie"),
            ("?lang=fr-CH", None, "fr", "Estonie"),
            ("?lang=zh-Hans", None, "zh-Hans", "爱沙尼亚"),
            ("", "ru;q=0.5, ar", "ar", "إستونيا"),
            ("", "de, es;q=0.3", "es", "Estonia"),
            ("", "de", "en", "Estonia"),
            ("?lang=en", "ar", "en", "Estonia"),
            ("", "*", "en", "Estonia"),
            ("", "xx-!!, ;;", "en", "Estonia"),
        ],
    )
    def test_names_things_in_the_language_asked_for(self, client, query, header, language, name):
        response = client.get(f"{API}/states/EST/{query}", headers={"accept-language": header} if header else {})
        assert response.json()["name"] == name
        assert response.headers["Content-Language"] == language
        assert "Accept-Language" in response.headers["Vary"]

    @pytest.mark.parametrize("tag", ["a" * 600, "fr" + "-x" * 400, "%00", "é", "-", "fr-"])
    def test_refuses_what_is_no_language_by_name(self, client, tag):
        response = client.get(f"{API}/states/EST/", {"lang": tag})
        assert response.status_code in (200, 400)
        assert (
            client.get(
                f"{API}/states/EST/", headers={"accept-language": tag.encode("ascii", "replace").decode()}
            ).status_code
            == 200
        )

    @pytest.mark.parametrize("kind", ["campaign", "campaign-action", "commitment", "treaty", "statement"])
    def test_has_an_address_for_every_key_that_an_editor_may_give(self, kind):
        """Addresses of things are put together once for each language: the first of them must be possible."""
        for key in ("with_underscore", "With-Capitals", "plain-1"):
            assert reverse(f"api:{kind}-detail", kwargs={"slug": key}).endswith(f"/{key}/")

    def test_answers_whole_tables_in_it(self, client):
        table = body_of(client.get(f"{API}/states/?format=csv&lang=fr")).decode()
        assert "Estonie" in table
        assert "Allemagne" in table

    def test_keeps_the_answers_of_two_languages_apart(self, client, settings):
        settings.KEEP_ANSWERS = True
        first = client.get(f"{API}/states/EST/?lang=ar").json()["name"]
        second = client.get(f"{API}/states/EST/", headers={"accept-language": "ar"}).json()["name"]
        third = client.get(f"{API}/states/EST/").json()["name"]
        assert (first, second, third) == ("إستونيا", "إستونيا", "Estonia")

    def test_writes_the_english_name_whatever_language_is_asked_for(self, db):
        with override("ar"):
            state = State.objects.get(pk="EST")
            assert state.name == "إستونيا"
            state.save()
        assert State.objects.filter(pk="EST", name="Estonia", sort_name="estonia").exists()


class TestNames:
    def test_stay_english_in_a_row_that_was_read_without_them(self):
        with override("ar"):
            state = State.objects.only("iso3").get(pk="EST")
            assert state.name == "إستونيا"
        assert state.name == "Estonia"

    def test_are_read_for_forms_and_records_of_changes_as_they_stand(self):
        state = State.objects.get(pk="EST")
        with override("ru"):
            assert State._meta.get_field("name").value_from_object(state) == "Estonia"

    def test_every_state_has_one_in_each_language(self, db):
        assert state_names().keys() == set(State.objects.values_list("pk", flat=True))
        assert all(set(names) == set(OTHERS) and all(names.values()) for names in state_names().values())

    def test_no_two_states_share_one(self):
        for language in OTHERS:
            names = [of_state[language] for of_state in state_names().values()]
            assert len(set(names)) == len(names)

    def test_every_treaty_has_its_titles_in_each_language(self, db):
        wanted = {(slug, language) for slug in Treaty.objects.values_list("slug", flat=True) for language in OTHERS}
        assert treaty_titles().keys() == wanted

    def test_of_a_state_that_the_file_does_not_have_stay_as_editors_wrote_them(self):
        with override("ru"):
            assert State(iso3="ZZZ", name="Utopia").name == "Utopia"

    def test_are_found_by_the_words_of_every_language(self, client):
        for words in ("эстон", "إستونيا", "Estonie", "Estonia"):
            found = client.get("/ru/search/suggest/", {"q": words}).json()["results"]
            assert found[0]["url"] == "/ru/states/est/", words


class TestDays:
    @pytest.mark.parametrize(
        ("language", "day", "first"),
        [
            ("en", "16 June 2025", "1 March 1999"),
            ("ar", "16 حزيران/يونيه 2025", "1 آذار/مارس 1999"),
            ("zh-hans", "2025年6月16日", "1999年3月1日"),
            ("fr", "16\xa0juin\xa02025", "1er\xa0mars\xa01999"),
            ("ru", "16\xa0июня\xa02025\xa0года", "1\xa0марта\xa01999\xa0года"),
            ("es", "16 de junio de 2025", "1 de marzo de 1999"),
        ],
    )
    def test_are_written_as_the_united_nations_write_them(self, language, day, first):
        with override(language):
            assert (written(DAY), written(date(1999, 3, 1))) == (day, first)

    def test_of_every_month_have_both_names_in_arabic(self):
        with override("ar"):
            for month in range(1, 13):
                assert re.fullmatch(r"2 [^\d/]+/[^\d/]+ 2025", written(date(2025, month, 2)))

    @pytest.mark.parametrize(
        ("language", "words"), [("ar", "أ، ب أو ج"), ("zh-hans", "أ、ب或ج"), ("fr", "أ, ب ou ج"), ("ru", "أ, ب или ج")]
    )
    def test_and_things_of_a_list_are_joined_as_the_language_joins_them(self, language, words):
        with override(language):
            assert one_or_other("أبج") == words
            assert listed("أب") == words[: words.index("ب") + 1]

    @pytest.mark.parametrize(
        ("tag", "language"),
        [("fr-CA", "fr"), ("zh-CN", "zh-hans"), ("zh-Hans", "zh-hans"), ("de", ""), ("", "")],
    )
    def test_the_nearest_language_of_a_tag_is_found(self, tag, language):
        assert nearest(tag) == language


EXPECTED = {
    # What is said of one State in each status, on the day of the announcement unless another is given.
    "ar": {
        ("EST", "2025-06-16"): "نعم. في 16 حزيران/يونيه 2025، إستونيا: دولة ملزَمة منذ 1 تشرين الثاني/نوفمبر 2004.",
        ("EST", "2025-12-26"): (
            "نعم. في 26 كانون الأول/ديسمبر 2025، إستونيا: كانت الدولة لا تزال ملزَمة؛ وسرى إشعارها حتى 27 كانون الأول/ديسمبر 2025."
        ),
        ("EST", "2025-12-27"): (
            "لا. في 27 كانون الأول/ديسمبر 2025، إستونيا: لم تكن الدولة ملزَمة؛ كانت قد انسحبت في 27 كانون الأول/ديسمبر 2025."
        ),
        ("CHN", "2025-06-16"): "لا. في 16 حزيران/يونيه 2025، الصين: لم تكن الدولة ملزَمة؛ لم تكن قد انضمت.",
    },
    "zh-hans": {
        ("EST", "2025-06-16"): "是。2025年6月16日，爱沙尼亚受约束，自2004年11月1日起。",
        ("EST", "2025-12-26"): "是。2025年12月26日，爱沙尼亚仍受约束：其通知期至2025年12月27日。",
        ("EST", "2025-12-27"): "否。2025年12月27日，爱沙尼亚不受约束：已于2025年12月27日退出。",
        ("CHN", "2025-06-16"): "否。2025年6月16日，中国不受约束：当时未加入。",
    },
    "fr": {
        ("EST", "2025-06-16"): "Oui. Le 16 juin 2025, Estonie : État lié, depuis le 1er novembre 2004.",
        ("EST", "2025-12-26"): (
            "Oui. Le 26 décembre 2025, Estonie : État encore lié ; son préavis courait jusqu’au 27 décembre 2025."
        ),
        (
            "EST",
            "2025-12-27",
        ): "Non. Le 27 décembre 2025, Estonie : État non lié ; il s’était retiré le 27 décembre 2025.",
        ("CHN", "2025-06-16"): "Non. Le 16 juin 2025, Chine : État non lié ; il n’était pas devenu partie.",
    },
    "ru": {
        ("EST", "2025-06-16"): "Да. 16 июня 2025 года, Эстония: государство было связано, с 1 ноября 2004 года.",
        ("EST", "2025-12-26"): (
            "Да. 26 декабря 2025 года, Эстония: государство еще было связано; срок уведомления шел до 27 декабря 2025 года."
        ),
        ("EST", "2025-12-27"): (
            "Нет. 27 декабря 2025 года, Эстония: государство не было связано; оно вышло 27 декабря 2025 года."
        ),
        ("CHN", "2025-06-16"): "Нет. 16 июня 2025 года, Китай: государство не было связано; участником оно не стало.",
    },
    "es": {
        ("EST", "2025-06-16"): "Sí. El 16 de junio de 2025, Estonia: Estado obligado, desde el 1 de noviembre de 2004.",
        ("EST", "2025-12-26"): (
            "Sí. El 26 de diciembre de 2025, Estonia: Estado aún obligado; su preaviso corría hasta el 27 de diciembre de 2025."
        ),
        ("EST", "2025-12-27"): (
            "No. El 27 de diciembre de 2025, Estonia: Estado no obligado; se había retirado el 27 de diciembre de 2025."
        ),
        ("CHN", "2025-06-16"): "No. El 16 de junio de 2025, China: Estado no obligado; no había pasado a ser parte.",
    },
}


class TestSentences:
    @pytest.mark.parametrize("language", OTHERS)
    def test_about_a_state_read_as_the_language_says_it(self, convention, language):
        for (iso3, day), words in EXPECTED[language].items():
            on = date.fromisoformat(day)
            with override(language):
                line = status_board(convention, on).by_state[iso3]
                said = sentences.answer(line, on, date(2026, 11, 28))
            assert said.replace("\xa0", " ").replace("\u202f", " ") == words

    @pytest.mark.walk
    @pytest.mark.parametrize("language", OTHERS)
    def test_about_all_states_are_whole_and_keep_to_the_language(self, db, language):
        """Every State under every treaty, on days on which each status is held by some: no English, no place left open."""
        seen = set()
        for treaty in Treaty.objects.all():
            others = (date(1998, 6, 1), date(2005, 1, 1), date(2025, 9, 15), date(2026, 1, 15))
            for on in (DAY, *(others if treaty.slug == MAIN_TREATY else ())):
                with override(language):
                    board = status_board(treaty, on)
                    for line in board.lines:
                        acts = board.actions[line.state.pk]
                        said = [
                            sentences.answer(line, on, date(2026, 11, 28)),
                            *sentences.status_sentences(line, treaty, on, acts),
                        ]
                        seen.add(line.status)
                        for words in said:
                            assert "%(" not in words
                            left = words.replace(line.state.name, "").replace(treaty.short_title, "")
                            assert not re.search(r"\b(the|its|has|not yet|withdrawal|signed|between)\b", left), words
                            if language in SCRIPTS:
                                assert re.search(SCRIPTS[language], left)
                                assert not re.search("[A-Za-z]{3}", left), words
        assert len(seen) == len(StatusChoices.values)

    @pytest.mark.parametrize("language", OTHERS)
    def test_of_a_proof_are_in_the_language(self, convention, language):
        on = date(2026, 1, 15)
        with override(language):
            board = status_board(convention, on)
            said = [
                reason.text for reason in explain(board.by_state["EST"].state, convention, board.actions["EST"], on)
            ]
        assert said
        assert not any(re.search(r"\b(the|on|by|of|its)\b", words) for words in said), said


class TestWhatIsNotMarked:
    """Pages in a language that no one speaks: every marked text stands between brackets, what else is read is data."""

    NOT_WORDS = re.compile(
        r"https?://\S+|\b(?:[\w-]+\.)+[a-z]{2,9}\b|C\.N\.[\w.-]+|XXVI\S*|[0-9a-f]{16,}|[A-Z]{3}:(?:join|leave)|\S+@\S+|<[^>]*>?"
    )
    """Addresses, references and code."""
    MONTHS = {
        *(
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
        ),
        *("diciembre", "de", "UTC"),
    }
    NAMES = {
        *("WhatsApp", "Telegram", "Facebook", "Atom", "RSS", "JSON", "CSV", "XLSX", "SVG", "PNG", "ISO"),
        *(
            "English",
            "Français",
            "Español",
            "website",
            "article",
            "embed",
            "mines",
            "turkey",
            "Feed",
            "Art",
            "World",
            "Minefree",
            "BibTeX",
            "CSL-JSON",
            "Correlates of War",
            "Gleditsch and Ward",
        ),
    }
    """Names that are the same in every language, and what these addresses themselves ask for."""

    @pytest.mark.walk
    def test_nothing_but_data_is_found(self, client, monkeypatch, nothing_is_kept):
        texts = self._texts_of_the_record()
        names = re.compile("|".join(sorted(map(re.escape, self._names()), key=len, reverse=True)))
        found: dict[str, str] = {}
        with pseudo.spoken(monkeypatch):
            for address in READ:
                response = client.get(in_language(address, pseudo.SPOKEN_AS))
                assert response.status_code == 200, address
                for words in pseudo.words_outside(response.content.decode()):
                    if words in texts:
                        continue
                    left = names.sub("|", self.NOT_WORDS.sub("|", words))
                    for piece in re.split(r"[|,:·–;“”()…\d]+", left):
                        if re.search("[A-Za-z]{3}", piece) and piece.strip(" .") not in texts:
                            found[piece.strip()] = address
        assert found == {}

    def _names(self) -> set[str]:
        found = {rf"{name}" for names in state_names().values() for name in names.values()}
        return found | {title for titles in treaty_titles().values() for title in titles} | {*self.MONTHS, *self.NAMES}

    def _texts_of_the_record(self) -> str:
        """Everything that editors wrote, in one text."""
        texts = []
        for model in apps.get_models():
            if model._meta.app_label in ("treaties", "campaign", "news") and not model.__name__.startswith(
                "Historical"
            ):
                fields = [f.attname for f in model._meta.fields if isinstance(f, models.CharField | models.TextField)]
                for row in model._base_manager.values_list(*fields) if fields else []:
                    texts += [" ".join(text.split()) for text in row if isinstance(text, str)]
        for translated in Translation.objects.all():
            texts += [" ".join(text.split()) for text in translated.texts.values()]
        publishers = (settings.BASE_DIR / "treaties" / "data" / "publishers.csv").read_text(encoding="utf-8")
        return "\n".join([*texts, publishers])

    def test_what_is_not_marked_would_be_found(self):
        html = "<p>⟦Marked⟧ Not marked <b lang='en'>foreign</b> ⟦around <i>this</i>⟧</p><img alt='A picture'>"
        assert pseudo.words_outside(html) == ["Not marked", "A picture"]

    def test_nothing_of_it_is_kept_for_other_tests(self, client, monkeypatch, nothing_is_kept):
        _offer_in.cache_clear()
        with pseudo.spoken(monkeypatch):
            assert "⟦Read this page in English⟧" in client.get("/es/about/").content.decode()
        assert "⟦" not in client.get("/about/").content.decode()
