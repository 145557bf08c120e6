"""All that the bot says itself, in plain Dutch and in English; what is said about an answer is in `assistant.messages`.

These are plain sentences without markup: whoever shows them chooses the element.
"""

import re

from assistant.types import Language

_SAID: dict[str, tuple[str, str]] = {
    # Around an answer.
    "you_asked": ("Je vroeg: “{question}”", "You asked: “{question}”"),
    "new_answer": (
        "Je vraag is aangepast. Dit is het nieuwe antwoord.",
        "Your question was changed. This is the answer to it.",
    ),
    "sources": ("Bronnen", "Sources"),
    "show_passage": ("Toon passage", "Show passage"),
    "show_passage_of": ("Toon passage bij bron {number}", "Show passage of source {number}"),
    "web": ("Verder in de web-app", "Continue in the web app"),
    "colleague": ("Vraag een collega", "Ask a colleague"),
    "share": ("Deel in kanaal", "Share in channel"),
    "helpful": ("Nuttig", "Helpful"),
    "not_helpful": ("Niet nuttig", "Not helpful"),
    "helpful_label": ("Dit antwoord helpt mij", "This answer helps me"),
    "not_helpful_label": ("Dit antwoord helpt mij niet", "This answer does not help me"),
    "rest_one": (
        "Dit antwoord gaat verder: 1 onderdeel past niet in dit bericht.",
        "This answer goes on: 1 part does not fit in this message.",
    ),
    "rest_more": (
        "Dit antwoord gaat verder: {count} onderdelen passen niet in dit bericht.",
        "This answer goes on: {count} parts do not fit in this message.",
    ),
    "whole_too_long": (
        "Dit antwoord is te lang voor een bericht in Slack. Je leest het hier in zijn geheel.",
        "This answer is too long for a message in Slack. You can read all of it here.",
    ),
    "show_all": ("Toon alles", "Show all"),
    "read_on": ("Lees alles in de web-app", "Read all in the web app"),
    "quote_too_long": (
        "Het citaat is te lang voor dit bericht. Kies “Toon passage” om het te lezen.",
        "The quote is too long for this message. Choose “Show passage” to read it.",
    ),
    "page": ("p. {page}", "p. {page}"),
    "page_labelled": ("p. {label} (pagina {page} van het bestand)", "p. {label} (page {page} of the file)"),
    "only_you": ("Alleen jij ziet dit antwoord.", "Only you can see this answer."),
    "only_you_documents": (
        "Alleen jij ziet dit antwoord: het kan komen uit documenten die niet iedereen in dit kanaal mag lezen.",
        "Only you can see this answer: it may come from documents that not everyone in this channel may read.",
    ),
    "moved_to_direct": (
        "Ik heb je het antwoord in een direct bericht gestuurd. Het kan komen uit documenten die niet iedereen in dit "
        "kanaal mag lezen.",
        "I sent you the answer in a direct message. It may come from documents that not everyone in this channel "
        "may read.",
    ),
    # A passage.
    "waiting": ("Even geduld …", "One moment …"),
    "view_failed": (
        "Dit is nu niet te laten zien. Sluit dit venster en probeer het over een minuut opnieuw.",
        "This cannot be shown now. Close this window and try again in a minute.",
    ),
    "passage_title": ("Passage uit de bron", "Passage in the source"),
    "close": ("Sluiten", "Close"),
    "open_reader": ("Open in de lezer", "Open in the reader"),
    "before": ("Hiervoor staat:", "Before this:"),
    "after": ("Hierna staat:", "After this:"),
    "near_only": (
        "Deze passage komt in de buurt van je vraag, maar geeft er geen antwoord op.",
        "This passage comes near your question, but does not answer it.",
    ),
    "quote_marked": ("Vet is wat het antwoord citeert.", "What the answer quotes is in bold."),
    "as_cited": (
        "Hieronder staat de passage zoals die was toen dit antwoord werd gegeven.",
        "Below is the passage as it was when this answer was given.",
    ),
    "passage_gone_title": ("Passage niet gevonden", "Passage not found"),
    "passage_gone": (
        "Dit antwoord wordt niet meer bewaard, of je mag het document niet lezen. Stel je vraag opnieuw om een "
        "antwoord "
        "uit de documenten van nu te krijgen.",
        "This answer is no longer kept, or you may not read the document. Ask your question again for an answer from "
        "the documents as they are now.",
    ),
    "passage_cut": ("De passage is langer dan hier past.", "The passage is longer than fits here."),
    "whole_title": ("Het hele antwoord", "The whole answer"),
    # What somebody thought of an answer.
    "reason_title": ("Wat ging er mis?", "What went wrong?"),
    "reason_label": ("Waarom helpt dit antwoord niet?", "Why does this answer not help?"),
    "comment_label": ("Toelichting", "Comment"),
    "comment_hint": (
        "Je toelichting wordt bewaard bij het antwoord. Zet er geen persoonsgegevens in.",
        "Your comment is kept with the answer. Leave out personal data.",
    ),
    "comment_placeholder": (
        "Bijvoorbeeld: het bedrag van 2026 ontbreekt",
        "For example: the amount of 2026 is missing",
    ),
    "send": ("Versturen", "Send"),
    "cancel": ("Annuleren", "Cancel"),
    "incomplete": ("Het antwoord is onvolledig", "The answer is incomplete"),
    "incorrect": ("Het antwoord klopt niet", "The answer is wrong"),
    "wrong_source": ("De bron is niet de goede", "The source is not the right one"),
    "unclear": ("Het antwoord is niet duidelijk", "The answer is not clear"),
    "other": ("Iets anders", "Something else"),
    "thanks_up": (
        "Fijn dat het antwoord helpt. Bedankt voor je reactie.",
        "Good that the answer helps. Thank you for telling.",
    ),
    "thanks_down": ("Bedankt. Met je reactie wordt de assistent beter.", "Thank you. This makes the assistant better."),
    "feedback_lost": (
        "Je reactie kon niet worden bewaard. Probeer het straks opnieuw.",
        "Your reaction could not be kept. Try again in a while.",
    ),
    # A colleague, and sharing.
    "colleague_asks": (
        "Een collega komt er met dit antwoord niet uit. Kan iemand van jullie meekijken?",
        "A colleague needs more than this answer. Can one of you have a look?",
    ),
    "colleague_question": ("De vraag was: “{question}”", "The question was: “{question}”"),
    "colleague_asked": (
        "Ik heb de collega's van de hulpgroep gevraagd om mee te kijken.",
        "I asked the colleagues of the help group to have a look.",
    ),
    "colleague_direct": (
        "In dit gesprek kan geen collega meekijken. Stel je vraag in een kanaal, en kies daar “Vraag een collega”.",
        "No colleague can look into this conversation. Ask in a channel, and choose “Ask a colleague” there.",
    ),
    "colleague_hidden": (
        "Het antwoord staat hier niet bij: niet iedereen in dit kanaal mag het zien.",
        "The answer is not repeated here: not everyone in this channel may see it.",
    ),
    "colleague_ask": ("De vraag zelf hoor je van ", "Hear the question itself from "),
    "shared_by": (" deelt dit antwoord van de assistent.", " shares this answer of the assistant."),
    "shared": ("Het antwoord staat nu in het kanaal.", "The answer is now in the channel."),
    "not_shared": (
        "Dit antwoord kan niet in dit kanaal worden gedeeld: het komt uit documenten die niet iedereen hier mag lezen.",
        "This answer cannot be shared in this channel: it is from documents that not everyone here may read.",
    ),
    # The settings of a channel.
    "settings_title": ("Instellingen kanaal", "Channel settings"),
    "settings_intro": (
        "Zo werkt de assistent in dit kanaal. Iedereen in het kanaal merkt wat je hier kiest.",
        "How the assistant works in this channel. Everyone in the channel notices what you choose here.",
    ),
    "mode_label": ("Wanneer antwoordt de assistent?", "When does the assistant answer?"),
    "mode_mention": ("Alleen als iemand de assistent noemt", "Only when someone mentions the assistant"),
    "mode_all": ("Op elke vraag in dit kanaal", "At every question in this channel"),
    "mode_off": ("Nooit: de assistent staat hier uit", "Never: the assistant is off here"),
    "documents_label": ("Uit welke documenten?", "From which documents?"),
    "documents_placeholder": ("Zoek een document", "Search for a document"),
    "documents_hint": (
        "Kies niets om alle documenten te gebruiken die iedereen in dit kanaal mag lezen.",
        "Choose none to use all documents that everyone in this channel may read.",
    ),
    "save": ("Opslaan", "Save"),
    "settings_saved": ("De instellingen van dit kanaal zijn opgeslagen.", "The settings of this channel are saved."),
    "settings_refused": (
        "Alleen een beheerder van dit kanaal mag de instellingen veranderen.",
        "Only a manager of this channel may change its settings.",
    ),
    # The home tab.
    "home_title": ("Vraag het de documenten", "Ask the documents"),
    "home_what": (
        "De assistent zoekt je antwoord in de documenten hieronder en laat bij elke zin zien waar die staat. Staat "
        "het er "
        "niet in, dan zegt de assistent dat.",
        "The assistant looks for your answer in the documents below and shows for every sentence where it stands. When "
        "they do not say it, the assistant tells you.",
    ),
    "home_how": (
        "Stel je vraag bij “Berichten”, noem de assistent in een kanaal, of typ {command} en dan je vraag: dan zie "
        "alleen "
        "jij het antwoord.",
        "Ask under “Messages”, mention the assistant in a channel, or type {command} and then your question: then only "
        "you see the answer.",
    ),
    "home_examples": ("Voorbeelden van vragen", "Example questions"),
    "home_recent": ("Je laatste vragen", "Your latest questions"),
    "home_recent_hint": ("Alleen jij ziet deze lijst.", "Only you see this list."),
    "home_documents": ("Documenten", "Documents"),
    "home_search": ("Zoek in de titels", "Search the titles"),
    "home_search_placeholder": ("Een woord uit de titel", "A word of the title"),
    "home_found": ("{count} van de {all} documenten", "{count} of {all} documents"),
    "home_all_one": ("1 document", "1 document"),
    "home_all": ("{all} documenten", "{all} documents"),
    "home_none": ("Er zijn nog geen documenten die jij mag lezen.", "There are no documents yet that you may read."),
    "home_no_match": ("Geen document met “{search}” in de titel.", "No document with “{search}” in its title."),
    "home_page": ("Bladzijde {page} van {pages}", "Page {page} of {pages}"),
    "home_back": ("Vorige", "Previous"),
    "home_on": ("Volgende", "Next"),
    "home_privacy": ("Privacy", "Privacy"),
    "privacy": (
        "Je vraag en het antwoord worden bewaard met een code in plaats van je naam{until}. "
        "Zet geen persoonsgegevens in je vraag. Verwijder je je vraag in Slack, dan wordt ook het bewaarde antwoord "
        "gewist.",
        "Your question and the answer are kept without your name: a code stands in its place{until}. Leave personal "
        "data out of your question. When you delete your question in Slack, the answer that is kept is erased as well.",
    ),
    "privacy_until": (", en na {days} dagen worden ze gewist", ", and after {days} days they are erased"),
    "privacy_model": (
        " Antwoorden worden opgesteld met het taalmodel {model}, dat je vraag en de gevonden passages te lezen krijgt.",
        " Answers are written with the language model {model}, which reads your question and the passages found.",
    ),
    "pages_one": ("1 pagina", "1 page"),
    "pages": ("{count} pagina's", "{count} pages"),
    # Help and greetings.
    "usage": (
        "Typ {command} en dan je vraag, bijvoorbeeld: {command} Hoeveel gemeenten zijn er? Alleen jij ziet het "
        "antwoord; "
        "met “Deel in kanaal” laat je het aan iedereen zien. Met {command} instellingen kiezen beheerders van een "
        "kanaal "
        "hoe de assistent daar werkt.",
        "Type {command} and then your question. Only you see the answer; “Share in channel” shows it to everyone. With "
        "{command} instellingen managers of a channel choose how the assistant works there.",
    ),
    "joined": (
        "Hallo! Noem mij in een bericht en stel je vraag: ik antwoord in de thread, met bij elke zin de bron. Met een "
        "vervolgvraag in de thread kun je doorvragen. Niet iedereen in dit kanaal mag alle documenten lezen? Dan "
        "gaat zo'n "
        "antwoord alleen naar wie het vroeg.",
        "Hello! Mention me in a message and ask your question: I answer in the thread, with the source of every "
        "sentence.",
    ),
    "joined_external": (
        "Hallo! In dit kanaal lezen mensen van andere organisaties mee. Ik antwoord hier daarom alleen uit openbare "
        "documenten. Noem mij in een bericht en stel je vraag.",
        "Hello! People of other organisations read along in this channel. So I only answer from public documents here.",
    ),
    "settings_button": ("Instellingen van dit kanaal", "Settings of this channel"),
    "prompts_title": ("Waar ben je naar op zoek?", "What are you looking for?"),
    "searching": ("zoekt in de documenten …", "is searching the documents …"),
    "checking": ("controleert de bronnen …", "is checking the sources …"),
    # What went wrong.
    "problem_no_library": (
        "Er zijn nog geen documenten om uit te antwoorden. Vraag je beheerder om documenten toe te voegen.",
        "There are no documents to answer from yet. Ask your administrator to add documents.",
    ),
    "problem_busy": (
        "Er zijn nu veel vragen tegelijk. Je vraag is niet beantwoord. Probeer het over een minuut opnieuw.",
        "There are many questions at this moment. Yours was not answered. Try again in a minute.",
    ),
    "problem_too_long": (
        "Je vraag is te lang. Gebruik hoogstens {limit} tekens, en stel liever één ding tegelijk aan de orde.",
        "Your question is too long. Use {limit} characters at most, and rather ask one thing at a time.",
    ),
    "problem_empty": (
        "Ik zie geen vraag. Typ je vraag in hetzelfde bericht, bijvoorbeeld: Wanneer begint de energietransitie?",
        "I see no question. Type your question in the same message.",
    ),
    "problem_unavailable": (
        "De documenten zijn nu niet te lezen, dus je vraag is niet beantwoord. Probeer het straks opnieuw. Blijft "
        "het zo, "
        "meld het dan aan je beheerder.",
        "The documents cannot be read now, so your question was not answered. Try again in a while. If it stays "
        "so, tell "
        "your administrator.",
    ),
    "problem_not_allowed": (
        "Je mag de assistent hier niet gebruiken. Vraag je beheerder om toegang.",
        "You may not use the assistant here. Ask your administrator for access.",
    ),
    "problem_off": (
        "De assistent staat uit in dit kanaal. Stel je vraag in een direct bericht aan de assistent.",
        "The assistant is off in this channel. Ask your question in a direct message to the assistant.",
    ),
    "problem_expired": (
        "Dit antwoord wordt niet meer bewaard. Stel je vraag opnieuw.",
        "This answer is no longer kept. Ask your question again.",
    ),
    "problem_unexpected": (
        "Er ging iets mis, en je vraag is niet beantwoord. Probeer het opnieuw. Blijft het zo, meld het dan aan je "
        "beheerder.",
        "Something went wrong, and your question was not answered. Try again. If it stays so, tell your administrator.",
    ),
    "problem_given_up": (
        "Het is niet gelukt om je vraag te beantwoorden, ook niet na vaker proberen. Stel je vraag opnieuw. Blijft het "
        "zo, meld het dan aan je beheerder.",
        "Your question could not be answered, although it was tried several times. Ask it again. If it stays so, tell "
        "your administrator.",
    ),
    "click_failed": (
        "Dat is nu niet gelukt. Probeer het over een minuut opnieuw.",
        "That did not work now. Try again in a minute.",
    ),
    "ask_this": ("Vraag dit", "Ask this"),
    "retry": ("Probeer opnieuw", "Try again"),
}


def said(name: str, language: Language = "nl", **values: str | int) -> str:
    """The sentence of this name, with the values in their places. What is in a value is left as it is."""
    sentence = _SAID[name][0 if language == "nl" else 1]
    return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), sentence)


def names() -> list[str]:
    """The names of all sentences."""
    return list(_SAID)
