"""What the pages say of whose they are and of how they are run, and how a municipality makes them its own."""

import hashlib
import re
from dataclasses import dataclass

THEME_URL = "/static/theme.css"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Look:
    """Whose pages these are, and what they say of how they are run.

    `theme` is the css that goes over ours, with only custom properties in it; `contact` an e-mail address or a web
    address; each is "" where nobody set one. `login` is whether people say who they are before they ask. For the page
    on privacy: `retention_days` is after how many days questions and answers are erased (None: never), `masked` whether
    personal data is made unreadable before it is kept, and `language_model` the host of the server that writes the
    answers ("" without one).
    """

    organisation: str = ""
    theme: str = ""
    contact: str = ""
    login: bool = False
    retention_days: int | None = None
    masked: bool = False
    language_model: str = ""

    @property
    def theme_url(self) -> str:
        """The address of the theme, which changes with what is in it."""
        return f"{THEME_URL}?v={self.theme_version}"

    @property
    def theme_version(self) -> str:
        """What changes with the theme, and with nothing else."""
        return hashlib.sha256(self.theme.encode()).hexdigest()[:12]

    @property
    def contact_url(self) -> str:
        """The address that a link to the contact leads to; "" for a contact that is neither of the two."""
        if self.contact.startswith(("https://", "http://")):
            return self.contact
        return f"mailto:{self.contact}" if _EMAIL.fullmatch(self.contact) else ""
