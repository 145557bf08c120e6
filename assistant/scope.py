"""What is no question to the documents: greetings, tasks, private particulars, opinions. Each has a fixed reply.

A real question must never get one. So a rule covers the whole of what is said, or a form of words that addresses the
assistant itself ("schrijf een gedicht", "wat vind jij"); a word that only may point that way is not enough.
"""

import re

from assistant.types import Language, Reply
from ingest.dutch import fold


def _any(*forms: str) -> re.Pattern[str]:
    """A pattern that fits whatever one of the forms fits."""
    return re.compile("|".join(f"(?:{form})" for form in forms))


_HELLO = (
    r"(?:hallo|hoi|hey|hai|dag|goede?\s?(?:morgen|middag|avond|dag)|hello|hi|good (?:morning|afternoon|evening)|hee"
    r"|gegroet|welkom)(?: (?:allemaal|daar|assistent|vng-assistent|bot|there|all|collega'?s?))?"
)
_PLEASE = r"(?:alsjeblieft|alstublieft|aub|a\.u\.b\.?|svp|s\.v\.p\.?|graag|please)"
_THANKS = (
    r"(?:(?:heel |erg |hartelijk )*(?:dank ?je ?wel|dank ?u ?wel|dank (?:je|u)(?: zeer| hartelijk)?|dank"
    r"|bedankt"
    r"|thanks|thank you|thx|cheers|merci)(?: (?:hoor|voor (?:je|uw|de|het)(?: \w+)?|zeer|alvast|so much|a lot"
    r"|very much))*"
    r"|(?:top|prima|fijn|super|mooi|oke|ok|okay|duidelijk|helder|perfect|goed zo|great)(?: (?:hoor|zo"
    r"|antwoord))?)"
)
_HOW_ARE_YOU = r"(?:hoe gaat het(?: met (?:je|jou|u))?(?: vandaag)?|hoe is het|alles goed|how are you(?: today)?)"
_BYE = r"(?:doei|tot ziens|tot later|dag|bye|goodbye|fijne (?:dag|avond)(?: nog)?|see you)"
_CLOSING = rf"(?:{_THANKS}|{_BYE}|{_HELLO})"

