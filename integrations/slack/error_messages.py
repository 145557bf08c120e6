"""The errors of the bot in Dutch, for whoever runs it."""

from integrations.slack.errors import (
    JournalTooNew,
    JournalUnavailable,
    RateLimited,
    Refused,
    SlackError,
    SlackUnavailable,
    TokenRefused,
)

_OF_TOKENS = {
    "invalid_auth": "Slack kent deze sleutel niet.",
    "not_authed": "Slack kent deze sleutel niet.",
    "account_inactive": "De app is uit de werkruimte verwijderd, of de werkruimte is gesloten.",
    "token_revoked": "De sleutel is ingetrokken.",
    "token_expired": "De sleutel is verlopen.",
    "missing_scope": "De sleutel mist een recht. Installeer de app opnieuw met het manifest uit de handleiding.",
    "not_allowed_token_type": "Dit is een sleutel van een andere soort. Verwissel xoxb- en xapp- niet.",
}


def explain(error: SlackError) -> str:
    """What is wrong, and what helps."""
    if isinstance(error, TokenRefused):
        said = _OF_TOKENS.get(error.error, f"Slack zegt: {error.error}.")
        return f"Slack weigert de sleutel. {said} Controleer VNG_SLACK_BOT_TOKEN en VNG_SLACK_APP_TOKEN."
    if isinstance(error, SlackUnavailable):
        return f"Slack is niet bereikbaar ({error.why}). Controleer het netwerk en VNG_SLACK_URL."
    if isinstance(error, RateLimited):
        return f"Slack vraagt om te wachten. Probeer het over {error.seconds:.0f} seconden opnieuw."
    if isinstance(error, JournalUnavailable):
        return _of_journal(error)
    if isinstance(error, Refused):
        return f"Slack weigert wat de bot vraagt ({error})."
    return "De bot voor Slack kan niet verder."


def _of_journal(error: JournalUnavailable) -> str:
    if isinstance(error, JournalTooNew):
        return (
            "De vragen uit Slack zijn bewaard door een nieuwere versie van dit programma (versie "
            f"{error.found} van de tabellen; dit programma kent er {error.known}). Installeer die nieuwere versie, of "
            "zet een reservekopie terug."
        )
    return f"De vragen uit Slack zijn niet te bewaren of te lezen ({error.why}). Controleer VNG_DATA en VNG_DATABASE."
