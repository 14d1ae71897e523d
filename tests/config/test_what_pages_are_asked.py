"""A page passes over nothing that it is asked for: it heeds it, or tells that it does not know it."""

import re

import pytest

from news.models import Speaker
from tests.factories import StatementFactory
from tests.reading import text_of

pytestmark = pytest.mark.django_db
MBC = "/treaties/mine-ban-convention"
FILTERED = [
    "/",
    "/treaties/",
    "/campaigns/humanitarian-disarmament/",
    f"{MBC}/declarations/",
    f"{MBC}/",
    f"{MBC}/withdrawals/",
    f"{MBC}/changes/",
    f"{MBC}/ledger/",
    f"{MBC}/deadlines/",
    "/treaties/matrix/",
    "/states/",
    "/states/est/",
    "/news/",
    "/search/",
    "/campaigns/humanitarian-disarmament/commitments/",
    "/embed/mine-ban-convention/counter/",
    "/embed/mine-ban-convention/map/",
    "/data/",
]
PLAIN = ["/campaigns/", "/about/", "/glossary/"]


@pytest.mark.parametrize("path", FILTERED)
def test_a_page_with_filters_refuses_a_name_that_it_does_not_know(client, path):
    response = client.get(f"{path}?colour=red")
    assert response.status_code == 400
    assert text_of(response).count("does not know “colour”") == 1


@pytest.mark.parametrize("path", PLAIN)
def test_a_page_without_filters_tells_what_it_does_not_know(client, path):
    response = client.get(f"{path}?on=2025-06-16&colour=red")
    assert response.status_code == 200
    assert "does not know these parts of its address: on, colour" in text_of(response)


@pytest.mark.parametrize("query", ["utm_source=x&utm_medium=y", "fbclid=1", "mc_cid=1", "lang=en", ""])
@pytest.mark.parametrize("path", [FILTERED[0], PLAIN[0]])
def test_what_mail_programs_append_to_a_link_asks_for_nothing(client, path, query):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200
    assert "does not know" not in text_of(response)


@pytest.mark.parametrize(("on", "parties"), [("2025-06-16", 165), ("2000-01-01", 90), ("2025-12-30", 163)])
def test_the_embedded_counter_tells_the_day_that_it_is_asked_for(client, on, parties):
    words = text_of(client.get(f"/embed/mine-ban-convention/counter/?on={on}"))
    counts = client.get(f"/api/v1/treaties/mine-ban-convention/counts/?from={on}&to={on}&step=day").json()
    assert counts["results"][0]["parties"] == parties
    assert f"{parties} parties" in words


@pytest.mark.parametrize("on", ["2025-02-30", "yesterday"])
def test_the_embedded_counter_refuses_a_day_that_is_none(client, on):
    assert client.get(f"/embed/mine-ban-convention/counter/?on={on}").status_code == 400


class TestTheSpeaker:
    def test_chooses_the_statements_of_the_list_and_of_the_feeds(self, client):
        speaker = Speaker.objects.filter(statements__isnull=False).first()
        titles = set(speaker.statements.values_list("title", flat=True))
        shown = client.get(f"/news/?speaker={speaker.pk}").context["page"].object_list
        assert {s.title for s in shown} <= titles
        assert shown
        fed = client.get(f"/news/feed.json?speaker={speaker.pk}").json()["items"]
        assert {item["title"] for item in fed} <= titles

    def test_of_drafts_alone_is_unknown(self, client):
        speaker = Speaker.objects.create(name="Nobody Yet")
        StatementFactory(speaker=speaker)
        assert client.get(f"/news/?speaker={speaker.pk}").status_code == 400

    def test_that_a_feed_does_not_know_names_no_feed(self, client):
        assert client.get("/news/feed.atom?colour=red").status_code == 404


class TestTheDownloads:
    @pytest.mark.parametrize(
        "query",
        ["status=withdrawn", "region=Africa", "q=land", "status=party&region=Oceania&on=2020-01-01", "signed=on"],
    )
    def test_of_a_treatys_page_hold_the_lines_that_it_shows(self, client, query):
        page = client.get(f"{MBC}/?{query}")
        shown = {line.state.pk for line in page.context["lines"]}
        addresses = re.findall(r'href="([^"]+format=csv)"', page.content.decode())
        assert len(addresses) == 2  # under the figure and under the list
        for address in addresses:
            rows = client.get(address.replace("&amp;", "&")).content.decode().splitlines()[1:]
            assert {row.split(",")[0] for row in rows} == shown

    def test_are_not_offered_where_no_line_is_shown(self, client):
        assert "format=csv" not in client.get(f"{MBC}/?q=zqzq").content.decode()


def test_no_page_links_to_an_address_that_asks_for_what_is_not_known(client):
    links = set()
    for page in [*FILTERED, *PLAIN, "/news/sgsm22686/"]:
        links |= set(re.findall(r'href="(/[^"#]*\?[^"#]+)', client.get(page).content.decode()))
    answered = {link.replace("&amp;", "&") for link in links}
    # One of each kind: the links of a list differ in their values alone.
    kinds = {re.sub(r"=[^&]*", "", link): link for link in sorted(answered)}
    assert len(kinds) > 20
    assert {link: code for link in kinds.values() if (code := client.get(link).status_code) >= 400} == {}
