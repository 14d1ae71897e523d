"""How figures are asked for in a text."""

from datetime import date

import pytest

from news.facts.tags import COUNTS, BadTag, Tag, replace_tags, tags_of, without_numbers

DAY = date(2025, 6, 16)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("{{ parties on 2025-06-16 }}", Tag(None, "parties", DAY)),
        ("{{parties today}}", Tag(None, "parties", None)),
        ("{{\n  not_parties\n  on 2025-06-16\n}}", Tag(None, "not_parties", DAY)),
        ("{{ arms-trade-treaty signatories on 2025-06-16 }}", Tag("arms-trade-treaty", "signatories", DAY)),
    ],
)
def test_a_tag_names_a_count_and_a_day_and_may_name_a_treaty(text, tag):
    assert tags_of(f"It has {text} parties.") == [tag]


@pytest.mark.parametrize("count", COUNTS)
def test_every_count_of_the_rules_can_be_asked_for(count):
    assert tags_of(f"{{{{ {count} today }}}}") == [Tag(None, count, None)]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ }}",
        "{{ parties }}",
        "{{ members today }}",
        "{{ parties on 2025-02-30 }}",
        "{{ parties on 16 June 2025 }}",
        "{{ parties today and tomorrow }}",
        "{{ arms-trade-treaty members today }}",
    ],
)
def test_a_tag_that_cannot_be_read_is_named_as_it_was_written(tag):
    with pytest.raises(BadTag) as refused:
        tags_of(f"Fine: {{{{ parties today }}}}. Not fine: {tag}.")
    assert refused.value.args == (tag,)


def test_tags_come_in_their_order_and_each_once():
    text = "{{ parties today }}, {{ signatories today }}, {{ parties today }}"
    assert [tag.count for tag in tags_of(text)] == ["parties", "signatories"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[{{ parties today }} States](https://e.org)", "[161 States](https://e.org)"),
        ("`{{ parties today }}`", "`161`"),
        ("{{ parties today }} [States](https://e.org)", "[161](/proof) [States](https://e.org)"),
        ("[x] {{ parties today }}", "[x] [161](/proof)"),
    ],
)
def test_inside_a_link_or_code_a_tag_is_its_number_alone(text, shown):
    tag = Tag(None, "parties", None)
    assert replace_tags(text, {tag: "[161](/proof)"}, {tag: "161"}) == shown


@pytest.mark.parametrize("day", ["9999-12-31", "3000-01-01", "0999-12-31"])
def test_a_day_without_a_page_is_no_tag(day):
    with pytest.raises(BadTag):
        tags_of(f"{{{{ parties on {day} }}}}")


def test_every_tag_is_replaced_and_the_rest_stays():
    words = {Tag(None, "parties", None): "161", Tag(None, "parties", DAY): "165"}
    text = "{{ parties on 2025-06-16 }} then, {{ parties today }} now { not a tag }"
    assert replace_tags(text, words) == "165 then, 161 now { not a tag }"


def test_a_mark_takes_the_place_of_every_tag_even_of_one_that_cannot_be_read():
    assert without_numbers("A {{ parties today }} b {{ nonsense }} c", "…") == "A … b … c"


@pytest.mark.parametrize(
    "written",
    ["{{ parties today }}", "{{ withdrawn on 2025-06-16 }}", "{{ arms-trade-treaty not_parties on 1999-03-01 }}"],
)
def test_a_tag_is_told_as_an_editor_writes_it(written):
    (tag,) = tags_of(written)
    assert str(tag) == written
