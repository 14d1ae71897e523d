"""No value of any parameter breaks an operation of the API: it is answered, or refused by name."""

import pytest

from tests.config.addresses import API

pytestmark = pytest.mark.django_db
LISTS = [
    "states",
    "treaties",
    "treaty-actions",
    "withdrawal-steps",
    "obligations",
    "declarations",
    "campaigns",
    "campaign-actions",
    "commitments",
    "statements",
]
ODD = ["%25", "%25s", "%25(keys)s", "%7B%7D", "%00", "%ED%A0%80", "9" * 30, "-1", "%F0%9F%92%A3", "%0B", "%27--"]
_NAMES = """
    state treaty campaign pillar speaker status action step obligation kind language region subregion un_member after before
    deposited_after recorded_after ordering search page page_size cursor format lang on known_at from to
"""
NAMES = _NAMES.split()


@pytest.mark.parametrize(
    "path", [*LISTS, "changes", "treaties/mine-ban-convention/status", "treaties/mine-ban-convention/counts"]
)
def test_every_parameter_takes_or_refuses_any_value(client, path):
    for place, name in enumerate(
        NAMES, start=len(path)
    ):  # the odd values take turns, so that each meets every kind of field
        for value in ODD[place % 3 :: 3]:
            response = client.get(f"{API}/{path}/?{name}={value}")
            assert response.status_code in (200, 400), (path, name, value, response.status_code)


@pytest.mark.parametrize("path", ["treaty-actions", "statements", "commitments"])
def test_a_refused_value_is_told_as_it_was_given(client, path):
    errors = client.get(f"{API}/{path}/?state=%25").json()["errors"]
    assert errors == {"state": ["Unknown: %."]}


@pytest.mark.parametrize("query", ["region=Atlantis", "subregion=Atlantis"])
def test_a_place_that_is_none_is_refused(client, query):
    assert client.get(f"{API}/states/?{query}").status_code == 400


@pytest.mark.parametrize("path", [*LISTS, "changes"])
def test_a_token_that_is_none_is_refused_everywhere(client, path):
    response = client.get(f"{API}/{path}/", headers={"Authorization": "Bearer mf_nothing"})
    assert response.status_code == 401


def test_acts_that_share_a_moment_are_all_on_some_page(client):
    address, seen = f"{API}/treaty-actions/?ordering=recorded_at&page_size=500", []
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
        assert len(seen) < 5000
    assert len(seen) == len(set(seen)) > 1000


@pytest.mark.parametrize("on", ["2024-01-01", "2026-01-01"])
def test_no_status_is_claimed_of_a_day_by_which_acts_are_missing(client, withheld, on):
    answer = client.get(f"{API}/treaties/arms-trade-treaty/status/?on={on}&state=CAN").json()
    assert (answer["counts"], answer["results"][0]["status"]) == (None, None)
    assert client.get(f"{API}/treaties/arms-trade-treaty/status/?on={on}&status=not_party").json()["results"] == []


def test_a_status_is_claimed_of_a_day_that_is_covered(client, withheld):
    answer = client.get(f"{API}/treaties/arms-trade-treaty/status/?on=2014-01-01&state=CAN").json()
    assert answer["results"][0]["status"] == "not_party"


class TestARefusal:
    """For programs: a word that stays, whatever the sentence for a person says."""

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ("x=1", {"x": ["unknown_parameter"]}),
            ("region=", {"region": ["empty"]}),
            ("region=Europe&region=Asia", {"region": ["repeated"]}),
            ("search=a%00b", {"search": ["null_characters"]}),
            ("region=Atlantis", {"region": ["invalid_choice"]}),
            ("group=eu&group=x", {"group": ["invalid_choice"]}),
            ("on=2025-02-30", {"on": ["invalid"]}),
            ("on=0001-01-01", {"on": ["out_of_range"]}),
            ("page=99", {"page": ["no_such_page"]}),
            ("page_size=0", {"page_size": ["out_of_range"]}),
            ("ordering=password", {"ordering": ["invalid_choice"]}),
            ("format=pdf", {"format": ["invalid_choice"]}),
            ("x=1&region=", {"x": ["unknown_parameter"], "region": ["empty"]}),
        ],
    )
    def test_has_a_word_for_each_sentence(self, client, query, codes):
        answer = client.get(f"{API}/states/?{query}").json()
        assert (answer["code"], answer["codes"]) == ("invalid", codes)
        assert {name: len(found) for name, found in answer["errors"].items()} == {n: len(c) for n, c in codes.items()}

    @pytest.mark.parametrize(
        ("address", "code"),
        [
            ("treaty-actions/?cursor=x", {"cursor": ["unknown_cursor"]}),
            ("changes/?cursor=x", {"cursor": ["unknown_cursor"]}),
            ("treaty-actions/?state=XXX", {"state": ["invalid_choice"]}),
            ("treaties/mine-ban-convention/counts/?from=2025-01-02&to=2025-01-01", {"from": ["ends_before_it_begins"]}),
            ("treaties/mine-ban-convention/counts/?step=day&from=1960-01-01&to=2025-01-01", {"from": ["too_long"]}),
            ("treaties/mine-ban-convention/status/?known_at=yesterday", {"known_at": ["invalid"]}),
        ],
    )
    def test_of_one_operation_has_a_word_of_its_own(self, client, address, code):
        assert client.get(f"{API}/{address}").json()["codes"] == code

    @pytest.mark.parametrize(
        ("address", "headers", "code"),
        [
            ("states/XYZ/", {}, "not_found"),
            ("nothing/", {}, "not_found"),
            ("states/", {"Authorization": "Bearer x"}, "authentication_failed"),
            ("statements/sgsm22686/moves/", {}, "not_authenticated"),
            ("states/", {"Accept": "image/png"}, "not_acceptable"),
        ],
    )
    def test_without_fields_has_a_word_as_a_whole(self, client, address, headers, code):
        answer = client.get(f"{API}/{address}", headers=headers).json()
        assert answer["code"] == code
        assert "codes" not in answer

    def test_of_a_method_that_is_not_there_has_its_word(self, client):
        assert client.delete(f"{API}/states/").json()["code"] == "method_not_allowed"
