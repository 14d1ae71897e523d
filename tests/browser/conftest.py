"""A real Chromium on a real server. Run by `make test-browser`."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

# Playwright's loop makes Django believe that it runs asynchronously; these tests wait for each answer.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium")
    assert path, "These tests need Debian's package chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def site(transactional_db, live_server):
    """The site with the whole record, on an address of this machine."""

    return live_server.url
