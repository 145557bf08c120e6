"""What went wrong, as a line in Dutch that says what to do."""

import errno
from typing import Any

from assistant.errors import AssistantUnavailable, BadQuery, RecordError, SettingsError
from ingest.errors import IngestError
from ingest.messages import explain

USAGE_MESSAGES = {
    "MissingParameter": "Er ontbreekt iets: {param}.",
    "NoSuchOption": "De optie {option} bestaat niet.",
    "BadParameter": "De waarde van {param} klopt niet.",
    "BadOptionUsage": "De optie {option} mist een waarde.",
    "UsageError": "Dit commando bestaat niet, of er staat te veel achter.",
}


def explain_error(error: Exception) -> str:
    """The line for an error of ours."""
    if isinstance(error, IngestError):
        return explain(error)
    if isinstance(error, SettingsError):
        return "\n".join(("Deze instellingen kloppen niet:", *(f"– {problem}" for problem in error.problems)))
    if isinstance(error, AssistantUnavailable):
        return "De processen die antwoorden maken, starten niet. Is er genoeg geheugen? Probeer VNG_PROCESSES=0."
    if isinstance(error, RecordError):
        from assistant.messages import explain_record  # noqa: PLC0415 - seldom needed, and not light

        return explain_record(error)
    if isinstance(error, BadQuery):
        return {
            "empty": "Je hebt geen vraag ingevuld. Zet je vraag tussen aanhalingstekens.",
            "too_long": f"Je vraag is te lang. Gebruik hoogstens {error.limit} tekens.",
            "range": f"Vraag om minstens 1 en hoogstens {error.limit} passages.",
        }[error.problem]
    return str(error)


def explain_system(error: OSError) -> str:
    """The line for an error of the computer."""
    where = f" ({error.filename})" if error.filename else ""
    return {
        errno.ENOENT: f"Dit bestand of deze map bestaat niet{where}. Controleer de naam.",
        errno.EISDIR: f"Dit is een map en geen bestand{where}. Noem een bestand.",
        errno.EADDRINUSE: "Deze poort is al in gebruik. Kies een andere met --port.",
        errno.ENOSPC: "De schijf is vol. Maak ruimte vrij en probeer het opnieuw. Wat gepubliceerd was, is er nog.",
        errno.EDQUOT: "Je schijfruimte is op. Maak ruimte vrij en probeer het opnieuw.",
        errno.EACCES: f"Je mag hier niet lezen of schrijven{where}. Kies een andere map met --data, of vraag toegang.",
        errno.EPERM: f"Je mag hier niet lezen of schrijven{where}. Kies een andere map met --data, of vraag toegang.",
        errno.EROFS: f"Deze map is alleen te lezen{where}. Kies een andere map met --data.",
        errno.ENOTDIR: f"Dit is een bestand en geen map{where}. Kies een map met --data.",
        errno.EEXIST: f"Dit is een bestand en geen map{where}. Kies een map met --data.",
    }.get(error.errno or 0, f"De computer meldt een fout: {error.strerror}{where}. Probeer het opnieuw.")


def explain_server(problem: str, url: str) -> str:
    """The line for a server of a language model that cannot be used; `problem` as in GeneratorError."""
    reason = {
        "timeout": "antwoordt niet op tijd",
        "rate_limit": "krijgt te veel vragen",
        "unreachable": "is niet te bereiken",
        "refused": "weigert de sleutel (VNG_LLM_KEY)",
    }.get(problem, "geeft een fout")
    return f"De server van het taalmodel ({url}) {reason}. Antwoorden worden zonder taalmodel gemaakt."


def explain_usage(error: Any) -> str:
    """The line for a command that was typed wrongly."""
    template = USAGE_MESSAGES.get(type(error).__name__, USAGE_MESSAGES["UsageError"])
    param = getattr(error, "param", None)
    options = [name for name in getattr(param, "opts", ()) if name.startswith("-")]
    name = options[0] if options else getattr(param, "metavar", None) or "een waarde"
    return template.format(param=name, option=getattr(error, "option_name", ""), error=error)
