"""What a person agrees to, by version. A changed text is a new version: the old one stays, for those who agreed to it."""

from django.utils.translation import gettext_lazy as _

CURRENT = "2026-11"

TEXTS = {
    "2026-11": _(
        "I back this campaign. My name, e-mail address and State are kept to count me once and to write to me about this "
        "pledge only. My name is shown only if I ask for it. I can remove my data at any time with the link in every mail."
    ),
}
