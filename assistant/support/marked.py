"""Words that turn, limit or strengthen what a sentence says, in groups of which the members can stand for each other.

A statement may not have one that its quote lacks. Those of KEPT it may not leave out either: without "niet", "kan" or
"sommige" it would say more than its quote.
"""

NEGATION = "negation"
GROUPS: dict[str, str] = {
    NEGATION: "niet geen nooit niemand niets nergens noch zonder evenmin niks",
    "hardly": "nauwelijks amper weinig",
    "can": "kan kunnen kun kunt kon konden mogelijk misschien wellicht eventueel",
    "may": "mag mogen mocht mochten toegestaan",
    "must": "moet moeten moest moesten verplicht dient dienen diende hoeft hoeven nodig",
    "want": "wil willen wilt wilde wilden wens wensen streven streeft beoogt beogen plan plannen",
    "would": "zou zouden",
    "will": "zal zullen",
    "if": "als indien mits wanneer zolang",
    "unless": "tenzij behalve uitgezonderd",
    "only": "alleen slechts enkel uitsluitend",
    "all": "alle alles iedere ieder iedereen elke elk overal altijd steeds volledig helemaal",
    "most": "meeste meestal grotendeels vaak dikwijls meerderheid",
    "some": "sommige soms enkele deels gedeeltelijk",
    "mainly": "vooral voornamelijk hoofdzakelijk",
    "many": "veel vele",
    "more": "meer meest",
    "less": "minder minst",
    "very": "zeer heel erg sterk flink fors",
    "cause": "omdat doordat want daardoor waardoor dus daarom zodat dankzij wegens vanwege hierdoor",
    "though": "hoewel ondanks",
    "first": "eerst",
    "even": "zelfs",
    "already": "al reeds",
    "against": "tegen",
    "within": "binnen",
    "beyond": "buiten",
    "under": "onder",
    "above": "boven",
    "after": "na nadat daarna",
    "before": "voordat",
    "said": "volgens aldus namens",
    "at least": "minstens minimaal",
    "at most": "hoogstens maximaal",
    "about": "ongeveer circa ca bijna zowat",
}
KEPT = (
    NEGATION, "hardly", "can", "may", "must", "want", "would", "if", "unless", "only", "most", "some", "mainly", "less",
    "before", "at least", "at most", "about",
    "said",
)  # fmt: skip
# What these say of something makes it another thing: they may not be left out, nor stand for each other.
WORDS_KEPT = frozenset(
    """
    voormalig voormalige toenmalig toenmalige mogelijke eventuele beoogd beoogde vermeend vermeende zogenaamd zogenaamde
    tijdelijk tijdelijke voorlopig voorlopige voorgenomen toekomstig toekomstige toen uitzondering plaats idee voorstel
    overweegt overwegen overwoog overwogen probeert proberen probeerde probeerden belooft beloven beloofde beloofden
    hoopt hopen hoopte hoopten verwacht verwachten verwachtte dreigt dreigen dreigde weigert weigeren weigerde weigerden
    vermijdt vermijden voorkomt voorkomen ontkent ontkennen ontkende betwijfelt twijfelt twijfelen stopt stoppen stopte
    adviseert adviseren adviseerde raadt raden pleit pleiten bepleit verkent verkennen vreest vrezen vermoedt vermoeden
    lijkt lijken leek schijnt suggereert suggereren vraagt vragen vroeg
    """.split()
)
# Stop words of the analyser that yet say something: "krijgt" is not "geeft".
LIGHT = frozenset(
    "komt komen kwam kwamen gaat gaan ging gingen geeft geven gaf laat laten liet lieten maakt maken maakte maakten "
    "staan stond stonden krijgt krijgen kreeg kregen doet doen deed deden gedaan noemt noemen vond vinden vindt ander "
    "andere anderen anders zei".split()
)
OF_WORD = {word: group for group, words in GROUPS.items() for word in words.split()}
# What may stand before a number and changes it.
BOUNDS: dict[str, str] = {
    word: group
    for group, words in {
        "least": "minstens minimaal ruim",
        "most": "hoogstens maximaal maximum",
        "about": "ongeveer circa ca bijna zowat rond",
        "more": "meer",
        "less": "minder",
        "until": "tot",
        "from": "vanaf sinds",
        "after": "na",
        "before": "voor",
    }.items()
    for word in words.split()
}
# Of two prepositions that say the opposite one cannot take the place of the other.
OPPOSED = frozenset(
    frozenset(pair.split("/"))
    for pair in "voor/tegen met/zonder binnen/buiten naar/van naar/uit in/uit voor/na tot/vanaf tot/sinds boven/onder "
    "van/aan".split()
)
# These say nothing that has to be in the quote: they only tell of the document, or carry a verb.
REPORTING = frozenset(
    """
    aldus bron bronnen document documenten tekst teksten passage passages stuk publicatie rapport pagina bladzijde blz
    noemt noemen genoemd schrijft schrijven geschreven staat staan stelt zegt zeggen meldt melden vermeldt beschrijft
    geeft volgens ook daarnaast verder bovendien namelijk echter het er eruit daarover hierover daarvan hiervan is zijn
    was waren wordt worden werd werden volgende antwoord vraag hierbij daarbij inleiding hoofdstuk onderdeel kopje
    verschillende aantal aantallen
    according document report source passage text says states writes mentions notes adds also annual section page
    published dutch chapter memo letter article essay blog policy vision quote quoted words literally says following
    """.split()
)
# Auxiliaries and particles, besides the stop words, that a paraphrase brings in or leaves out.
AUXILIARIES = frozenset(
    "hebben gehad zich elkaar zelf waarin waarvan waarbij waarmee hierin daarin erin er zo zoals toch ook nog".split()
)
NOT_CONTENT = (AUXILIARIES | OF_WORD.keys()) - {"plan", "plannen", "mogelijk", "nodig", "verplicht", "sterk"}
