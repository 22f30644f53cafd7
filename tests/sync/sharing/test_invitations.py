"""A computer becomes a workstation by an invitation: real profiles, a real relay."""

from __future__ import annotations

import shutil

import pytest

from desktop_app import bootstrap
from desktop_app.domain.credit_codes import uscc_check_character
from desktop_app.domain.errors import AppError
from desktop_app.services.devices import DeviceService
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.services.sharing import SharingService
from sync.sharing.http_transport import RelayCaller
from sync.sharing.invitation_codes import InvitationCode, new_code, read_code
from sync.sharing.joining import InvitedProfile
from tests.factories.offices import PASSWORD
from tests.sync.sharing.profile_desks import code_of


def test_a_computer_joins_by_a_code_and_agrees_with_the_office(first, desk):
    second = desk("second")
    invited = first.invite()
    joined = second.join(invited.code)
    assert joined.institution == "江城职业学院"
    assert joined.entries > 20
    first.share()
    assert second.state() == first.state()
    assert second.services.sharing.counts()[0] == 0
    names = {item.id: item.revoked for item in first.services.accounts.list_devices()}
    assert names == {first.device: False, second.device: False}
    assert second.services.history.verify().ok
    second.again()
    second.log_in()
    assert second.services.accounts.institution().name == "江城职业学院"


def test_what_the_new_workstation_writes_reaches_the_office(first, desk):
    second = desk("second")
    second.join(first.invite().code)
    second.services.accounts.reset_password("office", PASSWORD)
    second.log_in("office")
    bootstrap.services(second.profile).sites.add_site("东校区", "420111", "珞喻路9号")
    second.log_in()
    second.share()
    first.share()
    assert first.state() == second.state()
    assert "东校区" in {site.name for site in first.services.sites.list_sites()}


def test_two_invitations_at_once_admit_two(first, desk):
    second, third = desk("second"), desk("third")
    codes = [first.invite().code, first.invite().code]
    second.join(codes[1])
    third.join(codes[0])
    for one in (first, second):
        one.share()
    assert first.state() == second.state() == third.state()
    assert len(first.services.accounts.list_devices()) == 3


def test_a_code_admits_one_and_whoever_comes_second_finds_the_folder_as_it_was(first, desk):
    second, third = desk("second"), desk("third")
    code = first.invite().code
    second.join(code)
    assert code_of(lambda: third.join(code)) == "INVITATION_USED"
    assert not third.profile.is_set_up
    third.again()
    third.join(first.invite().code)
    assert third.services.accounts.institution().name == "江城职业学院"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"), "INVITATION_CODE_WRONG"),
        (lambda _: "nonsense", "INVITATION_CODE_WRONG"),
        (lambda _: new_code().text(), "INVITATION_UNKNOWN"),
        (lambda code: InvitationCode(read_code(code).lookup, new_code().secret).text(), "INVITATION_UNKNOWN"),
    ],
)
def test_a_wrong_code_is_told_and_spoils_nothing(first, desk, told, code):
    second = desk("second")
    right = first.invite().code
    assert code_of(lambda: second.join(told(right))) == code
    assert not second.profile.is_set_up
    second.join(right.lower().replace("-", " "))


def test_an_invitation_is_over_after_24_hours(first, desk, platform):
    second = desk("second")
    code = first.invite().code
    platform.clock.move(hours=25)
    assert code_of(lambda: second.join(code)) == "INVITATION_EXPIRED"
    assert not second.profile.is_set_up


def test_only_whom_the_invitation_names_administers_and_the_right_name_goes_on(first, desk):
    second = desk("second")
    code = first.invite().code
    assert code_of(lambda: second.join(code, login="office")) == "INVITATION_OF_OTHER"
    second.again()
    second.join(code)
    assert second.services.context.require_actor().user.login == "admin"


_USCC = "12420000420000001"
USCC = _USCC + uscc_check_character(_USCC)
LAST = "the entry is written"
STEPS = {
    "the store is empty": (Profile, "_give_keys"),
    "the invitation was asked for": (RelayCaller, "accept"),
    "the invitation is kept": (DeviceService, "keep_ticket"),
    "pages are fetched": (SharingService, "take"),
    "the journal is here": (Profile, "finish_joining"),
    LAST: (InvitedProfile, "_tell"),
}


def test_joining_that_is_broken_off_at_every_step_goes_on_where_it_was(first, desk, monkeypatch):
    second = desk("second")
    code = first.invite().code
    for step, after in [(step, after) for step in STEPS for after in (False, True)]:
        place, name = STEPS[step]
        with monkeypatch.context() as patch:
            patch.setattr(place, name, killed(getattr(place, name), after=after))
            with pytest.raises(KeyboardInterrupt):
                second.join(code)
        second.again()
        if step == LAST:
            break
        if second.profile.is_set_up:
            assert code_of(second.log_in) == "JOIN_UNFINISHED"
    assert code_of(lambda: second.join(code)) == "PROFILE_EXISTS"
    second.share()
    first.share()
    assert first.state() == second.state()
    assert len(first.services.accounts.list_devices()) == 2


