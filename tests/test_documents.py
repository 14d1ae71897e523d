"""What the project says of itself is so: links lead somewhere, rooms and commands exist, pictures are light."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *(p for app in ("config", "treaties", "campaign", "news") for p in (ROOT / app).rglob("*.md")),
    ]
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
MOST_BYTES = 150_000


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
class TestEveryDocument:
    def test_links_to_files_that_exist(self, document):
        links = LINK.findall(document.read_text(encoding="utf-8"))
        assert not [link for link in links if not (document.parent / link).exists()]

    def test_names_commands_of_the_makefile_that_exist(self, document):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        named = set(re.findall(r"`make ([a-z-]+)", document.read_text(encoding="utf-8")))
        assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.M))

    def test_names_commands_of_manage_py_that_exist(self, document):
        named = set(re.findall(r"manage\.py ([a-z_]+)", document.read_text(encoding="utf-8")))
        assert named <= set(get_commands())


def test_every_room_on_the_readmes_map_exists():
    house_map = README.split("## A map of the house")[1].split("##")[0]
    rooms = re.findall(r"^\| \*{0,2}(`[^|]+`)\*{0,2} \|", house_map, re.M)
    floor, missing = ROOT, []
    for cell in rooms:
        for name in re.findall(r"`([^`]+)`", cell):
            if (ROOT / name).is_dir() and name.endswith("/") and cell == f"`{name}`":
                floor = ROOT / name
            elif not ((floor / name).exists() or (ROOT / "config" / name).exists()):
                missing.append(name)
    assert (len(rooms) > 12, missing) == (True, [])


def contributing(heading: str) -> str:
    return (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]


def test_every_place_of_a_usual_change_exists():
    rows = [
        line.split(" | ") for line in contributing("If you want to change X, open Y").splitlines() if line[:2] == "| "
    ][2:]
    places = {
        name for _change, place, run in rows for name in re.findall(r"`([\w./]+/[\w./]*)`|ONE=([\w./]+)", place + run)
    }
    assert len(rows) == 14
    assert not [name for pair in places for name in pair if name and not (ROOT / name).exists()]


class TestTheContainer:
    """Without an engine at hand: what can be read off the files. `.ci/bare.py` runs their commands."""

    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", ["db", "site", "worker", "periodic"])
    def test_has_a_health_check_for_each_process_and_starts_it_again(self, name):
        service = self.compose["services"][name]
        assert (service["restart"], service["read_only"]) == ("unless-stopped", True)
        assert service["healthcheck"]["test"][0] == "CMD"

    @pytest.mark.parametrize("name", ["setup", "site", "worker", "periodic"])
    def test_may_do_little(self, name):
        service = self.compose["services"][name]
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
        assert re.search(r"^USER minefree$", self.dockerfile, re.M)

    def test_gives_the_site_another_role_than_that_of_the_owner(self):
        urls = {name: s["environment"]["DATABASE_URL"] for name, s in self.compose["services"].items() if name != "db"}
        assert {name for name, url in urls.items() if "//minefree_owner:" in url} == {"setup"}

    def test_keeps_the_owners_password_from_the_site(self):
        assert {s.get("env_file") for name, s in self.compose["services"].items() if name != "db"} == {"site.env"}
        knowing = {name for name, s in self.compose["services"].items() if "OWNER_PASSWORD" in str(s)}
        assert knowing == {"db", "setup"}

    def test_copies_what_exists(self):
        copied = re.findall(r"^COPY (?!--)(.+) \S+$", self.dockerfile, re.M)
        assert not [name for line in copied for name in line.split() if not (ROOT / name).exists()]

    def test_calls_commands_that_exist(self):
        called = [s.get("command", []) for s in self.compose["services"].values()]
        names = {words[2] for words in called if words[1:2] == ["manage.py"]}
        assert names == {"set_up", "db_worker", "run_periodic"}
        assert names <= set(get_commands())


@pytest.mark.parametrize(
    "unit", sorted((ROOT / "config/running/systemd").glob("*.service")), ids=lambda path: path.stem
)
def test_a_unit_starts_its_process_again_with_the_command_of_the_container(unit):
    text = unit.read_text(encoding="utf-8")
    assert "Restart=always" in text
    words = re.search(r"^ExecStart=/srv/minefree/\.venv/bin/(.+)$", text, re.M)[1].split()
    given = TestTheContainer.compose["services"][unit.stem.removeprefix("minefree-")].get("command", ["gunicorn"])
    assert set(given) <= set(words)


def test_the_changelog_begins_with_what_is_not_released_and_ends_with_the_first_version():
    heads = re.findall(
        r"^## \[([^]]+)\](?: - (\d{4}-\d\d-\d\d))?$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M
    )
    assert heads[0] == ("Unreleased", "")
    assert heads[-1] == ("0.1.0", "2026-11-24")


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", ".pre-commit-config.yaml"])
def test_the_settings_of_services_can_be_read(path):
    assert yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_every_service_setting_is_explained_to_operators():
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', settings))
    explained = (ROOT / "config" / "OPERATING.md").read_text(encoding="utf-8")
    assert names
    assert not {name for name in names if name not in explained and f"`_{name.rsplit('_', 1)[1]}`" not in explained}


def test_the_pictures_of_the_readme_are_light():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    assert all((ROOT / picture).stat().st_size < MOST_BYTES for picture in pictures)


def test_the_readme_is_read_in_five_minutes():
    assert len(README.split()) <= 1200
