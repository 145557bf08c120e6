"""Question -> an answer with verified citations from a library. See docs/architecture.md."""