# These two can be read in many ways ("dag" greets and takes leave), twice as many with every word more.
COURTESY_WORDS = 12
GREETING = re.compile(rf"(?:{_HELLO}|{_HOW_ARE_YOU})(?: (?:{_HELLO}|{_HOW_ARE_YOU}))*")
THANKS = re.compile(rf"{_CLOSING}(?: (?:en )?{_CLOSING})*")
# Asked of the assistant: "je" and "jij" here can mean nobody else, because nothing else is asked.
ABOUT = _any(
    r"(?:en )?(?:wie|wat) (?:ben|bent) (?:jij|je|u)(?: (?:eigenlijk|precies|nou|dan|voor \w+))*",
    r"wie heeft (?:jou|je|u) (?:gemaakt|gebouwd|ontwikkeld|geprogrammeerd)|hoe heet (?:jij|je|u)",
    r"wat is (?:je|jouw|uw) naam",
    r"(?:en )?wat (?:kun|kan|kunt|doe|doet|weet) (?:jij|je|u)"
    r"(?: (?:allemaal|eigenlijk|precies|voor (?:mij|me|ons)|doen))*",
    r"waar(?:mee|bij)? (?:kun|kan|kunt) (?:jij|je|u) (?:mij |me |ons )?(?:allemaal )?(?:mee |bij )?"
    r"(?:helpen|over vertellen)",
    r"hoe (?:werk|werkt) (?:jij|je|u|deze (?:assistent|chatbot|bot|app))(?: (?:eigenlijk|precies))?",
    r"hoe kom (?:jij|je) aan (?:je|jouw) (?:antwoorden|informatie|kennis)",
    r"(?:welke|wat voor) (?:documenten|bronnen|stukken|bestanden) (?:heb|hebt|ken|gebruik|gebruikt|doorzoek|raadpleeg)"
    r" (?:jij|je|u)(?: (?:allemaal|eigenlijk|nu|tot je beschikking))*",
    r"in welke documenten (?:zoek|kijk) (?:jij|je|u)|welke documenten zitten er in (?:het systeem|de bibliotheek)",
    r"(?:ben|bent) (?:jij|je|u) (?:een )?(?:mens|robot|bot|computer|chatbot|chatgpt|ai|echt|kunstmatige intelligentie)",
    r"(?:kun|kan|kunt) (?:jij|je|u) (?:mij |me )?helpen|help(?: mij| me)?|uitleg over (?:jezelf|deze assistent)",
    r"who (?:are|made|built) you|what are you|what(?:'s| is) your name|what (?:can|do) you (?:do|know)(?: for me)?",
    r"how do you work|(?:which|what) (?:documents|sources|files) (?:do you (?:have|use|know)|are you using)",
    r"are you (?:a |an )?(?:human|robot|bot|computer|chatbot|chatgpt|ai|real)|can you help(?: me)?",
)
_MADE = (
    r"(?:gedicht|sonnet|limerick|haiku|rap|liedje|lied|songtekst|verhaal|sprookje|roman|grap|mop|raadsel|rijmpje|slogan"
    r"|toespraak|speech|brief|e-?mail|mail|motie|amendement|column|blog|opstel|persbericht|tweet|bericht|cv|recept"
    r"|script|programma|functie|macro|formule|logo|plaatje|afbeelding|tekening|presentatie|poem|song|story|joke|letter"
    r"|email|essay|speech|motion|program|function|recipe|picture|image|presentation)(?:s|en|jes?|tjes?)?"
)
_ART = (
    r"(?:gedicht|sonnet|limerick|haiku|rap|liedje|lied|songtekst|verhaal|verhaaltje|sprookje|grap|mop|rijmpje)(?:en|s)?"
)
_TO_MAKE = r"(?:schrijven|maken|bedenken|verzinnen|opstellen|dichten|programmeren|ontwerpen)"
_FOR_ME = r"(?:(?:eens|even|mij|me|ons|voor (?:mij|me|ons)|for me|us) )"
_CAN_YOU = rf"(?:(?:kun|kan|kunt|wil|wilt|zou|could|can|would|will) (?:jij|je|u|you) (?:kunnen )?{_FOR_ME}?)"
_TIMES = r"(?:[-+*/x×:]|keer|plus|min|maal|gedeeld door|times|minus|divided by)"
TASK = _any(
    # "Schrijf een gedicht over …": the order itself, of a thing that is made, whatever it must be about. That a brief
    # or a motie may be written, "kun je een brief schrijven?", is a question.
    rf"{_CAN_YOU}?(?:schrijf|maak|bedenk|verzin|componeer|teken|genereer|ontwerp|programmeer|write|compose|generate"
    rf"|create|make) {_FOR_ME}*(?:een |a |an |wat |some |\w+ )?(?:\w+ ){{0,2}}{_MADE}\b.*",
    rf"{_CAN_YOU}(?:een|mijn) (?:\w+ )?{_ART}\b(?: .{{1,60}})? {_TO_MAKE}\b.*",
    rf"(?:kun|kan|kunt|wil|wilt|zou) (?:jij|je|u) (?:kunnen )?{_FOR_ME}+een (?:\w+ )?{_MADE}\b"
    rf"(?: .{{1,60}})? {_TO_MAKE}.*",
    rf"stel {_FOR_ME}*een (?:\w+ )?{_MADE}\b.* op",
    rf"{_CAN_YOU}?(?:vertel|tell) {_FOR_ME}*(?:een|a|nog een|another) (?:\w+ )?(?:grap|mop|raadsel|sprookje|verhaaltje"
    r"|joke|riddle|story)\b.*",
    r"(?:zing|sing) .*|programmeer .*",
    rf"{_CAN_YOU}?(?:vertaal|translate)\b.*",
    rf"(?:kun|kan|kunt|wil) (?:je|jij|u) {_FOR_ME}*(?:dit|deze|mijn)\b.{{0,60}}\bvertalen\b.*",
    rf"{_CAN_YOU}?(?:reken|bereken|calculate|compute)\b.{{0,40}}\d.*",
    rf"(?:hoeveel|wat|what|how much) is \d[\d.,]* ?{_TIMES} ?\d[\d.,]*",
    rf"{_CAN_YOU}?(?:maak|geef|make|give) .{{0,12}}(?:samenvatting|summary) (?:van|of) (?:mijn|my)\b.*",
    rf"{_CAN_YOU}?(?:corrigeer|herschrijf|verbeter|controleer|proofread|correct|rewrite|improve|summari[sz]e)"
    r" (?:mijn|my|deze tekst|this text)\b.*",
    r"vat (?:mijn|deze tekst)\b.* samen",
    r"(?:hoe|wat) (?:wordt|is) het weer(?: (?:vandaag|morgen|dit weekend|nu|in \w+))*|wat voor weer (?:wordt|is) het.*",
    r"(?:gaat|komt) het (?:vandaag|morgen|dit weekend) (?:regenen|sneeuwen|vriezen).*|hoe laat is het(?: nu)?",
    r"what(?:'s| is) the (?:weather|time)(?: (?:today|tomorrow|now|in \w+))*|will it rain(?: (?:today|tomorrow))?",
    # Aimed at its instructions, with nothing else asked.
    r"(?:negeer|vergeet|ignore|forget|disregard) (?:\w+ ){0,3}(?:instructies?|opdrachten|regels|prompt|instructions?"
    r"|rules)(?: (?:die je hebt gekregen|hierboven|above))?",
    rf"{_CAN_YOU}?(?:toon|geef|laat|herhaal|print|show|reveal|repeat|what is|wat is|wat staat er in) (?:\w+ ){{0,3}}"
    r"(?:systeem ?prompt|system ?prompt|systeeminstructies|(?:jouw|je|your) (?:prompt|instructies|instructions))"
    r"(?: zien)?",
    r"(?:doe alsof je|gedraag je als|pretend (?:to be|you are)|act as if you) .*|jij bent vanaf nu .*|you are now .*",
)
_NAME = r"[A-Z][\w'’-]+(?: (?:van|de|den|der|ten|ter|'t|el|al))*(?: [A-Z][\w'’-]+)+"
_PARTICULAR = (
    r"(?:(?:(?:prive|huis|thuis|woon|e-?mail|mail|home|private|email)[ -]?)?(?:adres|address)|(?:(?:mobiele?"
    r"|prive|06)[ -]?)?"
    r"(?:telefoon|mobiel|phone)[ -]?(?:nummer|number)?|06-nummer|mobile number|bsn|burgerservicenummer|geboortedatum"
    r"|date of birth|birthday|verjaardag|rekeningnummer|bankrekening(?:nummer)?|iban|paspoortnummer|medisch dossier"
    r"|geaardheid|salaris|salary|inkomen)"
)
_OFFICE = re.compile(
    r"\b(?:wethouder|burgemeester|gedeputeerde|minister|staatssecretaris|voorzitter|directeur|secretaris|griffier"
    r"|gemeentehuis|stadhuis|loket|kantoor|mayor|alderman|office|town hall|stichting|vereniging|bureau|straat"
    r"|plein)\b"
)
_PRIVATE = re.compile(
    rf"(?i:(?:wat|hoe|what|geef|noem|zoek|mag ik|heb je|weet je|give|do you (?:have|know)).{{0,30}}\b{_PARTICULAR}\b"
    rf".{{0,12}}\b(?:van|of|for)) (?:(?i:mijn \w+|de heer|mevrouw|meneer|mr\.?|mrs\.?|ms\.?)(?: [A-Z][\w'’-]+)*"
    rf"|{_NAME})$"
    rf"|(?i:what(?:'s| is)) {_NAME}(?:'s|’s) (?i:{_PARTICULAR})$"
    rf"|(?i:waar (?:woont|wonen)|op welk adres woont|where does) (?:(?i:de heer|mevrouw|meneer) )?{_NAME}(?i: live)?$"
    rf"|(?i:(?:en )?(?:wat|what) (?:is|zijn|are) (?:zijn|haar|his|her) {_PARTICULAR})$"
    rf"|(?i:en (?:zijn|haar) {_PARTICULAR})$"
    rf"|(?i:waar woont (?:hij|zij|ze|die)|where does (?:he|she) live)$"
    rf"|(?i:(?:hoe oud is|wanneer is|wat verdient|hoeveel verdient)) (?i:mijn buur\w*)(?i: jarig| geboren)?$"
)
OPINION = _any(
    r"(?:en )?wat (?:vind|vindt|denk) (?:jij|je|u)(?:zelf)?(?: (?:zelf|eigenlijk|persoonlijk|daar|ervan|daarvan|er))*"
    r"(?: (?:van|over)(?: .*)?)?",
    r"(?:en )?wat is (?:jouw|je|uw) (?:mening|standpunt|opvatting|favoriete \w+|politieke \w+)\b.*",
    r"vind (?:jij|je) (?:zelf |ook )?dat .*|ben jij (?:voor|tegen) .*|ben je (?:links|rechts)(?: of .*)?",
    r"op wie (?:moet|zou|kan|ga) (?:ik|je|jij|u) (?:gaan )?(?:moeten )?stemmen.*|op wie (?:stem|zou) (?:jij|je)\b.*",
    r"(?:op )?welke partij (?:moet ik|zou ik|raad je|kies je|stem je|is de beste|kies jij|stem jij)\b.*",
    r"wie is de beste (?:partij|politicus|premier)",
    r"(?:what do you think|what(?:'s| is) your (?:opinion|view))\b.*|(?:who|which party) should i vote for.*",
    r"who (?:do|would) you vote for.*|do you (?:personally )?(?:like|support|agree with|prefer)\b.*",
)
_ASKED = (
    r"(?=(?:(?:in|op|met|voor|door|bij|aan|van|uit|sinds|at|for|with) )?(?:wie|wat|waar\w*|wanneer|hoe\w*|welke?|of"
    r"|who|what|where|when|why|how|which|if|whether)\b)"
)
_POLITE = (
    r"(?:(?:kun|kan|kunt|zou|wil) (?:je|jij|u) (?:mij |me |ons |even |misschien )*(?:kunnen )?"
    r"(?:vertellen|zeggen|uitleggen|aangeven|laten weten),?"
    r"|ik (?:wil|zou) (?:(?:heel )?graag )?(?:willen )?(?:weten|horen),?|ik vraag (?:me|mij) af,?"
    r"|weet (?:je|jij|u)(?: misschien| toevallig)?|(?:can|could) you (?:please )?tell (?:me|us),?"
    r"|i(?:'d| would) (?:like|love) to know,?|do you know)"
)
LEAD = re.compile(
    rf"^{_HELLO}(?:\s*[,.!:]+\s*|\s+(?={_POLITE})|\s+{_ASKED})|^{_POLITE}\s+{_ASKED}"
    rf"|^(?:{_PLEASE}|mag ik vragen|een vraag|vraagje|vraag)\s*[,:]\s*",
    re.IGNORECASE,
)
TAIL = re.compile(
    rf"[,\s]+{_PLEASE}(?=\s*[?.!]*$)"
    r"|(?:,|(?<=[.!?]))\s*(?:alvast )?(?:bedankt|dank je wel|dankjewel|dank u(?: wel)?|thanks|thank you)[.!]*$",
    re.IGNORECASE,
)

