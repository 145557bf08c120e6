from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dates import MONTHS, written_date
from ingest.read.markdown import iso_date

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
LANGUAGES = st.sampled_from(sorted(MONTHS))


@pytest.mark.parametrize(
    ("issued", "dutch", "english"),
    [
        ("2019", "2019", "2019"),
        ("2019-06", "juni 2019", "June 2019"),
        ("2024-03-04", "4 maart 2024", "4 March 2024"),
        ("2025-12-31", "31 december 2025", "31 December 2025"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(issued, dutch, english):
    assert written_date(issued) == dutch
    assert written_date(issued, "en") == english


@given(DAYS, LANGUAGES)
def test_a_written_day_is_read_back_as_the_same_day(day, language):
    assert iso_date(written_date(day.isoformat(), language)) == day.isoformat()


@given(DAYS, LANGUAGES, st.sampled_from([4, 7]))
def test_what_is_not_known_of_a_date_is_not_written(day, language, known):
    written = written_date(day.isoformat()[:known], language).split()
    assert written == [MONTHS[language][day.month - 1]] * (known == 7) + [str(day.year)]
