"""What editors write is translated: read by the language of the page, proposed and accepted, behind where the original moves on."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from campaign.models import Campaign, CampaignAction, Pillar, Position
from campaign.roles import CAMPAIGN_MANAGER
from config.kit.models import Proposal, PublicChange, Translation
from config.kit.models.fields import HasLocalTexts, LocalField, english_text
from config.kit.models.generations import Generation, answering
from config.kit.models.telling import tell
from config.kit.models.translations import (
    InLanguage,
    changes_since,
    kind_of,
    standings,
    together,
    translated_kinds,
)
from config.kit.roles import AUDITOR, TRANSLATOR
from news.models import SpeakerRole
from tests.factories import CampaignActionFactory
from tests.reading import html_of, text_of
from tests.second_person import accept_all
from treaties.models import State, Treaty
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
JULY = datetime(2026, 7, 1, tzinfo=UTC)


def translate(row, language="fr", **texts) -> Translation:
    """Translate texts of a row, as it is now, without a second person."""
    kind = kind_of(type(row)).kind
    made, _is_new = Translation.objects.get_or_create(kind=kind, row=str(row.pk), language=language)
    made.texts = {**made.texts, **texts}
    made.originals = {k: v for k, v in made.originals.items() if k not in texts}
    made.full_clean()
    made.save()
    return made


def address_of(row, language="fr"):
    kind = kind_of(type(row)).kind
    return f"{reverse('admin:kit_translation_add')}?kind={kind}&row={row.pk}&language={language}"


def sent(client, address, **values):
    """Save the page of a translation as it is shown, with other values."""
    form = client.get(address).context["adminform"].form
    given = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    return client.post(address, given | values)


class TestAText:
    def test_is_read_in_the_language_of_the_page(self, pillar):
        translate(pillar, title="Ne pas reculer")
        with override("fr"):
            assert Pillar.objects.get(pk=pillar.pk).title == "Ne pas reculer"
        assert Pillar.objects.get(pk=pillar.pk).title == pillar.title

    def test_falls_back_to_english(self, pillar):
        translate(pillar, title="Ne pas reculer")
        again = Pillar.objects.get(pk=pillar.pk)
        with override("ar"):
            assert again.title == english_text(pillar, "title")
            assert not isinstance(again.title, InLanguage)

    @pytest.mark.parametrize("language", ["fr", "ar"])
    def test_is_saved_and_kept_in_the_history_in_english_whoever_saves_it(self, pillar, language):
        translate(pillar, language, title="Autre chose")
        english = pillar.title
        with override(language):
            row = Pillar.objects.get(pk=pillar.pk)
            row.full_clean()
            row.position = 9
            row.save()
        row = Pillar.objects.get(pk=pillar.pk)
        assert (row.title, row.position) == (english, 9)
        assert pillar.history.latest().title == english

    @pytest.mark.parametrize(("language", "who"), [("fr", "Autriche, Ministre"), ("en", "Austria, Minister")])
    def test_of_an_office_stands_with_the_state_in_one_language(self, campaign, language, who):
        position = Position.objects.filter(states="AUT").first()
        Position.objects.filter(pk=position.pk).update(who="Minister")
        translate(position, who="Ministre")
        with override(language):
            assert Position.objects.get(pk=position.pk).speaker == who

    def test_of_an_office_that_is_not_translated_leaves_the_state_in_english_too(self, campaign):
        position = Position.objects.filter(states="AUT").first()
        Position.objects.filter(pk=position.pk).update(who="Minister")
        with override("fr"):
            found = Position.objects.get(pk=position.pk).speaker
        assert (found, isinstance(found, InLanguage)) == ("Austria, Minister", False)

    def test_of_the_office_of_who_is_quoted_is_in_the_language_of_the_page(self, client):
        assert "Margus Tsahkna, ministre" in text_of(client.get("/fr/states/est/")).replace("Ministre", "ministre")
        assert "Margus Tsahkna, Minister of Foreign Affairs, Estonia" in text_of(client.get("/states/est/"))

    def test_of_several_fields_is_in_one_language(self, campaign):
        role = SpeakerRole.objects.exclude(organization="").first()
        Translation.objects.filter(kind="speaker_role").delete()
        english = [role.role, role.organization]
        translate(role, role="Secrétaire général")
        with override("fr"):
            assert together(SpeakerRole.objects.get(pk=role.pk), "role", "organization") == ", ".join(english)
        translate(role, organization="Nations Unies")
        with override("fr"):
            found = together(SpeakerRole.objects.get(pk=role.pk), "role", "organization")
        assert found == "Secrétaire général, Nations Unies"
        assert isinstance(found, InLanguage)

    def test_of_a_treaty_that_the_official_file_has_is_the_official_one(self, convention):
        translate(convention, short_title="Autre")
        with override("fr"):
            assert Treaty.objects.main().short_title == "Convention sur l’interdiction des mines antipersonnel"


def test_every_model_with_such_texts_is_checked_and_saved_in_english():
    from django.apps import apps

    having = {m for m in apps.get_models() if any(isinstance(f, LocalField) for f in m._meta.concrete_fields)}
    having -= {m for m in having if m.__name__.startswith("Historical")}
    assert State in having
    assert all(issubclass(model, HasLocalTexts) for model in having)


def test_every_kind_that_is_translated_keeps_the_history_of_its_texts():
    assert all(hasattr(kind.model, "history") and kind.fields for kind in translated_kinds().values())


class TestHowFar:
    VERSIONS = [(MAY, "A"), (JUNE, "B"), (JULY, "C")]

    @pytest.mark.parametrize(("made_from", "changes", "since"), [("A", 2, JUNE), ("B", 1, JULY), ("unknown", 2, JUNE)])
    def test_a_translation_is_behind_is_counted_from_the_text_that_it_was_made_from(self, made_from, changes, since):
        found = changes_since(self.VERSIONS, made_from)
        assert (found.changes, found.since) == (changes, since)

    def test_a_text_that_came_back_counts_from_its_last_time(self):
        versions = [(MAY, "A"), (JUNE, "B"), (JULY, "A")]
        assert changes_since([*versions, (JULY, "D")], "A").changes == 1

    def test_without_a_history_is_one_change_of_an_unknown_day(self):
        assert (changes_since([], "A").changes, changes_since([], "A").since) == (1, None)

    @pytest.mark.parametrize("is_answer", [False, True])
    def test_is_said_by_the_text(self, pillar, is_answer):
        translate(pillar, title="Ne pas reculer")
        for title in ("One", "Two"):
            pillar.title = title
            pillar.save()

        def read():
            with override("fr"):
                return Pillar.objects.get(pk=pillar.pk).title

        with answering(Generation.objects.standing(timezone.now()) if is_answer else None):
            text = read()
        assert text == "Ne pas reculer"
        assert text.behind.changes == 2

    def test_is_nothing_where_another_text_of_the_row_changed(self, pillar):
        translate(pillar, title="Ne pas reculer")
        pillar.summary = "Another one."
        pillar.save()
        with override("fr"):
            assert Pillar.objects.get(pk=pillar.pk).title.behind is None


class TestAPage:
    ADDRESS = "/campaigns/humanitarian-disarmament/"

    def test_shows_the_translation_and_marks_what_has_none(self, client, pillar):
        translate(pillar, title="Ne pas reculer")
        html = html_of(client.get(f"/fr{self.ADDRESS}"))
        assert "<h3>Ne pas reculer</h3>" in html.replace("\n", "")
        assert f'<span lang="en" dir="ltr">{pillar.summary}'[:60] in html

    def test_says_that_some_texts_are_in_english(self, client, pillar):
        assert "ne sont pas encore traduits" in text_of(client.get(f"/fr{self.ADDRESS}"))
        assert "have no translation" not in text_of(client.get(self.ADDRESS))

    def test_does_not_say_so_where_all_is_translated(self, client, pillar):
        assert "ne sont pas encore traduits" not in text_of(client.get("/fr/glossary/"))

    def test_says_by_how_many_changes_a_translation_is_behind(self, client, pillar):
        translate(pillar, title="Ne pas reculer")
        pillar.title = "Forward"
        pillar.save()
        assert "Ne pas reculer [plus ancien que l’original de 1 modification]" in text_of(
            client.get(f"/fr{self.ADDRESS}")
        )

    def test_is_made_anew_once_a_translation_is_accepted(self, client, pillar):
        assert "Ne pas reculer" not in text_of(client.get(f"/fr{self.ADDRESS}"))
        translate(pillar, title="Ne pas reculer")
        assert "Ne pas reculer" in text_of(client.get(f"/fr{self.ADDRESS}"))

    def test_asks_no_more_often_for_more_translations(
        self, client, campaign, nothing_is_kept, django_assert_max_num_queries
    ):
        address = f"/fr{self.ADDRESS}"
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for row in [*Pillar.objects.all(), *CampaignAction.objects.all()]:
            translate(row, title="Titre", summary="Résumé")
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) <= len(few)

    def test_of_the_api_gives_the_language_that_is_asked_for(self, client, pillar):
        translate(pillar, title="Ne pas reculer")
        found = client.get(f"/api/v1{self.ADDRESS}?lang=fr").json()
        assert found["pillars"][0]["title"] == "Ne pas reculer"
        assert client.get(f"/api/v1{self.ADDRESS}").json()["pillars"][0]["title"] == pillar.title


class TestWhatIsTranslated:
    def test_has_to_be_a_text_of_the_thing(self, pillar):
        with pytest.raises(ValidationError) as refused:
            translate(pillar, slug="autre")
        assert "texts" in refused.value.message_dict

    def test_is_no_longer_than_the_field(self, pillar):
        with pytest.raises(ValidationError) as refused:
            translate(pillar, title="x" * 201)
        assert "at most 200" in str(refused.value)

    def test_is_normalised_as_the_original_is(self, pillar):
        assert translate(pillar, title="  Ne pas\u0000 reculer ").texts["title"] == "Ne pas reculer"

    @pytest.mark.parametrize(
        ("kind", "row"), [("pillar", "0"), ("pillar", "x"), ("nothing", "1"), ("pillar", "9" * 39)]
    )
    def test_has_to_be_there(self, kind, row):
        with pytest.raises(ValidationError):
            Translation(kind=kind, row=row, language="fr").full_clean()


class TestAnEditor:
    def test_proposes_a_translation_that_another_accepts(self, desk, client, pillar):
        answer = sent(desk(TRANSLATOR), address_of(pillar), text_title="Ne pas reculer")
        proposal = Proposal.objects.get()
        assert answer["Location"] == proposal.get_absolute_url()
        assert not Translation.objects.exists()
        accept_all()
        assert Translation.objects.get().texts == {"title": "Ne pas reculer"}
        assert Translation.objects.get().originals == {"title": pillar.title}
        assert "Ne pas reculer" in text_of(client.get("/fr/campaigns/humanitarian-disarmament/"))

    def test_who_accepts_sees_original_and_translation_and_the_page(self, desk, pillar):
        sent(desk(TRANSLATOR), address_of(pillar), text_title="Ne pas reculer")
        page = text_of(desk(CAMPAIGN_MANAGER).get(Proposal.objects.get().get_absolute_url()))
        assert "Texts: title – Ne pas reculer" in page
        assert f"Originals: title – {pillar.title}" in page
        assert "/fr/campaigns/humanitarian-disarmament/" in page
        assert page.count("Ne pas reculer") > 1

    def test_is_led_from_a_thing_to_its_translations(self, desk, pillar):
        client = desk(CAMPAIGN_MANAGER)
        address = f"{reverse('admin:kit_translation_changelist')}?kind=pillar&row={pillar.pk}"
        assert address.replace("&", "&amp;") in html_of(
            client.get(reverse("admin:campaign_pillar_change", args=[pillar.pk]))
        )
        listed = text_of(client.get(address))
        assert pillar.title in listed
        assert Pillar.objects.exclude(pk=pillar.pk).first().title not in listed

    def test_sees_the_original_beside_each_field(self, desk, pillar):
        html = html_of(desk(TRANSLATOR).get(address_of(pillar, "ar")))
        assert pillar.title in html
        assert 'lang="ar" dir="rtl"' in html

    def test_sees_by_how_many_changes_and_from_which_text(self, desk, pillar):
        made = translate(pillar, title="Ne pas reculer")
        was, pillar.title = pillar.title, "Forward"
        pillar.save()
        page = text_of(desk(TRANSLATOR).get(reverse("admin:kit_translation_change", args=[made.pk])))
        assert "It has changed 1 time since it was translated. It was:" in page
        assert was in page

    def test_says_that_a_translation_still_holds(self, desk, pillar):
        made = translate(pillar, title="Ne pas reculer", summary="Tous.")
        pillar.title, pillar.summary = "Forward", "Another one."
        pillar.save()
        address = reverse("admin:kit_translation_change", args=[made.pk])
        sent(desk(TRANSLATOR), address, right_title="on")
        accept_all()
        made.refresh_from_db()
        assert made.originals["title"] == "Forward"
        assert made.originals["summary"] != "Another one."

    def test_who_saves_another_text_makes_it_current(self, desk, pillar):
        made = translate(pillar, title="Ne pas reculer")
        pillar.title = "Forward"
        pillar.save()
        sent(desk(TRANSLATOR), reverse("admin:kit_translation_change", args=[made.pk]), text_title="En avant")
        accept_all()
        made.refresh_from_db()
        assert (made.texts["title"], made.originals["title"]) == ("En avant", "Forward")

    def test_is_told_that_the_original_changed_meanwhile_and_loses_nothing(self, desk, pillar):
        client = desk(TRANSLATOR)
        form = client.get(address_of(pillar)).context["adminform"].form
        given = {bound.html_name: bound.value() or "" for bound in form} | {"text_title": "Ne pas reculer"}
        pillar.title = "Forward"
        pillar.save()
        answer = client.post(address_of(pillar), given)
        assert answer.status_code == 200
        assert "The original has changed while you had it open: title" in text_of(answer)
        assert "Ne pas reculer" in html_of(answer)
        assert not Proposal.objects.exists()
        again = {b.html_name: b.value() or "" for b in answer.context["adminform"].form}
        assert client.post(address_of(pillar), again).status_code == 302

    def test_of_a_translation_that_is_accepted_meanwhile_is_told_so(self, desk, pillar):
        client = desk(TRANSLATOR)
        form = client.get(address_of(pillar)).context["adminform"].form
        given = {bound.html_name: bound.value() or "" for bound in form} | {"text_title": "Ne pas reculer"}
        translate(pillar, title="En avant")
        assert "Somebody else has translated it meanwhile" in text_of(client.post(address_of(pillar), given))

    def test_takes_a_translation_out_by_emptying_it(self, desk, client, pillar):
        made = translate(pillar, title="Faux")
        sent(desk(TRANSLATOR), reverse("admin:kit_translation_change", args=[made.pk]), text_title="")
        accept_all()
        assert "Faux" not in text_of(client.get("/fr/campaigns/humanitarian-disarmament/"))

    def test_finds_in_the_list_what_is_missing_and_behind(self, desk, pillar):
        translate(pillar, title="Ne pas reculer", summary="Tous.")
        pillar.title = "Forward"
        pillar.save()
        page = text_of(desk(TRANSLATOR).get(reverse("admin:kit_translation_changelist"), {"kind": "pillar"}))
        assert "behind by 1 change" in page
        assert "Missing" in page

    @pytest.mark.parametrize(
        "query",
        ["?kind=nothing", "?q=%00", "?q=zzz", "?p=9999", "?p=x&kind=pillar", "?row=x", "?row=99999999999999999999"],
    )
    def test_asks_the_list_for_anything(self, desk, campaign, query):
        assert desk(TRANSLATOR).get(reverse("admin:kit_translation_changelist") + query).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?kind=pillar",
            "?kind=pillar&row=x&language=fr",
            "?kind=pillar&row=1&language=en",
            "?kind=x&row=1&language=fr",
            f"?kind=pillar&row={'9' * 60}&language=fr",
            f"?kind=pillar&row={'9' * 30}&language=fr",
            "?kind=pillar&row=%00&language=fr",
        ],
    )
    def test_who_asks_for_nothing_that_is_there_is_sent_to_the_list(self, desk, campaign, query):
        answer = desk(TRANSLATOR).get(reverse("admin:kit_translation_add") + query)
        assert answer["Location"] == reverse("admin:kit_translation_changelist")

    @pytest.mark.parametrize(("role", "code"), [(TRANSLATOR, 302), (CAMPAIGN_MANAGER, 200)])
    def test_sees_what_is_held_back_only_where_the_role_does(self, desk, pillar, role, code):
        held = CampaignActionFactory(pillar=pillar, is_held=True, title="Not yet")
        client = desk(role)
        assert client.get(address_of(held)).status_code == code
        listed = text_of(
            client.get(reverse("admin:kit_translation_changelist"), {"kind": "campaign_action", "q": "Not yet"})
        )
        assert ("Not yet" in listed.replace("Not yet Show", "")) == (code == 200)
        made = translate(held, title="Pas encore")
        page = client.get(reverse("admin:kit_translation_change", args=[made.pk]))
        assert (page.status_code == 200) == (code == 200)

    def test_proposes_of_what_is_held_back_to_its_own_editors_alone(self, desk, pillar):
        held = CampaignActionFactory(pillar=pillar, is_held=True, title="Not yet")
        assert sent(desk(CAMPAIGN_MANAGER), address_of(held), text_title="Pas encore").status_code == 302
        proposal = Proposal.objects.get()
        for role, code in ((TRANSLATOR, 404), (TREATY_OFFICER, 404), (CAMPAIGN_MANAGER, 200)):
            assert desk(role).get(proposal.get_absolute_url()).status_code == code
        accept_all()
        assert Translation.objects.get().texts == {"title": "Pas encore"}

    def test_who_audits_reads_and_writes_nothing(self, desk, pillar):
        made = translate(pillar, title="Ne pas reculer")
        client = desk(AUDITOR)
        page = client.get(reverse("admin:kit_translation_change", args=[made.pk]))
        assert page.status_code == 200
        assert b'name="_save"' not in page.content
        assert client.get(address_of(pillar)).status_code == 403
        assert client.get(reverse("admin:kit_translation_history", args=[made.pk])).status_code == 200

    def test_without_a_role_sees_nothing(self, desk, pillar):
        client = desk(is_staff=True)
        assert client.get(reverse("admin:kit_translation_changelist")).status_code == 403
        assert client.get(address_of(pillar)).status_code == 403


class TestTheFeed:
    @pytest.fixture(autouse=True)
    def from_here(self, pillar):
        self.last = PublicChange.objects.newest()

    def told(self):
        tell()
        return list(PublicChange.objects.after(self.last).filter(kind="translation"))

    def test_tells_of_a_translation_and_of_its_correction(self, pillar):
        tell()
        translate(pillar, title="Ne pas reculer")
        (first,) = self.told()
        assert (first.change, first.path) == ("translated", "/fr/campaigns/humanitarian-disarmament/")
        assert first.after["texts"] == {"title": "Ne pas reculer"}
        translate(pillar, title="En avant")
        assert [change.change for change in self.told()] == ["translated", "corrected"]
        translate(pillar, summary="Tous.")
        assert [change.change for change in self.told()] == ["translated", "corrected", "translated"]

    def test_tells_nothing_of_what_is_held_back_until_it_is_public(self, pillar):
        held = CampaignActionFactory(pillar=pillar, is_held=True)
        translate(held, title="Pas encore")
        assert self.told() == []
        held.is_held = False
        held.save()
        assert [change.change for change in self.told()] == ["translated"]

    def test_forgets_a_translation_with_its_original(self, pillar):
        row = CampaignActionFactory(pillar=pillar)
        translate(row, title="Repris")
        self.told()
        row.is_held = True
        row.save()
        first, last = self.told()
        assert last.change == "withdrawn"
        assert first.after is None


def test_the_standing_of_each_text_is_read_in_two_queries(untranslated, django_assert_max_num_queries):
    rows = list(Pillar.objects.all())
    with django_assert_max_num_queries(2):
        found = standings(kind_of(Pillar), rows)
    assert all(each.is_missing for each in found[str(rows[0].pk)])


def test_what_is_empty_in_english_has_nothing_to_translate(campaign):
    Campaign.objects.update(result="")
    (row,) = Campaign.objects.all()
    assert "result" not in {each.field.name for each in standings(kind_of(Campaign), [row])[str(row.pk)]}
