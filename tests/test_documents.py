"""What the project says of itself is so: links lead somewhere, rooms and commands exist, pictures are light."""

import re
from pathlib import Path

import pytest
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
