"""What the page of projects says of tracks, levels, areas and money."""

from __future__ import annotations

from desktop_app.domain.listings.projects import ProjectDetails
from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.money import format_fen
from desktop_app.domain.projects import Standing, Step
from desktop_app.domain.regions import region_name
from desktop_app.services.project_standing import areas_of
from ui.i18n import tr
from ui.wording import NOTHING, day_text


def fen_text(fen: int | None) -> str:
    """Return 1,234.50 元, — where no amount is known."""
    return NOTHING if fen is None else tr("wording.yuan", amount=format_fen(fen))


def origin_text(row: ProjectListItem) -> str:
    """Return where a project comes from."""
    return tr(f"projects.origin.{row.origin or 'platform'}")


def standing_text(row: ProjectDetails) -> str:
    """Return in one line where a project stands: one part a track."""
    if not row.editable and not row.standings:
        return tr("projects.published_state")
    if row.submission == 0 or not row.standings:
        return tr("project_state.draft")
    return "；".join(track_text(one) for one in row.standings)


def track_text(one: Standing) -> str:
    """Return 人社部门：县级审核中."""
    state = tr(f"project_state.{one.state}")
    if one.pending is not None:
        state = tr("projects.pending_at", level=tr(f"project_level.{one.pending.level.name.lower()}"))
    return tr("projects.track_state", track=tr(f"project_track.{one.track}"), state=state)


def areas_text(row: ProjectDetails) -> str:
    """Return where a project may be taught, — where nowhere yet."""
    return "、".join(region_name(area, full=False) for area in areas_of(row)) or NOTHING


def audience_text(codes: tuple[str, ...]) -> str:
    """Return the audiences in words."""
    return "、".join(tr(f"projects.audience.{code}") for code in codes)


def step_text(step: Step) -> str:
    """Return one answer of the history: day, level, department, answer, 文号."""
    said = tr(
        "projects.answered",
        day=day_text(step.on, weekday=False),
        level=tr(f"project_level.{step.level.name.lower()}"),
        track=tr(f"project_track.{step.track}"),
        answer=tr(f"project_answer.{step.answer}"),
    )
    return f"{said} · {step.document}" if step.document else said
