"""The OpenAPI description is true: what it promises is taken, and what it says may be refused is what is refused."""

import itertools
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from drf_spectacular.checks import schema_check
from drf_spectacular.drainage import GENERATOR_STATS
from jsonschema import Draft202012Validator

from campaign.roles import CAMPAIGN_MANAGER
from config.api.schema import OPERATIONS
from config.kit.api import access_tokens
from news.models import Speaker
from news.roles import NEWSROOM_EDITOR
from tests.config.addresses import API, LISTS
from tests.factories import SOURCE, EditorFactory, StatementFactory
from treaties.roles import TREATY_OFFICER

pytestmark = pytest.mark.django_db
KEYS = {
    "treaty": ["mine-ban-convention", "arms-trade-treaty"],
    "campaign": ["humanitarian-disarmament"],
    "pillar": ["uphold-norms", "accelerate-mine-action"],
    "state": ["POL", "norway"],
    "about": ["POL", "norway"],
}
"""Values of the filters whose values are rows."""


@pytest.fixture
def description(client):
    return client.get(f"{API}/schema/?format=json").json()


@pytest.fixture
def operations(description):
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


@pytest.fixture
def token():
    """The headers of an editor with a role."""

    def make(role):
        user = EditorFactory(role=role)
        _token, secret = access_tokens.issue(user, name="Zq", expires_at=timezone.now() + timedelta(days=1))
        return {"Authorization": f"Bearer {secret}"}

    return make


@pytest.fixture
def check(description, operations):
    """Compare an answer with what the description has for its status."""

    def check(operation_id, answer):
        _method, _path, operation = operations[operation_id]
        content = operation["responses"][str(answer.status_code)]["content"]
        shape = content[answer["Content-Type"].split(";")[0]]["schema"]
        validator = Draft202012Validator({**shape, "components": description["components"]})
        assert [f"{e.json_path}: {e.message}" for e in validator.iter_errors(answer.json())] == []
        return answer

    return check


def named(operation, where="query"):
    return {p["name"]: p for p in operation.get("parameters", []) if p["in"] == where}


def example(schema):
    """A value that a parameter of this type takes."""
    if "enum" in schema:
        return schema["enum"][0]
    return {"date": "2025-06-16", "date-time": "2026-11-27T00:00:00Z"}.get(schema.get("format"), 1)


class TestTheNames:
    def test_no_two_lists_of_words_share_a_name(self):
        """Where they do, a client's classes are named by a hash, and the deployment check is red."""
        GENERATOR_STATS.reset()
        assert schema_check(None) == []

    def test_of_operations_are_a_persons_and_each_is_used_once(self, operations):
        assert set(operations) == {name for name, _summary in OPERATIONS.values()}
        assert len(set(operations)) == len(OPERATIONS)
        assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name) for name in operations)

    def test_have_a_summary_each(self, operations):
        assert all(operation["summary"] for _method, _path, operation in operations.values())


