"""Pictures at intake: what is no picture or too large is refused, what stays is a JPEG of at most 300 KB.

Re-encoding drops what cameras write beside the picture (place, device). The same file always gives the same bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, UnidentifiedImageError

from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import PhotoSize

JPEG = "image/jpeg"
MAX_PIXELS = 50_000_000
MAX_BYTES = 300 * 1024
PHOTO_BYTES = 50 * 1024
_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP")
_LONGEST = 2000  # A4 at 170 dpi; what phones make is twice that, which the decoder halves for nothing
_SMALLEST = 200
_QUALITIES = (85, 70, 55)
_DPI = (300, 300)


def take_in(data: bytes, *, most: int = MAX_BYTES) -> bytes:
    """Return a picture as it is kept: upright, at most 2,000 px long and ``most`` bytes, JPEG.

    A JPEG that is so already, without anything beside the picture, stays as it is. Raises AppError PICTURE_UNREADABLE,
    PICTURE_TOO_LARGE (over 50 million pixels), PICTURE_MANY_PAGES (several pages in one TIFF).
    """
    with _opened(data) as picture:
        plain = picture.format == "JPEG" and picture.mode in {"L", "RGB"} and not picture.info.get("exif")
        if plain and len(data) <= most and max(picture.size) <= _LONGEST:
            _loaded(picture)
            return data
        _draft(picture, "RGB", _LONGEST)
        upright = _upright(_loaded(picture))
    upright.thumbnail((_LONGEST, _LONGEST))
    return _within(upright, most)


def portrait(data: bytes, size: PhotoSize, *, most: int = PHOTO_BYTES) -> bytes:
    """Return a 证件照: cut to the ratio of ``size`` (what is too high is cut below, for the head is above), JPEG.

    At most ``most`` bytes. Raises AppError as ``take_in``, PICTURE_TOO_SMALL where it would have to be enlarged more
    than twofold.
    """
    wanted = size.pixels
    with _opened(data) as picture:
        picture.draft("RGB", (2 * max(wanted), 2 * max(wanted)))
        upright = _upright(_loaded(picture))
    if upright.width * 2 < wanted[0] or upright.height * 2 < wanted[1]:
        raise AppError("PICTURE_TOO_SMALL", width=upright.width, height=upright.height)
    cut = ImageOps.fit(upright, wanted, Image.Resampling.LANCZOS, centering=(0.5, 0.15))
    for quality in (92, *_QUALITIES, 40, 25):
        content = _encoded(cut, quality)
        if len(content) <= most:
            return content
    raise AppError("PHOTO_BYTES_TOO_FEW", kilobytes=most // 1024)


def to_jpeg(picture: Image.Image) -> bytes:
    """Return a page of a scan as it is kept."""
    plain = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
    plain.thumbnail((_LONGEST, _LONGEST))
    return _within(plain, MAX_BYTES)


def decoded(data: bytes, longest: int) -> Image.Image:
    """Return a picture in grey, at most ``longest`` px long, to look for codes in it; AppError as ``take_in``."""
    with _opened(data) as picture:
        _draft(picture, "L", longest)
        grey = _loaded(picture).convert("L")
    grey.thumbnail((longest, longest))
    return grey


def _opened(data: bytes) -> Image.Image:
    try:
        with _unheard():
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise AppError("PICTURE_TOO_LARGE", limit=MAX_PIXELS // 1_000_000) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, OverflowError) as error:
        raise AppError("PICTURE_UNREADABLE") from error
    if picture.width * picture.height > MAX_PIXELS:
        raise AppError("PICTURE_TOO_LARGE", limit=MAX_PIXELS // 1_000_000)
    if picture.format == "TIFF" and getattr(picture, "n_frames", 1) > 1:
        raise AppError("PICTURE_MANY_PAGES")
    return picture


@contextmanager
def _unheard() -> Iterator[None]:
    """Let Pillow's remarks on odd files go: what matters is judged by size and by whether the pixels come."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _loaded(picture: Image.Image) -> Image.Image:
    """Read the pixels; a file that is cut short or lies about itself is refused."""
    try:
        with _unheard():
            picture.load()
    except Exception as error:  # every decoder of hostile bytes raises what it likes
        raise AppError("PICTURE_UNREADABLE") from error
    return picture


def _draft(picture: Image.Image, mode: str, longest: int) -> None:
    """Let the decoder halve a large JPEG while it reads it, to no less than ``longest`` px of its longer side."""
    scale = longest / max(picture.size)
    picture.draft(mode, (max(1, int(picture.width * scale)), max(1, int(picture.height * scale))))


def _upright(picture: Image.Image) -> Image.Image:
    with _unheard():
        ImageOps.exif_transpose(picture, in_place=True)
    turned = picture
    if turned.mode in {"RGBA", "LA", "P", "PA"}:
        clear = turned.convert("RGBA")
        ground = Image.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return turned if turned.mode in {"L", "RGB"} else turned.convert("RGB")


def _within(picture: Image.Image, most: int) -> bytes:
    """Encode within ``most`` bytes: first at lower quality, then as much smaller as it takes."""
    small, qualities = picture, list(_QUALITIES[:2])
    while True:
        for quality in qualities:
            content = _encoded(small, quality)
            if len(content) <= most or max(small.size) <= _SMALLEST:
                return content
        # What is left when a picture shrinks is the finer part of it: it shrinks less than its area.
        smaller = min(0.9, 0.93 * (most / len(content)) ** 0.55)
        size = max(1, round(small.width * smaller)), max(1, round(small.height * smaller))
        small = picture.resize(size, Image.Resampling.HAMMING, reducing_gap=1.5)
        qualities = [_QUALITIES[1]]


def _encoded(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, dpi=_DPI)
    return out.getvalue()
