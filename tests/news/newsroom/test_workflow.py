"""The newsroom at work: figures in the text, two editors on one statement, reviews, emergencies, corrections, previews."""

from datetime import date, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from config.kit.roles import AUDITOR
from news.facts.figures import render_figures
from news.facts.tags import BadTag, Tag, tags_of
from news.models import Correction, Figure, PreviewOpening, Statement, Video
from news.newsroom import previews, workflow
from news.newsroom.contents import contents_of
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from tests.config.addresses import API
from tests.factories import SOURCE, EditorFactory, StatementFactory, TreatyActionFactory
from tests.reading import html_of, press_what_is_shown, text_of
from tests.second_person import accept_all

pytestmark = pytest.mark.django_db


TOLD_AT = ["/news/", "/news/feed.atom", "/news/feed.rss", "/news/feed.json", "/", "/states/nor/", f"{API}/statements/"]
BAD_TAGS = ["{{ }}", "{{ parties }}", "{{ states today }}", "{{ parties on 2025-02-30 }}", "{{ parties on today }}"]


def public(**values):
    return StatementFactory(workflow="published", publish_at=timezone.now() - timedelta(minutes=1), **values)


def fields(statement, **values):
    """What the form of a statement sends."""
    sent = {
        "title": statement.title,
        "slug": statement.slug,
        "kind": statement.kind,
        "body": statement.body,
        "dated_on": statement.dated_on.isoformat(),
        "stance": statement.stance,
        "language": statement.language,
        "source_url": SOURCE,
        "seen_version": statement.version,
    }
    for inline in ("quotations", "figures", "videos", "corrections"):
        sent |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    return sent | values


class TestFiguresInTheText:
    def test_are_computed_and_lead_to_their_proof(self, client):
        statement = public(body="On that day {{ parties on 2025-06-16 }} States were parties.")
        html = client.get(statement.get_absolute_url()).content.decode()
        assert '<a href="/treaties/mine-ban-convention/?on=2025-06-16" rel="noopener">165</a> States' in html
        assert "{{" not in html

    def test_are_told_then_and_now(self, client):
        statement = public(body="{{ not_parties on 2025-06-16 }}")
        assert "Computed from the ledger Not parties, 16 Jun 2025 32 today 35" in text_of(
            client.get(statement.get_absolute_url())
        )

    @pytest.mark.parametrize("address", TOLD_AT)
    def test_are_computed_wherever_the_text_is_told(self, client, state, address):
        statement = public(body="Canary {{ parties on 2025-06-16 }}", dated_on=timezone.now().date())
        statement.states.add(state("NOR"))
        content = client.get(address).content.decode()
        assert "Canary" in content
        assert "{{" not in content
        assert "parties on" not in content

    def test_of_another_treaty_name_it(self, client, convention):
        statement = public(body="{{ convention-on-cluster-munitions parties on 2020-01-01 }}")
        assert (
            "/treaties/convention-on-cluster-munitions/?on=2020-01-01"
            in client.get(statement.get_absolute_url()).content.decode()
        )

    def test_cost_the_same_for_many_statements(self, django_assert_max_num_queries):
        for n in range(12):
            public(body=f"{{{{ parties on 2025-06-{n + 1:02} }}}} and {{{{ signatories today }}}}")
        chosen = list(Statement.objects.public().order_by("-pk")[:12])
        with django_assert_max_num_queries(4):
            render_figures(chosen, date(2026, 1, 1))

    @pytest.mark.parametrize(
        ("text", "tag"),
        [
            ("{{ parties on 2025-06-16 }}", Tag(None, "parties", date(2025, 6, 16))),
            ("{{parties today}}", Tag(None, "parties", None)),
            ("{{ arms-trade-treaty in_force on 2020-01-01 }}", Tag("arms-trade-treaty", "in_force", date(2020, 1, 1))),
        ],
    )
    def test_are_read(self, text, tag):
        assert tags_of(f"a {text} b {text}") == [tag]

    @pytest.mark.parametrize("text", BAD_TAGS)
    def test_that_cannot_be_read_are_refused(self, text):
        with pytest.raises(BadTag):
            tags_of(text)

    def test_that_cannot_be_read_are_refused_in_the_form_with_an_example(self, desk):
        statement = StatementFactory()
        address = reverse("admin:news_statement_change", args=[statement.pk])
        for body, sentence in (
            ("{{ parteis today }}", "Write for example"),
            ("{{ no-treaty parties today }}", "no treaty with the address"),
        ):
            html = desk(NEWSROOM_EDITOR).post(address, fields(statement, body=body)).content.decode()
            assert sentence in html

    def test_that_a_corrected_ledger_contradicts_are_marked_until_an_editor_has_dealt_with_them(
        self, client, desk, convention
    ):
        statement = public()
        cited = Figure.objects.create(
            statement=statement, text="165 parties", treaty=convention, query="parties", on=date(2025, 6, 16), value=165
        )
        note = "A number in this text does not agree"
        assert note not in text_of(client.get(statement.get_absolute_url()))
        TreatyActionFactory(treaty=convention, state_id="CHN", deposited_on=date(2025, 6, 1))
        assert note in text_of(client.get(statement.get_absolute_url()))
        publisher = desk(PUBLISHER)
        assert "not agree with the ledger" in publisher.get(reverse("admin:index")).content.decode()
        assert cited.note == ""
        Figure.objects.update(note="China's act was found later.")
        text = text_of(client.get(statement.get_absolute_url()))
        assert note not in text
        assert "China's act was found later." in text
        assert "not agree with the ledger" not in publisher.get(reverse("admin:index")).content.decode()


