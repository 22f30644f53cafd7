"""The list of trainees: what is searched, its windows, its order and its counts, against a plain reading of all."""

from __future__ import annotations

import random

import pytest

from desktop_app.domain import pinyin, records
from desktop_app.domain.listings.people import TraineeQuery, TraineeSort
from desktop_app.domain.users import Role
from desktop_app.services.container import Services
from desktop_app.store import search_index, search_terms
from desktop_app.store.queries import trainee_list
from tests.factories.offices import Office
from tests.services.store_facts import ask

NAMES = (
    *("王建国", "王国", "王国建", "李建", "李建国华", "单雨", "单雨晨", "阿依古丽·买买提", "欧阳建"),
    *("John Smith", "O'Neil", "𬱖小", "王", "重庆", "曾王"),
)
NUMBERS = ("420106199001011234", "H01234567", "42010619900101123X", "AB", "E1", "")
PHONES = ("13800001234", "13900010106", None)
TEXTS = (
    "王", "建国", "王建", "国建", "李建国华", "依古", "·", "买买", "w", "wj", "wg", "lj", "sy", "dy", "cy", "zq", "j s",
    "jo", "SMITH", "smith", "o'n", "'", "𬱖", "420106", "0106", "010", "06", "1", "x", "123x", "h0", "h01", "e1", "138",
    "1380000", "0000", "不存在", "zz", "%", "_", "\\", "\"", "*", "王 建", " 建国 ", "1 3 8", "王1", "\u200b", "-",
    "42",
)  # fmt: skip


@pytest.fixture
def crowd(office: Office) -> Services:
    """An office with many trainees, some in a class of either category, written as no form would take them."""
    services = office.as_role("office")
    rng = random.Random(7)
    with services.context.unit_of_work("import_roster") as work:
        for n in range(90):
            key = b"crowd %010d" % n
            fields = {
                "name": rng.choice(NAMES),
                "document_number": rng.choice(NUMBERS),
                "phone": rng.choice(PHONES),
            }
            fields |= {
                "sex": rng.choice(("male", "female", None)),
                "birth": rng.choice(("1990-01-01", "1985-05-05", None)),
                "education": rng.choice(("20", "30", None)),
            }
            work.put(records.TRAINEE, key, fields)
            if rng.random() < 0.6:
                class_id = rng.choice((office.class_id, office.other_class_id))
                funding = {"category": rng.choice(("student", "employee")), "enrolled_on": "2020-11-09"}
                work.put(records.ENROLMENT, class_id + key, funding)
    return services


def _fits(text: str, name: str, document: str, phone: str) -> bool:
    """What the search promises, in plain words."""
    plain = " ".join(text.replace("\u200b", "").split()).lower()
    if "王 建" in plain:
        plain = plain.replace(" ", "")
    spelt = any(one.startswith(plain) for one in pinyin.initials(name))
    number = "".join(sign for sign in text.upper() if sign.isalnum())
    by_number = any(sign.isdigit() for sign in number) and (number in document or number in phone)
    return plain in name.lower() or (plain.isascii() and plain.isalpha() and spelt) or by_number


@pytest.mark.parametrize("dense", [trainee_list.DENSE, 0])
def test_the_search_finds_what_a_plain_reading_finds(
    crowd: Services, office: Office, monkeypatch: pytest.MonkeyPatch, dense: int
) -> None:
    """Every text, through the index as along the list."""
    monkeypatch.setattr(trainee_list, "DENSE", dense)
    rows = ask_all(office)
    hits = 0
    for text in TEXTS:
        wanted = {key for key, *words in rows if _fits(text, *words)}
        found = [item.id for item in crowd.trainees.page(TraineeQuery(text))]
        assert set(found) == wanted, text
        assert len(found) == len(wanted) == crowd.trainees.count(TraineeQuery(text)), text
        hits += bool(wanted)
    assert hits > len(TEXTS) / 2


def ask_all(office: Office) -> list[tuple[bytes, str, str, str]]:
    """Key, name, number and phone of every trainee."""
    assert office.profile.context is not None
    with office.profile.context.read() as sql:
        rows = sql.exec_driver_sql("SELECT id, name, document_number, phone FROM trainee WHERE gone = 0")
        return [(row[0], row[1] or "", row[2] or "", row[3] or "") for row in rows]


