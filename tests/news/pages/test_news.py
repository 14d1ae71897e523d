"""What was said: pages, feeds, figures, and nothing before its time."""

import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from config.kit.api import access_tokens
from config.kit.pages.markdown import to_html, to_text
from config.kit.roles import AUDITOR
from news.facts.figures import check_figures
from news.models import Correction, Edition, Figure, Photo, Quotation, ReviewComment, Speaker, SpeakerRole, Statement
from news.models.choices import PUBLIC_STATES
from news.newsroom import workflow
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.config.addresses import API, ENDPOINTS, EVERYTHING
from tests.factories import SOURCE, EditorFactory, StatementFactory
from tests.reading import apply_to_shown, body_of, html_of, text_of
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
SEED = "/news/un-chief-launches-global-campaign/"


@pytest.fixture
def read(client):
    return lambda address: text_of(client.get(address))


class TestAStatementsPage:
    def test_has_symbol_speaker_role_day_and_source(self, read):
        words = read("/news/sgsm22686/")
        assert "Statement · SG/SM/22686 · 16 June 2025" in words
        assert "António Guterres , Secretary-General, United Nations" in words
        assert "press.un.org" in words

    def test_shows_each_figure_then_and_now(self, read):
        words = read(SEED)
        assert "“165 countries are parties” Right on that day Parties, 16 Jun 2025 165 today 162" in words

    def test_shows_a_figure_that_the_ledger_contradicts(self, read, convention):
        statement = Statement.objects.get(slug="sgsm22686")
        Figure.objects.create(
            statement=statement, text="164 parties", treaty=convention, query="parties", on=date(2025, 6, 16), value=164
        )
        assert "“164 parties” Not what the ledger says" in read("/news/sgsm22686/")

    def test_keeps_quotations_as_published_and_notes_what_does_not_hold(self, read):
        words = read("/news/seimas-denounces-convention/")
        assert "All states bordering the territory of Russia have de-ratified" in words
        assert "Norway and Belarus remain States Parties" in words

    def test_shows_a_photos_credit_where_there_is_no_licence_for_the_picture(self, read):
        words = read(SEED)
        assert "© UNICEF/Oleksii Filippov" in words
        assert "no licence to reproduce" in words

    def test_tells_corrections_in_the_open(self, read):
        Correction.objects.create(statement=Statement.objects.get(slug="sgsm22686"), text="The day was wrong.")
        assert "The day was wrong." in read("/news/sgsm22686/")

    def test_stays_with_its_reason_when_withdrawn(self, read):
        Statement.objects.filter(slug="sgsm22686").update(workflow="withdrawn", withdrawn_reason="It was a forgery.")
        assert "This statement has been withdrawn. It was a forgery." in read("/news/sgsm22686/")

    def test_offers_its_translations(self, client):
        html = html_of(client.get("/news/sgsm22686/"))
        for language in ("ar", "zh-Hans", "fr", "ru", "es"):
            assert f'hreflang="{language}"' in html
        assert 'href="/fr/news/sgsm22686-fr/"' in html


class TestTheList:
    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ("", 40),
            ("kind=speech", 5),
            ("kind=speech&kind=news", 9),
            ("state=TON", 4),
            ("treaty=convention-on-cluster-munitions", 3),
            ("year=2026", 1),
            ("language=en", 40),
            ("q=remnants of war remain", 1),
            ("q=SG/SM/22686", 2),
            ("state=&treaty=&year=", 40),
        ],
    )
    def test_can_be_filtered(self, read, query, number):
        assert f" {number} statement" in read(f"/news/?{query}")

    def test_says_so_where_nothing_answers(self, read):
        assert "No statement answers to these filters." in read("/news/?q=zzzz")

    @pytest.mark.parametrize("query", ["kind=song", "state=XXX", "year=later"])
    def test_names_what_it_cannot_read(self, client, query):
        assert client.get(f"/news/?{query}").status_code == 400

    def test_has_pages(self, client):
        assert client.get("/news/?page=2").content.count(b'<li class="card">') == 12


