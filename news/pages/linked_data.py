"""A statement for search engines (schema.org NewsArticle)."""

from collections.abc import Callable
from typing import Any

from config.kit.pages.markdown import to_text
from news.models import Statement


def news_article(statement: Statement, absolute: Callable[[str], str]) -> dict[str, Any]:
    """The statement with its speaker, quotations and corrections. `render_figures` must have been called."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": absolute(statement.get_absolute_url()),
        "url": absolute(statement.get_absolute_url()),
        "headline": statement.title[:110],
        "inLanguage": statement.language,
        "datePublished": statement.publish_at.isoformat() if statement.publish_at else None,
        "dateModified": statement.updated_at.isoformat(),
        "temporal": statement.dated_on.isoformat(),
        "articleBody": to_text(statement.rendered_body),
        "isBasedOn": statement.source_url,
        "publisher": {"@type": "Organization", "name": "Minefree", "url": absolute("/")},
        "about": [{"@type": "Country", "name": state.name, "identifier": state.pk} for state in statement.states.all()],
        "correction": [
            {"@type": "CorrectionComment", "text": c.text, "dateCreated": c.made_at.isoformat()}
            for c in statement.corrections.all()
        ],
        "citation": [
            {
                "@type": "Quotation",
                "text": quotation.text,
                "inLanguage": language,
                **(
                    {"spokenByCharacter": {"@type": "Person", "name": statement.speaker.name}}
                    if statement.speaker
                    else {}
                ),
            }
            for quotation, language in statement.quoted()
        ],
    }
    if statement.translation_of_id:
        found["translationOfWork"] = {"@id": absolute(statement.translation_of.get_absolute_url())}  # type: ignore[union-attr]
    return found
