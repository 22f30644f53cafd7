"""外来表格 and the 受理号 that came back. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class ForeignFormRow(Synced, Base):
    """A form that was learned; ``rules`` is a JSON list of one object, ``signature`` the hash of its headings."""

    __tablename__ = "foreign_form"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    authority: Mapped[str | None]
    title: Mapped[str | None]
    version: Mapped[str | None]
    signature: Mapped[str | None] = mapped_column(index=True)
    rules: Mapped[str | None]
    withdrawn: Mapped[int | None]


class FormAcceptanceRow(Synced, Base):
    """The number under which an authority took a person's line of a form."""

    __tablename__ = "form_acceptance"
    form_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("foreign_form.id"), primary_key=True)
    class_id: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("training_class.id"), primary_key=True, index=True
    )
    trainee_id: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("trainee.id"), primary_key=True, index=True
    )
    number: Mapped[str | None]
