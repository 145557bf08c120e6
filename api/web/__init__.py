"""The web form: pages that are made on the server, complete without JavaScript."""
