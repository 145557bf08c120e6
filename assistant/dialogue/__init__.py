"""The grammar of follow-up questions, for `assistant.converse`."""
