"""Files -> a published library of passages. See docs/architecture.md."""
