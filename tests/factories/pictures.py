"""Pictures as phones and scanners make them, drawn here: synthetic, small, each text another picture."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable

from PIL import Image, ImageDraw
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel


def drawn(text: str, size: tuple[int, int] = (600, 800)) -> Image.Image:
    """Return a picture whose colours and lines follow from the text."""
    digest = hashlib.sha256(text.encode()).digest()
    picture = Image.new("RGB", size, (200 + digest[0] % 55, 200 + digest[1] % 55, 200 + digest[2] % 55))
    draw = ImageDraw.Draw(picture)
    for number in range(0, 30, 2):
        y = size[1] * (number + 1) // 32
        draw.line((20, y, 20 + digest[number] * (size[0] - 40) // 255, y), (20, 30, 60), 6)
    return picture


def encoded(picture: Image.Image, form: str = "JPEG", **how: object) -> bytes:
    """Return a picture's file."""
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def jpeg(text: str, size: tuple[int, int] = (600, 800)) -> bytes:
    """Return the JPEG of ``drawn``."""
    return encoded(drawn(text, size))


def pdf(pages: Iterable[Image.Image]) -> bytes:
    """Return a scan of some pages."""
    first, *rest = pages
    return encoded(first, "PDF", save_all=True, append_images=rest, resolution=100)


def code_sheet(text: str, size: tuple[int, int] = (827, 1169)) -> Image.Image:
    """Return a scanned page with a QR code of the text."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    picture = Image.new("L", size, 255)
    for y, line in enumerate(code.modules):
        for x, dark in enumerate(line):
            if dark:
                picture.paste(0, (200 + 8 * x, 300 + 8 * y, 208 + 8 * x, 308 + 8 * y))
    return picture.convert("RGB")
