"""Who may see what in Slack: the groups file, and the groups of a person and of everybody in a place.

The file is TOML, with the ids that Slack gives:

    managers = ["U0HOOFD"]                  may change the settings of every channel

    [team.T0VELDRIJK]                       everybody who works here, no guests
    groups = ["medewerkers"]

    [usergroup.S0DIRECTIE]                  the members of a user group
    groups = ["directie"]

    [user.U0ANNA]
    groups = ["jeugdzorg"]

    [channel.C0JEUGD]                       everybody in this channel, while there
    groups = ["jeugdzorg"]
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from integrations.slack.types import Place

Groups = frozenset[str]

NOBODY: Groups = frozenset()
_SECTIONS = {"team": "TE", "channel": "CG", "user": "UW", "usergroup": "S"}
_ID = re.compile(r"[A-Z][A-Z0-9]{2,}")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Access:
    """What the groups file says: the groups of the workspace, channels, people and user groups, by id."""

    teams: Mapping[str, Groups] = field(default_factory=dict)
    channels: Mapping[str, Groups] = field(default_factory=dict)
    users: Mapping[str, Groups] = field(default_factory=dict)
    usergroups: Mapping[str, Groups] = field(default_factory=dict)
    managers: frozenset[str] = frozenset()

    @property
    def closed(self) -> bool:
        """Whether nobody has any group, so that everybody sees public documents only."""
        return not any((self.teams, self.channels, self.users, self.usergroups))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in Slack, as far as access goes. An outsider is a guest, or somebody of another organisation."""

    user: str
    outsider: bool


def read_access(path: Path | None) -> Access:
    """What the groups file says; without a file nobody has a group. Raises SettingsError, naming the line."""
    if path is None:
        return Access()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _wrong(f"het bestand {path.name} bestaat niet. Controleer de naam.") from None
    except (OSError, UnicodeDecodeError):
        raise _wrong(f"het bestand {path.name} is niet te lezen als tekst (UTF-8).") from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else len(text.splitlines())
        raise _wrong(
            f"regel {line} van {path.name} is geen geldige TOML. Kijk naar haakjes en aanhalingstekens."
        ) from None
    problems = tuple(_problems(content, text))
    if problems:
        raise SettingsError(tuple(f"VNG_SLACK_ACCESS_FILE: {path.name}, {problem}" for problem in problems))
    found = {
        section: {one: frozenset(given["groups"]) for one, given in content.get(section, {}).items()}
        for section in _SECTIONS
    }
    managers = frozenset(content.get("managers", ()))
    return Access(found["team"], found["channel"], found["user"], found["usergroup"], managers)


def groups_of(access: Access, place: Place, asker: Member, usergroups: Callable[[str], Iterable[str]]) -> Groups:
    """The groups with which somebody asks in a place; none for an outsider, nor where outsiders read along.

    `usergroups` gives the members of a user group. That others in the place are guests is for the caller to tell, with
    `groups_everyone_has`.
    """
    if asker.outsider or place.external:
        return NOBODY
    own = _own_groups(access, place.team, asker.user, _members(access, usergroups))
    return own | _of_channel(access, place)


def groups_everyone_has(
    access: Access, place: Place, members: Iterable[Member], usergroups: Callable[[str], Iterable[str]]
) -> Groups:
    """The groups that everybody in a place has: those of the channel, and those that all its members share.

    None where somebody from outside is in it.
    """
    if place.external:
        return NOBODY
    there = list(members)
    if not there or any(one.outsider for one in there):
        return NOBODY
    inside = _members(access, usergroups)
    shared = [_own_groups(access, place.team, one.user, inside) for one in there]
    return frozenset.intersection(*shared) | _of_channel(access, place)


def _of_channel(access: Access, place: Place) -> Groups:
    return NOBODY if place.kind == "direct" else access.channels.get(place.channel, NOBODY)


def _members(access: Access, usergroups: Callable[[str], Iterable[str]]) -> dict[str, frozenset[str]]:
    return {group: frozenset(usergroups(group)) for group in access.usergroups}


def _own_groups(access: Access, team: str, user: str, usergroups: Mapping[str, frozenset[str]]) -> Groups:
    """The groups of somebody who works here, wherever he asks."""
    found = access.teams.get(team, NOBODY) | access.users.get(user, NOBODY)
    return found.union(*(access.usergroups[group] for group, members in usergroups.items() if user in members))


def _problems(content: Mapping[str, Any], text: str) -> Iterable[str]:
    """What is wrong in a file that is TOML, a line of text each."""
    for name, given in content.items():
        line = f"regel {_line(text, '.?' + re.escape(name))}"
        if name == "managers":
            if not _is_texts(given):
                yield f'{line}: managers is geen lijst met ids, zoals ["U0123456"].'
            elif wrong := [one for one in given if not _is_id(one, "user")]:
                yield f"{line}: {wrong[0]!r} is geen id van een persoon (begint met U of W)."
        elif name not in _SECTIONS:
            yield f"{line}: {name!r} ken ik niet. Gebruik managers, {', '.join(_SECTIONS)}."
        elif not isinstance(given, dict):
            yield f"{line}: schrijf {name} als kop, zoals [{name}.{_SECTIONS[name][0]}0123456]."
        else:
            for one, groups in given.items():
                yield from _section_problems(name, one, groups, text)


def _section_problems(section: str, one: str, given: object, text: str) -> Iterable[str]:
    line = _line(text, rf"\[\s*{section}\s*\.\s*['\"]?{re.escape(one)}")
    if not _is_id(one, section):
        letters = " of ".join(_SECTIONS[section])
        yield f"regel {line}: {one!r} is geen id van Slack. Een id bij {section} begint met {letters}."
    elif not isinstance(given, dict) or set(given) != {"groups"} or not _is_texts(given["groups"]):
        yield f'regel {line}: onder [{section}.{one}] hoort alleen een lijst, zoals groups = ["directie"].'


def _is_id(one: str, section: str) -> bool:
    return bool(_ID.fullmatch(one)) and one[0] in _SECTIONS[section]


def _is_texts(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) and one.strip() for one in given)


def _line(text: str, pattern: str) -> int:
    """The number of the first line that begins with this pattern; 1 where none does."""
    found = re.search(rf"(?m)^\s*{pattern}", text)
    return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1 if found else 1


def _wrong(problem: str) -> SettingsError:
    return SettingsError((f"VNG_SLACK_ACCESS_FILE: {problem}",))
