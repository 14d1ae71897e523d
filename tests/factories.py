"""Things that tests arrange, named after what they are. The real record is loaded for every test; these add to it."""

from datetime import UTC, date, datetime

import factory
from django.contrib.auth.models import Group, User

from campaign.models import Campaign, CampaignAction, Commitment, Endorsement, Pillar, Pledge
from campaign.pledging import counting
from campaign.pledging.addresses import address_hash, domain_of
from campaign.roles import CAMPAIGN_MANAGER, PLEDGE_MODERATOR
from news.models import Figure, Statement
from treaties import ledger
from treaties.law import rules
from treaties.models import ArmedConflictHold, State, Treaty, TreatyAction, WithdrawalStep
from treaties.roles import TREATY_OFFICER

SOURCE = "https://example.org/source"


class TreatyFactory(factory.django.DjangoModelFactory):
    """An invented treaty with the Mine Ban Convention's rules."""

    class Meta:
        model = Treaty

    slug = factory.Sequence(lambda n: f"invented-{n}")
    short_title = factory.Sequence(lambda n: f"Invented Treaty {n}")
    title = factory.LazyAttribute(lambda t: t.short_title)
    reference = factory.Sequence(lambda n: f"XX-{n}")
    depositary = "Secretary-General of the United Nations"
    adopted_on = date(1997, 9, 18)
    adopted_at = "Oslo"
    opened_on = date(1997, 12, 3)
    closed_on = date(1999, 3, 1)
    entered_into_force_on = date(1999, 3, 1)
    entry_into_force_rule = rules.EntryIntoForceRule.FIRST_DAY_OF_SIXTH_MONTH_AFTER_DEPOSIT.value
    withdrawal_notice_months = 6
    armed_conflict_clause = True
    source_url = SOURCE
    complete_to = date(2025, 12, 31)


class LedgerFactory(factory.django.DjangoModelFactory):
    """A row of the ledger, as if it had come with the project's data; without `confirmed_at` it waits for an officer."""

    class Meta:
        abstract = True

    source_url = SOURCE
    recorded_at = datetime(2026, 1, 1, tzinfo=UTC)
    confirmed_at = datetime(2026, 1, 1, tzinfo=UTC)
    loaded_from = "tests"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = model_class(*args, **kwargs)
        if row.confirmed_at is None:
            row.save()
        else:
            ledger.import_confirmed([row], at=row.confirmed_at, reason="For a test")
        return row


class TreatyActionFactory(LedgerFactory):
    """An act of a State."""

    class Meta:
        model = TreatyAction

    treaty = factory.SubFactory(TreatyFactory)
    state = factory.LazyFunction(lambda: State.objects.get(pk="EST"))
    action = "accession"
    deposited_on = date(2004, 5, 12)


class HoldFactory(LedgerFactory):
    """An armed conflict that is still going on."""

    class Meta:
        model = ArmedConflictHold

    started_on = date(2025, 1, 1)


class StepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WithdrawalStep

    step = "announced_intention"
    date = date(2025, 3, 18)
    detail = "Something was announced."
    source_url = SOURCE


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign

    slug = factory.Sequence(lambda n: f"campaign-{n}")
    title = factory.Sequence(lambda n: f"Campaign {n}")
    summary = "A campaign."
    announced_on = date(2025, 6, 16)
    source_url = SOURCE


class PillarFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pillar

    campaign = factory.SubFactory(CampaignFactory)
    slug = factory.Sequence(lambda n: f"pillar-{n}")
    title = factory.Sequence(lambda n: f"Pillar {n}")
    summary = "A pillar."
    source_url = SOURCE


class CampaignActionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CampaignAction

    pillar = factory.SubFactory(PillarFactory)
    slug = factory.Sequence(lambda n: f"action-{n}")
    kind = "event"
    title = "An event"
    summary = "It happens."
    date = date(2025, 7, 1)
    status = "announced"
    source_url = SOURCE


class CommitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commitment

    pillar = factory.SubFactory(PillarFactory)
    slug = factory.Sequence(lambda n: f"commitment-{n}")
    by_organization = "An organization"
    title = "Do something"
    announced_on = date(2025, 7, 1)
    source_url = SOURCE


class EndorsementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Endorsement

    campaign = factory.SubFactory(CampaignFactory)
    kind = "city"
    name = factory.Sequence(lambda n: f"City {n}")
    endorsed_on = date(2025, 7, 1)
    source_url = SOURCE


class PledgeFactory(factory.django.DjangoModelFactory):
    """A confirmed pledge, counted."""

    class Meta:
        model = Pledge
        skip_postgeneration_save = True

    campaign = factory.SubFactory(CampaignFactory)
    name = "Somebody"
    email = factory.Sequence(lambda n: f"somebody-{n}@example.org")
    address_hash = factory.LazyAttribute(lambda p: address_hash(p.email))
    domain = factory.LazyAttribute(lambda p: domain_of(p.email))
    consent_version = "1"
    confirmed_at = datetime(2025, 7, 1, 12, tzinfo=UTC)
    receipt = factory.LazyAttributeSequence(lambda p, n: f"RECEIPT{n}" if p.confirmed_at else None)

    @factory.post_generation
    def tally(self, create, extracted, **kwargs):
        if self.confirmed_at:
            counting.confirmed(self)


class StatementFactory(factory.django.DjangoModelFactory):
    """A draft."""

    class Meta:
        model = Statement
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"statement-{n}")
    kind = "statement"
    title = factory.Sequence(lambda n: f"Statement {n}")
    body = "Something was said."
    dated_on = date(2025, 7, 1)
    source_url = SOURCE


class EditorFactory(factory.django.DjangoModelFactory):
    """Somebody with a role in the admin."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"editor-{n}")
    is_staff = True

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))


class OfficerFactory(EditorFactory):
    """A treaty officer."""

    role = factory.PostGeneration(lambda user, create, role: user.groups.add(Group.objects.get(name=TREATY_OFFICER)))


class ManagerFactory(EditorFactory):
    """A campaign manager."""

    role = factory.PostGeneration(lambda user, create, role: user.groups.add(Group.objects.get(name=CAMPAIGN_MANAGER)))


class ModeratorFactory(EditorFactory):
    """A pledge moderator."""

    role = factory.PostGeneration(lambda user, create, role: user.groups.add(Group.objects.get(name=PLEDGE_MODERATOR)))


class FigureFactory(factory.django.DjangoModelFactory):
    """A number of a statement: the parties to the Mine Ban Convention on the day of the Secretary-General's announcement."""

    class Meta:
        model = Figure

    treaty = factory.LazyFunction(Treaty.objects.main)
    query = "parties"
    on = date(2025, 6, 16)