class TestFeeds:
    @pytest.mark.parametrize("address", ["/news/feed.atom", "/news/feed.rss"])
    def test_are_well_formed_and_newest_first(self, client, address):
        root = ElementTree.fromstring(client.get(address).content)
        titles = [e.text for e in root.iter() if e.tag.rsplit("}")[-1] == "title"]
        assert titles[1] == "Poland's Prime Minister: out of the Convention"

    def test_as_json_have_the_same(self, client):
        feed = client.get("/news/feed.json").json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        newest = Statement.objects.get(slug="tusk-on-effect")
        assert feed["items"][0]["id"] == f"tag:localhost,2025:statements/{newest.pk}"
        assert len(feed["items"]) == 30

    @pytest.mark.parametrize("name", ["atom", "rss", "json"])
    def test_take_the_filters_of_the_list(self, client, name):
        content = client.get(f"/news/feed.{name}?kind=speech&state=UKR").content.decode()
        assert "zelenskyy-on-withdrawal" in content
        assert "icbl-tonga-joins" not in content

    @pytest.mark.parametrize("name", ["atom", "rss", "json"])
    def test_of_an_unknown_filter_do_not_exist(self, client, name):
        assert client.get(f"/news/feed.{name}?kind=song").status_code == 404


SEARCHES = [
    "/news/?q=canary",
    "/search/?q=canary",
    "/search/?q=canary&kind=statement",
    f"{API}/statements/?search=canary",
    f"{API}/changes/?page_size=500",
    "/news/feed.atom?q=canary",
    "/news/feed.json?language=fr",
    "/news/?language=fr",
]


def words_of(response) -> str:
    """The answer without the word where it only repeats what was asked for."""
    content = body_of(response).decode(errors="replace").lower()
    for asked in ("q=canary", "search=canary", 'value="canary"'):
        content = content.replace(asked, "")
    return re.sub(r"<title>\s*canary –", "<title>", content)


class TestNothingUnpublished:
    @pytest.fixture
    def hidden(self, convention, campaign):
        """A statement in each state that is not public, a word to look for in every field."""
        made = {}
        speaker_editor = EditorFactory(username="canary-editor")
        shown = StatementFactory(workflow="published", publish_at=timezone.now())
        for state in ("draft", "in_review", "approved", "published"):
            speaker = Speaker.objects.create(name=f"Canary Speaker {state}")
            SpeakerRole.objects.create(speaker=speaker, role="Canary Role")
            statement = StatementFactory(
                slug=f"canary-{state}",
                title="Canary Title",
                body="Canary Body",
                symbol=f"CANARY/{state}",
                byline="Canary Byline",
                date_note="Canary Note",
                source_note="Canary Source",
                source_url="https://example.org/canary",
                stance="leaves",
                speaker=speaker,
                campaign=campaign,
                photo=Photo.objects.create(credit="Canary Credit", caption="Canary Caption"),
                workflow=state,
                publish_at=timezone.now() + timedelta(days=1) if state == "published" else None,
            )
            statement.states.set(["EST", "UKR", "CHN"])
            statement.articles.set(convention.articles.all())
            Quotation.objects.create(statement=statement, text="Canary Quotation")
            Figure.objects.create(
                statement=statement, text="Canary 1", treaty=convention, query="parties", on=date(2025, 1, 1), value=1
            )
            correction = Correction.objects.create(statement=statement, text="Canary Correction")
            Edition.objects.create(
                statement=statement, number=1, title="Canary Edition", body="Canary Old Body", correction=correction
            )
            ReviewComment.objects.create(statement=statement, text="Canary Comment", made_by=speaker_editor)
            language = {"draft": "fr", "in_review": "es", "approved": "ru", "published": "ar"}[state]
            StatementFactory(slug=f"canary-{state}-x", language=language, title="Canary Other", translation_of=shown)
            made[state] = statement
        return made

    def test_is_found_anywhere(self, client, hidden):
        for address in [*EVERYTHING, *SEARCHES]:
            assert "canary" not in words_of(client.get(address)), address

    @pytest.mark.parametrize(
        "role", [NEWSROOM_EDITOR, PUBLISHER, TREATY_OFFICER, CAMPAIGN_MANAGER, PLEDGE_MODERATOR, AUDITOR]
    )
    def test_is_found_by_a_token_of_any_role(self, client, hidden, role):
        """Reading by the API is reading in public, whoever asks: drafts are for the admin."""
        user = EditorFactory(role=role)
        _token, secret = access_tokens.issue(user, name="A test", expires_at=timezone.now() + timedelta(days=1))
        for address in [
            *ENDPOINTS,
            *(s for s in SEARCHES if s.startswith(API)),
            *(f"{API}/statements/canary-{s}/" for s in hidden),
        ]:
            response = client.get(address, headers={"Authorization": f"Bearer {secret}"})
            assert "canary" not in words_of(response).replace(address, ""), address

    def test_is_told_apart_from_what_does_not_exist(self, client, hidden):
        pages = ("/news/canary-{}/", "/news/canary-{}/card.png", "/news/canary-{}/versions/1/")
        for address in (*pages, API + "/statements/canary-{}/"):
            nowhere = client.get(address.format("sloth"))
            for state in hidden:
                there = client.get(address.format(state))
                assert (there.status_code, dict(there.headers).keys()) == (404, dict(nowhere.headers).keys())
                assert there.content.replace(f"canary-{state}".encode(), b"") == nowhere.content.replace(
                    b"canary-sloth", b""
                )

    def test_can_be_asked_for_by_its_speaker(self, client, hidden):
        for statement in hidden.values():
            answer = client.get(f"{API}/statements/?speaker={statement.speaker_id}")
            assert answer.status_code == 400
            assert answer.json()["errors"] == {"speaker": [f"Unknown: {statement.speaker_id}."]}