_ORDERS = {
    TraineeSort.NAME: lambda item: item.name,
    TraineeSort.SEX: lambda item: item.sex,
    TraineeSort.AGE: lambda item: None if item.birth is None else -item.birth.toordinal(),
    TraineeSort.CATEGORY: lambda item: item.category,
    TraineeSort.CLASSES: lambda item: "\n".join(item.classes) or None,
    TraineeSort.EDUCATION: lambda item: item.education,
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", list(TraineeSort))
def test_windows_are_one_order_without_gap(crowd: Services, sort: TraineeSort, descending: bool) -> None:
    """Who lacks the value comes last either way, and everybody's place is told."""
    query = TraineeQuery(sort=sort, descending=descending)
    trainees = crowd.trainees
    whole = trainees.page(query)
    pieces = [item for start in range(0, 100, 20) for item in trainees.page(query, start, 20)]
    assert pieces == whole
    assert len(whole) == trainees.count(query) == 93
    assert [trainees.place(query, item.id) for item in whole] == list(range(93))
    if sort in _ORDERS:
        values = [_ORDERS[sort](item) for item in whole]
        present = [value for value in values if value is not None]
        assert present == sorted(present, reverse=descending)
        assert values[len(present) :] == [None] * (len(values) - len(present))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("text", ["王", "4201", "建国", "w", "138", "o'n"])
def test_windows_of_a_search_are_one_order_too(crowd: Services, text: str, descending: bool) -> None:
    """Read in the order of the index, which does not know what follows the first characters of a name."""
    query = TraineeQuery(text, descending=descending)
    whole = crowd.trainees.page(query)
    assert whole == sorted(whole, key=lambda item: (item.name, item.id), reverse=descending)
    for size in (1, 7, 20):
        pieces = [item for start in range(0, 100, size) for item in crowd.trainees.page(query, start, size)]
        assert pieces == whole
    assert whole


def test_more_namesakes_than_numbers_are_found_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a row, though out of order."""
    for module in (search_index, search_terms, trainee_list):
        monkeypatch.setattr(module, "NAMESAKES", 4)
    services = office.as_role("office")
    with services.context.unit_of_work("import_roster") as work:
        for n in range(30):
            work.put(records.TRAINEE, b"namesake %07d" % n, {"name": "王伟" if n % 3 else "赵伟"})
    trainees = services.trainees
    assert [item.name for item in trainees.page(TraineeQuery("伟"))] == ["王伟"] * 20 + ["赵伟"] * 10
    assert trainees.count(TraineeQuery("伟")) == 30


@pytest.mark.parametrize("text", ["", "王", "4201"])
def test_filters_narrow_what_is_listed(crowd: Services, text: str) -> None:
    """By category, class or none, alone and together, with a search or without."""
    trainees = crowd.trainees
    found = trainees.page(TraineeQuery(text))
    for code, category, without in (
        ("电工01班", None, False), (None, "student", False), ("焊工01班", "employee", False), (None, None, True),
        ("没有01班", None, False),
    ):  # fmt: skip
        query = TraineeQuery(text, category, code, without)
        wanted = [
            item
            for item in found
            if (code is None or code in item.classes)
            and (category is None or item.category == category)
            and not (without and item.classes)
        ]
        assert trainees.page(query) == wanted
        assert trainees.count(query) == len(wanted)
        assert wanted or code == "没有01班"


def test_the_head_counts_everybody(crowd: Services) -> None:
    """Total, categories, and those without a class, as the list has them."""
    everybody = crowd.trainees.page(TraineeQuery())
    facts = crowd.trainees.facts()
    assert (facts.total, facts.without_class) == (93, sum(not item.classes for item in everybody))
    listed = [item.category for item in everybody]
    assert facts.by_category == {code: listed.count(code) for code in set(listed) if code}
    assert facts.class_codes == ("焊工01班", "电工01班")


def test_others_see_their_own_people_only(crowd: Services, office: Office) -> None:
    """The adviser's class, whatever is asked, and numbers whole only for who may not reveal them."""
    everybody = {item.id for item in crowd.trainees.page(TraineeQuery(class_code="电工01班"))}
    trainees = office.as_role(Role.ADVISER).trainees
    query = TraineeQuery()
    assert {item.id for item in trainees.page(query)} == everybody
    assert trainees.count(query) == trainees.facts().total == len(everybody)
    assert trainees.facts().class_codes == ("电工01班",)
    assert trainees.page(TraineeQuery("王"), 0, 2) == trainees.page(TraineeQuery("王"))[:2]
    teacher = office.as_role(Role.TEACHER).trainees
    assert teacher.count(TraineeQuery("420106")) == 0
    assert teacher.count(TraineeQuery("420106199001011234")) > 0
    assert teacher.place(query, b"nobody") is None


def test_a_changed_name_or_class_is_found_at_once(crowd: Services, office: Office) -> None:
    """And what it was is found no more."""
    trainees = crowd.trainees
    person = office.people[0]
    trainees.edit(person, {"name": "范晓宇"}, "录入有误")
    assert [item.id for item in trainees.page(TraineeQuery("范晓"))] == [person]
    assert trainees.page(TraineeQuery("范雨")) == []
    crowd.classes.edit_class(office.class_id, {"code": "电工09班"})
    assert trainees.page(TraineeQuery("范晓宇"))[0].classes == ("电工09班",)
    crowd.history.undo()
    crowd.history.undo()
    assert [item.classes for item in trainees.page(TraineeQuery("范雨"))] == [("电工01班",)]
    assert ask(office, "SELECT count(*) FROM trainee_term") == ask(
        office, "SELECT count(*) FROM trainee_list"
    )
