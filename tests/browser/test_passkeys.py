"""Editors make passkeys and sign in with them, in a browser whose authenticator is simulated."""

import pytest
from django.contrib.auth.models import User
from django_otp_webauthn.models import WebAuthnCredential

from config.accounts import second_factor

PASSWORD = "a long password"


@pytest.fixture
def editor(transactional_db):
    return User.objects.create_user("ann", "ann@example.org", PASSWORD, is_staff=True, is_superuser=True)


@pytest.fixture
def page(chromium, site, settings):
    """A page of a browser with an authenticator that says yes to everything."""
    settings.REQUIRE_SECOND_FACTOR = True
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda line: page.errors.append(line.text) if line.type == "error" else None)
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


@pytest.fixture
def address(site):
    """Passkeys are for names, not for numbers."""
    return site.replace("127.0.0.1", "localhost")


def sign_in(page, address):
    page.goto(f"{address}/admin/login/?next=/admin/news/statement/")
    page.fill("#id_username", "ann")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")


def test_a_passkey_is_made_at_the_first_sign_in_and_opens_the_admin_at_the_next(page, address, editor):
    sign_in(page, address)
    page.wait_for_url("**/admin/second-factor/**")
    page.click("#passkey-register-button")
    page.wait_for_url(f"{address}/admin/second-factor/")
    assert "Made on" in page.content()
    assert WebAuthnCredential.objects.filter(user=editor).count() == 1
    assert second_factor.recovery_codes_left(editor) == 0
    page.click("text=Make new recovery codes")
    page.wait_for_selector(".recovery-codes")
    assert second_factor.recovery_codes_left(editor) == second_factor.RECOVERY_CODES
    page.click("text=Log out")
    page.wait_for_load_state()
    sign_in(page, address)
    page.wait_for_url("**/admin/second-factor/**")
    page.goto(f"{address}/admin/news/statement/")
    page.wait_for_url("**/admin/second-factor/**")
    page.click("#passkey-verification-button")
    page.wait_for_url("**/admin/news/statement/")
    assert page.errors == []


def test_the_only_second_factor_cannot_be_removed(page, address, editor):
    sign_in(page, address)
    page.click("#passkey-register-button")
    page.wait_for_url(f"{address}/admin/second-factor/")
    page.click("text=Remove")
    page.wait_for_load_state()
    assert "only second factor" in page.content()
    assert WebAuthnCredential.objects.filter(user=editor).count() == 1
