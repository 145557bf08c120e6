"""Answers and the feedback on them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# As they were at this step: what tables.py says may change later.
_ROW = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the two tables."""
    op.create_table(
        "answers",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("answer_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("standalone", sa.Text, nullable=False),
        sa.Column("answer_text", sa.Text, nullable=False),
        sa.Column("library_version", sa.Text, nullable=False),
        sa.Column("generator", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.UniqueConstraint("answer_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answers_conversation_id_row", "answers", ["conversation_id", "row"])
    op.create_index("ix_answers_asked_at", "answers", ["asked_at"])
    op.create_table(
        "feedback",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("answer_row", _ROW, sa.ForeignKey("answers.row", ondelete="CASCADE"), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("citation_number", sa.Integer, nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_answer_row", "feedback", ["answer_row"])


def downgrade() -> None:
    """Drops the two tables, with all that is in them."""
    op.drop_table("feedback")
    op.drop_table("answers")
