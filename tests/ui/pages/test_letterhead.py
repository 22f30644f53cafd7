"""文书抬头 in the settings."""

from __future__ import annotations

from tests.factories.pictures import jpeg
from tests.ui.pages.user import press


def test_words_and_logo_are_set_shown_and_taken_away(office, tmp_path):
    card = office.page("settings").letterhead
    picture = tmp_path / "标志.jpg"
    picture.write_bytes(jpeg("标", (300, 100)))
    card.choose_picture = lambda: [picture]
    card.text.insert("培训基地")
    press(card.picture_button)
    assert office.told[-1] == "已保存文书抬头"
    assert card.logo.pixmap().height() == 40
    found = office.services.letterheads.current()
    assert (found.text, bool(found.logo)) == ("培训基地", True)
    press(card.remove_button)
    assert not office.services.letterheads.current().logo
    assert card.logo.isHidden()


def test_who_may_not_change_it_sees_it_only(admin):
    card = admin.page("settings").letterhead
    assert card.text.isReadOnly()
    assert card.save_button.isHidden()
