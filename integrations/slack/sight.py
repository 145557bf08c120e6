"""What somebody in Slack may be shown, alone or with everybody in a place, as documents are closed at that moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.retrieve import visible_documents
from assistant.types import Answer, Filters
from ingest.library import Library, LiveLibrary
from ingest.types import Document
from integrations.slack.access import NOBODY, Access, Groups, Member, groups_everyone_has, groups_of
from integrations.slack.errors import Refused
from integrations.slack.gateway import Gateway
from integrations.slack.types import Place

MOST_LOOKED_UP = 150  # members of a conversation; in a larger one nothing is taken to be everybody's


@dataclass(frozen=True, slots=True)
class Sight:
    """Who may see what. Every method raises what Gateway and LiveLibrary raise; what is unknown is not shown."""

    access: Access
    gateway: Gateway
    library: LiveLibrary

    def groups(self, place: Place, user: str) -> Groups:
        """The groups with which somebody asks in a place."""
        if self.access.closed or self._is_external(place):
            return NOBODY
        own = self._without_channel() if self._has_left(place, user) else self.access
        return groups_of(own, place, self._member(place, user), self.gateway.usergroup)

    def groups_of_all(self, place: Place) -> Groups:
        """The groups that everybody who reads along in a place has."""
        if self.access.closed or self._is_external(place):
            return NOBODY
        return groups_everyone_has(self.access, place, self._members(place) or (), self.gateway.usergroup)

    def has_outsiders(self, place: Place) -> bool:
        """Whether guests or other organisations read along, as far as a conversation of this size can be looked at."""
        return self._is_external(place) or any(one.outsider for one in self._members(place) or ())

    def asks_with(self, place: Place, user: str) -> Groups:
        """The groups that an answer in this place may rest on: none where outsiders read along, whoever asks."""
        groups = self.groups(place, user)
        return NOBODY if groups and place.kind != "direct" and self.has_outsiders(place) else groups

    def sees(self, place: Place, user: str, documents: Iterable[Document]) -> bool:
        """Whether somebody may be shown these documents by himself, in this place."""
        accesses = self._accesses(documents)
        return not any(accesses) or _open_to(accesses, self.asks_with(place, user))

    def all_see(self, place: Place, documents: Iterable[Document]) -> bool:
        """Whether everybody in a place may be shown these documents."""
        accesses = self._accesses(documents)
        return not any(accesses) or _open_to(accesses, self.groups_of_all(place))

    def sees_answer(self, place: Place, user: str, answer: Answer) -> bool:
        """Whether somebody may be shown an answer by himself, in this place."""
        return self.sees(place, user, documents_of(answer))

    def all_see_answer(self, place: Place, answer: Answer) -> bool:
        """Whether everybody in a place may be shown an answer."""
        return self.all_see(place, documents_of(answer))

    def is_public(self, answer: Answer) -> bool:
        """Whether an answer shows nothing but what everybody may see, whoever and wherever he is."""
        return not any(self._accesses(documents_of(answer)))

    def hides_nothing(self, place: Place, groups: Groups) -> bool:
        """Whether all that can be seen with these groups can be seen by everybody in a place."""
        with self.library.lease() as library:
            mine = set(visible(library, groups))
            if mine == set(visible(library, NOBODY)):
                return True
        with self.library.lease() as library:
            return mine <= set(visible(library, self.groups_of_all(place)))

    def documents(self, groups: Groups) -> dict[str, Document]:
        """The documents that can be seen with these groups, by id, in order of source."""
        with self.library.lease() as library:
            return visible(library, groups)

    def _has_left(self, place: Place, user: str) -> bool:
        """Whether somebody is not, or no longer, in a channel whose groups he would have there."""
        if place.kind == "direct" or place.channel not in self.access.channels:
            return False
        members = self.gateway.members(place.channel)
        return members is not None and user not in members

    def _without_channel(self) -> Access:
        return replace(self.access, channels={})

    def _is_external(self, place: Place) -> bool:
        return place.external or (place.kind != "direct" and self.gateway.channel(place.channel).external)

    def _member(self, place: Place, user: str) -> Member:
        try:
            facts = self.gateway.user(user)
        except Refused:
            return Member(user, outsider=True)
        strange = facts.stranger or facts.guest or facts.deleted or facts.bot
        return Member(user, outsider=strange or bool(facts.team and facts.team != place.team))

    def _members(self, place: Place) -> list[Member] | None:
        """The people in a conversation; None where these are too many to look at."""
        members = self.gateway.members(place.channel)
        if members is None or len(members) > MOST_LOOKED_UP:
            return None
        people = members - {self.gateway.identity().user}
        return [self._member(place, one) for one in people if not self._is_program(one)]

    def _is_program(self, user: str) -> bool:
        try:
            return self.gateway.user(user).bot
        except Refused:
            return False

    def _accesses(self, documents: Iterable[Document]) -> list[frozenset[str]]:
        """What it takes to see each of these documents: when the answer was given, and now.

        A document may have been closed since, and have another id or name by now.
        """
        shown = list(documents)
        names = {name for one in shown for name in (one.doc_id, one.source, one.content_hash)}
        with self.library.lease() as library:
            now = [
                one.access
                for one in library.documents.values()
                if not names.isdisjoint((one.doc_id, one.source, one.content_hash))
            ]
        return [frozenset(one) for one in (*(one.access for one in shown), *now)]


def visible(library: Library, groups: Groups) -> dict[str, Document]:
    """The documents of a library that can be seen with these groups."""
    found = visible_documents(library, Filters(), groups)
    return library.documents if found is None else {one: library.documents[one] for one in found}


def documents_of(answer: Answer) -> Iterator[Document]:
    """The documents that an answer shows something of: those it cites, those that came near, those of its questions."""
    yield from (citation.document for citation in answer.citations)
    yield from (suggestion.passage.document for suggestion in answer.suggestions)
    if answer.questions:
        yield from (hit.document for hit in answer.passages)


def _open_to(accesses: Iterable[frozenset[str]], groups: Groups) -> bool:
    return all(not one or one & groups for one in accesses)
