"""A small Slack on this computer: the Web API, signed events with retries, Socket Mode and streams."""
