"""Loads statements with their speakers, figures, quotations and photos, and their translations, from news/data."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaign.models import Campaign
from config.kit.incoming.loading import (
    LoadedRows,
    LoaderCommand,
    Problems,
    Row,
    create_all,
    create_linked,
    read_yaml,
    yaml_rows,
)
from config.kit.incoming.texts import clean_line, clean_text
from news.finding import search
from news.models import Figure, OldSlug, Photo, Quotation, Speaker, SpeakerRole, Statement
from treaties import ledger
from treaties.models import Article, State, Treaty

FILE, TRANSLATIONS = "statements.yaml", "translations.yaml"
SAME = (
    "kind", "symbol", "dated_on", "date_note", "byline", "stance", "campaign", "source_url", "source_note", "speaker", "photo",
)  # fmt: skip
SAME_OF_FIGURES = ("treaty", "query", "on", "value", "position")
SAME_OF_QUOTATIONS = ("text", "note", "source_url", "position")
"""What a translation has from its original."""


class Loader:
    """One run over the file. Nothing is kept unless every entry is right."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.path = folder / FILE
        self.now = now
        self.problems = Problems()
        self.loaded = LoadedRows(FILE, self.problems)
        self.states = {s.pk: s for s in State.objects.all()}
        self.treaty = Treaty.objects.main()
        self.articles = Article.objects.by_treaty_and_number()
        self.campaign = Campaign.objects.order_by("announced_on", "pk").first()

    def run(self) -> list[str]:
        with transaction.atomic():
            for row in yaml_rows(self.path, read_yaml(self.path), self.problems):
                slug = row.text("slug", required=True)
                if self.loaded.is_new(row, f"statement {slug}"):
                    self.load_statement(row, slug)
            self.problems.stop_if_any()
            self.loaded.save()
        return self.loaded.report()

    def load_statement(self, row: Row, slug: str) -> None:
        dated_on = row.required_day("date")
        articles = row.several_by_keys("articles", ("treaty", "article"), self.articles)
        states = row.several_of("states", self.states)
        statement = Statement(
            slug=slug,
            kind=row.choice("kind", Statement.Kind),
            symbol=row.text("symbol"),
            title=row.text("title", required=True),
            body=row.text("summary", required=True),
            language=row.text("language", required=True),
            dated_on=dated_on,
            date_note=row.text("date_note"),
            byline=row.text("byline"),
            stance=row.choice("stance", Statement.Stance),
            campaign=self.campaign_of(row),
            source_url=row.text("source_url", required=True),
            source_note=row.text("source_note"),
            workflow=Statement.Workflow.PUBLISHED,
            publish_at=self.now,
        )
        row.checked(statement)
        figures = [
            self.figure(row, cited, statement, place) for place, cited in enumerate(row.values.get("figures") or [])
        ]
        if self.problems.errors:
            return  # nothing will be kept: go on only to tell what else is wrong
        statement.speaker = self.speaker(row)
        statement.photo = self.photo(row)
        create_linked([(statement, {"states": states, "articles": articles})])
        for figure in figures:
            figure.statement = statement
        create_all(Figure, figures)
        if row.text("quotation"):
            words = Quotation(
                statement=statement,
                text=row.text("quotation"),
                note=row.text("quotation_note"),
                source_url=row.text("source_url"),
            )
            create_all(Quotation, [words])

    def campaign_of(self, row: Row) -> Campaign | None:
        """Statements made since a campaign was announced belong to it."""
        if self.campaign is None or row.required_day("date") < self.campaign.announced_on:
            return None
        return self.campaign

    def figure(self, row: Row, cited: dict[str, Any], statement: Statement, place: int) -> Figure:
        inner = Row(row.file, cited["__line__"], cited, self.problems)
        figure = Figure(
            text=inner.text("text", required=True),
            treaty=self.treaty,
            query=inner.choice("query", Figure.Query),
            on=inner.required_day("on"),
            value=inner.number("value") or 0,
            position=place,
        )
        inner.checked(figure)
        return figure

    def speaker(self, row: Row) -> Speaker | None:
        """Who speaks. Where no person is named, the organization does."""
        named = row.values.get("speaker") or {}
        name, role, organization = (named.get(k) or "" for k in ("name", "role", "organization"))
        if not (name or organization):
            return None
        kind = Speaker.Kind.ORGANIZATION
        if name:
            kind = Speaker.Kind.GROUP if "," in name or name.endswith("and others") else Speaker.Kind.PERSON
        speaker, _created = Speaker.objects.get_or_create(name=name or organization, defaults={"kind": kind})
        if name and role:
            SpeakerRole.objects.get_or_create(speaker=speaker, role=role, organization=organization)
        return speaker

    def photo(self, row: Row) -> Photo | None:
        described = row.values.get("photo")
        if not described:
            return None
        return Photo.objects.create(credit=described["credit"], caption=described["caption"])