TEXTS: dict[Reply, dict[Language, str]] = {
    Reply.GREETING: {
        "nl": "Hallo! Stel je vraag over de documenten. Ik zoek het antwoord op en laat zien waar het staat.",
        "en": "Hello! Ask your question about the documents. I look up the answer and show where it says so.",
    },
    Reply.THANKS: {
        "nl": "Graag gedaan. Heb je nog een vraag over de documenten? Stel die gerust.",
        "en": "You are welcome. Do you have another question about the documents? Just ask.",
    },
    Reply.ABOUT: {
        "nl": "Ik ben de VNG-assistent, een computerprogramma. Ik beantwoord vragen met letterlijke citaten uit de "
        "documenten in deze bibliotheek. In het overzicht van documenten zie je welke dat zijn. Staat het er niet in, "
        "dan zeg ik dat.",
        "en": "I am the VNG assistant, a computer program. I answer questions with literal quotes from the documents "
        "in this library. The list of documents shows which these are. If they do not hold the answer, I say so.",
    },
    Reply.TASK: {
        "nl": "Dat kan ik niet voor je doen. Ik zoek alleen antwoorden op in de documenten. Stel een vraag over wat "
        "daarin staat, bijvoorbeeld wie iets besloot, wanneer of waarom.",
        "en": "I cannot do that for you. I only look up answers in the documents. Ask about what they say, for example "
        "who decided something, when or why.",
    },
    Reply.PERSONAL: {
        "nl": "Ik geef geen privégegevens van personen. Ik kan wel opzoeken wat iemand volgens de documenten heeft "
        "gezegd of gedaan in een openbare functie.",
        "en": "I do not give private details of people. I can look up what someone in a public office said or did "
        "according to the documents.",
    },
    Reply.OPINION: {
        "nl": "Ik heb zelf geen mening en geef geen stemadvies. Ik kan wel opzoeken wat er in de documenten staat over "
        "een onderwerp, of wat een partij of bestuurder daarin zegt.",
        "en": "I have no opinion of my own and give no voting advice. I can look up what the documents say about a "
        "subject, or what a party or an official says in them.",
    },
}