def killed(done, *, after: bool):
    """What a step is when the process dies before or after it."""

    def step(*args, **kwargs):
        if after:
            done(*args, **kwargs)
        raise KeyboardInterrupt

    return step


def test_joining_may_be_cancelled_and_goes_on(first, desk):
    class Cancelled:
        def is_cancelled(self) -> bool:
            return True

    second = desk("second")
    code = first.invite().code
    joining = bootstrap.joining(second.profile)
    assert (
        code_of(lambda: joining.join("admin", PASSWORD, code, relay=second.relay, cancel=Cancelled()))
        == "CANCELLED"
    )
    second.again()
    assert second.join(code).entries > 20


def test_a_profile_in_use_does_not_join(first, desk):
    second = desk("second")
    second.join(first.invite().code)
    second.again()
    assert code_of(lambda: second.join(first.invite().code)) == "PROFILE_EXISTS"


def test_an_office_without_a_relay_invites_by_a_file_that_is_good_once(first, desk, tmp_path):
    second, third = desk("second"), desk("third")
    file = tmp_path / "加入.invite"
    code = first.invite(file=file).code
    assert code_of(lambda: second.join(new_code().text(), file=file)) == "INVITATION_UNKNOWN"
    joined = second.join(code, file=file)
    assert joined.entries > 20
    assert len(second.services.accounts.list_devices()) == 2
    assert code_of(lambda: third.join(code, file=file)) == "INVITATION_USED"


def test_a_copy_of_a_file_is_told_by_the_relay(first, desk, tmp_path):
    second, third = desk("second"), desk("third")
    file, copy = tmp_path / "加入.invite", tmp_path / "copy.invite"
    code = first.invite(file=file, relay=first.relay).code
    shutil.copy(file, copy)
    second.join(code, file=file)
    assert code_of(lambda: third.join(code, file=copy)) == "INVITATION_USED"


@pytest.mark.parametrize("damage", [lambda data: data[:40], lambda data: b"x" + data, lambda data: b""])
def test_a_damaged_invitation_file_is_told(first, desk, tmp_path, damage):
    second = desk("second")
    file = tmp_path / "加入.invite"
    code = first.invite(file=file).code
    file.write_bytes(damage(file.read_bytes()))
    assert code_of(lambda: second.join(code, file=file)) == "INVITATION_FILE_WRONG"
    assert not second.profile.is_set_up


def test_without_a_way_nobody_is_invited_or_joins(first, desk):
    membership = bootstrap.membership(first.services)
    assert code_of(membership.invite) == "INVITATION_WAY_MISSING"
    joining = bootstrap.joining(desk("second").profile)
    assert code_of(lambda: joining.join("admin", PASSWORD, new_code().text())) == "RELAY_NEEDED"


def test_the_relay_is_reached_before_anything_of_an_invitation_is_written(first):
    before = first.state()
    away = bootstrap.membership(first.services)
    assert code_of(lambda: away.invite(relay="http://example.cn")) == "RELAY_URL"
    assert first.state() == before


def test_a_demo_is_joined_as_a_demo(desk, place):
    first, second = desk("first"), desk("second")
    institution = NewInstitution("江城职业学院", USCC, "420111", "public-vocational", demo=True)
    first.profile.set_up(institution, "admin", "王主任", PASSWORD)
    second.join(first.invite().code)
    assert second.services.accounts.institution().demo
    assert second.profile.files.demo_mark.exists()
    second.again()
    second.log_in()
    second.share()
    assert second.profile.files.demo_mark.exists()


def test_a_code_survives_how_people_write_it():
    code = new_code()
    text = code.text()
    assert len(text.replace("-", "")) == 32
    assert read_code(text) == code
    assert read_code(text.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code


def test_one_slip_of_the_pen_is_nearly_always_told():
    """Else it costs a question to the relay and a wrong answer."""
    text = InvitationCode(b"abcde", bytes(range(1, 16))).text().replace("-", "")
    slips = [text[:n] + ("7" if text[n] != "7" else "8") + text[n + 1 :] for n in range(len(text))]
    told = [slip for slip in slips if not is_code(slip)]
    assert len(told) >= 30


def is_code(text: str) -> bool:
    try:
        read_code(text)
    except AppError:
        return False
    return True


def test_a_withdrawn_invitation_lets_nobody_in(first, desk):
    code = first.invite().code
    (invitation,) = [one for one in first.services.devices.overview().invitations if one.state == "open"]
    first.services.devices.withdraw(invitation.id)
    first.share()
    assert code_of(lambda: desk("second").join(code)) == "INVITATION_EXPIRED"
    seen = first.services.devices.overview()
    assert seen.invitations[0].state == "over"
    assert seen.others == 0


def test_an_invitation_that_somebody_has_come_in_by_is_not_withdrawn(first, desk):
    second = desk("second")
    second.join(first.invite().code)
    first.share()
    (invitation,) = first.services.devices.overview().invitations
    assert (invitation.state, invitation.by) == ("used", "王主任")
    assert code_of(lambda: first.services.devices.withdraw(invitation.id)) == "INVITATION_USED"
    assert first.services.devices.overview().others == 1
