"""Names that stand in the data, marked for translation: regions of UN M49, groups of the United Nations, headings of articles.

A page gives them in its language where the catalogue has them; a name that is not here stays in English.
"""

from django.utils.translation import gettext_noop as _

REGIONS = [
    _("Africa"),
    _("Americas"),
    _("Asia"),
    _("Europe"),
    _("Oceania"),
    _("Australia and New Zealand"),
    _("Caribbean"),
    _("Central America"),
    _("Central Asia"),
    _("Eastern Africa"),
    _("Eastern Asia"),
    _("Eastern Europe"),
    _("Melanesia"),
    _("Micronesia"),
    _("Middle Africa"),
    _("Northern Africa"),
    _("Northern America"),
    _("Northern Europe"),
    _("Polynesia"),
    _("South America"),
    _("South-eastern Asia"),
    _("Southern Africa"),
    _("Southern Asia"),
    _("Southern Europe"),
    _("Western Africa"),
    _("Western Asia"),
    _("Western Europe"),
]
GROUPS = [_("African Group"), _("Asia-Pacific"), _("EEG"), _("GRULAC"), _("WEOG")]
ARTICLES = [
    _("General obligations"),
    _("Definitions"),
    _("Exceptions"),
    _("Stockpile destruction"),
    _("Clearance of mined areas"),
    _("International cooperation and assistance"),
    _("Transparency reports"),
    _("Compliance"),
    _("National implementation"),
    _("Settlement of disputes"),
    _("Meetings of the States Parties"),
    _("Review conferences"),
    _("Amendments"),
    _("Costs"),
    _("Signature"),
    _("Ratification, acceptance, approval, accession"),
    _("Entry into force"),
    _("Provisional application"),
    _("No reservations"),
    _("Duration and withdrawal"),
    _("Depositary"),
    _("Authentic texts"),
]