class TestFilters:
    @pytest.mark.parametrize("address", LISTS)
    def test_take_each_value_that_the_description_has(self, client, description, address):
        for name, parameter in named(description["paths"][address]["get"]).items():
            schema = parameter["schema"]
            if name in (
                "format",
                "cursor",
                "page",
                "lang",
                "language",
                "search",
                "ordering",
                "region",
                "subregion",
                "fields",
            ):
                continue  # tried elsewhere
            item = schema.get("items", schema)
            values = KEYS.get(name) or ([Speaker.objects.first().pk] if name == "speaker" else item.get("enum"))
            for value in values or [example(item)]:
                answer = client.get(address, {name: value, "page_size": 1} if name != "page_size" else {name: value})
                assert answer.status_code == 200, (name, value, answer.content)

    @pytest.mark.parametrize("address", LISTS)
    def test_of_rows_are_texts_that_may_be_repeated(self, client, description, address):
        for name, parameter in named(description["paths"][address]["get"]).items():
            if name in KEYS:
                assert (parameter["schema"]["type"], parameter["schema"]["items"]["type"]) == ("array", "string"), name
                assert client.get(address, {name: KEYS[name], "page_size": 1}).status_code == 200, name

    @pytest.mark.parametrize("address", LISTS)
    def test_of_days_take_no_null(self, description, address):
        for parameter in named(description["paths"][address]["get"]).values():
            assert isinstance(parameter["schema"]["type"], str), parameter["name"]

    @pytest.mark.parametrize("address", LISTS)
    def test_of_order_take_the_names_that_the_description_has_and_no_other(self, client, description, address):
        parameter = named(description["paths"][address]["get"])["ordering"]
        pattern = parameter["schema"].get("pattern") or "|".join(map(re.escape, parameter["schema"]["enum"]))
        names = parameter["schema"].get("enum") or re.findall(
            r"[a-z_0-9]+", parameter["description"].split("Available:")[1]
        )
        for name in names:
            assert re.fullmatch(pattern, name)
            assert client.get(address, {"ordering": name, "page_size": 1}).status_code == 200, name
        assert not re.fullmatch(pattern, "password")
        assert client.get(address, {"ordering": "password"}).status_code == 400

    def test_of_a_page_have_their_bounds(self, client, operations):
        size = named(operations["listStates"][2])["page_size"]["schema"]
        assert (size["minimum"], size["maximum"]) == (1, 500)
        answers = [client.get(f"{API}/states/?page_size={n}").status_code for n in (0, 1, 500, 501)]
        assert answers == [400, 200, 200, 400]


class TestRefusals:
    def test_are_described_for_every_operation(self, operations):
        for name, (method, path, operation) in operations.items():
            told = set(operation["responses"])
            assert {"400", "401", "406"} <= told, name
            assert ("404" in told) == ("{" in path), name
            assert ("415" in told) == (method in ("post", "patch")), name

    def test_of_a_wrong_token_are_the_same_everywhere(self, client, operations, check):
        for name, (method, path, _operation) in operations.items():
            address = path.replace("{iso3}", "POL").replace("{id}", "1").replace("{slug}", "mine-ban-convention")
            answer = getattr(client, method)(address, headers={"Authorization": "Bearer wrong"})
            assert check(name, answer).status_code == 401, name

    def test_of_what_is_not_there(self, client, operations, check):
        for name, (method, path, _operation) in operations.items():
            if method == "get" and "{" in path and name not in ("getDraft", "getWebhook"):
                address = path.replace("{iso3}", "ZZZ").replace("{id}", "999999").replace("{slug}", "nothing")
                assert check(name, client.get(address)).status_code == 404, name

    @pytest.mark.parametrize("name", ["listStates", "getTreaty", "getTreatyStatus", "listChanges"])
    def test_of_a_form_that_an_answer_has_not(self, client, operations, check, name):
        address = operations[name][1].replace("{slug}", "mine-ban-convention")
        assert check(name, client.get(address, headers={"Accept": "image/png"})).status_code == 406

    def test_of_a_body_that_is_not_json(self, client, check, token):
        headers = token(CAMPAIGN_MANAGER)
        answer = client.post(f"{API}/commitments/", "x", content_type="text/plain", headers=headers)
        assert check("proposeCommitment", answer).status_code == 415

    def test_of_a_role_that_may_not(self, client, check, token):
        answer = client.post(f"{API}/statements/", {}, "application/json", headers=token(CAMPAIGN_MANAGER))
        assert check("draftStatement", answer).status_code == 403

    def test_of_a_change_of_what_was_not_seen(self, client, check, token):
        headers, address = token(CAMPAIGN_MANAGER), f"{API}/commitments/norway-stays/"
        for status, more in ((428, {}), (412, {"If-Match": '"other"'})):
            answer = client.patch(address, {"title": "Zq"}, "application/json", headers=headers | more)
            assert check("changeCommitment", answer).status_code == status

    def test_of_a_key_that_had_another_body(self, client, check):
        address = f"{API}/campaigns/humanitarian-disarmament/pledges/"
        bodies = ({"name": n, "email": "ada@example.org", "state": "NOR"} for n in ("Ada One", "Ada Two"))
        answers = [client.post(address, body, "application/json", headers={"Idempotency-Key": "k"}) for body in bodies]
        assert [check("backCampaign", answer).status_code for answer in answers] == [202, 422]