class TestTwoEditors:
    def test_on_one_statement_lose_nothing(self, desk):
        statement = StatementFactory(title="First", body="First body")
        address = reverse("admin:news_statement_change", args=[statement.pk])
        one, other = desk(NEWSROOM_EDITOR), desk(NEWSROOM_EDITOR)
        assert one.post(address, fields(statement, title="Changed by one")).status_code == 302
        refused = other.post(address, fields(statement, body="Typed by the other"))
        html = refused.content.decode()
        assert "Somebody else has saved this statement" in html
        assert "Look at it, and save again if yours is to stand." in html
        assert "Changed by one" in html
        assert one.user.username in html
        assert "Typed by the other" in html
        statement.refresh_from_db()
        assert statement.body == "First body"
        again = fields(statement, title="Changed by one", body="Typed by the other", seen_version=statement.version)
        assert other.post(address, again).status_code == 302
        statement.refresh_from_db()
        assert statement.body == "Typed by the other"


class TestReviewing:
    def test_shows_on_one_page_what_a_reviewer_needs(self, desk, convention):
        statement = StatementFactory(
            workflow="in_review",
            body="It has 165 signatories.",
            dated_on=date(2025, 6, 16),
            author=EditorFactory(role=NEWSROOM_EDITOR),
        )
        Figure.objects.create(
            statement=statement, text="164 parties", treaty=convention, query="parties", on=date(2025, 6, 16), value=164
        )
        statement.quotations.create(text="Words without a source")
        html = desk(PUBLISHER).get(reverse("admin:news_statement_review", args=[statement.pk])).content.decode()
        assert "You wrote 164; the ledger says 165 on that day." in html
        assert "signing is not yet joining" in html
        assert "1 quotation carries no source." in html
        assert 'value="approve"' in html
        assert 'value="withdraw"' not in html

    def test_does_not_judge_what_the_ledger_itself_has_said(self, desk):
        statement = StatementFactory(
            body="On that day {{ parties on 2025-06-16 }} States parties.", dated_on=date(2026, 3, 1)
        )
        html = desk(PUBLISHER).get(reverse("admin:news_statement_review", args=[statement.pk])).content.decode()
        assert "None that we can read." in html

    def test_takes_a_text_from_draft_to_public_by_two_people(self, desk, client):
        writer, publisher = desk(NEWSROOM_EDITOR), desk(PUBLISHER)
        statement = StatementFactory(author=writer.user)
        page = reverse("admin:news_statement_review", args=[statement.pk])
        writer.post(page, {"move": "submit"})
        publisher.post(page, {"move": "send_back", "reason": "The day is missing."})
        assert "The day is missing." in writer.get(page).content.decode()
        for desk_of, move in ((writer, "submit"), (publisher, "approve"), (publisher, "publish")):
            press_what_is_shown(desk_of, page, move=move)
        assert client.get(statement.get_absolute_url()).status_code == 200
        statement.refresh_from_db()
        assert (statement.approved_by, statement.published_by) == (publisher.user, publisher.user)

    def test_says_why_a_move_cannot_be_made(self, desk):
        statement = StatementFactory()
        page = reverse("admin:news_statement_review", args=[statement.pk])
        html = desk(NEWSROOM_EDITOR).post(page, {"move": "publish"}, follow=True).content.decode()
        assert "cannot be moved so" in html
        assert "There is no such move." in desk(PUBLISHER).post(page, {"move": "delete"}, follow=True).content.decode()
        statement.refresh_from_db()
        assert statement.workflow == "draft"

    def test_is_given_to_somebody_who_is_told(self, desk):
        publisher = desk(PUBLISHER)
        StatementFactory(workflow="in_review", reviewer=publisher.user)
        assert "1 statement was given to you to review" in publisher.get(reverse("admin:index")).content.decode()

    def test_is_read_by_the_auditor_who_changes_nothing(self, desk):
        statement = StatementFactory(workflow="in_review")
        page = reverse("admin:news_statement_review", args=[statement.pk])
        auditor = desk(AUDITOR)
        assert auditor.get(page).status_code == 200
        for move in ("approve", "comment", "share"):
            auditor.post(page, {"move": move, "reason": "x", "made_for": "x", "hours": 1})
        statement.refresh_from_db()
        assert (statement.workflow, statement.review_comments.count(), statement.preview_links.count()) == (
            "in_review",
            0,
            0,
        )


