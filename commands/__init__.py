"""The subcommands of `vng-assistent` that stand on their own; the others are in `vng_assistent.py`."""
