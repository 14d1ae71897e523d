"""What holds of every address: headers, caching, errors, nothing from elsewhere."""

import csv
import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from unittest import mock

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection
from django.test import override_settings
from jsonschema import Draft202012Validator

from config import middleware
from config.pages import views
from config.running.logs import JSONFormatter
from news.models import Statement
from news.pages.addresses import own_address
from news.pages.sitemaps import NewsSitemap
from tests.config.addresses import API, ENDPOINTS, EVERYTHING, FEEDS, LISTS, PAGES
from tests.reading import body_of, html_of
from tests.site_role import as_owner
from treaties.ledger import triggers

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def answer(client, answers):
    """The answer of an address to a visitor. The record is the same for all of these tests, so each is asked for once."""

    def get(address):
        if address not in answers:
            answers[address] = client.get(address)
        return answers[address]

    return get


@pytest.mark.parametrize("address", EVERYTHING)
def test_every_address_answers_with_content_and_sets_no_cookie(answer, address):
    response = answer(address)
    assert response.status_code == 200
    assert len(response.content) > 20
    assert not response.cookies


@pytest.mark.parametrize("address", EVERYTHING)
def test_any_cache_may_keep_every_public_answer(answer, address):
    response = answer(address)
    assert response["Cache-Control"] == "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", [*PAGES, "/admin/login/", "/nothing/"])
