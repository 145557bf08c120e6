"""The settings, from environment variables with prefix VNG_ or a file `.env`; see docs/handleiding/instellingen.md."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import SettingsError
from assistant.llm.language_model import is_url

# Settings that no answer depends on: they say where things are, or belong to the server.
NOT_OF_ANSWERS = frozenset(
    (
        *("data", "database", "groups", "api_keys_file", "hosts", "proxies", "rate", "retention_days"),
        *("keep_originals", "organisation", "theme", "contact", "public_url"),
        *("slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_access_file", "slack_colleagues"),
        "slack_url",
        "processes",
    )
)


class Settings(BaseSettings):
    """Everything that can be set. The description of a field is what a person reads about it."""

    model_config = SettingsConfigDict(env_prefix="VNG_", env_file=".env", env_ignore_empty=True, extra="ignore")

    data: Path = Field(Path("data"), description="Map waarin de bibliotheek staat.")
    encoder: str = Field(
        "",
        description="Zoekmodel, dat op betekenis zoekt: leeg is het ingebouwde Nederlandse model; anders een map "
        "of naam van een sentence-transformers-model, of llama-index:pakket.module:Klasse?naam=waarde.",
    )
    encoder_query_prefix: str | None = Field(None, description="Wat het zoekmodel vóór een vraag wil zien.")
    encoder_passage_prefix: str | None = Field(None, description="Wat het zoekmodel vóór een passage wil zien.")
    reranker: str = Field(
        "",
        description="Model dat vraag en passage samen leest en de gevonden passages opnieuw ordent (cross-encoder): "
        "leeg is het ingebouwde; anders een map of naam van een sentence-transformers-model.",
    )
    thesaurus: Path | None = Field(
        None, description="Map met eigen bestanden voor de thesaurus, naast de ingebouwde; zie docs/handleiding."
    )
    allow_download: bool = Field(
        False, description="Of een model dat niet op deze computer staat, gedownload mag worden."
    )
    max_file_mb: int = Field(200, ge=1, description="Grootste bestand dat wordt gelezen, in MB.")
    read_seconds: float = Field(120, gt=0, description="Langste tijd voor het lezen van één bestand, in seconden.")
    read_memory_mb: int = Field(2048, ge=256, description="Meeste geheugen voor het lezen van één bestand, in MB.")
    workers: int = Field(
        2, ge=1, description="Aantal processen tegelijk, bij het lezen van bestanden en bij een evaluatie."
    )
    processes: int = Field(
        0,
        ge=0,
        le=64,
        description="Aantal processen waarin de server antwoorden maakt, hoogstens een per processorkern; 0 is in de "
        "server zelf, wat genoeg is voor een enkele gebruiker.",
    )
    database: SecretStr | None = Field(
        None,
        description="Adres van de database met vragen en antwoorden: leeg is een bestand in de map van de bibliotheek; "
        "anders postgresql+psycopg://naam:wachtwoord@server/database. Wordt nergens getoond.",
    )
    groups: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        description="Groepen waarvan je de besloten documenten ziet als je zonder sleutel op je eigen computer werkt, "
        "met komma's ertussen.",
    )
    api_keys_file: Path | None = Field(
        None, description="Bestand met de sleutels voor de API en de webpagina's: leeg is keys.json in VNG_DATA."
    )
    hosts: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        description="Namen waaronder de server te bereiken is, naast localhost, met komma's ertussen, bijvoorbeeld "
        "assistent.veldrijk.nl.",
    )
    proxies: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        description="Adressen van tussenliggende servers (reverse proxy) die zeggen wie er vraagt en of dat over TLS "
        "ging, met komma's ertussen.",
    )
    rate: str = Field(
        "60/minute",
        description="Hoeveel vragen en zoekopdrachten iemand met een sleutel mag doen, zoals 60/minute; een sleutel "
        "kan een eigen grens hebben.",
    )
    retention_days: int | None = Field(
        None, ge=1, description="Na hoeveel dagen vragen en antwoorden worden gewist; leeg is nooit."
    )
    keep_originals: bool = Field(
        True, description="Of de bibliotheek een kopie van elk bestand bewaart, om pagina's uit een PDF te laten zien."
    )
    organisation: str = Field("", description="Naam van je organisatie, voor boven de webpagina's.")
    theme: Path | None = Field(None, description="CSS-bestand met de kleuren en letters van je organisatie.")
    contact: str = Field("", description="E-mailadres of webadres voor vragen over de webpagina's.")
    public_url: str = Field(
        "", description="Adres waarop anderen de webpagina's bereiken, voor links in Slack en in bestanden."
    )
    slack_bot_token: SecretStr | None = Field(
        None, description="Sleutel van de bot in Slack (begint met xoxb-); wordt nergens getoond."
    )
    slack_app_token: SecretStr | None = Field(
        None, description="Sleutel voor de verbinding met Slack (begint met xapp-); wordt nergens getoond."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Geheim waarmee Slack berichten ondertekent, voor /slack/events; wordt nergens getoond."
    )
    slack_access_file: Path | None = Field(
        None, description="Bestand (TOML) dat zegt welke groepen mensen en kanalen in Slack hebben."
    )
    slack_colleagues: str = Field(
        "", description="Id van de gebruikersgroep in Slack die hulp geeft bij 'Vraag een collega', zoals S0123456789."
    )
    slack_url: str = Field(
        "https://slack.com/api/", description="Adres van Slack zelf; alleen anders om de bot te beproeven."
    )
    mask: bool = Field(False, description="Of persoonsgegevens in vragen onleesbaar worden gemaakt voor het bewaren.")
    llm: Literal["", "openai", "ollama"] = Field(
        "",
        description="Soort taalmodel dat antwoorden schrijft: leeg is geen; openai is elke server met het protocol van "
        "OpenAI; ollama is Ollama.",
    )
    llm_url: str = Field(
        "", description="Adres van de server van het taalmodel, bijvoorbeeld http://localhost:8080/v1."
    )
    llm_model: str = Field("", description="Naam van het taalmodel op die server.")
    llm_key: SecretStr | None = Field(None, description="Sleutel voor die server; wordt nergens getoond.")
    llm_seconds: float = Field(60, gt=0, description="Langste tijd voor één antwoord van het taalmodel, in seconden.")
    llm_tokens: int = Field(800, ge=50, description="Langste antwoord van het taalmodel, in tokens (stukjes woord).")
    llm_context_words: int = Field(
        2500, ge=100, description="Hoeveel woorden uit de documenten het taalmodel bij een vraag te lezen krijgt."
    )

    @field_validator("groups", "hosts", "proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """The names in a text with commas."""
        return frozenset(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @property
    def llm_secret(self) -> str | None:
        """The key itself; only for the connection to the server that it is for."""
        return self.llm_key.get_secret_value() if self.llm_key else None

    @property
    def database_address(self) -> str | None:
        """The address itself; only for the connection to the database."""
        return self.database.get_secret_value() if self.database else None

    def shown(self) -> dict[str, str]:
        """The settings that answers depend on, as they may be shown and kept: without secrets, and without places."""
        return {name: str(value) for name, value in self if name not in NOT_OF_ANSWERS and value not in (None, "")}


def load_settings() -> Settings:
    """The settings in force. Raises SettingsError with a line a setting that cannot be used."""
    try:
        settings = Settings()  # type: ignore[call-arg]  # filled from the environment
    except ValidationError as error:
        problems = tuple(
            f"VNG_{'_'.join(map(str, problem['loc'])).upper()}={problem['input']!r}: {problem['msg']}"
            for problem in error.errors()
        )
        raise SettingsError(problems) from None
    if problems := _language_model_problems(settings):
        raise SettingsError(problems)
    return settings


def _language_model_problems(settings: Settings) -> tuple[str, ...]:
    if not settings.llm:
        return ()
    problems = []
    if not is_url(settings.llm_url):
        problems.append(
            "VNG_LLM_URL: noem het adres van de server, zoals http://localhost:8080/v1, zonder naam of wachtwoord erin."
        )
    if not settings.llm_model.strip():
        problems.append("VNG_LLM_MODEL: noem het taalmodel.")
    return tuple(problems)
