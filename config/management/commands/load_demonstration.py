"""Makes one demonstration account per role and marked demonstration pledges. Refused where DEBUG is off."""

import secrets
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from campaign.models import Campaign, Pledge
from campaign.pledging import counting
from campaign.pledging.addresses import address_hash, domain_of
from campaign.pledging.consent import CURRENT
from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from config.kit.roles import AUDITOR, TRANSLATOR
from news.roles import NEWSROOM_EDITOR, PUBLISHER
from treaties.models import State
from treaties.roles import TREATY_OFFICER

# Two officers, since one records and the other confirms.
ACCOUNTS = {
    "treaty-officer": TREATY_OFFICER,
    "second-officer": TREATY_OFFICER,
    "campaign-manager": CAMPAIGN_MANAGER,
    "pledge-moderator": PLEDGE_MODERATOR,
    "newsroom-editor": NEWSROOM_EDITOR,
    "publisher": PUBLISHER,
    "translator": TRANSLATOR,
    "auditor": AUDITOR,
    "admin": None,
}
BACKERS = 240
DAYS = 40


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--new-passwords", action="store_true", help="give all demonstration accounts new passwords"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demonstration data is never loaded where DEBUG is off.")
        with transaction.atomic():
            self.make_accounts(options["new_passwords"])
            self.make_pledges()

    def make_accounts(self, renew: bool) -> None:
        shown = []
        for name, role in ACCOUNTS.items():
            user, is_new = User.objects.get_or_create(
                username=name,
                defaults={"is_staff": True, "is_superuser": role is None, "first_name": "Demonstration"},
            )
            if is_new or renew:
                password = secrets.token_urlsafe(9)
                user.set_password(password)
                user.save()
                shown.append((name, password, role or "everything"))
            if role:
                user.groups.add(Group.objects.get(name=role))
        if shown:
            self.stdout.write("Demonstration accounts for /admin/ (shown once):")
            for name, password, role in shown:
                self.stdout.write(f"  {name:18} {password:14} {role}")
        else:
            self.stdout.write(
                "Demonstration accounts are there already; `manage.py load_demonstration --new-passwords` renews their passwords."
            )

    def make_pledges(self) -> None:
        """Pledges spread over States and the last weeks, the same at every loading; none if there are some already."""
        campaign = Campaign.objects.order_by("announced_on").first()
        if campaign is None or Pledge.objects.filter(is_demonstration=True).exists():
            return
        states = list(State.objects.order_by("iso3"))
        now = timezone.now()
        pledges = []
        for n in range(BACKERS):
            address = f"demonstration-{n}@example.org"
            is_confirmed = n % 12 > 0
            pledges.append(
                Pledge(
                    campaign=campaign,
                    name=f"Demonstration {n}",
                    email=address,
                    address_hash=address_hash(address),
                    domain=domain_of(address),
                    # Squares fall unevenly, so that some States have many backers and some fewer than are shown.
                    state=states[(n * n) % 31 * 5 % len(states)] if n % 9 else None,
                    show_name=n % 10 == 1,
                    consent_version=CURRENT,
                    confirmed_at=now - timedelta(days=n % DAYS, hours=n % 24) if is_confirmed else None,
                    receipt=f"DEMONSTRATION{n:03}" if is_confirmed else None,
                    is_demonstration=True,
                )
            )
        Pledge.objects.bulk_create(pledges)
        counting.recount(repair=True)
        self.stdout.write(f"{BACKERS} demonstration pledges, marked as such.")
