"""One small import of each kind into the office's class, for the permission matrix."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.container import Services
from tests.factories.offices import Office

CLASS = "电工01班"
SHEETS = {
    WorkbookKind.ROSTER: "序号,姓名,公民身份号码,性别\n1,肖兰芳,42062519970427945X,男\n",
    WorkbookKind.TIMETABLE: (
        "序号,日期,开始时间,结束时间,课时,授课内容,授课方式,地点,授课教师\n"
        "4,2020-11-13,14:00,17:20,4,照明线路,线下,实训楼B203,周敏\n"
    ),
    WorkbookKind.ATTENDANCE: "序号,姓名,11-09\n1,范雨,△\n2,苏国,√\n3,戚刚,√\n",
    WorkbookKind.SCORES: "序号,姓名,准考证号,理论,实操\n1,范雨,4201,80,81\n2,苏国,4202,70,71\n3,戚刚,4203,90,61\n",
    WorkbookKind.CERTIFICATES: "序号,姓名,证书编号,发证日期\n1,范雨,S000042013000204200001,2020-11-20\n",
    WorkbookKind.EMPLOYMENT: "序号,姓名,就业状态,跟踪日期\n1,范雨,未就业,2020-11-09\n",
}


def _attempt(kind: WorkbookKind) -> Callable[[Services, Office], object]:
    def run(services: Services, office: Office) -> object:
        path = office.profile.files.folder / f"{kind.value}.csv"
        path.write_text(SHEETS[kind], encoding="utf-8-sig")
        return services.imports.apply(services.imports.plan(kind, path, CLASS))

    return run


IMPORTS = {f"import_{kind.value}": _attempt(kind) for kind in WorkbookKind}
