"""Invitations by mail: whoever is invited chooses a password of their own by a link that works once, for three days."""

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _


def invite(user: User, request: HttpRequest) -> None:
    """Send an account the link by which its holder sets a password. Raises OSError where the mail cannot be sent."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    link = reverse("password_reset_confirm", args=[key, default_token_generator.make_token(user)])
    words = render_to_string(
        "accounts/invitation.txt",
        {"user": user, "by": request.user, "link": request.build_absolute_uri(link), "roles": user.groups.all()},
    )
    send_mail(_("Your account at Minefree"), words, None, [user.email])