def fixed_reply(question: str, *, has_history: bool) -> Reply | None:
    """The fixed reply that fits what was said, or None for anything that may be a question to the documents.

    `has_history` tells whether something was answered before: then "Oké, duidelijk" is a way of saying thanks.
    """
    text = " ".join(question.split()).strip(" ?!.,;:")
    said = re.sub(r"[,;:!?.]+(?=\s|$)", "", fold(text)).strip()
    courtesy = len(said.split()) <= COURTESY_WORDS
    if courtesy and GREETING.fullmatch(said):
        return Reply.GREETING
    if courtesy and THANKS.fullmatch(said):
        return Reply.THANKS if has_history or "dank" in said or "thank" in said else Reply.GREETING
    plain = without_greeting(text).strip(" ?!.,;:")
    low = re.sub(r"[,;:!?.]+(?=\s|$)", "", fold(plain)).strip()
    if _PRIVATE.search(plain) and not _OFFICE.search(fold(plain)):
        return Reply.PERSONAL
    for pattern, reply in ((ABOUT, Reply.ABOUT), (OPINION, Reply.OPINION), (TASK, Reply.TASK)):
        if pattern.fullmatch(low):
            return reply
    return None


def reply_text(reply: Reply, language: Language) -> str:
    """What is said instead of an answer, in plain words, with what the assistant can do."""
    return TEXTS[reply][language]


def without_greeting(question: str) -> str:
    """The question without the courtesy around it: "Goedemorgen, kun je mij vertellen wie …" -> "Wie …".

    What is nothing but courtesy stays as it is; "vertellen of" leaves a whole question behind, so that stays too.
    """
    text = " ".join(question.split())
    while found := LEAD.match(text):
        text = text[found.end() :].lstrip(" ,.!:")
    text = TAIL.sub("", text)
    if not re.search(r"\w", text):
        return question
    if text == " ".join(question.split()):
        return question
    return f"{text[:1].upper()}{text[1:]}"
