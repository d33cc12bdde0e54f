"""clients.yml: a complete file is read, and what is wrong in one is said with its line, all of it, once each."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from recado.errors import ConfigurationError, WorkError
from recado.model.address import Person
from recado.model.hours import Response
from recado.store.practice_file import load_practice, parse_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

# Needed keys alone.
SMALL = """\
practice:
  name: Clara Vidal
  owner: Clara Vidal
  email: clara@vidal.example
  language: es
  timezone: Europe/Madrid
  country: ES
mailbox:
  address: pedidos@vidal.example
  host: imap.vidal.example
  user: pedidos
  password: {env: VIDAL_IMAP}
clients:
  north:
    code: NORTH
    name: North Ltd
    contacts: [{name: Ann Lee, email: ann@north.example}]
"""

# Every key there is.
COMPLETE = """\
# a comment, and a blank line below it

practice:
  name: Clara Vidal · Secretaría
  owner: Clara Vidal
  email: clara@vidal.example
  language: es
  timezone: Europe/Madrid
  country: ES
  subdivision: CT
  currency: EUR
  hours:
    mon-thu: "09:00-14:00 15:00-18:00"
    fri: 09:00-15:00
  response: 8 working hours
  absences:
    - {from: 2026-12-24, to: 2027-01-06, note: {es: Navidad, en: Christmas}}
  portal_url: https://portal.vidal.example
  brand: {colour: "#1f6f5c", logo: logo.svg, font: own.woff2}
  address: [Carrer Gran 1, 08001 Barcelona]
  tax_id: ES00000000T
  bank: {holder: Clara Vidal, iban: ES91 2100 0418 4502 0005 1332, bic: CAIXESBBXXX}
  payment_links: {paypal: https://paypal.example/clara}
  channels:
    - {for: {es: Peticiones, en: Requests}, by: email, to: pedidos@vidal.example}
  people:
    nuria: {name: Núria Pons, email: nuria@vidal.example, role: {es: Diseño, en: Design}}
mailbox:
  address: pedidos@vidal.example
  host: IMAP.vidal.example
  port: 143
  security: starttls
  user: pedidos
  password: {command: [pass, show, imap]}
  inbox: INBOX
  done: Recado/Done
  quarantine: Recado/Quarantine
  sent: Sent
  trust: {provider: fastmail}
  max_message: 10 MB
outgoing:
  host: smtp.vidal.example
  port: 587
  security: starttls
  user: pedidos
  password: {keyring: smtp}
  from: Clara Vidal <pedidos@vidal.example>
places:
  web: {kind: directory, path: /srv/portal, access: nginx, reload: [systemctl, reload, nginx]}
  pages: {kind: git, remote: git@host.example:portal.git, branch: pages, access: encrypted}
  box: {kind: rsync, to: "box:/srv/portal", access: caddy}
  own: {kind: command, run: [./publish, "{folder}"], private: true}
services:
  social-media:
    name: {es: Redes sociales, en: Social media}
    description: {es: Plan y publicación, en: Planning and posting}
    deliverables: {es: [Calendario], en: [Calendar]}
    estimate: 2h30m
    rate: {EUR: "38.00", AUD: "60.00"}
    stages: [brief, approval]
    checklist: [Links tried]
    review: {es: [Ortografía], en: [Spelling]}
packages:
  social-12:
    name: Social 12
    description: Twelve posts
    service: social-media
    price: {EUR: "390.00"}
    includes: {es: 12 publicaciones, en: 12 posts}
clients:
  north:
    code: NORTH
    name: North Ltd
    contacts:
      - {name: Ann Lee, email: ann@north.example, role: {en: Owner}, invoices: yes}
    senders: ["@north.example", bob@freelance.example]
    language: en-GB
    address_form: formal
    style: indirect
    timezone: Europe/London
    country: GB
    currency: GBP
    since: 2026-03-01
    ended: 2026-12-31
    brand: {colour: "#7a3e9d"}
    address: [1 High St, London]
    tax_id: "00000000"
    rate: "60.00"
    retainer:
      hours: 20
      price: "1100.00"
      renews: weekly
      day: 7
      bill: after
      carry_over: {limit: 5h, expires: 60 days}
      overage: "66.00"
    terms: {net: 30, deposit: 50 %, late_fee: 5 % a month}
    digest: {day: fri, at: "15:00"}
    links:
      - {name: Brand folder, url: https://drive.example/north}
  fjord:
    code: FJORD
    name: Fjord AS
    senders: [kari@fjord.example]
    country: NO
    terms: {deposit: none}
    digest: {day: mon, at: 1:30}
"""


def problems(text: str) -> list[str]:
    """What is said about a file, a line each."""
    with pytest.raises(ConfigurationError) as caught:
        parse_practice(text)
    assert caught.value.exit_status == 2
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems)
    return lines


def changed(text: str, *replacements: tuple[str, str]) -> str:
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_complete_file_is_read_with_every_key() -> None:
    practice = parse_practice(COMPLETE)
    business, mailbox, north = practice.business, practice.mailbox, practice.clients["north"]
    assert business.owner_key == "clara"
    assert business.response == Response(8, of_desk=True)
    assert business.hours is not None
    assert business.hours.days[4][0].end == time(15, 0)
    assert business.hours.days[5] == ()
    assert business.bank is not None
    assert business.bank.iban == "ES9121000418450200051332"
    assert (mailbox.host, mailbox.port, mailbox.max_message) == ("imap.vidal.example", 143, 10_000_000)
    assert str(mailbox.password) == "{command: pass}"
    assert practice.outgoing is not None
    assert practice.outgoing.sender == "Clara Vidal <pedidos@vidal.example>"
    assert practice.services["social-media"].estimate == 150
    assert practice.services["social-media"].rate == {"EUR": Decimal("38.00"), "AUD": Decimal("60.00")}
    assert practice.packages["social-12"].name.in_language("es", "es") == "Social 12"
    assert practice.places["own"].private
    assert north.contacts[0].person == Person("Ann Lee", "ann@north.example")
    assert north.contacts[0].invoices
    assert (north.since, north.ended) == (date(2026, 3, 1), date(2026, 12, 31))
    assert north.retainer is not None
    assert north.retainer.carry_over is not None
    assert (north.retainer.hours, north.retainer.carry_over.limit, north.retainer.carry_over.expires) == (20, 300, 60)
    assert north.terms is not None
    assert (north.terms.net, north.terms.deposit, north.terms.late_fee) == (30, Decimal(50), "5 % a month")
    assert practice.key_of_code("FJORD") == "fjord"
    assert practice.key_of_code("OTHER") is None


def test_words_that_yaml_takes_for_something_else_stay_what_they_are() -> None:
    fjord = parse_practice(COMPLETE).clients["fjord"]
    assert fjord.country == "NO"
    assert fjord.digest is not None
    assert fjord.digest.at == time(1, 30)
    assert fjord.terms is not None
    assert fjord.terms.deposit == Decimal(0)
    named = parse_practice(changed(SMALL, ("name: North Ltd", "name: 0x1F")))
    assert named.clients["north"].name == "0x1F"


def test_needed_keys_alone_are_enough_and_all_else_has_a_default() -> None:
    practice = parse_practice(SMALL)
    record = practice.record("north")
    assert (record.language, record.country, record.currency) == ("es", "ES", "EUR")
    assert record.timezone == ZoneInfo("Europe/Madrid")
    mailbox = practice.mailbox
    assert (mailbox.port, mailbox.security, mailbox.inbox, mailbox.done) == (993, "tls", "INBOX", "Recado/Done")
    assert (mailbox.quarantine, mailbox.max_message) == ("Recado/Quarantine", 25_000_000)


def test_a_clients_own_language_zone_country_and_currency_come_first() -> None:
    record = parse_practice(COMPLETE).record("north")
    assert (record.language, record.country, record.currency, record.timezone.key) == ("en-GB", "GB", "GBP", "Europe/London")
    assert not record.has_ended(date(2026, 12, 30))
    assert record.has_ended(date(2026, 12, 31))


def test_the_currency_left_out_is_the_countrys() -> None:
    assert parse_practice(changed(SMALL, ("country: ES", "country: AU"))).record("north").currency == "AUD"


@pytest.mark.parametrize("section", ["practice", "mailbox", "clients"])
def test_each_part_of_the_small_file_is_needed(section: str) -> None:
    lines = SMALL.splitlines(keepends=True)
    start = lines.index(f"{section}:\n")
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    without = "".join(lines[:start] + lines[end:])
    if section == "clients":
        assert parse_practice(without).clients == {}  # a practice that begins has none yet
    else:
        assert problems(without) == [f"clients.yml:1: `{section}` is missing; expected a value for it"]


@pytest.mark.parametrize(
    "line", [line for line in SMALL.splitlines() if line.startswith("  ") and ":" in line and not line.endswith("north:")]
)
def test_each_key_of_the_small_file_is_needed_and_its_lack_is_one_line(line: str) -> None:
    (said,) = problems(changed(SMALL, (f"{line}\n", "")))
    key = line.split(":")[0].strip()
    assert key in said
    assert "missing" in said or "at least one of `contacts` or `senders`" in said


def test_a_file_with_a_byte_order_mark_windows_line_ends_and_no_last_newline_is_read(tmp_path: Path) -> None:
    (tmp_path / "clients.yml").write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").rstrip().encode())
    assert load_practice(Workspace(tmp_path)) == parse_practice(SMALL)


def test_windows_line_ends_do_not_move_the_lines(tmp_path: Path) -> None:
    text = changed(SMALL, ("code: NORTH", "code: north"))
    (tmp_path / "clients.yml").write_bytes(text.replace("\n", "\r\n").encode())
    with pytest.raises(ConfigurationError, match=r"^clients\.yml:15: "):
        load_practice(Workspace(tmp_path))


def test_a_file_that_is_not_utf_8_says_so_with_its_line(tmp_path: Path) -> None:
    text = changed(SMALL, ("name: North Ltd", "name: Señal"))
    (tmp_path / "clients.yml").write_bytes(text.encode("latin-1"))
    with pytest.raises(
        ConfigurationError, match=r"^clients\.yml:16: this is not UTF-8 text; expected the file saved as UTF-8$"
    ):
        load_practice(Workspace(tmp_path))


def test_a_file_that_cannot_be_opened_is_an_error_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(WorkError, match="cannot be read: No such file"):
        load_practice(Workspace(tmp_path))
    (tmp_path / "clients.yml").mkdir()
    with pytest.raises(WorkError, match="cannot be read: Is a directory"):
        load_practice(Workspace(tmp_path))


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n", "---\n", "~\n"])
def test_an_empty_file_is_one_line_that_says_what_to_do(text: str) -> None:
    (said,) = problems(text)
    assert said.startswith("clients.yml:1: this file is empty; expected `practice`, `mailbox` and `clients`")
    assert "recado init" in said