class TestEmergencies:
    def test_need_a_reason_and_stay_marked_until_another_approves(self, desk, client):
        first, second = desk(PUBLISHER), desk(PUBLISHER)
        statement = StatementFactory(author=first.user)
        page = reverse("admin:news_statement_review", args=[statement.pk])
        first.post(page, {"move": "publish_unreviewed", "reason": " "})
        assert client.get(statement.get_absolute_url()).status_code == 404
        press_what_is_shown(first, page, move="publish_unreviewed", reason="An attack is under way.")
        assert client.get(statement.get_absolute_url()).status_code == 200
        listed = reverse("admin:news_statement_changelist") + "?review=none"
        assert statement.title in desk(AUDITOR).get(listed).content.decode()
        assert "Not reviewed" in second.get(page).content.decode()
        assert "was published without review" in second.get(reverse("admin:index")).content.decode()
        press_what_is_shown(first, page, move="approve_afterwards")
        statement.refresh_from_db()
        assert statement.is_unreviewed
        press_what_is_shown(second, page, move="approve_afterwards")
        statement.refresh_from_db()
        assert (statement.is_unreviewed, statement.approved_by) == (False, second.user)
        assert statement.title not in desk(AUDITOR).get(listed).content.decode()

    def test_are_no_way_for_a_newsroom_editor(self, desk):
        statement = StatementFactory()
        desk(NEWSROOM_EDITOR).post(
            reverse("admin:news_statement_review", args=[statement.pk]), {"move": "publish_unreviewed", "reason": "x"}
        )
        statement.refresh_from_db()
        assert statement.workflow == "draft"


