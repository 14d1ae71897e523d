"""The newsroom's pages of the admin. Importing the modules registers them."""

from news.admin import bundles, speakers_and_photos, statements

__all__ = ["bundles", "speakers_and_photos", "statements"]
