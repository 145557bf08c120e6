"""The tables of the store. A change here comes with a migration; a test holds the two together.

A conversation has no table: it is the answers that carry its id, and so nothing of it stays behind without them.
"""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLite only numbers rows by itself in a column of the type INTEGER.
ROW = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone, in UTC: SQLite keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as it is written."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as it is read."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)


class AnswerRow(Base):
    """An answer: its whole record as JSON, and apart from that what is searched or read often.

    Rows count up in the order in which answers were kept; a number is never used twice.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index(None, "conversation_id", "row"),
        Index(None, "asked_at"),
        {"sqlite_autoincrement": True},
    )

    row: Mapped[int] = mapped_column(ROW, primary_key=True)
    answer_id: Mapped[str] = mapped_column(Text, unique=True)
    conversation_id: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    standalone: Mapped[str] = mapped_column(Text)
    answer_text: Mapped[str] = mapped_column(Text)
    library_version: Mapped[str] = mapped_column(Text)
    generator: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    record: Mapped[str] = mapped_column(Text)


class FeedbackRow(Base):
    """What somebody thought of an answer; it goes when the answer goes."""

    __tablename__ = "feedback"
    __table_args__ = ({"sqlite_autoincrement": True},)

    row: Mapped[int] = mapped_column(ROW, primary_key=True)
    answer_row: Mapped[int] = mapped_column(ROW, ForeignKey(AnswerRow.row, ondelete="CASCADE"), index=True)
    given_at: Mapped[datetime] = mapped_column(Moment)
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    citation_number: Mapped[int | None]
