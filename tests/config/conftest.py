"""Who signs in, for the tests of signing in and of accounts; and a record without translations."""

import pytest
from django.core.cache import cache

from campaign.models import Pillar
from config.kit.models import Translation
from config.kit.models.telling import tell
from news.roles import NEWSROOM_EDITOR
from tests.factories import EditorFactory


@pytest.fixture
def nothing_spent():
    """No try of an earlier test counts."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def editor(db):
    """An editor of the newsroom, who signs in with "a long password"."""
    user = EditorFactory(role=NEWSROOM_EDITOR)
    user.set_password("a long password")
    user.save()
    return user


@pytest.fixture
def untranslated(campaign):
    """The record without the translations that come with the project."""
    Translation.objects.all().delete()
    tell()
    return campaign


@pytest.fixture
def pillar(untranslated):
    return Pillar.objects.filter(campaign=untranslated).first()
