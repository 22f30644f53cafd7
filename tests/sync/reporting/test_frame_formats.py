"""zstd where both sides read it, else gzip, else as it is; pages as large as the line is quick."""

from __future__ import annotations

import gzip

import pytest

from desktop_app.domain.errors import AppError
from sync.contract import framing
from sync.contract.framing import GZIP, PLAIN, ZSTD, agreed, unwrap, wrap
from sync.platform.app import create_app
from sync.reporting import pace
from sync.reporting.pace import LEAST, next_size
from tests.sync.running_platform import Running, served

DATA = b"0123456789" * 50


@pytest.mark.parametrize(
    ("said", "byte"),
    [("zstd, gzip", ZSTD), ("gzip", GZIP), ("br", PLAIN), ("", PLAIN), (None, ZSTD)],
)
def test_a_frame_is_packed_in_the_best_format_that_its_reader_takes(said, byte):
    frame = wrap(DATA, agreed(said))
    assert frame[:1] == byte
    assert unwrap(frame) == DATA


def test_a_frame_that_is_no_gzip_or_too_large_or_cut_is_refused(monkeypatch):
    whole = GZIP + gzip.compress(DATA)
    for frame in (GZIP + b"nothing", whole[:-1], whole + b"x"):
        with pytest.raises(AppError, match="PAGE_MALFORMED"):
            unwrap(frame)
    monkeypatch.setattr(framing, "MAX_PLAIN_BYTES", len(DATA) - 1)
    with pytest.raises(AppError, match="BODY_TOO_LARGE"):
        unwrap(whole)


@pytest.fixture
def gzip_only(unjoined):
    """The same platform, made without zstd."""
    platform = unjoined.platform
    with served(create_app(platform.engine, platform.clock, demo=True, formats=("gzip",))) as url:
        unjoined.platform = Running(url, platform.engine, platform.clock)
        yield unjoined


def test_a_platform_without_zstd_gets_gzip_and_answers_in_it(gzip_only):
    office = gzip_only
    office.engine.join(office.platform.url, office.platform.code())
    sealed = office.engine.seal()
    with office.batches.view() as view:
        assert {page[:1] for page in view.pages(sealed.batch)} == {GZIP}
    assert office.engine.push().accepted == 26
    assert office.same_as_platform()


def test_a_platform_without_zstd_refuses_what_it_cannot_read(gzip_only):
    workstation = gzip_only.platform.workstation()
    answer = workstation.post("/v1/exchange", wrap(DATA, ("zstd",)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "REQUEST_MALFORMED")
    workstation.session.close()


def test_a_workstation_that_reads_gzip_alone_is_answered_in_gzip(platform):
    workstation = platform.workstation()
    for said, byte in (("gzip", GZIP), ("zstd,gzip", ZSTD)):
        workstation.session.headers["Training-Frames"] = said
        assert workstation.get("/v1/streams/province?after=0").content[:1] == byte
    workstation.session.close()


def test_pages_follow_the_line():
    assert next_size(1000, 1000, 0.1) == 1000
    assert next_size(1000, 1000, 10) == 600
    assert next_size(LEAST, LEAST, 60) == LEAST
    assert next_size(200, 200, 1) == 300


def test_after_a_slow_push_the_next_batch_has_smaller_pages(office, monkeypatch):
    office.batches.set_settings({"page_records": b"10"})
    sealed = office.engine.seal()
    assert sealed.pages == 3
    monkeypatch.setattr(pace, "PAGE_SECONDS", 1000.0)
    assert office.engine.push().accepted == 26
    assert pace.page_records(office.batches) == 1000
    assert office.same_as_platform()