class TranslationLoader:
    """One run over the translations of these statements, each a statement of its own. All that is no text is the original's."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.path, self.now = folder / TRANSLATIONS, now
        self.problems = Problems()
        self.loaded = LoadedRows(TRANSLATIONS, self.problems)
        self.texts = {
            row["slug"]: (clean_line(row["title"]), clean_text(row["summary"])) for row in read_yaml(folder / FILE)
        }
        originals = Statement.objects.public().filter(workflow=Statement.Workflow.PUBLISHED, translation_of=None)
        # Neither what was withdrawn nor what says something else by now is translated here.
        self.originals = {
            statement.slug: statement
            for statement in originals.filter(slug__in=self.texts).for_page()
            if self.texts[statement.slug] == (statement.title, statement.body)
        }
        made = Statement.objects.exclude(translation_of=None).values_list("translation_of", "language")
        self.made = {(original, language.casefold()) for original, language in made}
        self.taken = {slug for model in (Statement, OldSlug) for slug in model.objects.values_list("slug", flat=True)}

    def run(self) -> list[str]:
        with transaction.atomic():
            for row in yaml_rows(self.path, read_yaml(self.path), self.problems):
                slug, language = row.text("slug", required=True), row.text("language", required=True)
                if self.loaded.is_new(row, f"statement {slug} {language}"):
                    self.load_translation(row, slug, language)
            self.problems.stop_if_any()
            self.loaded.save()
        return self.loaded.report()

    def load_translation(self, row: Row, slug: str, language: str) -> None:
        if slug not in self.texts:
            row.wrong(f"slug: there is no statement {slug!r} in {FILE}.")
        original, address = self.originals.get(slug), f"{slug}-{language.casefold()}"
        if original is None:
            return
        if (original.pk, language.casefold()) in self.made or address in self.taken:
            told = "there is a translation here, left as it is"
            self.loaded.changed.append(f"{row.file}:{row.line}: {told}: {slug} {language}")
            return
        same = {name: getattr(original, name) for name in SAME}
        translation = Statement(
            slug=address,
            title=row.text("title", required=True),
            body=row.text("summary", required=True),
            language=language,
            translation_of=original,
            workflow=Statement.Workflow.PUBLISHED,
            publish_at=self.now,
            **same,
        )
        row.checked(translation)
        cited, figures = row.values.get("figures") or [], list(original.figures.all())
        if len(cited) != len(figures):
            row.wrong(f"figures: the original cites {len(figures)}.")
        if self.problems.errors:
            return
        create_linked(
            [(translation, {"states": list(original.states.all()), "articles": list(original.articles.all())})]
        )
        figures = [
            Figure(statement=translation, text=text, **{name: getattr(figure, name) for name in SAME_OF_FIGURES})
            for text, figure in zip(cited, figures, strict=True)
        ]
        create_all(Figure, figures)
        quotations = [
            Quotation(statement=translation, **{name: getattr(words, name) for name in SAME_OF_QUOTATIONS})
            for words in original.quotations.all()
        ]
        create_all(Quotation, quotations)


class Command(LoaderCommand):
    help = __doc__
    data_folder = Path(__file__).resolve().parents[2] / "data"

    def load(self, folder: Path) -> list[str]:
        now = timezone.now()
        report = [*Loader(folder, now).run(), *TranslationLoader(folder, now).run()]
        ledger.seal("news.statement")
        return [*report, f"{search.reindex()} things can be found."]
