"""Pictures and scans at intake: small, bare, bounded; what is no picture is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import Cover, PhotoSize, cover_text
from desktop_app.papers import pictures, scans
from tests.factories.pictures import code_sheet, drawn, encoded, jpeg, pdf

COVER = Cover("enrolment", bytes(range(32)), "id_card")


def code_of(act, *given):
    with pytest.raises(AppError) as refused:
        act(*given)
    return refused.value.code


def bomb(width, height):
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"0"))
        + chunk(b"IEND", b"")
    )


def test_a_phone_picture_becomes_small_upright_and_says_nothing_of_the_phone():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Phone Maker"
    noisy = Image.effect_noise((4000, 3000), 60).convert("RGB")
    kept = pictures.take_in(encoded(noisy, quality=95, exif=exif))
    assert len(kept) <= 300 * 1024
    assert b"Phone" not in kept
    picture = Image.open(io.BytesIO(kept))
    assert picture.width < picture.height <= 2000


def test_a_small_plain_jpeg_stays_as_it_is_and_the_same_file_gives_the_same_bytes():
    small = jpeg("small")
    assert pictures.take_in(small) == small
    png = encoded(drawn("x"), "PNG")
    assert pictures.take_in(png) == pictures.take_in(png)


@pytest.mark.parametrize("form", ["PNG", "BMP", "GIF", "TIFF", "WEBP"])
def test_other_pictures_become_jpeg(form):
    kept = pictures.take_in(encoded(drawn("x"), form))
    assert Image.open(io.BytesIO(kept)).format == "JPEG"


@pytest.mark.parametrize("size", list(PhotoSize))
def test_a_photo_has_the_size_and_bytes_of_its_kind(size):
    portrait = pictures.portrait(jpeg("face", (1500, 2000)), size, most=40 * 1024)
    assert len(portrait) <= 40 * 1024
    assert Image.open(io.BytesIO(portrait)).size == size.pixels


def test_what_no_photo_can_be_made_of_is_refused():
    assert code_of(pictures.portrait, jpeg("x", (80, 100)), PhotoSize.ONE_INCH) == "PICTURE_TOO_SMALL"
    noisy = encoded(Image.effect_noise((600, 800), 90).convert("RGB"))
    act = lambda: pictures.portrait(noisy, PhotoSize.ONE_INCH, most=1024)  # noqa: E731 - one expression
    assert code_of(act) == "PHOTO_BYTES_TOO_FEW"


@pytest.mark.parametrize("size", [(8000, 8000), (60000, 60000), (2_000_000_000, 2)])
def test_a_picture_that_would_fill_the_memory_is_refused_unread(size):
    assert code_of(pictures.take_in, bomb(*size)) == "PICTURE_TOO_LARGE"


def test_a_tiff_of_several_pages_is_told_so():
    pages = encoded(drawn("1"), "TIFF", save_all=True, append_images=[drawn("2")])
    assert code_of(pictures.take_in, pages) == "PICTURE_MANY_PAGES"


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"GIF89a", b"%PDF-1.4\n", b"II*\x00"])
)
def test_junk_is_refused_by_a_known_error(data, head):
    for act in (pictures.take_in, scans.count_pages):
        assert code_of(act, head + data) in {"PICTURE_UNREADABLE", "PDF_UNREADABLE", "PICTURE_TOO_LARGE"}


def test_a_cut_picture_is_refused():
    assert code_of(pictures.take_in, encoded(drawn("x"), "PNG")[:-200]) == "PICTURE_UNREADABLE"


def test_a_scan_gives_its_pages_and_the_covers_among_them():
    scan = pdf([code_sheet(cover_text(COVER)), drawn("1"), drawn("2"), code_sheet("https-free text")])
    assert scans.is_pdf(scan)
    assert scans.count_pages(scan) == 4
    assert list(scans.page_covers(scan)) == [COVER, None, None, None]
    page = Image.open(io.BytesIO(scans.page_picture(scan, 1)))
    assert page.format == "JPEG"


def test_a_cover_is_read_from_a_crooked_poor_photograph():
    sheet = code_sheet(cover_text(COVER)).rotate(8, fillcolor="white")
    assert scans.picture_cover(encoded(sheet, quality=35)) == COVER


def test_a_scan_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(scans, "MAX_PAGES", 1)
    assert code_of(scans.count_pages, pdf([drawn("1"), drawn("2")])) == "PDF_TOO_LONG"
