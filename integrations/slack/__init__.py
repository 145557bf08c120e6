"""The Slack bot: short answers with their sources, in the thread where the question was asked."""