class TestCorrections:
    def test_put_the_right_text_in_place_and_keep_the_wrong_one_readable(self, desk, client):
        statement = public(title="Old title", body="It was **164**.")
        page = reverse("admin:news_statement_correct", args=[statement.pk])
        publisher = desk(PUBLISHER)
        given = {"title": "New title", "body": "It was **165**.", "text": "164 was wrong; it is 165."}
        press_what_is_shown(publisher, page, **given)
        assert "164 was wrong" not in text_of(client.get(statement.get_absolute_url()))
        accept_all()
        text = text_of(client.get(statement.get_absolute_url()))
        assert "164 was wrong; it is 165." in text
        assert "It was 165 ." in text
        earlier = client.get(f"{statement.get_absolute_url()}versions/1/")
        assert "It was 164 ." in text_of(earlier)
        assert "This is not the text of today." in text_of(earlier)
        assert (
            f'href="{statement.get_absolute_url()}versions/1/"'
            in client.get(statement.get_absolute_url()).content.decode()
        )
        assert client.get(f"{statement.get_absolute_url()}versions/2/").status_code == 404

    def test_without_a_word_for_the_reader_are_refused(self, desk):
        statement = public(body="Old")
        desk(PUBLISHER).post(
            reverse("admin:news_statement_correct", args=[statement.pk]), {"title": "x", "body": "New", "text": ""}
        )
        statement.refresh_from_db()
        assert statement.body == "Old"

    def test_with_a_figure_that_cannot_be_computed_are_refused(self, desk):
        statement = public(body="Old")
        with pytest.raises(ValidationError):
            workflow.correct(
                Correction(statement=statement, text="x"), by=EditorFactory(role=PUBLISHER), body="{{ x }}"
            )
        page = reverse("admin:news_statement_correct", args=[statement.pk])
        html = desk(PUBLISHER).post(page, {"title": "x", "body": "{{ x }}", "text": "x"}).content.decode()
        assert "cannot be read" in html
        statement.refresh_from_db()
        assert (statement.body, statement.corrections.count()) == ("Old", 0)

    def test_cannot_be_removed_by_anybody(self, desk):
        statement = public()
        workflow.correct(
            Correction(statement=statement, text="A letter."), by=EditorFactory(role=PUBLISHER), body="New"
        )
        told = statement.corrections.get()
        admin = desk(None, is_superuser=True)
        assert admin.post(reverse("admin:news_correction_delete", args=[told.pk]), {"post": "yes"}).status_code == 403
        assert statement.corrections.exists()

    def test_are_for_publishers_alone(self, desk):
        statement = public()
        page = reverse("admin:news_statement_correct", args=[statement.pk])
        assert desk(NEWSROOM_EDITOR).get(page).status_code == 403
        assert (
            desk(PUBLISHER).get(reverse("admin:news_statement_correct", args=[StatementFactory().pk])).status_code
            == 404
        )

    def test_of_what_is_not_public_are_not_readable(self, client):
        statement = StatementFactory()
        assert client.get(f"/news/{statement.slug}/versions/1/").status_code == 404


class TestPreviews:
    @pytest.fixture
    def shared(self, desk):
        """A draft, and the address that was made for somebody."""
        editor = desk(NEWSROOM_EDITOR)
        statement = StatementFactory(title="Canary title", workflow="approved")
        page = reverse("admin:news_statement_review", args=[statement.pk])
        html = editor.post(
            page, {"move": "share", "made_for": "A newspaper", "hours": "24"}, follow=True
        ).content.decode()
        address = html.split("<code>http://testserver")[1].split("<")[0]
        assert address not in editor.get(page).content.decode()
        return editor, statement, page, address

    def test_can_be_read_by_who_holds_the_address_and_are_noted(self, shared, client):
        editor, _own, page, address = shared
        response = client.get(address)
        assert "Canary title" in text_of(response)
        assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")
        editor.get(address)
        assert [o.user for o in PreviewOpening.objects.order_by("pk")] == [None, editor.user]
        assert "opened" in editor.get(page).content.decode()

    def test_expire(self, shared, client):
        with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
            assert client.get(shared[3]).status_code == 404

    def test_can_be_revoked(self, shared, client):
        editor, statement, page, address = shared
        editor.post(page, {"move": "revoke", "link": statement.preview_links.get().pk})
        nowhere, revoked = client.get("/news/preview/nothing/"), client.get(address)
        assert revoked.status_code == nowhere.status_code == 404
        assert not PreviewOpening.objects.exists()

    def test_keep_no_secret(self, shared):
        assert shared[3].rstrip("/").rsplit("/", 1)[1] not in str(
            list(Statement.objects.get(pk=shared[1].pk).preview_links.values())
        )

    def test_open_nothing_else(self, shared, client):
        client.get(shared[3])
        assert client.get(shared[1].get_absolute_url()).status_code == 404
        assert previews.open_link("nothing", EditorFactory()) is None


