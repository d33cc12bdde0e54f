"""Places that fail, hang, recover, come and go: none holds another, and each failure is told."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from recado.backoff import Backoff
from recado.deploy.publishing import PlaceResult
from recado.deploy.tree import AwayError, Sent
from recado.errors import WorkError
from recado.model.servers import Place
from recado.running import places as places_module
from recado.running.journal import Level
from recado.running.places import Places
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heard_log import Heard

    from recado.model.practice import Practice
    from recado.running.report import Report
    from recado.running.standing import PlaceStands

SECONDS = 30
NOTHING = Sent()
SOME = Sent(added=("a.html",), size=1200)
PRACTICE = """\
practice: {name: M, owner: M, email: m@marta.example, timezone: Europe/Madrid, language: en, country: ES}
mailbox: {address: r@marta.example, host: 127.0.0.1, security: none, user: r, password: {env: X}}
clients: {}
"""


def done(sent: Sent = SOME, notes: tuple[str, ...] = ()) -> PlaceResult:
    return PlaceResult("web", sent, ("acme",), 0.1, notes)


def in_words(result: PlaceResult) -> str:
    return f"{result.place}: {len(result.sent.added)} sent, {len(result.sent.altered)} altered"


class Hosts:
    """Publishes as it is told to: each place's answers, one after another; the last goes on."""

    def __init__(self) -> None:
        self.answers: dict[str, list[PlaceResult | Exception | threading.Event]] = {}
        self.came = threading.Condition()
        self.published: list[str] = []
        self.practices: list[Practice] = []

    def __call__(self, practice: Practice, name: str, /) -> PlaceResult:
        with self.came:
            self.published.append(name)
            self.practices.append(practice)
            self.came.notify_all()
            answers = self.answers.get(name, [done()])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, threading.Event):
            answer.wait(SECONDS)
            return done()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def until(self, name: str, times: int) -> None:
        with self.came:
            assert self.came.wait_for(lambda: self.published.count(name) >= times, SECONDS), self.published


@pytest.fixture
def hosts() -> Hosts:
    return Hosts()