def test_a_statement_is_public_from_its_very_minute():
    minute = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    statement = StatementFactory(workflow="published", publish_at=minute)
    assert not Statement.objects.public(minute - timedelta(seconds=1)).filter(pk=statement.pk).exists()
    assert Statement.objects.public(minute).filter(pk=statement.pk).exists()


class TestFigures:
    def test_of_the_seed_hold(self, today):
        assert all(f.holds for f in check_figures(Figure.objects.select_related("treaty"), today))

    def test_are_checked_together_in_three_queries(self, django_assert_num_queries, today):
        figures = list(Figure.objects.select_related("treaty"))
        with django_assert_num_queries(3):
            check_figures(figures, today)


class TestSpeakers:
    def test_keep_the_role_of_the_day(self):
        speaker = Speaker.objects.create(name="Somebody")
        SpeakerRole.objects.create(speaker=speaker, role="Minister", until=date(2024, 12, 31))
        SpeakerRole.objects.create(speaker=speaker, role="President", since=date(2025, 1, 1))
        assert speaker.role_on(date(2024, 12, 31)).role == "Minister"
        assert speaker.role_on(date(2025, 1, 1)).role == "President"

    def test_without_a_role_on_that_day_have_none(self):
        speaker = Speaker.objects.create(name="Somebody")
        SpeakerRole.objects.create(speaker=speaker, role="Minister", since=date(2025, 1, 1))
        assert speaker.role_on(date(2024, 1, 1)) is None


