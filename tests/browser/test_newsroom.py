"""A text goes from the first word to the public by two editors, each in a browser of their own."""

import pytest
from django.contrib.auth.models import Group, User

from news.models import Statement
from news.roles import NEWSROOM_EDITOR, PUBLISHER


@pytest.fixture
def signed_in(site, chromium):
    """A browser at the admin with a role, that notes what the policy forbids."""
    contexts = []

    def sign_in(name, role):
        user = User.objects.create_user(name, password="a long password", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        context = chromium.new_context()
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.goto(f"{site}/admin/login/")
        page.fill("#id_username", name)
        page.fill("#id_password", "a long password")
        page.click("input[type=submit]")
        return page

    yield sign_in
    for context in contexts:
        context.close()


def move(page, label):
    page.get_by_role("button", name=label, exact=True).click()


def test_two_editors_bring_a_text_to_the_public(site, signed_in, chromium):
    writer, publisher = signed_in("writer", NEWSROOM_EDITOR), signed_in("publisher", PUBLISHER)
    writer.goto(f"{site}/admin/news/statement/add/")
    writer.fill("#id_title", "How many are bound")
    writer.select_option("#id_kind", "news")
    writer.fill("#id_body", "On that day **{{ parties on 2025-06-16 }}** States were parties. It had 164 signatories.")
    writer.fill("#id_dated_on", "2025-06-16")
    writer.fill("#id_source_url", "https://example.org/source")
    writer.wait_for_selector("#text-preview >> text=On that day 165 States were parties")

    # The browser keeps what was typed, whatever happens to the page.
    writer.reload()
    writer.get_by_role("button", name="Bring it back").click()
    assert "{{ parties on 2025-06-16 }}" in writer.input_value("#id_body")
    writer.select_option("#id_kind", "news")
    writer.fill("#id_dated_on", "2025-06-16")
    # A refused form is still kept; what the server has taken is not, and nobody else is offered it.
    writer.fill("#id_source_url", "no address")
    writer.evaluate("document.querySelector('#statement_form').noValidate = true")
    writer.click("[name=_save]")
    assert "minefree:" in writer.evaluate("Object.keys(localStorage).join()")
    writer.fill("#id_source_url", "https://example.org/source")
    writer.click("[name=_save]")
    writer.wait_for_url("**/statement/")
    nothing_kept = "!Object.keys(localStorage).join().includes('minefree:')"
    writer.wait_for_function(nothing_kept)
    writer.evaluate("localStorage.setItem('minefree:0:/admin/news/statement/add/', '{}')")
    writer.goto(f"{site}/admin/news/statement/add/")
    writer.wait_for_function(nothing_kept)
    statement = Statement.objects.get(title="How many are bound")

    review = f"{site}/admin/news/statement/{statement.pk}/review/"
    writer.goto(review)
    move(writer, "Submit for review")
    publisher.goto(review)
    assert "On 16 June 2025 the ledger has 133 signatories." in publisher.inner_text("#content-main")
    publisher.fill("#reason", "It is 133 signatories.")
    move(publisher, "Send back to the author, with the comment")

    writer.goto(review)
    assert "It is 133 signatories." in writer.inner_text("#content-main")
    writer.goto(f"{site}/admin/news/statement/{statement.pk}/change/")
    writer.fill("#id_body", "On that day **{{ parties on 2025-06-16 }}** States were parties.")
    writer.click("[name=_save]")
    writer.goto(review)
    move(writer, "Submit for review")

    visitor = chromium.new_context().new_page()
    publisher.goto(review)
    move(publisher, "Approve")
    assert visitor.goto(f"{site}/news/{statement.slug}/?before=1").status == 404
    move(publisher, "Publish at its minute, or now")
    assert visitor.goto(f"{site}/news/{statement.slug}/").status == 200
    assert "On that day 165 States were parties." in visitor.inner_text("article")
    visitor.context.close()
    assert not writer.complaints
    assert not publisher.complaints