class TestThePreviewWhileWriting:
    def test_is_what_the_public_will_see(self, desk):
        values = {"title": "T", "body": "**Bold** {{ parties on 2025-06-16 }} <script>x</script>", "language": "fr"}
        html = desk(NEWSROOM_EDITOR).post(reverse("admin:news_statement_preview"), values).content.decode()
        assert "<strong>Bold</strong>" in html
        assert ">165</a>" in html
        assert "<script>" not in html
        assert 'lang="fr"' in html

    def test_tells_what_it_cannot_read(self, desk):
        html = desk(NEWSROOM_EDITOR).post(reverse("admin:news_statement_preview"), {"body": "{{ x }}"}).content.decode()
        assert "cannot be read" in html

    def test_is_for_the_newsroom(self, desk):
        from campaign.roles import CAMPAIGN_MANAGER

        assert desk(CAMPAIGN_MANAGER).post(reverse("admin:news_statement_preview"), {"body": "x"}).status_code == 403


class TestTranslations:
    def test_belong_together_and_are_linked_each_to_each(self, client):
        original = public(slug="zq", title="Original")
        french = public(slug="zq-fr", title="En fran\u00e7ais", language="fr", translation_of=original)
        StatementFactory(slug="zq-es", language="es", translation_of=original)
        for page in (original, french):
            html = client.get(page.get_absolute_url()).content.decode()
            assert 'hreflang="fr"' in html
            assert 'hreflang="en"' in html
            assert "zq-es" not in html
        response = client.get(french.get_absolute_url())
        assert response["Content-Language"] == "fr"
        assert '"inLanguage": "fr"' in response.content.decode()

    def test_are_one_entry_of_the_list_in_the_readers_language(self, client):
        today = timezone.now().date()
        original = public(slug="zq-fr", title="Zq en francais", language="fr", dated_on=today)
        only = public(slug="zq-ru", title="Zq only in Russian", language="ru", dated_on=today)
        listed = text_of(client.get("/news/"))
        assert original.title in listed
        assert only.title in listed
        public(slug="zq", title="Zq in English", translation_of=original, dated_on=today)
        listed = text_of(client.get("/news/"))
        assert "Zq in English" in listed
        assert original.title not in listed
        assert original.title in text_of(client.get("/news/?language=fr"))

    def test_in_another_language_say_so_and_lead_to_the_readers(self, client):
        original = public(slug="zq-fr", title="En francais", language="fr")
        assert "There is no translation yet." in text_of(client.get(original.get_absolute_url()))
        english = public(slug="zq", title="Zq in English", translation_of=original)
        html = html_of(client.get(original.get_absolute_url()))
        assert f'<a href="{english.get_absolute_url()}">Read it in the language of this page</a>' in html
        assert "This text is in" not in text_of(client.get(english.get_absolute_url()))


