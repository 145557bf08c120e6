"""A language model: the client of its server, what it is asked, and how its reply is read."""
