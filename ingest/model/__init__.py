"""The embedded Dutch model: `nl-static/` is what is shipped, the modules beside it make it."""
