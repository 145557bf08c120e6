"""The routes, a file for each sort of thing that can be asked for."""
