"""Reports of an evaluation: in the terminal, for a merge request, for CI, and as pages for a browser."""
