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
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

TAKEN = ("JPEG", "PNG", "WEBP", "AVIF")
LARGEST_FILE = 15 * 1024 * 1024
LARGEST_PICTURE = 50_000_000  # pixels
LARGEST_PROGRESSIVE, LARGEST_UNREDUCED = 15_000_000, 10_000_000
"""Pixels of a JPEG whose parts are all kept while it is decoded, and of a picture that can only be decoded whole."""
_ORIENTATION, _ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)
WIDTHS = (480, 960, 1600)
FORMATS = {"avif": {"quality": 55}, "webp": {"quality": 78, "method": 4}, "jpeg": {"quality": 82, "optimize": True}}


def opened(upload: UploadedFile) -> Image.Image:
    """The picture of an upload, upright. Raises ValidationError for what is no picture, or too large."""
    if upload.size is None or upload.size > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 15 MB: send a smaller one."))
    try:
        picture = Image.open(upload, formats=TAKEN)
        most = _most_pixels(picture)
        if picture.width * picture.height > most:
            message = _("The picture has more than %d million pixels: send a smaller one, or a plain JPEG (up to 50).")
            raise ValidationError(message % (most // 1_000_000))
        return _reduced(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This is no picture that we can read: send a JPEG, PNG, WebP or AVIF file.")) from error


def _most_pixels(picture: Image.Image) -> int:
    """The most pixels of a picture of this kind that a worker decodes in less than 200 MB, itself included."""
    if picture.format != "JPEG":
        return LARGEST_UNREDUCED
    return LARGEST_PROGRESSIVE if picture.info.get("progressive") else LARGEST_PICTURE


def _reduced(picture: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, no wider than is ever shown, and with nothing that came along with it.

    It is made small first: a JPEG is decoded in a smaller size already, so that no worker needs 200 MB for it.
    """
    turned = picture.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE
    share = min(max(WIDTHS) / (picture.height if turned else picture.width), 1)
    size = (max(round(picture.width * share), 1), max(round(picture.height * share), 1))
    picture.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(picture)
    profile = upright.info.get("icc_profile")
    plain = _in_srgb(upright, profile) if profile else upright.convert("RGB")
    plain.info.clear()  # comments, profiles, and whatever else a format keeps beside the picture
    return plain


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The colours as they are meant, without the profile that says how. A profile that cannot be read is passed over."""
    try:
        found = ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        found = None
    return found if found is not None else picture.convert("RGB")


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
