"""Loads the campaign, its pillars, calls, events and commitments from campaign/data."""

from pathlib import Path
from typing import Any

from django.db import transaction

from campaign.models import Campaign, CampaignAction, Commitment, Pillar
from config.kit.incoming.loading import (
    LoadedRows,
    LoaderCommand,
    Problems,
    create_all,
    create_linked,
    read_yaml,
    yaml_rows,
)
from treaties.models import Article, PrecisionChoices, State, Treaty

FILE = "campaign.yaml"


class Loader:
    """One run over the file. Nothing is kept unless every entry is right."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.problems = Problems()
        self.loaded = LoadedRows(FILE, self.problems)
        self.data = read_yaml(self.path)
        self.states = {s.pk: s for s in State.objects.all()}
        self.treaties = {t.slug: t for t in Treaty.objects.all()}
        self.articles = Article.objects.by_treaty_and_number()

    def run(self) -> list[str]:
        with transaction.atomic():
            campaign = self.load_campaign()
            pillars = self.load_pillars(campaign)
            self.load_actions(pillars)
            self.load_commitments(pillars)
            self.problems.stop_if_any()
            self.loaded.save()
        return self.loaded.report()

    def rows(self, part: str) -> Any:
        items = self.data[part]
        return yaml_rows(self.path, items if isinstance(items, list) else [items], self.problems)

    def load_campaign(self) -> Campaign:
        row = next(iter(self.rows("campaign")))
        slug = row.text("slug", required=True)
        if self.loaded.is_new(row, f"campaign {slug}"):
            by = row.values.get("announced_by") or {}
            campaign = Campaign(
                slug=slug,
                title=row.text("title", required=True),
                title_note=row.text("title_note"),
                summary=row.text("summary", required=True),
                announced_by=", ".join(by[k] for k in ("name", "role", "organization") if by.get(k)),
                announced_on=row.required_day("announced_on"),
                launched_on=row.day("launched_on"),
                window_starts_on=row.day("window_starts_on"),
                window_ends_on=row.day("window_ends_on"),
                result=row.text("result"),
                result_note=row.text("result_note"),
                source_url=row.text("source_url", required=True),
            )
            row.checked(campaign)
            treaties = row.several_of("treaties", self.treaties)
            self.problems.stop_if_any()
            create_linked([(campaign, {"treaties": treaties})])
        return Campaign.objects.get(slug=slug)

    def load_pillars(self, campaign: Campaign) -> dict[str, Pillar]:
        new = []
        position = 0
        for part, role in (("pillars", Pillar.Role.OBJECTIVE), ("means", Pillar.Role.MEANS)):
            for row in self.rows(part):
                position += 1
                slug = row.text("slug", required=True)
                if self.loaded.is_new(row, f"pillar {slug}"):
                    pillar = Pillar(
                        campaign=campaign,
                        slug=slug,
                        role=role,
                        title=row.text("title", required=True),
                        summary=row.text("summary", required=True),
                        source_url=row.text("source_url", required=True),
                        position=position,
                    )
                    new.append(row.checked(pillar))
        self.problems.stop_if_any()
        create_all(Pillar, new)
        return {p.slug: p for p in Pillar.objects.filter(campaign=campaign)}

    def load_actions(self, pillars: dict[str, Pillar]) -> None:
        new = []
        for part in ("calls_to_action", "actions"):
            for row in self.rows(part):
                slug = row.text("slug", required=True)
                if not self.loaded.is_new(row, f"action {slug}"):
                    continue
                articles = row.several_by_keys("articles", ("treaty", "article"), self.articles)
                is_call = part == "calls_to_action"
                rule = row.choice("target_rule", CampaignAction.Target) if row.text("target_rule") else ""
                action = CampaignAction(
                    pillar=row.one_of("pillar", pillars) or next(iter(pillars.values())),
                    slug=slug,
                    kind=CampaignAction.Kind.CALL_TO_ACTION if is_call else row.choice("kind", CampaignAction.Kind),
                    title=row.text("title", required=True),
                    summary=row.text("summary", required=True),
                    date=row.required_day("date"),
                    end_date=row.day("end_date"),
                    date_precision=row.choice("date_precision", PrecisionChoices, PrecisionChoices.DAY),
                    place=row.text("place"),
                    who=row.text("made_by" if is_call else "who"),
                    status=row.choice("status", CampaignAction.Status, CampaignAction.Status.ANNOUNCED),
                    direction=row.choice("direction", CampaignAction.Direction, CampaignAction.Direction.NEUTRAL),
                    official=row.values.get("official", True),
                    audience=row.choice("audience", CampaignAction.Audience) if is_call else "",
                    target_rule=rule,
                    target_treaty=articles[0].treaty if rule and articles else None,
                    doubt=row.text("doubt"),
                    source_url=row.text("source_url", required=True),
                )
                links = {"states": row.several_of("states", self.states), "articles": articles}
                new.append((row.checked(action), links))
        self.problems.stop_if_any()
        create_linked(new)

    def load_commitments(self, pillars: dict[str, Pillar]) -> None:
        new = []
        for row in self.rows("commitments"):
            slug = row.text("slug", required=True)
            if not self.loaded.is_new(row, f"commitment {slug}"):
                continue
            target = row.values.get("target") or {}
            status = row.text("status", required=True).replace(" ", "_")
            if status not in Commitment.Status.values:
                row.wrong(f"status: {status!r} is none of {', '.join(Commitment.Status.values)}.")
            commitment = Commitment(
                pillar=row.one_of("pillar", pillars) or next(iter(pillars.values())),
                slug=slug,
                by_state=row.one_of("by_state", self.states, required=False),
                by_organization=row.text("by_organization"),
                title=row.text("title", required=True),
                announced_on=row.required_day("announced_on"),
                date_precision=row.choice("date_precision", PrecisionChoices, PrecisionChoices.DAY),
                due_on=row.day("due_on"),
                status=status,
                target_amount=target.get("amount"),
                target_unit=target.get("unit", ""),
                doubt=row.text("doubt"),
                source_url=row.text("source_url", required=True),
            )
            articles = row.several_by_keys("articles", ("treaty", "article"), self.articles)
            new.append((row.checked(commitment), {"articles": articles}))
        self.problems.stop_if_any()
        create_linked(new)


class Command(LoaderCommand):
    help = __doc__
    data_folder = Path(__file__).resolve().parents[2] / "data"

    def load(self, folder: Path) -> list[str]:
        return Loader(folder).run()
