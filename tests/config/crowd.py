"""Ten times as much of everything, to see that a page costs the same."""

from django.db.models import Model
from django.utils import timezone

from campaign.models import Campaign, CampaignAction, Commitment, Pillar
from news.models import Figure, Quotation, Statement
from treaties import ledger
from treaties.models import Article, Extension, Obligation, Treaty, TreatyAction, WithdrawalStep

TIMES = 9  # beside what is there already


def again(model: type[Model], rows, change) -> dict[int, list[Model]]:
    """Copies of rows, each changed so that it is another one: by the key of the original."""
    copies: dict[int, list[Model]] = {}
    for row in rows:
        original = row.pk
        for n in range(TIMES):
            copy = model.objects.get(pk=original) if n == 0 else _clone(copies[original][0])
            copy.pk = None
            copy._state.adding = True
            change(copy, n)
            copies.setdefault(original, []).append(copy)
    made = model.objects.bulk_create([c for copied in copies.values() for c in copied])
    flat = iter(made)
    return {key: [next(flat) for _ in copied] for key, copied in copies.items()}


def _clone(row: Model) -> Model:
    return type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key})


def copy_links(field: str, model: type[Model], copies: dict[int, list[Model]]) -> None:
    through = getattr(model, field).through
    copied, other = (f.attname for f in through._meta.fields if f.is_relation)
    links = list(through.objects.filter(**{f"{copied}__in": list(copies)}))
    through.objects.bulk_create(
        through(**{copied: copy.pk, other: getattr(link, other)})
        for link in links
        for copy in copies[getattr(link, copied)]
    )


def gather() -> None:
    """Fill the record with ten times the treaties, acts, steps, duties, campaign, commitments and statements."""

    def rename(*names):
        def change(copy, n):
            for name in names:
                setattr(copy, name, f"{getattr(copy, name).rsplit('-again-', 1)[0][:60]}-again-{n}")

        return change

    treaties = again(Treaty, Treaty.objects.all(), rename("slug", "short_title", "reference"))

    def under_the_copy(copy, n):
        copy.treaty_id = treaties[copy.treaty_id][n].pk if copy.treaty_id in treaties else _sibling(copy.treaty_id, n)

    def _sibling(treaty_id, n):
        return next(copied[n].pk for copied in treaties.values() if any(t.pk == treaty_id for t in copied))

    copies = []
    for row in TreatyAction.objects.all():
        for n in range(TIMES):
            copy = _clone(row)
            copy.treaty = treaties[row.treaty_id][n]
            copy.sequence, copy.hash, copy.previous_hash = None, "", ""
            copies.append(copy)
    ledger.import_confirmed(copies, at=timezone.now(), reason="For a test")
    again(WithdrawalStep, WithdrawalStep.objects.all(), under_the_copy)
    again(Article, Article.objects.all(), under_the_copy)
    obligations = again(Obligation, Obligation.objects.all(), under_the_copy)

    def of_the_copy(copy, n):
        copied = obligations.get(copy.obligation_id)
        copy.obligation_id = (
            copied or next(o for o in obligations.values() if any(x.pk == copy.obligation_id for x in o))
        )[n].pk

    again(Extension, Extension.objects.all(), of_the_copy)
    for model, links in (
        (Campaign, ["treaties"]),
        (CampaignAction, ["states", "articles"]),
        (Commitment, ["articles"]),
    ):
        copies = again(model, model.objects.all(), rename("slug"))
        for field in links:
            copy_links(field, model, copies)
    again(Pillar, Pillar.objects.all(), rename("slug"))

    def another_statement(copy, n):
        rename("slug")(copy, n)
        copy.symbol = ""

    statements = again(Statement, Statement.objects.filter(translation_of=None), another_statement)

    def another_translation(copy, n):
        of = copy.translation_of_id
        copied = statements.get(of) or next(s for s in statements.values() if any(x.pk == of for x in s))
        copy.translation_of_id = copied[n].pk
        another_statement(copy, n)

    statements |= again(Statement, Statement.objects.exclude(translation_of=None), another_translation)
    copy_links("states", Statement, statements)
    copy_links("articles", Statement, statements)

    def in_the_copy(copy, n):
        copied = statements.get(copy.statement_id)
        copy.statement_id = (
            copied or next(s for s in statements.values() if any(x.pk == copy.statement_id for x in s))
        )[n].pk

    again(Figure, Figure.objects.all(), in_the_copy)
    again(Quotation, Quotation.objects.all(), in_the_copy)
