"""A person backs the campaign in a real browser, from the button on the campaign's page to being gone again."""

import pytest
from django.core import mail

from campaign.mailing import outbox
from campaign.models import Mail, Pledge
from tests.campaign.conftest import link
from tests.config.addresses import CAMPAIGN


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(request, chromium):
    context = chromium.new_context(java_script_enabled=request.param, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def the_worker_delivers() -> mail.EmailMessage:
    for row in Mail.objects.waiting():
        outbox.deliver(row.pk)
    return mail.outbox[-1]


def number(page, site) -> int:
    """What the account says now; with a receipt it is kept by no cache."""
    page.goto(f"{site}{CAMPAIGN}/account/?receipt=none")
    return int(page.inner_text(".thermometer .counter__n"))


def test_a_person_backs_the_campaign_and_leaves_it(site, page):
    before = number(page, site)
    page.goto(f"{site}{CAMPAIGN}/")
    page.get_by_role("link", name="Back the campaign", exact=True).first.click()

    page.get_by_label("Your name").fill("www.spam.example")
    page.get_by_label("Your e-mail address").fill("ann@example.org")
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="Back the campaign").click()
    assert "A name cannot contain a web or e-mail address" in page.inner_text("main [role=alert]")
    assert page.get_by_label("Your e-mail address").input_value() == "ann@example.org"

    page.get_by_label("Your name").fill("Ann Example")
    page.get_by_label("Your State").select_option("EST")
    page.get_by_label("Show my name").check()
    page.get_by_role("button", name="Back the campaign").click()
    assert page.inner_text("h1") == "Look into your mailbox"
    assert number(page, site) == before

    letter = the_worker_delivers()
    page.goto(site + link(letter, "confirm"))
    assert "Ann Example" in page.inner_text("main")
    assert number(page, site) == before  # opening the link is not enough
    page.goto(site + link(letter, "confirm"))
    page.get_by_role("button", name="I back the campaign").click()
    assert page.inner_text("h1") == "Thank you. You are counted."
    receipt = page.inner_text(".receipt")

    page.get_by_role("link", name="Check it").click()
    assert "Yes, it is counted." in page.inner_text("main")
    assert number(page, site) == before + 1
    page.goto(f"{site}{CAMPAIGN}/?after=the-minute-that-a-browser-may-keep-it")
    assert "Ann Example" in page.inner_text(".named")

    page.goto(site + link(letter, "remove"))
    page.get_by_role("button", name="Delete my data").click()
    assert page.inner_text("h1") == "Your data is deleted"
    assert not Pledge.objects.exists()
    assert number(page, site) == before
    page.goto(f"{site}{CAMPAIGN}/account/")
    page.get_by_label("Receipt").fill(receipt)
    page.get_by_role("button", name="Check").click()
    assert "No pledge has this receipt" in page.inner_text("main")