class TestTheNewsroom:
    @pytest.fixture
    def author(self):
        return EditorFactory(role=NEWSROOM_EDITOR)

    @pytest.fixture
    def publisher(self):
        return EditorFactory(role=PUBLISHER)

    def test_takes_a_draft_to_the_public_by_two_people(self, author, publisher, client):
        statement = StatementFactory(author=author)
        workflow.submit(statement, by=author)
        workflow.approve(statement, by=publisher)
        assert client.get(statement.get_absolute_url()).status_code == 404
        workflow.publish(statement, by=publisher)
        assert client.get(statement.get_absolute_url()).status_code == 200

    def test_keeps_a_scheduled_statement_back(self, author, publisher, client):
        later = timezone.now() + timedelta(hours=1)
        statement = StatementFactory(author=author, workflow="approved", publish_at=later)
        workflow.publish(statement, by=publisher)
        assert client.get(statement.get_absolute_url()).status_code == 404

    def test_lets_nobody_approve_what_they_wrote(self, publisher):
        statement = StatementFactory(author=publisher, workflow="in_review")
        with pytest.raises(workflow.NewsroomError, match="ask another publisher"):
            workflow.approve(statement, by=publisher)
        with pytest.raises(IntegrityError), transaction.atomic():
            Statement.objects.filter(pk=statement.pk).update(approved_by=publisher)

    def test_asks_for_a_reason_to_withdraw(self, publisher):
        statement = StatementFactory(workflow="published", publish_at=timezone.now())
        with pytest.raises(workflow.NewsroomError, match="Say why"):
            workflow.withdraw(statement, by=publisher, reason=" ")

    def test_marks_a_corrected_statement(self, publisher):
        statement = StatementFactory(workflow="published", publish_at=timezone.now())
        workflow.correct(Correction(statement=statement, text="A letter."), by=publisher)
        statement.refresh_from_db()
        assert statement.workflow == "corrected"

    @pytest.mark.parametrize("state", Statement.Workflow.values)
    @pytest.mark.parametrize("name", [name for name in workflow.TRANSITIONS if name != "approve_afterwards"])
    @pytest.mark.parametrize("role", [NEWSROOM_EDITOR, PUBLISHER, None])
    def test_allows_each_transition_from_its_states_to_its_roles_only(self, state, name, role):
        transition = workflow.TRANSITIONS[name]
        ahead = timedelta(hours=1 if state == "scheduled" else 0)
        moment = timezone.now() + ahead if state in PUBLIC_STATES else None
        reason = "Why." if state == "withdrawn" else ""
        statement = StatementFactory(workflow=state, publish_at=moment, withdrawn_reason=reason, author=EditorFactory())
        allowed = state in transition.sources and (
            role == PUBLISHER or (role == NEWSROOM_EDITOR and transition is workflow.SUBMIT)
        )
        assert (workflow.refusal_of(transition, statement, EditorFactory(role=role)) == "") == allowed

    @pytest.mark.parametrize("state", ["published", "corrected", "withdrawn"])
    @pytest.mark.parametrize("role", [NEWSROOM_EDITOR, PUBLISHER, None])
    def test_lets_another_publisher_alone_approve_an_emergency_afterwards(self, state, role):
        urgent = {"publish_at": timezone.now(), "withdrawn_reason": "Why.", "emergency_reason": "It could not wait."}
        statement = StatementFactory(workflow=state, author=EditorFactory(), published_by=EditorFactory(), **urgent)
        refusal = workflow.refusal_of(workflow.APPROVE_AFTERWARDS, statement, EditorFactory(role=role))
        assert (refusal == "") == (role == PUBLISHER)

    def test_is_worked_from_the_lists_of_the_admin(self, desk, client):
        writer, publisher = desk(NEWSROOM_EDITOR), desk(PUBLISHER)
        values = {
            "title": "A new statement",
            "slug": "a-new-statement",
            "kind": "news",
            "body": "Something **new**.",
            "dated_on": "2026-01-02",
            "stance": "reports",
            "language": "en",
            "source_url": SOURCE,
        }
        for inline in ("quotations", "figures", "videos", "corrections"):
            values |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
        assert writer.post(reverse("admin:news_statement_add"), values).status_code == 302
        statement = Statement.objects.get(slug="a-new-statement")
        assert (statement.author, statement.workflow) == (writer.user, "draft")

        def choose(client, action):
            page = reverse("admin:news_statement_changelist")
            if action == "submit":
                data = {"action": action, "_selected_action": [statement.pk]}
                return client.post(page, data, follow=True).content.decode()
            return apply_to_shown(client, page, action, statement).content.decode()

        assert "A statement in the state &#x27;Draft&#x27; cannot be moved so." in choose(publisher, "approve")
        assert "submitted for review" in choose(writer, "submit")
        assert "Only a publisher may do this." in choose(writer, "approve")
        assert "approved." in choose(publisher, "approve")
        assert client.get("/news/a-new-statement/").status_code == 404
        assert "published." in choose(publisher, "publish")
        assert "<strong>new</strong>" in client.get("/news/a-new-statement/").content.decode()
        address = reverse("admin:news_statement_change", args=[statement.pk])
        for editor in (writer, publisher):
            assert b'name="_save"' not in editor.get(address).content
        assert b"Correct in the open" in publisher.get(address).content

    def test_takes_the_approval_away_when_the_text_changes(self, desk):
        writer = desk(NEWSROOM_EDITOR)
        statement = StatementFactory(workflow="approved", author=writer.user, approved_by=EditorFactory())
        values = {
            "title": "Another title",
            "slug": statement.slug,
            "kind": "statement",
            "body": "Something was said.",
            "dated_on": "2025-07-01",
            "stance": "reports",
            "language": "en",
            "source_url": SOURCE,
        }
        for inline in ("quotations", "figures", "videos", "corrections"):
            values |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
        response = writer.post(reverse("admin:news_statement_change", args=[statement.pk]), values, follow=True)
        assert "the approval has fallen away" in response.content.decode()
        statement.refresh_from_db()
        assert (statement.workflow, statement.approved_by) == ("draft", None)


