"""补贴: amounts, money, pack, payees, students, and every cause that keeps a claim back (R17–R19, R35)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import claims
from desktop_app.domain.claims import Claimant, Decided, Decision, Notice, NoticeTerms, PayeeKind, Terms
from desktop_app.domain.claims.readiness import months_after
from desktop_app.domain.errors import AppError
from desktop_app.domain.money import capital
from desktop_app.domain.policy_parameters import Owner, PolicyBook, PolicyParameter
from desktop_app.domain.rules import Severity

CLASS = b"c" * 16
DAY = date(2021, 1, 15)
READY = Claimant(
    b"t" * 16,
    "钱进",
    chosen_group="unemployed",
    channel="skill_action",
    attended=48,
    planned=60,
    passed=True,
    passed_on=date(2020, 12, 1),
    certificate="S000042013000204200001",
    certified_on=date(2020, 12, 10),
    amount=120_000,
)


def parameter(code: str, value: object, document: str | None = None) -> PolicyParameter:
    return PolicyParameter(code, value, document=document)


def terms(**more: object) -> Terms:
    fixed = {"attendance": parameter("attendance_rate", 8000), "months": parameter("claim_months", 12)}
    return Terms(CLASS, "电工2020-09班", "skill_action", **({"on": DAY} | fixed | more))


def codes(findings: tuple) -> list[str]:
    return [one.error.code for one in findings]


def table(*rows: dict, document: str | None = "鄂人社〔2020〕9号") -> PolicyBook:
    return PolicyBook(
        (PolicyParameter("subsidy_amounts", list(rows), document=document, owner=Owner.INSTITUTION),)
    )


def test_the_standard_is_the_tables_then_the_levels_then_the_catalogues():
    book = table({"trade": "电工", "level": "skill5", "fen": 100_000}, {"level": "skill4", "fen": 150_000})
    assert claims.standard_for(book, DAY, "电工", "skill5") == claims.Standard(100_000, "鄂人社〔2020〕9号")
    assert claims.standard_for(book, DAY, "焊工", "skill4").fen == 150_000
    assert claims.standard_for(book, DAY, "焊工", "skill5") is None
    assert claims.standard_for(book, DAY, "焊工", "skill5", catalogue_fen=80_000) == claims.Standard(80_000)


@pytest.mark.parametrize("fen", [0, -5, "100", True, None, 10.5])
def test_a_row_of_the_table_without_whole_money_counts_for_nothing(fen):
    assert (
        claims.standard_for(table({"trade": "电工", "level": "skill5", "fen": fen}), DAY, "电工", "skill5")
        is None
    )


def test_a_bare_completion_is_paid_its_share_rounded_down():
    standard = claims.Standard(99_999)
    assert claims.amount_of(standard, certified=True) == 99_999
    assert claims.amount_of(standard, certified=False, share=5_000) == 49_999
    assert claims.amount_of(standard, certified=False) == claims.amount_of(None, certified=True) == 0


PEOPLE = st.dictionaries(st.binary(min_size=1, max_size=2), st.integers(1, 10**8), max_size=8)


@given(PEOPLE, st.data())
def test_the_parts_of_a_claim_add_up_to_what_was_claimed(lines, data):
    decisions = {
        person: Decided(data.draw(st.sampled_from(Decision)), data.draw(st.integers(0, fen)))
        for person, fen in lines.items()
        if data.draw(st.booleans())
    }
    payments = [(person, data.draw(st.integers(-fen, fen))) for person, fen in lines.items()]
    money = claims.claim_money(lines, decisions, payments)
    assert money.claimed == sum(lines.values())
    assert money.approved + money.reduced + money.refused + money.undecided == money.claimed
    assert money.paid - money.recovered == sum(fen for _, fen in payments)


DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(words: str) -> int:
    """Read 人民币大写 as 分, sign by sign."""
    total = section = digit = 0
    for sign in words.removesuffix("整"):
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in UNITS:
            section, digit = section + digit * UNITS[sign], 0
        elif sign in "万亿":
            total, section, digit = (
                total + (section + digit) * (10_000 if sign == "万" else 10**8),
                0,
                0,
            )
        elif sign == "元":
            total, section, digit = (total + section + digit) * 100, 0, 0
        else:
            total, digit = total + digit * (10 if sign == "角" else 1), 0
    return total


@given(st.integers(0, 10**13))
def test_capital_letters_read_back_to_the_number(fen):
    assert read_back(capital(fen)) == fen


def test_an_answer_moves_only_what_was_submitted():
    nothing = claims.ClaimMoney(100)
    assert claims.stands_as("published", decided=True, money=nothing) == "published"
    assert claims.stands_as("submitted", decided=False, money=nothing) == "submitted"
    assert claims.stands_as("submitted", decided=True, money=nothing) == "decided"
    assert claims.stands_as("submitted", decided=True, money=replace(nothing, paid=1)) == "paid"
    assert (
        claims.stands_as("submitted", decided=True, money=replace(nothing, paid=1, recovered=1))
        == "recovered"
    )


def test_who_has_everything_is_ready():
    assert claims.check_claimant(READY, terms()) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "withdrawn"}, "CLAIM_NOT_COMPLETED"),
        ({"channel": "employment_fund"}, "CLAIM_OTHER_CHANNEL"),
        ({"chosen_group": None}, "CLAIM_NO_GROUP"),
        ({"claimed": "焊工2020-03班"}, "CLAIM_TWICE"),
        ({"flags": ("证书编号重复",)}, "CLAIM_FLAGGED"),
        ({"blank": 1}, "CLAIM_MARKS_BLANK"),
        ({"passed": False, "certificate": None}, "CLAIM_NOT_PASSED"),
        ({"certificate": None}, "CLAIM_NO_CERTIFICATE"),
        ({"lacking": ("身份证明",)}, "CLAIM_PAPER_MISSING"),
        ({"amount": 0}, "CLAIM_NO_STANDARD"),
    ],
)
def test_each_cause_is_found_and_leads_to_its_person(change, code):
    found = claims.check_claimant(replace(READY, **change), terms())
    assert codes(found) == [code]
    assert found[0].severity is Severity.BLOCK
    assert found[0].key == CLASS + READY.trainee_id
    assert found[0].error.params["name"] == "钱进"


def test_attendance_is_compared_as_whole_numbers_and_blocks_only_with_a_document():
    assert claims.check_claimant(READY, terms()) == ()
    below = replace(READY, attended=47)
    assert [one.severity for one in claims.check_claimant(below, terms())] == [Severity.WARN]
    hard = terms(attendance=parameter("attendance_rate", 8000, "鄂人社〔2020〕9号"))
    assert [one.severity for one in claims.check_claimant(below, hard)] == [Severity.BLOCK]


def test_a_claim_is_late_from_the_day_after_twelve_months():
    last = terms(on=date(2021, 12, 10))
    assert claims.check_claimant(READY, last) == ()
    assert codes(claims.check_claimant(READY, terms(on=date(2021, 12, 11)))) == ["CLAIM_LATE"]
    assert months_after(date(2020, 8, 31), 6) == date(2021, 2, 28)
    assert months_after(date(2019, 8, 31), 6) == date(2020, 2, 29)


def test_a_bare_completion_may_be_claimed_where_its_share_is_fixed():
    assert claims.check_claimant(replace(READY, certificate=None), terms(share=5_000)) == ()


NOTICE = Notice("江城职院", "公告栏", date(2021, 1, 4), date(2021, 1, 8), "027-00000000")
FIVE = NoticeTerms(parameter("notice_working_days", 5, "鄂人社〔2020〕9号"))


def test_a_notice_of_five_working_days_is_long_enough_and_of_four_is_not():
    assert claims.check_notice(NOTICE, "电工班", FIVE) == ()
    short = claims.check_notice(replace(NOTICE, last=date(2021, 1, 7)), "电工班", FIVE)
    assert [(one.error.code, one.error.params["days"]) for one in short] == [("CLAIM_NOTICE_SHORT", 4)]
    weekend = replace(NOTICE, first=date(2021, 1, 8), last=date(2021, 1, 14))
    assert claims.check_notice(weekend, "电工班", FIVE) == ()
    backwards = claims.check_notice(replace(NOTICE, last=date(2021, 1, 3)), "电工班", FIVE)
    assert codes(backwards) == ["CLAIM_NOTICE_REVERSED"]


DONE = claims.Progress(CLASS, "电工班", 2, reviewed=True, notice=NOTICE)


def test_a_claim_goes_up_the_day_after_its_notice_ends():
    assert codes(claims.check_progress(DONE, date(2021, 1, 8))) == ["CLAIM_NOTICE_RUNS"]
    assert claims.check_progress(DONE, date(2021, 1, 9)) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"people": 0}, "CLAIM_EMPTY"),
        ({"lacking": ("开班备案及受理",)}, "CLAIM_CLASS_PAPER"),
        ({"reviewed": False}, "CLAIM_NOT_REVIEWED"),
        ({"own_work": True}, "CLAIM_REVIEW_OWN"),
        ({"notice": None}, "CLAIM_NO_NOTICE"),
        ({"objections": ("钱进",)}, "CLAIM_OBJECTED"),
    ],
)
def test_the_claim_as_a_whole_waits_for_each_step(change, code):
    assert codes(claims.check_progress(replace(DONE, **change), DAY)) == [code]


def test_before_the_review_only_what_is_there_already_is_asked():
    fresh = claims.Progress(CLASS, "电工班", 2)
    assert claims.check_progress(fresh, DAY, before_review=True) == ()


PAYEE = claims.Payee(PayeeKind.INSTITUTION, "江城职院", "工行", "3202 0000 0000", "委托书1号")


def test_a_payee_is_complete_with_holder_bank_account_and_paper():
    assert claims.check_payee(PAYEE, "电工班", "电工班") == ()
    assert codes(claims.check_payee(replace(PAYEE, paper=""), "电工班", "电工班")) == [
        "CLAIM_MANDATE_MISSING"
    ]
    assert codes(claims.check_payee(replace(PAYEE, bank=" "), "电工班", "电工班")) == ["CLAIM_PAYEE_LACKS"]
    assert claims.check_payee(replace(PAYEE, kind=PayeeKind.EMPLOYER, paper=""), "电工班", "电工班") == ()


def test_a_personal_card_with_a_wrong_check_digit_warns_and_a_company_account_never():
    card = claims.Payee(PayeeKind.PERSON, "钱进", "农行", "6222 0200 0000 0000 008", "票据1")
    found = claims.check_payee(card, "钱进", "电工班")
    assert [(one.error.code, one.severity) for one in found] == [("CLAIM_CARD_DOUBTFUL", Severity.WARN)]
    good = replace(card, account="4539578763621486")
    assert claims.check_payee(good, "钱进", "电工班") == ()
    assert codes(claims.check_payee(replace(good, paper=""), "钱进", "电工班")) == ["CLAIM_RECEIPT_MISSING"]


@pytest.mark.parametrize("kind", [claims.ChargeKind.TRAINING, claims.ChargeKind.CERTIFICATE])
def test_a_student_pays_nothing_for_training_and_certificate_whatever_document_there_is(kind):
    assert codes(claims.check_charge("钱进", "电工班", kind, 1, "某号文", student=True)) == ["STUDENT_FEE"]
    assert claims.check_charge("钱进", "电工班", kind, 0, "", student=True) == ()
    assert claims.check_charge("钱进", "电工班", kind, 1, "", student=False) == ()


def test_any_other_charge_to_a_student_needs_a_document():
    resit = claims.ChargeKind.RESIT
    assert codes(claims.check_charge("钱进", "电工班", resit, 5000, " ", student=True)) == [
        "STUDENT_CHARGE_DOCUMENT"
    ]
    assert claims.check_charge("钱进", "电工班", resit, 5000, "鄂价〔2020〕1号", student=True) == ()


def test_the_cost_of_a_student_names_its_source():
    assert codes(claims.check_cost("钱进", "电工班", None, student=True)) == ["STUDENT_COST_SOURCE"]
    assert claims.check_cost("钱进", "电工班", "tuition", student=True) == ()
    assert claims.check_cost("钱进", "电工班", None, student=False) == ()


def test_the_grant_base_counts_times_and_people_by_their_own_days():
    began, passed = date(2020, 12, 30), date(2021, 1, 5)
    fact = claims.GrantFact(b"1", "甲班", "电工", began, passed)
    again = replace(fact, class_code="乙班", passed_on=None)
    year = (date(2020, 1, 1), date(2020, 12, 31))
    assert claims.grant_base([fact, again], *year) == claims.GrantBase(2, 1, 0, 0)
    assert claims.grant_base([fact, again], date(2021, 1, 1), date(2021, 12, 31)) == claims.GrantBase(
        0, 0, 1, 1
    )


def test_the_pack_of_the_department_goes_before_the_channels_before_the_general_one():
    item = {"code": "id_card", "name": "身份证明", "per": "person", "form": "scan", "kinds": ["id_card"]}
    own = [
        {"channel": "skill_action", "from": "2021-01-01", "document": "武人社〔2021〕1号", "items": [item]},
        {"channel": "skill_action", "department": "武汉市人社局", "items": [item, item | {"code": "two"}]},
    ]
    book = PolicyBook((PolicyParameter("claim_pack:skill_action", own, owner=Owner.INSTITUTION),))
    assert len(claims.pack_on(PolicyBook(), DAY, "skill_action").items) > 10
    assert claims.pack_on(book, DAY, "skill_action").document == "武人社〔2021〕1号"
    assert claims.pack_on(book, date(2020, 12, 31), "skill_action").document == ""
    assert len(claims.pack_on(book, DAY, "skill_action", "武汉市人社局").items) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"form": "parchment"}, {"kinds": ["no_such_kind"]}, {"kinds": []}, {"count": 0}, {"per": "planet"}],
)
def test_a_wrong_checklist_is_refused_as_a_whole(wrong):
    item = {"code": "a", "name": "甲", "per": "class", "form": "scan", "kinds": ["plan"]} | wrong
    with pytest.raises(AppError) as caught:
        claims.read_packs([{"items": [item]}])
    assert caught.value.code == "CLAIM_PACK_WRONG"


def test_an_item_may_be_asked_of_some_groups_and_payees_alone():
    (pack,) = claims.read_packs(
        [
            {
                "items": [
                    {
                        "code": "a",
                        "name": "甲",
                        "per": "person",
                        "form": "scan",
                        "kinds": ["veteran"],
                        "groups": ["veteran"],
                        "payees": ["person"],
                    }
                ]
            }
        ]
    )
    (item,) = pack.items
    assert item.asked("veteran", "person")
    assert not item.asked("unemployed", "person")
    assert not item.asked("veteran", "institution")


def test_numbers_that_follow_each_other_are_a_run():
    assert claims.numbers_text([5, 1, 2, 3, 9, 8]) == "1–3、5、8–9"
    assert claims.numbers_text([]) == ""
