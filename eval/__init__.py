"""Evaluation: how good what is found and answered is, measured on questions with evidence."""