class TestMarkdown:
    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script>",
            '<img src="x" onerror="alert(1)">',
            "[x](javascript:alert(1))",
            "![x](https://example.org/pixel.png)",
            '<p style="color:red">x</p>',
            '<a href="https://example.org" onclick="x">x</a>',
        ],
    )
    def test_lets_nothing_dangerous_through(self, text):
        html = to_html(text)
        assert not any(bad in html for bad in ("<script", "<img", 'href="javascript', "<p style", "<a href"))

    def test_keeps_words_links_and_lists(self):
        html = to_html("**Strong** [link](https://example.org)\n\n- one")
        assert "<strong>Strong</strong>" in html
        assert '<a href="https://example.org" rel="noopener">link</a>' in html
        assert "<li>one</li>" in html

    def test_becomes_plain_words(self):
        assert to_text("**Strong** & [link](https://example.org)\n\n- one") == "Strong & link one"


class TestTheApi:
    def test_gives_a_statement_with_figures_then_and_now(self, client):
        answer = client.get(f"{API}/statements/sgsm22686/").json()
        assert answer["speaker"]["name"] == "António Guterres"
        assert answer["speaker"]["role"] == "Secretary-General"
        assert answer["body_html"].startswith("<p>Gravely concerned")
        (figure,) = answer["figures"]
        assert (figure["cited"], figure["then"], figure["now"], figure["holds"]) == (32, 32, 35, True)
        assert answer["treaties"] == ["mine-ban-convention"]

    @pytest.mark.parametrize(
        ("query", "number"),
        [
            ("kind=speech", 5),
            ("state=TON&state=FSM", 4),
            ("treaty=convention-on-cluster-munitions", 3),
            ("campaign=humanitarian-disarmament", 30),
            ("language=EN", 40),
            ("after=2026-01-01", 1),
            ("before=2025-01-01", 1),
            ("search=remnants", 1),
        ],
    )
    def test_filters(self, client, query, number):
        assert client.get(f"{API}/statements/?{query}").json()["count"] == number

    def test_filters_by_speaker(self, client):
        guterres = Speaker.objects.get(name="António Guterres")
        answer = client.get(f"{API}/statements/?speaker={guterres.pk}").json()
        assert {r["speaker"]["name"] for r in answer["results"]} == {"António Guterres"}
