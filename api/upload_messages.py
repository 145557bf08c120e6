"""The Dutch sentences about uploads: what is wrong with a form, and how far an upload is."""

from api.upload_facts import LONGEST_TEXT, MOST_GROUPS
from api.upload_form import MOST_FILES
from api.upload_records import UploadedFile, UploadRecord

_FORMS = {
    "files": f"Stuur hoogstens {MOST_FILES} bestanden tegelijk.",
    "file_field": "Stuur bestanden in het veld files.",
    "encoding": "Stuur tekst in UTF-8.",
}
_FORM = "Het formulier is niet te lezen. Stuur het opnieuw, als multipart/form-data."
_FIELDS = {
    "unknown": "Dit veld bestaat niet. Gebruik files, title, publisher, author, kind, issued, language of access.",
    "twice": "Vul dit één keer in.",
    "empty": "Noem hier een groep, of laat het veld weg.",
    "long": f"Gebruik hoogstens {LONGEST_TEXT} tekens, en voor een groep 64.",
    "characters": "Gebruik hier gewone tekst, op één regel.",
    "date": "Schrijf een datum als 2024, 2024-05 of 2024-05-31.",
    "language": "Schrijf de taal als nl of en.",
    "group_name": "Noem één groep, zoals directie. Gebruik dit veld vaker voor meer groepen.",
    "group": "Kies alleen groepen waar je zelf bij hoort.",
    "groups": f"Noem hoogstens {MOST_GROUPS} groepen.",
    "title": "Geef alleen een titel als je één bestand stuurt. Anders krijgen ze allemaal dezelfde.",
    "audience": "Kies wie de documenten mag zien.",
    "both": "Je koos iedereen, en ook groepen. Kies één van beide.",
    "none": "Kies minstens één groep, of kies voor iedereen.",
    "missing": "Kies een of meer bestanden.",
}
_STAGES = {
    "waiting": "Er worden al andere documenten verwerkt. Dit komt daarna.",
    "read": "Bestanden lezen",
    "encode": "Betekenis bepalen",
    "lexical": "Woorden indexeren",
    "dense": "Betekenis indexeren",
    "verify": "Controleren",
}
_OUTCOMES = {
    "added": "Toegevoegd",
    "changed": "Vervangen",
    "unchanged": "Stond er al",
    "skipped": "Overgeslagen",
    "failed": "Niet gelukt",
}


def form_message(problem: str) -> str:
    """What is wrong with a form as a whole."""
    return _FORMS.get(problem, _FORM)


def field_message(problem: str) -> str:
    """What is wrong with a field of a form."""
    return _FIELDS[problem]


def status_text(record: UploadRecord) -> str:
    """How far an upload is, in a sentence without its end."""
    if record.status == "queued":
        return "Wacht op verwerking"
    if record.status == "running":
        stage = _STAGES.get(record.stage, "Begint")
        return f"{stage} ({record.done} van {record.total})" if record.total > 1 else stage
    taken = sum(one.outcome in ("added", "changed", "unchanged") for one in record.files)
    if taken == len(record.files):
        return "Klaar"
    return f"Klaar: {taken} van {len(record.files)} gelukt" if taken else "Niet gelukt"


def outcome_text(record: UploadRecord, file: UploadedFile) -> str:
    """What became of a file, in a word or two."""
    if file.outcome is None:
        return "Wordt verwerkt" if record.status == "running" else "Wacht"
    return _OUTCOMES[file.outcome]
