"""Sources are told with their publisher, those nearest to the act first."""

import csv
from datetime import date

import pytest

from tests.reading import text_of
from treaties.pages.publishers import FILE, Grade, Source, by_grade, publisher_of


@pytest.mark.parametrize(
    ("url", "name", "grade"),
    [
        ("https://treaties.un.org/doc/x.pdf", "United Nations Treaty Collection", Grade.DEPOSITARY),
        ("https://press.un.org/en/2025/x", "United Nations press releases", Grade.UNITED_NATIONS),
        ("https://another.un.org/x", "United Nations", Grade.UNITED_NATIONS),
        ("http://www.hrw.org/x", "Human Rights Watch", Grade.ORGANIZATION),
        ("https://archive.hrw.org/x", "Human Rights Watch", Grade.ORGANIZATION),
        ("https://www.example.gov.uk/x", "example.gov.uk", Grade.GOVERNMENT),
        ("https://ministry.govt.nz/", "ministry.govt.nz", Grade.GOVERNMENT),
        ("https://gov.example.org/x", "gov.example.org", Grade.PRESS),
        ("https://notun.org/x", "notun.org", Grade.PRESS),
        ("https://worldpopulationreview.com./x", "worldpopulationreview.com", Grade.PRESS),
        ("", "", Grade.PRESS),
    ],
)
def test_a_source_is_graded_by_its_host(url, name, grade):
    assert (publisher_of(url).name, publisher_of(url).grade) == (name, grade)


def test_every_publisher_of_the_file_stands_there_once():
    with FILE.open(encoding="utf-8", newline="") as file:
        hosts = [row["host"] for row in csv.DictReader(file)]
    assert len(hosts) == len(set(hosts)) > 40


def test_the_depositary_stands_first_and_the_newest_within_a_grade():
    press, old, new = (
        Source("Vote", date(2025, 5, 8), "https://www.delfi.lt/x"),
        Source("Signature", date(1997, 12, 3), "https://treaties.un.org/a"),
        Source("Ratification", date(2003, 5, 12), "https://treaties.un.org/b"),
    )
    graded = by_grade([press, old, new, old])
    assert [(grade, [source for source, _publisher in rows]) for grade, rows in graded] == [
        (Grade.DEPOSITARY, [new, old]),
        (Grade.PRESS, [press]),
    ]


@pytest.mark.django_db
def test_a_states_page_tells_its_sources_by_grade(client):
    words = text_of(client.get("/states/ltu/"))
    listed = words[words.index("Sources, those nearest to the act first") :]
    assert listed.index("Depositary") < listed.index("Press and other sites")
    assert (
        "Treaty Collection : Notice of withdrawal, Mine Ban Convention (C.N.362.2025.TREATIES-XXVI-5), 3 Jul 2025"
        in listed
    )