class TestVersions:
    def test_tell_who_changed_what_and_can_be_taken_back(self, desk):
        writer = desk(NEWSROOM_EDITOR)
        statement = StatementFactory(title="First title", body="First body", author=writer.user)
        change = reverse("admin:news_statement_change", args=[statement.pk])
        writer.post(change, fields(statement, title="Second title", body="Second body"))
        page = reverse("admin:news_statement_review", args=[statement.pk])
        html = writer.get(page).content.decode()
        for words in ("First title", "Second title", "First body", "Second body", writer.user.username):
            assert words in html
        writer.post(page, {"move": "restore", "version": 1})
        statement.refresh_from_db()
        assert (statement.title, statement.body, statement.workflow, statement.version) == (
            "First title",
            "First body",
            "draft",
            3,
        )

    def test_of_an_approved_text_bring_it_back_as_a_draft(self, desk):
        statement = StatementFactory(title="First")
        Statement.objects.filter(pk=statement.pk).update(workflow="approved")
        workflow.restore(statement, 1, by=EditorFactory(role=NEWSROOM_EDITOR))
        statement.refresh_from_db()
        assert statement.workflow == "draft"

    @pytest.mark.parametrize("version", ["9", "0"])
    def test_that_are_none_are_refused(self, desk, version):
        statement = StatementFactory()
        page = reverse("admin:news_statement_review", args=[statement.pk])
        html = desk(NEWSROOM_EDITOR).post(page, {"move": "restore", "version": version}, follow=True).content.decode()
        assert "There is no such version." in html

    def test_of_what_is_public_are_not_taken_back(self):
        statement = public()
        with pytest.raises(workflow.NewsroomError, match="correct it in the open"):
            workflow.restore(statement, 1, by=EditorFactory(role=PUBLISHER))


def test_what_became_public_lately_is_in_the_sitemap_for_news(client):
    fresh = public(title="Fresh & new")
    old = StatementFactory(workflow="published", publish_at=timezone.now() - timedelta(days=3), title="Older")
    StatementFactory(workflow="published", publish_at=timezone.now() + timedelta(hours=1), title="Canary")
    text = client.get("/news/sitemap.xml").content.decode()
    assert f"{fresh.get_absolute_url()}</loc>" in text
    assert "Fresh &amp; new" in text
    assert old.title not in text
    assert "Canary" not in text
    assert "/news/sitemap.xml" in client.get("/robots.txt").content.decode()


class TestMoving:
    def test_leaves_the_old_address_leading_to_the_new_one(self, desk, client):
        statement = public(slug="old-address", title="Zqmoved")
        page = reverse("admin:news_statement_review", args=[statement.pk])
        publisher = desk(PUBLISHER)
        publisher.post(page, {"move": "move_to", "slug": "new-address"})
        assert client.get("/news/old-address/").status_code == 200
        accept_all()
        publisher.post(page, {"move": "move_to", "slug": "newest-address"})
        accept_all()
        for slug in ("old-address", "new-address"):
            response = client.get(f"/news/{slug}/")
            assert (response.status_code, response["Location"]) == (301, "/news/newest-address/")
        assert client.get("/news/newest-address/").status_code == 200
        assert 'href="/news/newest-address/"' in client.get("/search/?q=zqmoved").content.decode()

    def test_takes_no_address_of_another(self, desk):
        statement, other = public(slug="one"), public(slug="two")
        workflow.move_to(other, "three", by=EditorFactory(role=PUBLISHER))
        page = reverse("admin:news_statement_review", args=[statement.pk])
        for slug in ("two", "three", "", "no slug"):
            desk(PUBLISHER).post(page, {"move": "move_to", "slug": slug})
            statement.refresh_from_db()
            assert statement.slug == "one"
        html = (
            desk(NEWSROOM_EDITOR)
            .post(reverse("admin:news_statement_add"), fields(StatementFactory.build(slug="two")))
            .content
        )
        assert "still leads to it" in html.decode()

    def test_is_for_publishers_and_for_what_is_public(self):
        with pytest.raises(workflow.NewsroomError):
            workflow.move_to(public(), "x", by=EditorFactory(role=NEWSROOM_EDITOR))
        with pytest.raises(workflow.NewsroomError):
            workflow.move_to(StatementFactory(), "x", by=EditorFactory(role=PUBLISHER))

    def test_of_what_is_not_public_any_old_address_finds_nothing(self, client):
        statement = public(slug="was-public")
        workflow.move_to(statement, "is-public", by=EditorFactory(role=PUBLISHER))
        Statement.objects.filter(pk=statement.pk).update(publish_at=timezone.now() + timedelta(days=1))
        assert client.get("/news/was-public/").status_code == 404


