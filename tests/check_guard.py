"""How well the guard reads the corpus: `make check-guard`. Needs a loaded database."""

from collections.abc import Iterator
from datetime import date

from news.facts.guard import Facts, check_claims
from tests.news.facts.corpus import CORPUS


def judged(facts: Facts) -> Iterator[tuple[date, str, bool | None, list[bool]]]:
    """Each sentence with what is true and what the guard says of it."""
    for day, sentences in CORPUS.items():
        for sentence, truth in sentences:
            yield day, sentence, truth, [claim.holds for claim in check_claims(sentence, day, facts)]


def main() -> None:
    import django

    django.setup()
    from news.facts.ledger_facts import LedgerFacts
    from treaties.models import Treaty

    wrong, read, in_scope, said = [], 0, 0, 0
    treaty = Treaty.objects.main()
    treaty.complete_to = max(CORPUS)  # else nothing of a later day is judged
    for day, sentence, truth, holds in judged(LedgerFacts(treaty)):
        said += bool(holds)
        in_scope += truth is not None
        read += truth is not None and bool(holds)
        if any(verdict is not truth for verdict in holds):
            wrong.append(f"{day}: {sentence} (said: {holds}, true: {truth})")
    print("\n".join(wrong))
    print(
        f"precision {1 - len(wrong) / said:.1%} of {said} verdicts, recall {read / in_scope:.1%} of {in_scope} claims in scope"
    )


if __name__ == "__main__":
    main()
