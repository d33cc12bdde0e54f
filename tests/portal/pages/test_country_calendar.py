"""Public holidays: those of one country, without the calendars of all others, and the same on every machine."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import holidays
import pytest

from recado.portal.pages.country_calendar import country_calendar
from recado.portal.pages.public_holidays import Asked, public_holidays


@pytest.mark.parametrize("country", ["ES", "AU", "DE", "FR", "GB", "IT", "MX", "NL", "PT", "PR", "US"])
def test_a_calendar_is_the_one_that_the_library_gives(country: str) -> None:
    calendar = country_calendar(country)
    assert calendar is not None
    known = holidays.list_supported_countries(include_aliases=False)[country]
    assert list(calendar.subdivisions) == known
    for subdivision in (None, *known[:2]):
        ours = calendar(subdiv=subdivision, years=range(2026, 2028), language=calendar.default_language)
        theirs = holidays.country_holidays(
            country, subdiv=subdivision, years=range(2026, 2028), language=calendar.default_language
        )
        assert dict(ours) == dict(theirs)


def test_a_country_that_the_library_does_not_know_has_none() -> None:
    assert country_calendar("ZZ") is None


def test_only_the_country_that_is_asked_for_is_loaded_and_others_can_be_after_it() -> None:
    asked = (
        "import sys; from recado.portal.pages.country_calendar import country_calendar as c; c('ES');"
        "loaded = 'holidays.countries.japan' in sys.modules;"
        "import holidays; japan = holidays.country_holidays('JP', years=2026);"
        "print(loaded, bool(japan), c('JP').country)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 (our own words)
    assert done.stdout.strip() == "False True JP"


@pytest.mark.parametrize("language", ["uk", "th", "en_US"])
def test_the_language_of_the_machine_names_no_holiday(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.setenv(variable, language)
    assert (date(2026, 12, 25), "Erster Weihnachtstag") in public_holidays(Asked("DE", None, "qqq", 2026))
