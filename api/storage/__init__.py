"""The answers that are kept, with what people thought of them, in SQLite or PostgreSQL. Nothing here knows HTTP."""
