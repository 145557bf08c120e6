"""The groups file of Slack: what it says, what is wrong in it, and who has which groups where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingsError
from integrations.slack.access import Access, Member, groups_everyone_has, groups_of, read_access
from integrations.slack.types import Place

FILE = """
managers = ["U0HOOFD"]

[team.T0VELDRIJK]
groups = ["medewerkers"]

[usergroup.S0DIRECTIE]
groups = ["directie"]

[user.U0ANNA]
groups = ["jeugdzorg"]

[channel.C0JEUGD]
groups = ["jeugdzorg"]
"""
USERGROUPS = {"S0DIRECTIE": ["U0BERT"]}
ANNA, BERT, CEES = (Member(one, outsider=False) for one in ("U0ANNA", "U0BERT", "U0CEES"))
GUEST = Member("U0GAST", outsider=True)


@pytest.fixture
def access(tmp_path):
    path = tmp_path / "toegang.toml"
    path.write_text(FILE, encoding="utf-8")
    return read_access(path)


def place(channel="C0RAAD", kind="channel", *, external=False):
    return Place("T0VELDRIJK", channel, "1.000001", kind, external)


def test_without_a_file_nobody_has_a_group():
    access = read_access(None)
    assert access.closed
    assert groups_of(access, place(), ANNA, USERGROUPS.__getitem__) == frozenset()
    assert groups_everyone_has(access, place(), [ANNA], USERGROUPS.__getitem__) == frozenset()


@pytest.mark.parametrize(
    ("asker", "where", "groups"),
    [
        (ANNA, place(), {"medewerkers", "jeugdzorg"}),
        (BERT, place(), {"medewerkers", "directie"}),
        (CEES, place(), {"medewerkers"}),
        (CEES, place("C0JEUGD"), {"medewerkers", "jeugdzorg"}),
        (CEES, place("C0JEUGD", external=True), set()),
        (BERT, place(external=True), set()),
        (BERT, place("D0BERT", "direct"), {"medewerkers", "directie"}),
        (GUEST, place("C0JEUGD"), set()),
        (GUEST, place("D0GAST", "direct"), set()),
    ],
)
def test_the_groups_of_an_asker(access, asker, where, groups):
    assert groups_of(access, where, asker, USERGROUPS.__getitem__) == groups


@pytest.mark.parametrize(
    ("members", "where", "groups"),
    [
        ([ANNA, BERT, CEES], place(), {"medewerkers"}),
        ([ANNA], place(), {"medewerkers", "jeugdzorg"}),
        ([BERT, CEES], place("C0JEUGD"), {"medewerkers", "jeugdzorg"}),
        ([BERT], place("C0JEUGD"), {"medewerkers", "directie", "jeugdzorg"}),
        ([ANNA, GUEST], place("C0JEUGD"), set()),
        ([ANNA], place("C0JEUGD", external=True), set()),
        ([], place("C0JEUGD"), set()),
    ],
)
def test_the_groups_of_everybody_in_a_place(access, members, where, groups):
    assert groups_everyone_has(access, where, members, USERGROUPS.__getitem__) == groups


NAMES = st.frozensets(st.sampled_from(["a", "b", "c"]))


@given(
    team=NAMES,
    channel=NAMES,
    users=st.lists(st.tuples(NAMES, st.booleans()), min_size=1, max_size=4),
    external=st.booleans(),
)
def test_what_everybody_has_each_of_them_has(team, channel, users, external):
    access = Access(
        {"T0VELDRIJK": team}, {"C0RAAD": channel}, {f"U0{at}": groups for at, (groups, _) in enumerate(users)}
    )
    members = [Member(f"U0{at}", outsider) for at, (_, outsider) in enumerate(users)]
    everyone = groups_everyone_has(access, place(external=external), members, lambda _: ())
    assert all(everyone <= groups_of(access, place(external=external), one, lambda _: ()) for one in members)
    assert not (everyone and (external or any(one.outsider for one in members)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('managers = ["U0HOOFD"]\n[team.T0VELDRIJK\ngroups = []\n', "regel 2 "),
        ('[kanaal.C0JEUGD]\ngroups = ["a"]\n', "regel 1: 'kanaal' ken ik niet"),
        ('\n\n[channel.jeugd]\ngroups = ["a"]\n', "regel 3: 'jeugd' is geen id"),
        ('[channel.U0ANNA]\ngroups = ["a"]\n', "begint met C of G"),
        ('[user.U0ANNA]\ngroups = "a"\n', "regel 1: onder [user.U0ANNA] hoort alleen een lijst"),
        ('[user.U0ANNA]\ngroep = ["a"]\n', "regel 1: onder [user.U0ANNA]"),
        ("[user.U0ANNA]\ngroups = [1]\n", "regel 1: onder [user.U0ANNA]"),
        ('# hoofd\nmanagers = "U0HOOFD"\n', "regel 2: managers is geen lijst"),
        ('managers = ["C0RAAD"]\n', "'C0RAAD' is geen id van een persoon"),
        ("user = 1\n", "regel 1: schrijf user als kop"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path, text, said):
    path = tmp_path / "toegang.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_access(path)
    assert said in caught.value.problems[0]
    assert caught.value.problems[0].startswith("VNG_SLACK_ACCESS_FILE: ")


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    path = tmp_path / "toegang.toml"
    path.write_text('[user.x]\ngroups = ["a"]\n[channel.y]\ngroups = ["a"]\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_access(path)
    assert len(caught.value.problems) == 2


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path):
    with pytest.raises(SettingsError, match="bestaat niet"):
        read_access(tmp_path / "weg.toml")
    (tmp_path / "geen.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="niet te lezen"):
        read_access(tmp_path / "geen.toml")
