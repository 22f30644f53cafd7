"""群体与渠道 (二, 四.1, 五): what is known of a person, the matching groups with reasons, the one chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain import codes, qualification
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.enrolment import QualificationSheet
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.domain.willingness import Consent, consent_text
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, clear, hairline, label
from ui.wording import NOTHING

FACTS = qualification.FIELDS
GROUPS = ("student", "graduate", "school_leaver", *qualification.PROVEN_BY_PAPER, "employee")


class GroupPanel(FormPanel):
    """Facts are saved first, so that the list of groups follows them; then the group is chosen."""

    saved = Signal(str)

    def __init__(self, context: PageContext, member: MemberListItem) -> None:
        super().__init__()
        self._context, self._member = context, member
        self.sheet: QualificationSheet | None = None
        self._told = QVBoxLayout()
        self._told.setSpacing(4)
        self.column.insertLayout(0, self._told)
        self._add_fields()
        self._may = bool(context.services.context.may("choose_group"))
        self.choose_button = button(tr("group.choose"), "")
        self.choose_button.clicked.connect(self.choose)
        self.consent_button = button(tr("group.consent"), "")
        self.consent_button.setToolTip(consent_text(context.services.context.today()).text)
        self.consent_button.clicked.connect(self.record_consent)
        self._sensitive = QCheckBox(tr("wishes.sensitive"))
        self._sensitive.setToolTip(consent_text(context.services.context.today()).sensitive)
        self.column.addWidget(self._sensitive)
        self.form.edited.connect(self._draw_buttons)
        if not self._may:
            self.set_read_only()
        self.begin()
        self.fetch()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return (
            [self.consent_button, self.choose_button, self.make_save_button(tr("group.save_facts"))]
            if self._may
            else []
        )

    def fetch(self) -> None:
        """Read what is known and chosen."""
        service, member = self._context.services.qualification, self._member
        self._context.tasks.query(
            self, lambda: service.sheet(member.class_id, member.trainee_id), self._on_sheet, latest="sheet"
        )

    def save(self) -> None:
        facts = {name: str(value or "") for name, value in self.changes().items() if name in FACTS}
        service, person = self._context.services.qualification, self._member.trainee_id
        self._context.tasks.command(
            self,
            lambda: service.set_circumstances(person, facts),
            lambda _nothing: self._on_done("facts"),
            self._refused,
        )

    def choose(self) -> None:
        """Fix the chosen group with channel and organisers."""
        values, service, member = self.form.values(), self._context.services.qualification, self._member
        day = parse_day(str(values["enrolled_on"]))
        if day is None:
            self.form.show_field_errors({"enrolled_on": tr("form.day_wrong")})
            return
        self._context.tasks.command(
            self,
            lambda: service.choose_group(
                member.class_id,
                member.trainee_id,
                str(values["group"]),
                ground=values["ground"] or None,
                organised_by=str(values["organised_by"] or ""),
                reason=str(values["choice_reason"] or ""),
                enrolled_on=day,
            ),
            lambda _channel: self._on_done("group"),
            self._refused,
        )

    def record_consent(self) -> None:
        """Record that the person agreed to today's text, and to the one for sensitive data where that is ticked."""
        today = self._context.services.context.today()
        consent = Consent(consent_text(today).version, today, today if self._sensitive.isChecked() else None)
        service, member = self._context.services.qualification, self._member
        self._context.tasks.command(
            self,
            lambda: service.record_consent(member.class_id, [member.trainee_id], consent),
            lambda _count: self._on_done("consent"),
            self._refused,
        )

    def _add_fields(self) -> None:
        yes_no = [("yes", tr("group.yes")), ("no", tr("group.no"))]
        lefts = [(one.value, tr(f"left.{one.value}")) for one in qualification.Left]
        papers = [(code, codes.group_name(code)) for code in qualification.PROVEN_BY_PAPER]
        self._row(groups=choice_box(papers, empty=NOTHING), school=text_line(limit=100))
        self._row(left=choice_box(lefts, empty=NOTHING), left_on=text_line("2020-06-30", limit=10))
        self._row(studies_on=choice_box(yes_no, empty=NOTHING), employed=choice_box(yes_no, empty=NOTHING))
        self._row(employer=text_line(limit=100), employer_uscc=text_line(limit=18))
        self._row(pilot_document=text_line(limit=100))
        named = [(code, qualification.group_name(code)) for code in GROUPS]
        grounds = [(code, tr(f"ground.{code}")) for code in qualification.GROUNDS]
        self.form.add_row(
            {
                "group": FormField(tr("group.chosen"), choice_box(named, empty=NOTHING)),
                "ground": FormField(tr("group.ground"), choice_box(grounds, empty=NOTHING)),
            }
        )
        day = text_line(tr("form.day_example"), limit=12)
        self.form.add("enrolled_on", FormField(tr("group.enrolled_on"), day, required=True))
        self.form.add_row(
            {
                "organised_by": FormField(tr("group.organised_by"), text_line(limit=100)),
                "choice_reason": FormField(tr("group.reason"), text_line(limit=200)),
            }
        )

    def _row(self, **editors: QWidget) -> None:
        self.form.add_row({name: FormField(tr(f"circumstance.{name}"), one) for name, one in editors.items()})

    def _on_sheet(self, sheet: QualificationSheet) -> None:
        self.sheet = sheet
        known = dict(sheet.known)
        groups = self.form.fields["groups"].editor
        listed = known["groups"]
        if "," in listed and groups.findData(listed) < 0:  # type: ignore[attr-defined]
            names = tr("wording.and").join(codes.group_name(code) for code in listed.split(","))
            groups.addItem(names, listed)  # type: ignore[attr-defined]
        chosen = {
            "group": sheet.chosen or sheet.stated or "",
            "ground": sheet.ground or "",
            "organised_by": sheet.organised_by,
            "enrolled_on": sheet.on.isoformat(),
        }
        self.refresh({**known, **chosen, "choice_reason": sheet.choice_reason})
        self._tell(sheet)
        self._draw_buttons()

    def _tell(self, sheet: QualificationSheet) -> None:
        clear(self._told)
        self._told.addWidget(label(tr("group.matching", day=sheet.on.isoformat()), "secondary"))
        for one in sheet.matches:
            reason = tr(f"qualification.{one.reason}", **one.params)
            text = tr(
                "group.fits" if one.fits else "group.not",
                group=qualification.group_name(one.group),
                reason=reason,
            )
            self._told.addWidget(label(text, wrap=True, tone="done" if one.fits else "secondary"))
        if not sheet.matches:
            self._told.addWidget(label(tr("group.none"), wrap=True))
        channel = codes.table("channels").name(sheet.channel) if sheet.channel else "—"
        organisers = tr("wording.and").join(sheet.organisers) or "—"
        self._told.addWidget(label(tr("group.channel", channel=channel, organisers=organisers), wrap=True))
        consent = sheet.consented_on.isoformat() if sheet.consented_on else tr("group.no_consent")
        self._told.addWidget(
            label(tr("group.consented", day=consent, version=sheet.consent_version or "—"), wrap=True)
        )
        for finding in sheet.advice:
            self._told.addWidget(label(describe(finding.error).text, wrap=True, tone="waiting"))
        self._told.addWidget(hairline())

    def _draw_buttons(self) -> None:
        typed = self.changes()
        self.choose_button.setEnabled(bool(self.form.values()["group"]) and not typed.keys() & set(FACTS))
        if self.save_button is not None:
            self.save_button.setEnabled(bool(typed.keys() & set(FACTS)))

    def _on_done(self, what: str) -> None:
        self.begin()
        self.fetch()
        self.saved.emit(what)

    def _refused(self, error: AppError) -> None:
        self._context.messages.report(self, error)
