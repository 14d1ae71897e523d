"""Photographs prepared for publication: checked by their content, without metadata, in sizes and formats for every screen.

Nothing of the uploaded file is kept but its picture: no name, no place, no camera (EXIF).
"""

import secrets
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

TAKEN = ("JPEG", "PNG", "WEBP", "AVIF")
LARGEST_FILE = 15 * 1024 * 1024
LARGEST_PICTURE = 50_000_000  # pixels
WIDTHS = (480, 960, 1600)
FORMATS = {"avif": {"quality": 55}, "webp": {"quality": 78, "method": 4}, "jpeg": {"quality": 82, "optimize": True}}


def opened(upload: UploadedFile) -> Image.Image:
    """The picture of an upload, upright. Raises ValidationError for what is no picture, or too large."""
    if upload.size is None or upload.size > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 15 MB: send a smaller one."))
    try:
        picture = Image.open(upload, formats=TAKEN)
        if picture.width * picture.height > LARGEST_PICTURE:
            raise ValidationError(_("The picture has more than 50 million pixels: send a smaller one."))
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This is no picture that we can read: send a JPEG, PNG, WebP or AVIF file.")) from error
    return ImageOps.exif_transpose(picture).convert("RGB")


def store(picture: Image.Image) -> dict[str, object]:
    """Save the picture in all sizes and formats under a name that cannot be guessed. Returns what is needed to show it."""
    stem = f"photos/{secrets.token_urlsafe(16)}"
    widths = sorted({min(width, picture.width) for width in WIDTHS})
    for width in widths:
        size = (width, max(round(picture.height * width / picture.width), 1))
        smaller = picture.resize(size, Image.Resampling.LANCZOS) if size != picture.size else picture
        for suffix, options in FORMATS.items():
            file = BytesIO()
            smaller.save(file, suffix, **options)
            default_storage.save(f"{stem}-{width}.{suffix}", ContentFile(file.getvalue()))
    return {"stem": stem, "widths": widths, "width": picture.width, "height": picture.height}