@pytest.fixture
def places(hosts: Hosts, journal: Heard, report: Report, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    monkeypatch.setattr(places_module, "SOON", Backoff(0.001, 0.002))
    monkeypatch.setattr(places_module, "SLOWLY", Backoff(0.001, 0.002))
    made = Places(hosts, in_words, journal, report)
    yield made
    for thread in made.end():
        thread.join(SECONDS)
        assert not thread.is_alive()


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    (tmp_path / "clients.yml").write_text(PRACTICE, encoding="utf-8")
    return load_practice(Workspace(tmp_path))


def with_places(practice: Practice, **access: str | None) -> Practice:
    return replace(practice, places={name: Place(kind="directory", path="/x", access=how) for name, how in access.items()})  # type: ignore[arg-type]


def standing(report: Report, name: str) -> PlaceStands:
    return report.copied().places[name]


def wait_until(report: Report, is_so: Callable[[], bool]) -> None:
    known, until = -1, time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < until
        known = report.wait(known, SECONDS)


def test_each_place_is_published_as_the_run_begins_and_at_every_news(
    places: Places, hosts: Hosts, practice: Practice, journal: Heard
) -> None:
    places.take(with_places(practice, web="nginx", pages="encrypted"))
    hosts.until("web", 1)
    hosts.until("pages", 1)
    journal.until("web: 1 sent, 0 altered")
    places.news()
    hosts.until("web", 2)
    hosts.until("pages", 2)


def test_a_place_that_hangs_holds_no_other(places: Places, hosts: Hosts, practice: Practice, report: Report) -> None:
    let_go = threading.Event()
    hosts.answers["slow"] = [let_go]
    places.take(with_places(practice, slow="nginx", web="nginx"))
    hosts.until("slow", 1)
    for number in range(1, 4):
        hosts.until("web", number)
        places.news()
    assert standing(report, "slow").busy
    assert hosts.published.count("slow") == 1
    let_go.set()
    hosts.until("slow", 2)  # what came meanwhile, once for all of it


def test_a_place_that_is_away_is_tried_again_told_once_at_length_and_told_when_it_is_back(
    places: Places, hosts: Hosts, practice: Practice, journal: Heard, report: Report
) -> None:
    hosts.answers["web"] = [*[AwayError("The host does not answer.") for _ in range(3)], done()]
    places.take(with_places(practice, web="nginx"))
    journal.until("web: it works again.")
    said = journal.said()
    assert sum("The host does not answer." in line for line in said) == 1
    assert sum("It is still so." in line for line in said) == 2
    assert (standing(report, "web").trouble, standing(report, "web").since) == ("", "")


def test_while_it_is_tried_again_how_it_stands_says_so(
    places: Places, hosts: Hosts, practice: Practice, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places_module, "SOON", Backoff(10_000, 10_000))
    hosts.answers["web"] = [OSError(28, "No space left on device"), done()]
    places.take(with_places(practice, web="nginx"))
    wait_until(report, lambda: bool(standing(report, "web").next))
    stands = standing(report, "web")
    assert "No space left on device" in stands.trouble
    assert stands.since
    assert stands.next
    places.news()  # news does not shorten the pause: whoever is away is not asked at each mail
    places.take(with_places(practice, web="caddy"))  # another clients.yml does
    wait_until(report, lambda: not standing(report, "web").trouble)
    assert hosts.published == ["web", "web"]


def test_a_place_without_access_is_told_once_and_tried_again_only_once_clients_yml_is_another(
    places: Places, hosts: Hosts, practice: Practice, journal: Heard
) -> None:
    hosts.answers["open"] = [WorkError("It has no `access`."), WorkError("It has no `access`."), done()]
    places.take(with_places(practice, open=None, web="nginx"))
    journal.until("open: It has no `access`. It is tried again once clients.yml is another.")
    for number in range(2, 5):
        places.news()
        hosts.until("web", number)
    assert hosts.published.count("open") == 1
    places.take(with_places(practice, open=None, web="nginx"))
    hosts.until("open", 2)
    places.take(with_places(practice, open="nginx", web="nginx"))
    journal.until("open: it works again.")
    assert sum("no `access`" in line for line in journal.said()) == 1


def test_what_is_refused_for_another_reason_is_tried_again(
    places: Places, hosts: Hosts, practice: Practice, journal: Heard
) -> None:
    hosts.answers["web"] = [WorkError("The key is refused."), done()]
    places.take(with_places(practice, web="nginx"))
    journal.until("web: it works again.")


def test_a_mistake_of_the_program_in_one_place_is_told_and_ends_nothing(
    places: Places, hosts: Hosts, practice: Practice, journal: Heard
) -> None:
    hosts.answers["web"] = [KeyError("December posts"), done()]
    places.take(with_places(practice, web="nginx"))
    journal.until("web: it works again.")
    assert any(entry.event == "bug" and entry.data["kind"] == "KeyError" for entry in journal.entries)
    assert not any("December" in line for line in journal.said())


def test_a_place_that_clients_yml_names_no_more_is_let_go_and_a_new_one_is_taken(
    places: Places, hosts: Hosts, practice: Practice, report: Report
) -> None:
    places.take(with_places(practice, old="nginx"))
    hosts.until("old", 1)
    places.take(with_places(practice, new="nginx"))
    hosts.until("new", 1)
    places.news()
    hosts.until("new", 2)
    assert hosts.published.count("old") == 1
    assert list(report.copied().places) == ["new"]


def test_without_places_it_is_said_once_that_nothing_is_published(places: Places, practice: Practice, journal: Heard) -> None:
    places.take(practice)
    places.take(practice)
    assert journal.said() == ["clients.yml names no places: portals are built, and published nowhere."]


def test_what_was_changed_there_by_another_hand_and_what_she_should_know_is_told_once(
    places: Places, hosts: Hosts, practice: Practice, journal: Heard
) -> None:
    sent = Sent(changed=("a.html",), altered=("a.html",), removed=("b.html",), size=10)
    hosts.answers["web"] = [done(sent, notes=("A key was made.",)), done(NOTHING, notes=("A key was made.",))]
    places.take(with_places(practice, web="nginx"))
    assert journal.until("web: 0 sent, 1 altered").level is Level.TROUBLE
    places.news()
    hosts.until("web", 2)
    assert sum("A key was made." in line for line in journal.said()) == 1