class TestQuotations:
    def test_keep_their_words_and_carry_what_the_ledger_says_against_them(self, client):
        statement = public(dated_on=date(2025, 6, 16))
        statement.quotations.create(text="There are 165 signatories.", source_url=SOURCE)
        statement.quotations.create(text="There are 165 States parties.", source_url=SOURCE)
        text = text_of(client.get(statement.get_absolute_url()))
        assert "There are 165 signatories." in text
        assert "The ledger: “165 signatories”. On 16 June 2025 the ledger has 133 signatories." in text.replace(
            " :", ":"
        )
        assert text.replace(" :", ":").count("The ledger:") == 1


class TestVideos:
    def test_are_links_that_say_where_they_open_how_long_they_are_and_what_captions_they_have(self, client):
        statement = public()
        statement.videos.create(
            title="The speech", url="https://press.un.org/en/video", captions="English, Arabic", minutes=3
        )
        page = client.get(statement.get_absolute_url())
        words = text_of(page)
        assert "Video: The speech" in words
        assert "It opens at United Nations press releases; nothing is loaded from there before. 3 minutes." in words
        assert "Captions: English, Arabic." in words
        assert "<iframe" not in page.content.decode()

    def test_have_captions(self):
        with pytest.raises(ValidationError, match="captions"):
            Video(statement=public(), title="Zq", url=SOURCE).full_clean()

    def test_that_are_taken_out_are_not_shown(self, client):
        statement = public()
        statement.videos.create(title="Zq video", url=SOURCE, captions="English", taken_out_because="another one")
        assert "Zq video" not in text_of(client.get(statement.get_absolute_url()))

    def test_leave_an_approval_of_before_as_it_is_where_there_is_none(self):
        names = [name for name, _value in contents_of(public())]
        assert "videos" not in names

    def test_are_shown_to_who_reviews_them(self, desk):
        statement = StatementFactory(workflow="in_review")
        statement.videos.create(title="Zq video", url=SOURCE, captions="English")
        page = desk(PUBLISHER).get(reverse("admin:news_statement_review", args=[statement.pk]))
        assert "Video: Zq video" in text_of(page)


class TestScheduling:
    def test_is_told_as_such_until_its_minute(self, desk, client):
        statement = StatementFactory(workflow="published", publish_at=timezone.now() + timedelta(hours=1), title="Zq")
        publisher = desk(PUBLISHER)
        assert "1 statement is scheduled" in publisher.get(reverse("admin:index")).content.decode()
        for page in (
            reverse("admin:news_statement_changelist") + "?q=Zq",
            reverse("admin:news_statement_review", args=[statement.pk]),
        ):
            assert "Scheduled" in publisher.get(page).content.decode()
        with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
            assert (
                "Scheduled"
                not in publisher.get(reverse("admin:news_statement_review", args=[statement.pk])).content.decode()
            )
            assert client.get(statement.get_absolute_url()).status_code == 200

    def test_offers_publishers_as_reviewers_and_nobody_else(self, desk):
        publisher, writer = EditorFactory(role=PUBLISHER), desk(NEWSROOM_EDITOR)
        html = writer.get(reverse("admin:news_statement_add")).content.decode()
        options = html.split('name="reviewer"')[1].split("</select>")[0]
        assert publisher.username in options
        assert writer.user.username not in options


def test_signing_out_deletes_the_drafts_in_the_browser(desk):
    answer = desk(NEWSROOM_EDITOR).post("/admin/logout/")
    assert answer["Clear-Site-Data"] == '"storage"'


def test_the_browser_hears_that_a_form_was_taken_and_not_that_it_was_refused(desk):
    statement = StatementFactory()
    client, page = desk(NEWSROOM_EDITOR), reverse("admin:news_statement_change", args=[statement.pk])
    assert "saved_form" not in client.post(page, fields(statement, source_url="no address")).cookies
    taken = client.post(page, fields(statement))
    assert taken.status_code == 302
    assert unquote(taken.cookies["saved_form"].value) == page
