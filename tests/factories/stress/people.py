"""Synthetic people: usual surnames and given names, so that many share a name, and valid documents, each used once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.factories.stress.plan import Audience


def _words(text: str) -> list[str]:
    return text.split()


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# The most frequent first; frequency falls with the place, as it does among people.
_SURNAMES = _words("""
王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 韩 邓
冯 曹 彭 曾 肖 田 董 潘 袁 蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭
陆 范 汪 廖 石 金 贾 夏 韦 付 方 邹 熊 白 孟 秦 邱 侯 江 尹 薛 闫 段 雷 龙 黎 史 陶
贺 毛 郝 顾 龚 邵 万 覃 武 钱 戴 严 欧 莫 孔 向 常 欧阳 上官 司马 诸葛 皇甫
""")
_MEN = _words("""
伟 强 磊 军 勇 杰 涛 明 超 刚 平 辉 鹏 华 飞 鑫 波 斌 宇 浩 凯 健 俊 帆 帅 旭 宁 龙 林 阳
建国 志强 建华 文斌 国强 浩然 子轩 俊杰 天佑 志远
""")
_WOMEN = _words("""
芳 娜 敏 静 丽 艳 娟 霞 燕 玲 婷 雪 倩 琳 慧 颖 洁 莉 梅 萍 红 云 莹 丹 佳 欣
桂英 秀英 玉兰 玉梅 秀兰 海燕 雨涵 梓涵 诗琪 晓燕 春梅 丽娟 欣怡 思雨
""")
_MIDDLE = _words("""
建 志 文 国 海 晓 春 秀 小 玉 永 金 德 明 世 家 天 子 思 雨 梓 嘉 俊 雅 美 丽 新 红
少 云
""")
_WITH_DOT = ("阿依古丽", "买买提", "古丽娜尔", "迪丽拜尔", "艾力", "热孜万", "吐尔逊", "帕提古丽")
_REGIONS = _words("""
420102 420103 420104 420105 420106 420107 420111 420112 420115 420116 420202 420281
420302 420381 420502 420506 420525 420582 420602 420606 420624 420682 420702 420802
420822 420902 420921 420981 421002 421023 421083 421102 421121 421126 421182 421202
421221 421302 421321 422801 422802 429004 429005 429006 429021
""")
_ELSEWHERE = ("410105", "430103", "360102", "340104", "500106", "510107", "511523", "610113")
_TOWNS = ("建设", "新华", "解放", "人民", "和平", "长江", "汉江", "中山", "珞喻", "民主")
_MOBILE = (
    "130",
    "131",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "155",
    "158",
    "180",
    "186",
    "189",
)
_AGES = {Audience.STUDENT: (17, 22), Audience.KEY_GROUP: (20, 49), Audience.EMPLOYEE: (22, 49)}
_EDUCATION = {
    Audience.STUDENT: ("大专在读", "中专在读", "本科在读"),
    Audience.KEY_GROUP: ("初中", "高中", "中专", "大专", "本科"),
    Audience.EMPLOYEE: ("高中", "中专", "大专", "本科"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody types of one person."""

    name: str
    document_number: str
    phone: str
    address: str
    education: str
    ethnicity: str
    household: str

    def fields(self) -> dict[str, str]:
        """Return the fields as a roster's row would give them."""
        return {
            "name": self.name,
            "document_number": self.document_number,
            "phone": self.phone,
            "address": self.address,
            "education": self.education,
            "ethnicity": self.ethnicity,
            "household_region": self.household,
        }


class People:
    """An endless row of people; no document number comes twice."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"people {seed}")
        self._weights = [1 / (place + 4) for place in range(len(_SURNAMES))]
        self._given = {"1": _MEN, "2": _WOMEN}
        self._used: set[str] = set()

    def next(self, audience: Audience, today: date) -> Person:
        """Return one more person who fits an audience on a day."""
        draw = self._random
        sex = draw.choice("12")
        region = draw.choice(_REGIONS if draw.random() < 0.93 else _ELSEWHERE)
        return Person(
            name=self._name(sex),
            document_number=self._document(region, sex, audience, today),
            phone=f"{draw.choice(_MOBILE)}{draw.randrange(10**8):08}",
            address=f"{draw.choice(_TOWNS)}路{draw.randrange(1, 400)}号{draw.randrange(1, 30)}栋",
            education=draw.choice(_EDUCATION[audience]),
            ethnicity="汉族" if draw.random() < 0.95 else "土家族",
            household=region,
        )

    def _name(self, sex: str) -> str:
        draw = self._random
        if draw.random() < 0.002:
            return f"{draw.choice(_WITH_DOT)}·{draw.choice(_WITH_DOT)}"
        surname = draw.choices(_SURNAMES, self._weights)[0]
        given = draw.choice(self._given[sex])
        if len(given) == 1 and draw.random() < 0.6:
            given = draw.choice(_MIDDLE) + given
        return surname + given

    def _document(self, region: str, sex: str, audience: Audience, today: date) -> str:
        youngest, oldest = _AGES[audience]
        while True:
            age_days = self._random.randrange(youngest * 366, oldest * 365)
            birth = today - timedelta(days=age_days)
            order = self._random.randrange(0, 500) * 2 + (sex == "1")
            number = with_check_digit(f"{region}{birth:%Y%m%d}{order:03}")
            if number not in self._used:
                self._used.add(number)
                return number


def with_check_digit(seventeen: str) -> str:
    """Return an 18-digit document number (GB 11643, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return seventeen + _CHECK[total % 11]
