"""Writers of the sample documents, one a format: each makes the bytes of a file from a Markdown text."""
