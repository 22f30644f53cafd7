"""The loader of files and sentences, and the fonts and icons that it finds."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from reportlab.pdfbase.ttfonts import TTFont

import resources
from tests.source_tree import ROOT

RARE = "𬱖㛃䶮𫖯𬭎㐱𠅤𬀩龘"
MARKS = "√△▽○×"


@pytest.fixture
def own_sentences(tmp_path, monkeypatch):
    """An empty resources folder of the test's own; returns a function that writes a fragment."""
    monkeypatch.setattr(resources, "_ROOT", tmp_path)
    resources.load_json.cache_clear()
    resources.sentences.cache_clear()

    def write(language, name, **content):
        folder = tmp_path / "i18n" / language
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")

    yield write
    resources.load_json.cache_clear()
    resources.sentences.cache_clear()


def test_path_is_absolute_and_below_resources():
    icon = resources.path("icons", "app.svg")
    assert icon.is_absolute()
    assert icon == ROOT / "resources" / "icons" / "app.svg"


def test_text_is_chinese_unless_asked_otherwise():
    assert resources.text("app.name") == "赋能提质培训管理客户端"
    assert resources.text("app.name", "en") == "Training Client"


def test_placeholders_are_filled_by_name():
    assert resources.text("app.version", version="1.2.3") == "版本 1.2.3"


def test_a_placeholder_may_be_named_key(own_sentences):
    own_sentences("zh", "a.json", **{"a.b": "<{key}>"})
    assert resources.text("a.b", key=7) == "<7>"


def test_a_missing_placeholder_is_an_error():
    with pytest.raises(KeyError, match="version"):
        resources.text("app.version")


def test_a_missing_key_is_an_error_and_can_be_asked_for_first():
    with pytest.raises(KeyError):
        resources.text("app.no_such_sentence")
    assert not resources.has_text("app.no_such_sentence")
    assert resources.has_text("app.name")


def test_an_unknown_language_is_an_error():
    with pytest.raises(KeyError, match="fr"):
        resources.text("app.name", "fr")


def test_fragments_of_a_language_are_one(own_sentences):
    own_sentences("zh", "a.json", **{"a.one": "一"})
    own_sentences("zh", "b.json", **{"b.two": "二"})
    assert resources.sentences("zh") == {"a.one": "一", "b.two": "二"}


def test_a_key_in_two_fragments_is_an_error(own_sentences):
    own_sentences("zh", "a.json", **{"a.one": "一"})
    own_sentences("zh", "b.json", **{"a.one": "1"})
    with pytest.raises(ValueError, match=r"b\.json repeats the key a\.one"):
        resources.text("a.one")


def test_json_is_read_once(own_sentences):
    own_sentences("zh", "a.json", **{"a.one": "一"})
    assert resources.load_json("i18n", "zh", "a.json") is resources.load_json("i18n", "zh", "a.json")


def test_loading_needs_only_the_standard_library_and_reads_nothing_at_import():
    code = (
        "import resources, sys; assert resources.sentences.cache_info().currsize == 0;"
        "assert not any('site-packages' in (getattr(m, '__file__', None) or '') for m in sys.modules.values());"
        "print(resources.text('app.name', 'en'))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "Training Client"


@pytest.mark.parametrize("family", ["NotoSansSC", "NotoSerifSC"])
@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_fonts_have_rare_names_and_attendance_marks(family, weight):
    font = TTFont(f"test-{family}-{weight}", str(resources.path("fonts", f"{family}-{weight}.ttf")))
    missing = [character for character in RARE + MARKS if ord(character) not in font.face.charToGlyph]
    assert missing == []
    assert "SIL Open Font License" in resources.path("fonts", f"OFL-{family}.txt").read_text(encoding="utf-8")


def test_every_icon_is_a_square_drawing():
    icons = sorted(resources.path("icons").glob("*.svg"))
    assert len(icons) >= 50
    for icon in icons:
        width, height = ET.fromstring(icon.read_text(encoding="utf-8")).attrib["viewBox"].split()[2:]
        assert width == height, icon.name


def test_icons_take_the_colour_of_the_theme():
    fixed = [
        icon.name
        for icon in resources.path("icons").glob("*.svg")
        if icon.name != "app.svg" and 'stroke="currentColor"' not in icon.read_text(encoding="utf-8")
    ]
    assert fixed == []
