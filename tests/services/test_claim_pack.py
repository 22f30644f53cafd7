"""The claim's papers agree with each other, and its pack is one PDF whose contents lead to the right pages."""

from __future__ import annotations

import pypdfium2
import pytest

from tests.e2e.rules.claims import CHANNEL, published
from tests.e2e.rules.graduates import PASSED
from tests.factories.desks import client, password

__all__ = ["client", "password"]


def pages_of(path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return texts


@pytest.mark.usefixtures("password")
def test_the_pack_is_bound_with_contents_and_its_papers_name_one_sum(client, tmp_path):
    published(client, tmp_path)
    pack = tmp_path / "材料.pdf"
    told = client.run("claim", "pack", *CHANNEL, "--out", pack)
    texts = pages_of(pack)
    assert (told["pages"], told["lacking"]) == (len(texts), [])
    assert [item for item in told["items"] if item in {"身份证明", "签到表", "退役军人证", "公示及异议"}]
    numbered = [f"材料第 {number} 页 共 {len(texts)} 页" for number in range(1, len(texts) + 1)]
    assert [number for number, text in zip(numbered, texts, strict=True) if number not in text] == []
    assert all(item in texts[0] for item in told["items"])
    sums = []
    for kind in ("summary", "people", "notice"):
        paper = tmp_path / f"{kind}.pdf"
        client.run("claim", "paper", *CHANNEL, kind, "--out", paper)
        text = "".join(pages_of(paper))
        sums.append("1,200.00" in text)
        assert ("壹仟贰佰元整" in text) == (kind != "notice")
    assert sums == [True, True, True]
    text = "".join(pages_of(tmp_path / "notice.pdf"))
    assert PASSED in text
    assert "420106199001011039" not in text
    assert "3202000000" not in text
    client.run("claim", "paper", *CHANNEL, "lacks", "--out", tmp_path / "lacks.xlsx")