NEW = {
    "proposeCommitment": (
        CAMPAIGN_MANAGER,
        "commitments",
        {
            "pillar": "humanitarian-disarmament/uphold-norms",
            "slug": "zq",
            "by_state": "NOR",
            "title": "Zq",
            "text": "Zq",
            "announced_on": "2026-01-02",
            "articles": [{"treaty": "mine-ban-convention", "article": 5}],
            "source_url": SOURCE,
        },
    ),
    "proposeCampaignAction": (
        CAMPAIGN_MANAGER,
        "campaign-actions",
        {
            "pillar": "humanitarian-disarmament/uphold-norms",
            "slug": "zq",
            "kind": "event",
            "title": "Zq",
            "summary": "Zq",
            "date": "2026-01-02",
            "status": "done",
            "states": ["NOR"],
            "source_url": SOURCE,
        },
    ),
    "recordTreatyAction": (
        TREATY_OFFICER,
        "treaty-actions",
        {
            "treaty": "mine-ban-convention",
            "state": "CHN",
            "action": "accession",
            "deposited_on": "2026-03-10",
            "source_url": SOURCE,
        },
    ),
    "draftStatement": (
        NEWSROOM_EDITOR,
        "statements",
        {
            "slug": "zq",
            "kind": "news",
            "title": "Zq",
            "body": "Zq",
            "dated_on": "2026-01-02",
            "states": ["NOR"],
            "source_url": SOURCE,
        },
    ),
}
"""For each operation that writes a new thing: who may, where, and a body."""


class TestWriting:
    @pytest.mark.parametrize("name", NEW)
    def test_takes_the_body_that_the_description_has_and_gives_its_answer(
        self, client, description, operations, check, token, name
    ):
        role, path, body = NEW[name]
        shape = operations[name][2]["requestBody"]["content"]["application/json"]["schema"]
        taken = Draft202012Validator({**shape, "components": description["components"]})
        assert [e.message for e in taken.iter_errors(body)] == []
        answer = client.post(f"{API}/{path}/", body, "application/json", headers=token(role))
        assert check(name, answer).status_code == 201

    @pytest.mark.parametrize("name", NEW)
    def test_needs_what_the_description_says_is_needed(self, client, description, operations, token, name):
        role, path, body = NEW[name]
        shape = operations[name][2]["requestBody"]["content"]["application/json"]["schema"]
        needed = description["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]["required"]
        headers = token(role)
        for field in needed:
            answer = client.post(
                f"{API}/{path}/", {k: v for k, v in body.items() if k != field}, "application/json", headers=headers
            )
            assert (answer.status_code, field in answer.json()["errors"]) == (400, True), field

    def test_of_a_draft_gives_its_version_to_who_moves_it_on(self, client, check, token):
        headers = token(NEWSROOM_EDITOR)
        statement = StatementFactory()
        address = f"{API}/statements/{statement.slug}/"
        seen = check("getDraft", client.get(f"{address}moves/", headers=headers))
        with_version = headers | {"If-Match": seen["ETag"]}
        changed = client.patch(address, {"title": "Zq other"}, "application/json", headers=with_version)
        assert check("changeDraft", changed).json()["title"] == "Zq other"
        moved = client.post(f"{address}moves/", {"move": "submit"}, "application/json", headers=headers)
        assert check("moveStatement", moved).json()["workflow"] == "in_review"


def test_every_described_name_of_a_group_of_states_is_taken_together(client):
    pairs = itertools.pairwise(["eu", "nato", "asean"])
    assert all(client.get(f"{API}/states/?group={a}&group={b}").status_code == 200 for a, b in pairs)
