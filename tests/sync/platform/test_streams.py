"""Pulling: signed versions, cursors, paging, another life of the platform."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from sync.contract import signing
from sync.contract.records import DeviceFields, InstitutionFields, ProjectFields
from sync.contract.shape import read_body
from sync.contract.wire import StreamPage, decode
from sync.platform.database import writing
from sync.platform.institutions import revoke_device
from sync.platform.schema import stream
from sync.platform.streams import publish_projects
from tests.sync.running_platform import OWN, answer_of, refusal

PROJECT = ProjectFields(
    code="HB2020-S-0099",
    name="中式烹调师",
    trade="中式烹调师",
    level="skill5",
    audience="key_group",
    hours=80,
    organisation="湖北楚才职业技能评价中心",
    form="线下",
    area="420100",
    version=1,
    published_on="2020-11-01",
)

BOTH_DATABASES = True


def open_page(platform, envelope):
    payload = signing.disclose(platform.public_key, signing.Purpose.STREAM, envelope)
    return decode(payload, StreamPage)


def test_the_catalogue_of_the_demo_comes_as_one_signed_page(platform, workstation):
    answer = answer_of(workstation.exchange(None, province=0))
    (page,) = [open_page(platform, envelope) for envelope in answer.pages]
    assert (page.stream, page.uscc, page.version) == ("province", "", 1)
    projects = [read_body(item.kind, item.body) for item in page.items]
    assert [(one.code, one.hours) for one in projects] == [
        ("HB2020-X-0017", 60),
        ("HB2020-S-0042", 60),
        ("HB2020-S-0058", 60),
        ("HB2020-Y-0103", 16),
    ]


def test_an_institution_pulls_its_profile_and_its_devices(platform, workstation):
    lost = platform.workstation()
    lost.session.close()
    with writing(platform.engine) as connection:
        revoke_device(connection, platform.clock, lost.device)
    answer = answer_of(workstation.get("/v1/streams/institution?after=0"))
    pages = [open_page(platform, envelope) for envelope in answer.pages]
    assert [(page.version, page.uscc) for page in pages] == [(n, OWN) for n in range(1, 5)]
    items = [read_body(item.kind, item.body) for page in pages for item in page.items]
    assert isinstance(items[0], InstitutionFields)
    assert [one.revoked for one in items if isinstance(one, DeviceFields)] == [False, False, True]


def test_a_later_version_comes_past_the_cursor_only(platform, workstation):
    with writing(platform.engine) as connection:
        assert publish_projects(connection, platform.clock, [(b"p" * 16, PROJECT)]) == 2
    answer = answer_of(workstation.exchange(None, province=1))
    (page,) = [open_page(platform, envelope) for envelope in answer.pages]
    assert (page.version, page.items[0].key) == (2, b"p" * 16)


def test_many_versions_come_in_several_answers(platform, workstation):
    with writing(platform.engine) as connection:
        for _ in range(25):
            publish_projects(connection, platform.clock, [(b"p" * 16, PROJECT)])
    first = answer_of(workstation.exchange(None, province=0))
    assert (len(first.pages), first.more) == (20, True)
    second = answer_of(workstation.exchange(None, province=20))
    assert (len(second.pages), second.more) == (6, False)


def test_a_long_catalogue_is_cut_into_pages_of_1000_items(platform, workstation):
    entries = [(number.to_bytes(16, "big"), PROJECT) for number in range(1001)]
    with writing(platform.engine) as connection:
        assert publish_projects(connection, platform.clock, entries) == 3
    answer = answer_of(workstation.exchange(None, province=1))
    assert [len(open_page(platform, one).items) for one in answer.pages] == [1000, 1]


def test_a_cursor_beyond_the_stream_is_another_life_of_the_platform(platform, workstation):
    assert refusal(workstation.exchange(None, province=2)) == (409, "CURSOR_AHEAD")
    with writing(platform.engine) as connection:
        connection.execute(update(stream).where(stream.c.name == "province").values(version=2))
    assert answer_of(workstation.exchange(None, province=2)).pages == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/streams/rumours", (404, "STREAM_UNKNOWN")),
        ("/v1/streams/province?after=x", (400, "REQUEST_MALFORMED")),
        ("/v1/streams/province?after=-1", (400, "REQUEST_MALFORMED")),
    ],
)
def test_unknown_streams_and_cursors_are_refused(workstation, path, expected):
    assert refusal(workstation.get(path)) == expected


def test_an_altered_page_fails_its_signature(platform, workstation):
    (envelope,) = answer_of(workstation.exchange(None, province=0)).pages
    altered = envelope.replace(b"HB2020-S-0042", b"HB2020-S-0043")
    with pytest.raises(Exception, match="SIGNATURE_INVALID"):
        open_page(platform, altered)
