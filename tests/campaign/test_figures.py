"""Humanitarian figures: loaded with their sources, changed by two people, shown with their year."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from campaign.management.commands import load_figures
from campaign.models import HumanitarianFigure
from campaign.reading import newest_figures
from campaign.roles import CAMPAIGN_MANAGER
from tests.factories import SOURCE
from tests.reading import text_of
from tests.second_person import accept_all
from treaties.models import State

pytestmark = pytest.mark.django_db
Measure = HumanitarianFigure.Measure


class TestTheFiles:
    def test_give_each_number_with_its_year_and_source(self):
        figure = HumanitarianFigure.objects.get(state="AFG", measure=Measure.CONTAMINATED)
        assert (figure.year, figure.value, figure.extent) == (2025, Decimal(182), "massive")
        assert figure.source_url.startswith("https://")

    def test_give_the_world_without_a_state(self):
        assert HumanitarianFigure.objects.of_the_world().get(measure=Measure.CASUALTIES, year=1999).value == 9220

    def test_say_that_a_state_has_mined_areas_where_the_source_gives_no_extent(self):
        assert HumanitarianFigure.objects.filter(extent="extent not given", value=None).exists()

    def test_are_loaded_once(self):
        before = HumanitarianFigure.objects.count()
        call_command("load_figures", verbosity=0)
        assert HumanitarianFigure.objects.count() == before > 300

    def test_are_refused_whole_where_a_cell_is_wrong(self, tmp_path):
        for name in load_figures.FILES:
            text = (load_figures.Command.data_folder / name).read_text(encoding="utf-8")
            (tmp_path / name).write_text(text, encoding="utf-8")
        with (tmp_path / "casualties.csv").open("a", encoding="utf-8") as file:
            file.write("FRA,2024,few,,,12,,https://example.org/,,\n")
        with pytest.raises(CommandError, match="killed: 'few' is not a number"):
            call_command("load_figures", data=tmp_path, verbosity=0)
        assert not HumanitarianFigure.objects.filter(state="FRA", measure=Measure.CASUALTIES).exists()


class TestARow:
    def made(self, **values):
        given = {"state_id": "NOR", "measure": Measure.KILLED, "year": 2020, "value": 1, "source_url": SOURCE}
        return HumanitarianFigure(**given | values)

    def test_needs_a_number_or_a_word(self):
        with pytest.raises(ValidationError, match="Give a number"):
            self.made(value=None).full_clean()
        self.made(value=None, extent="light").full_clean()

    @pytest.mark.parametrize(("field", "value"), [("value", -1), ("year", 1800), ("year", 3000)])
    def test_refuses_what_cannot_be(self, field, value):
        with pytest.raises(ValidationError):
            self.made(**{field: value}).full_clean()

    @pytest.mark.parametrize("state", ["NOR", None])
    def test_stands_once_for_a_state_or_the_world_and_a_year(self, state):
        self.made(state_id=state, year=1950).save()
        with pytest.raises(IntegrityError):
            self.made(state_id=state, year=1950).save()

    def test_waits_for_a_second_manager(self, desk):
        client = desk(CAMPAIGN_MANAGER)
        client.post(
            "/admin/campaign/humanitarianfigure/add/",
            {
                "state": "NOR",
                "measure": "killed",
                "year": 2020,
                "value": "3",
                "extent": "",
                "source_url": SOURCE,
                "note": "",
            },
        )
        assert not HumanitarianFigure.objects.filter(state="NOR").exists()
        accept_all()
        assert HumanitarianFigure.objects.get(state="NOR").value == 3


class TestThePages:
    def test_show_the_newest_figure_of_each_measure_up_to_the_year_of_the_day(self):
        norway = State.objects.get(pk="NOR")
        for year in (2001, 2003):
            HumanitarianFigure.objects.create(
                state=norway, measure=Measure.KILLED, year=year, value=year, source_url=SOURCE
            )
        assert [figure.year for figure in newest_figures(norway, 2010)] == [2003]
        assert [figure.year for figure in newest_figures(norway, 2002)] == [2001]
        assert newest_figures(norway, 1999) == []

    def test_of_a_state_tell_people_and_land(self, client):
        words = text_of(client.get("/states/afg/"))
        assert "Mined area (km²) 182 massive 2025" in words

    def test_of_a_state_without_figures_say_nothing(self, client):
        assert "People and land" not in text_of(client.get("/states/nru/"))

    def test_do_not_show_what_was_taken_out(self, client):
        HumanitarianFigure.objects.filter(state="AFG", measure=Measure.CONTAMINATED).update(taken_out_because="wrong")
        assert "Mined area (km²)" not in text_of(client.get("/states/afg/"))

    def test_of_the_home_tell_the_world(self, client):
        newest = {figure.measure: figure for figure in newest_figures(None, timezone.now().year)}
        words = text_of(client.get("/"))
        assert f"People killed and injured, {newest[Measure.CASUALTIES].year}" in words
        assert "People killed and injured" in text_of(client.get("/what-the-ban-is/"))