def test_every_page_has_a_policy_that_allows_nothing_from_elsewhere(answer, address):
    policy = dict(part.strip().split(" ", 1) for part in answer(address)["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == "'self'"
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_inline_scripts_or_styles_or_loads_from_elsewhere(answer, address):
    html = answer(address).content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert not re.search(r"<script(?![^>]*\bsrc=|[^>]*type=.application/ld\+json.)", html)
    loaded = re.findall(
        r'<(?:link rel="(?:stylesheet|preload|icon)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"', html
    )
    assert all(url.startswith("/") for url in loaded)


@pytest.mark.parametrize("address", [p for p in PAGES if not p.startswith("/embed/")])
def test_only_the_embeds_may_be_framed(answer, address):
    response = answer(address)
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", [p for p in PAGES if p.startswith("/embed/")])
def test_an_embed_may_be_framed_by_anybody(answer, address):
    response = answer(address)
    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_language_one_heading_and_a_title(answer, address):
    html = html_of(answer(address))
    assert '<html lang="en" dir="ltr">' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert re.search(r"<title>\s*[^<\s]", html)


@pytest.mark.parametrize("address", PAGES)
def test_ids_are_unique_on_every_page(answer, address):
    ids = re.findall(r'\sid="([^"]+)"', answer(address).content.decode())
    assert sorted(ids) == sorted(set(ids))


TABLES = [f"{address}?format={kind}" for address in [*LISTS, f"{API}/changes/"] for kind in ("csv", "xlsx")]


@pytest.mark.parametrize("address", [*ENDPOINTS, *TABLES, *FEEDS, *PAGES])
def test_an_answer_that_has_not_changed_is_not_sent_again(client, today, address):
    noon = datetime.combine(today + timedelta(days=1), time(12), UTC)
    with time_machine.travel(noon, tick=False):
        first = client.get(address)
    with time_machine.travel(noon + timedelta(seconds=30), tick=False):
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("address", ENDPOINTS)
def test_an_answer_of_the_api_says_when_it_last_changed_and_where_it_is_described(client, address):
    first = client.get(address)
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert '</api/v1/schema/>; rel="service-desc"' in first["Link"]


def test_a_change_moves_the_day_of_last_change(client, state):
    before = client.get(f"{API}/states/")["Last-Modified"]
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=False):
        norway = state("NOR")
        norway.common_name = "Norge"
        norway.save()
        assert client.get(f"{API}/states/")["Last-Modified"] != before


@pytest.mark.parametrize("address", [*ENDPOINTS, "/", "/news/feed.atom"])
def test_head_is_answered_without_a_body(client, address):
    response = client.head(address)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize(
    "address", ["/nothing/", "/treaties/nothing/", "/states/xxx/", "/news/nothing/", "/campaigns/no/"]
)
def test_what_does_not_exist_is_told_in_the_sites_voice(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


@pytest.mark.parametrize("address", [f"{API}/nothing/", f"{API}/states/XXX/", f"{API}/treaties/no/status/"])
def test_an_unknown_address_of_the_api_is_a_problem_document(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404


def test_an_error_of_ours_is_told_without_details(client):
    client.raise_request_exception = False
    with mock.patch("config.pages.views.Treaty.objects.main", side_effect=RuntimeError("secret")):
        response = client.get("/")
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert b"Something broke on our side" in response.content


@pytest.mark.parametrize("address", ["/", f"{API}/states/"])
def test_a_database_that_does_not_answer_is_told_as_a_pause(client, address):
    client.raise_request_exception = False
    with mock.patch("django.db.models.query.QuerySet._fetch_all", side_effect=OperationalError("secret")):
        response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert b"secret" not in response.content


def test_an_error_of_ours_under_the_api_is_a_problem_document(client):
    client.raise_request_exception = False
    with mock.patch("treaties.api.views.StateViewSet.list", side_effect=RuntimeError("secret")):
        response = client.get(f"{API}/states/")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in response.content


def test_the_process_says_that_it_lives_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_the_process_says_that_it_cannot_serve_when_the_database_is_down(client):
    assert client.get("/readyz").status_code == 200
    with mock.patch("config.middleware.connection.ensure_connection", side_effect=OperationalError):
        assert client.get("/readyz").status_code == 503


def test_the_site_is_not_ready_where_a_guard_of_the_record_is_missing(client, monkeypatch, db):
    monkeypatch.setattr(middleware, "guards", middleware._Guards())
    assert client.get("/readyz").status_code == 200
    trigger = triggers.wanted(connection)[0]
    with as_owner():
        triggers.drop(connection, trigger)
    assert client.get("/readyz").status_code == 200  # it was asked less than a minute ago
    monkeypatch.setattr(middleware, "guards", middleware._Guards())
    answer = client.get("/readyz")
    assert (answer.status_code, "guards of the record are missing: 1" in answer.content.decode()) == (503, True)


def test_the_proxy_in_front_may_keep_for_a_second_what_any_cache_may_keep(client):
    for address in ("/", f"{API}/states/", "/news/feed.atom"):
        assert client.get(address)["X-Accel-Expires"] == "1"
    for address in ("/campaigns/humanitarian-disarmament/pledge/", "/admin/login/"):
        assert not client.get(address).has_header("X-Accel-Expires")


def test_robots_are_told_of_the_sitemap(client):
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_the_sitemap_names_every_state_treaty_and_statement(client):
    text = client.get("/sitemap.xml").content.decode()
    for path in ("/states/est/", "/treaties/mine-ban-convention/withdrawals/", "/news/sgsm22686/", "/about/"):
        assert f"<loc>http://testserver{path}</loc>" in text
    assert len(re.findall(r"<loc>http://testserver/states/.../</loc>", text)) == 197
    assert len(re.findall(r"<loc>http://testserver/ar/states/.../</loc>", text)) == 197


def test_the_sitemap_of_many_statements_is_an_index_of_files_that_name_each_once(client, monkeypatch):
    monkeypatch.setattr(NewsSitemap, "limit", 10)
    index = client.get("/sitemap.xml").content.decode()
    assert "<sitemapindex" in index
    parts = re.findall(r"<loc>http://testserver(/sitemap-[^<]+)</loc>", index)
    named = re.findall(r"<loc>([^<]+)</loc>", "".join(client.get(part).content.decode() for part in parts))
    assert len(named) == len(set(named))
    public = {f"http://testserver{own_address(s)}" for s in Statement.objects.public()}
    assert public <= set(named)
    assert "http://testserver/states/est/" in named
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_the_security_contact_has_not_expired(client, today):
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: http://testserver/about/" in text
    assert "localhost" not in text
    assert re.search(r"Expires: (\S+)", text)[1] > today.isoformat()


def test_the_security_contact_is_the_mailbox_that_the_settings_name(client, settings):
    settings.CONTACT_EMAIL = "security@example.org"
    assert "Contact: mailto:security@example.org" in client.get("/.well-known/security.txt").content.decode()


def test_the_data_package_says_how_fields_match_in_one_word(client):
    package = client.get("/data/datapackage.json").json()
    assert {resource["schema"]["fieldsMatch"] for resource in package["resources"]} == {"subset"}


@pytest.mark.parametrize("address", [f"{API}/states/est/", f"{API}/treaties/", f"{API}/changes/", "/"])
def test_a_head_has_the_tag_of_a_get_and_no_content(client, address):
    got, head = client.get(address), client.head(address)
    assert head.content == b""
    assert head["ETag"] == got["ETag"]


def test_the_beginning_of_the_api_leads_to_everything(client):
    links = client.get(f"{API}/").json()
    assert {client.get(link).status_code for name, link in links.items() if name != "webhooks"} == {200}
    assert client.get(links["webhooks"]).status_code == 401  # an editor's own
    assert {"states", "treaties", "statements", "changes", "schema", "docs"} <= links.keys()


def test_the_address_of_a_thing_carries_no_format(client):
    table = client.get(f"{API}/states/?format=csv").content.decode()
    assert f"{API}/states/EST/" in table
    assert "format=csv" not in table


def test_the_table_of_changes_is_whole(client):
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=5), tick=False):
        rows = list(csv.reader(io.StringIO(body_of(client.get(f"{API}/changes/?format=csv")).decode())))
        assert len(rows) - 1 > 2200
        part = client.get(f"{API}/changes/?format=csv&page_size=10").content.decode()
        assert len(list(csv.reader(io.StringIO(part)))) == 11


@pytest.mark.parametrize(("language", "code"), [("xx", 400), ("en", 200), ("EN", 200), ("ar", 200), ("zh-hans", 200)])
def test_a_language_in_which_nothing_can_be_is_refused(client, language, code):
    assert client.get(f"{API}/statements/?language={language}").status_code == code
    assert client.get(f"/news/?language={language}").status_code == code


def test_the_data_package_names_tables_that_exist(client):
    package = client.get("/data/datapackage.json").json()
    for resource in package["resources"]:
        table = client.get(resource["path"].removeprefix("http://testserver"))
        header = table.content.decode().splitlines()[0].split(",")
        assert {f["name"] for f in resource["schema"]["fields"]} <= set(header), resource["name"]


def test_the_style_guide_shows_every_status(rf):
    assert b"Withdrawing" in views.styleguide(rf.get("/styleguide/")).content


def test_other_sites_may_read_the_api_but_not_the_pages(client):
    headers = {"Origin": "https://example.org"}
    assert client.get(f"{API}/states/", headers=headers)["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/", headers=headers)


class TestOtherSites:
    ORIGIN = {"Origin": "https://example.org"}
    READ_BY_PROGRAMS = [
        f"{API}/states/",
        f"{API}/schema/",
        "/news/feed.json",
        "/news/feed.atom",
        "/treaties/mine-ban-convention/feed.atom",
        "/treaties/mine-ban-convention/deadlines.ics",
        "/treaties/mine-ban-convention/history.json",
        "/treaties/checkpoint.json",
        "/treaties/checkpoint.txt",
        "/treaties/mine-ban-convention/ledger/checkpoint.json",
        "/campaigns/humanitarian-disarmament/events.ics",
        "/data/datapackage.json",
        "/embed/mine-ban-convention/counter.svg",
    ]

    @pytest.mark.parametrize("address", READ_BY_PROGRAMS)
    def test_may_read_what_programs_read_and_its_headers(self, client, address):
        answer = client.get(address, headers=self.ORIGIN)
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"
        shown = answer["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", "Link", "Last-Modified", "Retry-After", "X-Request-Id"} <= set(shown)

    @pytest.mark.parametrize(
        "address", ["/admin/login/", "/admin/x.json", "/campaigns/humanitarian-disarmament/pledge/"]
    )
    def test_may_not_read_the_rest(self, client, address):
        assert "Access-Control-Allow-Origin" not in client.get(address, headers=self.ORIGIN)

    def test_may_ask_whether_something_has_changed(self, client):
        asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
        answer = client.options(f"{API}/states/", headers=self.ORIGIN | asked)
        assert "if-none-match" in answer["Access-Control-Allow-Headers"]
        assert "idempotency-key" in answer["Access-Control-Allow-Headers"]

    def test_may_give_no_pledge_in_the_name_of_their_visitors(self, client):
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        address = f"{API}/campaigns/humanitarian-disarmament/pledges/"
        answer = client.options(address, headers=self.ORIGIN | asked)
        assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        # Without that question a browser sends a plain form or a text, and neither is JSON.
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            assert client.post(address, "{}", content_type=kind, headers=self.ORIGIN).status_code == 415


class TestTheNameOfARequest:
    def test_is_the_one_that_was_given(self, client):
        assert client.get("/healthz").has_header("X-Request-Id") is False
        assert client.get("/about/", headers={"X-Request-Id": "a-report.42_x"})["X-Request-Id"] == "a-report.42_x"

    @pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f", "line%0abreak", "ünïcödë-name"])
    def test_is_a_new_one_where_the_given_one_could_break_a_log(self, client, given):
        named = client.get("/about/", headers={"X-Request-Id": given})["X-Request-Id"]
        assert re.fullmatch("[0-9a-f]{32}", named)

    def test_is_another_one_each_time(self, client):
        assert client.get("/about/")["X-Request-Id"] != client.get("/about/")["X-Request-Id"]

    def test_is_in_the_lines_of_the_log(self, client, caplog):
        seen = []
        caplog.handler.addFilter(lambda record: seen.append(JSONFormatter().format(record)) or True)
        client.get(f"{API}/states/?x=1", headers={"X-Request-Id": "a-report-42"})
        assert json.loads(seen[-1])["request"] == "a-report-42"
        logging.getLogger("config").warning("outside of a request")
        assert "request" not in json.loads(seen[-1])


@override_settings(SITE_URL="http://example.org")
def test_a_deployment_check_asks_for_an_encrypted_address():
    from config.running.checks import public_address

    assert [w.id for w in public_address()] == ["config.W001"]


SAYS = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from django.conf import settings
from config.urls import urlpatterns
names = [getattr(p, "name", "") for p in urlpatterns]
print(settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, "styleguide" in names)
"""


def start(**environment):
    """Read the settings as a process of its own would."""
    clean = {k: v for k, v in os.environ.items() if k not in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")}
    command = [sys.executable, "-c", SAYS]
    return subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True)


SAFE = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "minefree.example.org"}


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ],
)
def test_production_refuses_to_start_on_an_unsafe_value_and_names_it(unsafe, named):
    process = start(**SAFE | unsafe)
    assert process.returncode != 0
    assert f"{named} must" in process.stderr


def test_production_starts_on_safe_values_with_encryption_on_and_without_the_style_guide():
    assert start(**SAFE).stdout.split() == ["True", "True", "False"]


def test_log_lines_are_json():
    import logging

    from config.running.logs import JSONFormatter

    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Not Found: %s", ("/x/",), None)
    record.status_code = 404
    line = json.loads(JSONFormatter().format(record))
    assert (line["level"], line["message"], line["status"]) == ("WARNING", "Not Found: /x/", 404)


@pytest.mark.parametrize("address", [*ENDPOINTS, f"{API}/treaties/mine-ban-convention/status/?expand=explanation"])
def test_every_answer_has_the_shape_that_the_description_promises(answer, address):
    description = answer(f"{API}/schema/").json()
    path = address.split("?")[0]
    operations = [o for p, o in description["paths"].items() if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", p), path)]
    assert len(operations) == 1, path
    shape = operations[0]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**shape, "components": description["components"]})
    errors = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(answer(address).json())]
    assert not errors


@pytest.mark.parametrize(
    "address",
    [
        "/campaigns/a/pledge/confirm/SECRET/",
        "/campaigns/a/pledge/remove/SECRET/?x=1",
        "/campaigns/a/pledge/never/SECRET/",
        "/campaigns/a/pledge/thanks/?receipt=SECRET",
        "/alerts/stop/SECRET/",
        "/alerts/confirm/SE:CR:SECRET/",
        "/news/preview/SECRET/",
    ],
)
def test_no_log_keeps_the_secret_of_a_link(address):
    from types import SimpleNamespace

    from gunicorn.config import Config

    from config.access_log import AccessLog
    from config.running.logs import JSONFormatter, WithoutSecrets

    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (address,), None)
    assert WithoutSecrets().filter(record)
    line = JSONFormatter().format(record)
    request = SimpleNamespace(headers=[("REFERER", f"https://x{address}")])
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": address, "PATH_INFO": address, "SERVER_PROTOCOL": "HTTP/1.1"}
    response = SimpleNamespace(status="200 OK", sent=1, headers=[])
    atoms = AccessLog(Config()).atoms(response, request, environ, timedelta(seconds=1))
    assert "SECRET" not in line + str(atoms)
    assert "Not Found: /" in line


def test_what_was_sent_is_kept_by_no_cache(client, campaign):
    response = client.post(f"{API}/campaigns/{campaign.slug}/pledges/", {}, "application/json")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("treaties/accesstoken/", "kit/accesstoken/"),
        ("treaties/accesstoken/add/?x=1", "kit/accesstoken/add/?x=1"),
        ("treaties/loadedrow/7/change/", "kit/loadedrow/7/change/"),
        ("campaign/look/?what=list", "campaign/accesslogentry/?what=list"),
    ],
)
def test_addresses_of_the_admin_that_moved_lead_on_with_method_and_query(client, old, new):
    response = client.get(f"/admin/{old}")
    assert (response.status_code, response["Location"]) == (308, f"/admin/{new}")


def test_settings_make_no_folder_so_that_a_read_only_container_can_start(tmp_path):
    shutil.copytree(settings.BASE_DIR / "config", tmp_path / "config", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {
        "PATH": os.environ["PATH"],
        "DEBUG": "0",
        "SECRET_KEY": "x1" * 30,
        "ALLOWED_HOSTS": "example.org",
        "SITE_URL": "https://example.org",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    }
    subprocess.run([sys.executable, "-c", "import config.settings"], cwd=tmp_path, env=environment, check=True)
    assert [p.name for p in tmp_path.iterdir()] == ["config"]
