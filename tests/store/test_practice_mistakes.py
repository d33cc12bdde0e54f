"""The mistakes people make in clients.yml: one line each, the right one, that says what stands there and what is expected."""

from __future__ import annotations

import re

import pytest

from recado.errors import ConfigurationError
from recado.store.practice_file import parse_practice

HIDDEN = "correct-horse-battery"

# A file with places to put a mistake: each MARK is a comment, so that the file is right as it stands.
FILE = """\
practice:
  name: Clara Vidal
  owner: Clara Vidal
  email: clara@vidal.example
  language: es
  timezone: Europe/Madrid
  country: ES
  # PRACTICE
mailbox:
  address: pedidos@vidal.example
  host: imap.vidal.example
  user: pedidos
  password: {env: VIDAL_IMAP}
  # MAILBOX
# TOP
clients:
  north:
    code: NORTH
    name: North Ltd
    contacts: [{name: Ann Lee, email: ann@north.example}]
    # CLIENT
  south:
    code: SOUTH
    name: South SL
    senders: ["@south.example"]
    # SECOND
"""
LINE_OF = {
    name: FILE.splitlines().index(f"{indent}# {name}") + 1
    for indent, name in (("  ", "PRACTICE"), ("  ", "MAILBOX"), ("", "TOP"), ("    ", "CLIENT"), ("    ", "SECOND"))
}


def said_about(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        parse_practice(text)
    return str(caught.value).splitlines()


def test_the_file_is_right_before_a_mistake_is_put_into_it() -> None:
    assert set(parse_practice(FILE).clients) == {"north", "south"}


# Where, what is written there, and what is said about it.
ADDED = [
    ("PRACTICE", "hours: 9-5", "`practice.hours` is '9-5'; expected days and times such as {mon-thu:"),
    ("PRACTICE", "hours: {mon-fri: 9-5}", "`practice.hours.mon-fri` is '9-5'; expected times that follow one another"),
    ("PRACTICE", "hours: {monday: 09:00-17:00}", "`practice.hours.monday`: expected a weekday"),
    (
        "PRACTICE",
        "hours: {fri-mon: 09:00-17:00}",
        "`practice.hours.fri-mon`: expected each weekday once, and Monday as the first",
    ),
    ("PRACTICE", "hours: {mon: 17:00-09:00}", "`practice.hours.mon` is '17:00-09:00'; expected times that follow"),
    ("PRACTICE", "hours: {mon: }", "`practice.hours.mon`: expected times"),
    ("PRACTICE", "hours: []", "`practice.hours` is a list; expected days and times"),
    ("PRACTICE", "response: 1 day", "`practice.response` is '1 day'; expected a time such as 24h"),
    ("PRACTICE", "currency: EURO", "`practice.currency` is 'EURO'; expected a currency code such as EUR"),
    ("PRACTICE", "currency: EUO", "`practice.currency`: no currency is called EUO; expected a code of ISO 4217"),
    ("PRACTICE", "brand: {colour: blue}", "`practice.brand.colour` is 'blue'; expected a colour such as \"#1f6f5c\""),
    ("PRACTICE", "brand: green", "`practice.brand` is 'green'; expected keys with values, such as {colour: …, logo: …"),
    ("PRACTICE", "colour: green", "`practice.colour` is not a key that is known here; expected one of: absences, address"),
    ("PRACTICE", "adress: [Calle 7]", "`practice.adress` is not a key that is known here; did you mean `address`?"),
    ("PRACTICE", "address: Calle 7", "`practice.address` is 'Calle 7'; expected a list, even for one: [\"Calle 7\"]"),
    (
        "PRACTICE",
        "absences: {from: 2026-12-24, to: 2027-01-06}",
        "`practice.absences` is a mapping of keys to values; expected a list, even for one: [{from: …, to: …}]",
    ),
    ("PRACTICE", "absences: [{from: 2026-12-24}]", "`practice.absences[1].to` is missing; expected a value"),
    ("PRACTICE", "absences: [2026-12-24]", "`practice.absences[1]` is '2026-12-24'; expected keys with values, such as {from:"),
    ("PRACTICE", "absences: [{from: 2026-12-24, to: 2026-01-06}]", "`practice.absences[1].to` is 2026-01-06, before `from`"),
    (
        "PRACTICE",
        "absences: [{from: 2026-02-30, to: 2026-03-01}]",
        "`practice.absences[1].from` is '2026-02-30'; expected a day of the calendar, such as 2026-11-28",
    ),
    ("PRACTICE", "bank: {holder: Clara, iban: ES9121000418450200051333}", "its check digits do not agree"),
    ("PRACTICE", "bank: {holder: Clara, iban: 2100 0418}", "`practice.bank.iban` is '2100 0418'; expected an IBAN such as"),
    (
        "PRACTICE",
        "bank: {holder: Clara, iban: ES9121000418450200051332, bic: CAIXA}",
        "`practice.bank.bic` is 'CAIXA'; expected",
    ),
    ("PRACTICE", "portal_url: portal.vidal.example", "`practice.portal_url` is 'portal.vidal.example'; expected a web address"),
    ("PRACTICE", "portal_url: https://[vidal", "expected a web address"),
    (
        "PRACTICE",
        "payment_links: [https://x.example]",
        "`practice.payment_links` is a list; expected keys with values below it",
    ),
    (
        "PRACTICE",
        "people: {Núria: {name: N, email: n@vidal.example}}",
        "the key `practice.people.Núria` cannot be read; expected",
    ),
    ("PRACTICE", "people: {clara: {name: N, email: n@vidal.example}}", "`clara` is already the owner's key"),
    (
        "PRACTICE",
        "people: {nuria: Núria Pons}",
        "`practice.people.nuria` is 'Núria Pons'; expected keys with values, such as {name:",
    ),
    ("PRACTICE", "channels: [{by: email, to: x@y.example}]", "`practice.channels[1].for` is missing"),
    ("MAILBOX", "port: imap", "`mailbox.port` is 'imap'; expected a port between 1 and 65535, such as 993"),
    ("MAILBOX", "port: 65536", "`mailbox.port` is '65536'; expected a port"),
    ("MAILBOX", "port: [993]", "`mailbox.port` is a list; expected one value"),
    ("MAILBOX", "security: ssl", "`mailbox.security` is 'ssl'; expected one of: tls, starttls, none"),
    (
        "MAILBOX",
        "security: none",
        "`mailbox.security` is none for imap.vidal.example: mail and password would cross the network",
    ),
    ("MAILBOX", "max_message: 25", "`mailbox.max_message` is '25'; expected a size such as 25 MB"),
    ("MAILBOX", "max_message: 0 MB", "`mailbox.max_message` is '0 MB'; expected a size"),
    ("MAILBOX", "trust: gmail", "`mailbox.trust` is 'gmail'; expected keys with values, such as {authserv_id: …, provider: …}"),
    (
        "MAILBOX",
        "trust: {provider: google}",
        "`mailbox.trust.provider` is 'google'; expected one of: gmail, microsoft365, fastmail",
    ),
    ("MAILBOX", "trust: {}", "`mailbox.trust`: expected either authserv_id or provider"),
    ("MAILBOX", "done: inbox", "`mailbox.done` is the same folder as `mailbox.inbox`; expected a folder of its own"),
    ("MAILBOX", "done: Recado/Quarantine", "`mailbox.done` is the same folder as `mailbox.quarantine`"),
    ("MAILBOX", "sent: Recado/Done", "`mailbox.sent` is the same folder as `mailbox.done`"),
    ("TOP", "services: social media", "`services` is 'social media'; expected keys with values below it"),
    ("TOP", "services:", "`services` is empty; expected keys with values below it"),
    ("TOP", "services: {s: {name: }}", "`services.s.name` is empty; expected a text, or one for each language"),
    ("TOP", "services: {s: {name: {spanish: X}}}", "`services.s.name.spanish`: expected a language as the key, such as es"),
    ("TOP", "services: {s: {name: {es: [X]}}}", "`services.s.name.es` is a list; expected a text"),
    ("TOP", "services: {s: {name: X, rate: '60.00'}}", "`services.s.rate` is '60.00'; expected keys with values below it"),
    ("TOP", "services: {s: {name: X, rate: {EUR: a lot}}}", "`services.s.rate.EUR` is 'a lot'; expected an amount such as"),
    (
        "TOP",
        "services: {s: {name: X, rate: {euro: '60'}}}",
        "the key `services.s.rate.euro` cannot be read; expected a currency code",
    ),
    ("TOP", "services: {s: {name: X, rate: {XYZ: '60'}}}", "`services.s.rate.XYZ`: no currency is called XYZ"),
    ("TOP", "services: {s: {name: X, estimate: 2}}", "`services.s.estimate` is '2'; expected hours and minutes such as 2h30m"),
    (
        "TOP",
        "services: {s: {name: X, stages: brief}}",
        "`services.s.stages` is 'brief'; expected a list, even for one: [\"brief\"]",
    ),
    (
        "TOP",
        "services: {s: {name: X, review: Spelling}}",
        "`services.s.review` is 'Spelling'; expected a list, or one for each",
    ),
    ("TOP", "services: {s: {name: X, review: {es: Marca}}}", "`services.s.review.es` is 'Marca'; expected a list"),
    (
        "TOP",
        "services: {My Service: {name: X}}",
        "the key `services.My Service` cannot be read; expected a key of small letters",
    ),
    ("TOP", "packages: {p: {name: X, service: nothing}}", "`packages.p.service` is 'nothing'; expected one of the keys of"),
    ("TOP", "places: {web: {kind: ftp}}", "`places.web.kind` is 'ftp'; expected one of: directory, git, rsync, command"),
    (
        "TOP",
        "places: {web: {kind: directory}}",
        "`places.web.path` is missing; expected it, since a place of kind directory has one",
    ),
    (
        "TOP",
        "places: {web: {kind: command, run: [netlify, deploy, --dir, site]}}",
        '`places.web.run` does not say "{folder}"; expected it where your command takes the folder',
    ),
    (
        "TOP",
        "places: {web: {kind: directory, path: /x, access: none}}",
        "`places.web.access` is 'none'; expected one of: nginx,",
    ),
    ("TOP", "outgoing: {host: smtp.vidal.example, from: Clara}", "`outgoing.from` is 'Clara'; expected a person such as"),
    (
        "TOP",
        "outgoing: {host: 'smtp://vidal.example', from: c@vidal.example}",
        "`outgoing.host` is 'smtp://vidal.example'; expected",
    ),
    (
        "TOP",
        "outgoing: {host: smtp.vidal.example, from: c@vidal.example, security: none}",
        "`outgoing.security` is none for smtp.",
    ),
    (
        "TOP",
        "customers: {}",
        "`customers` is not a key that is known here; expected one of: clients, mailbox, outgoing, packages,",
    ),
    ("CLIENT", "rate: 60,00", "`clients.north.rate` is '60,00'; expected an amount such as \"1100.00\""),
    ("CLIENT", "rate: 60 EUR", "`clients.north.rate` is '60 EUR'; expected an amount"),
    ("CLIENT", "rate: -60", "`clients.north.rate` is '-60'; expected an amount of nothing or more"),
    ("CLIENT", "retainer: {hours: twenty}", "`clients.north.retainer.hours` is 'twenty'; expected a whole number such as 20"),
    ("CLIENT", "retainer: 20", "`clients.north.retainer` is '20'; expected keys with values, such as {hours: …}"),
    ("CLIENT", "retainer: {hours: 20, day: 31}", "`clients.north.retainer.day` is '31'; expected a day from 1 to 28"),
    (
        "CLIENT",
        "retainer: {hours: 20, day: 8, renews: weekly}",
        "`clients.north.retainer.day` is '8'; expected a day from 1 to 28",
    ),
    (
        "CLIENT",
        "retainer: {hours: 20, carry_over: 5h}",
        "`clients.north.retainer.carry_over` is '5h'; expected keys with values, such as {limit: …}",
    ),
    (
        "CLIENT",
        "retainer: {hours: 20, carry_over: {limit: 5h, expires: 60}}",
        "expires` is '60'; expected a number of days such as",
    ),
    ("CLIENT", "terms: {net: 15 days}", "`clients.north.terms.net` is '15 days'; expected a whole number"),
    ("CLIENT", "terms: {deposit: 150 %}", "`clients.north.terms.deposit` is '150 %'; expected a percentage such as 50 %"),
    ("CLIENT", "digest: fri", "`clients.north.digest` is 'fri'; expected keys with values, such as {day: …, at: …}"),
    ("CLIENT", "digest: {day: friday, at: '15:00'}", "`clients.north.digest.day` is 'friday'; expected one of: mon, tue"),
    ("CLIENT", "digest: {day: fri, at: 3pm}", "`clients.north.digest.at` is '3pm'; expected a time of day such as 09:00"),
    ("CLIENT", "timezone: Sydney", "`clients.north.timezone` is 'Sydney'; expected a time zone such as Europe/Madrid"),
    ("CLIENT", "timezone: ../../etc/passwd", "expected a time zone"),
    ("CLIENT", "timezone: Europe", "`clients.north.timezone` is 'Europe'; expected a time zone"),
    ("CLIENT", "language: english", "`clients.north.language` is 'english'; expected a language such as es, en or pt-BR"),
    (
        "CLIENT",
        "country: UK",
        "`clients.north.country` is 'UK', which is no country's code; expected a code of ISO 3166 such as",
    ),
    ("CLIENT", "country: Spain", "`clients.north.country` is 'Spain'; expected a country's two letters, such as ES"),
    (
        "CLIENT",
        "since: 01/03/2026",
        "`clients.north.since` is '01/03/2026'; expected a day of the calendar, such as 2026-11-28",
    ),
    ("CLIENT", "since: 20260301", "`clients.north.since` is '20260301'; expected a day"),
    ("CLIENT", "ended: yes", "`clients.north.ended` is 'yes'; expected a day"),
    (
        "CLIENT",
        "links: {name: X, url: https://x.example}",
        "`clients.north.links` is a mapping of keys to values; expected a list",
    ),
    ("CLIENT", "links: [{name: X, url: x}]", "`clients.north.links[1].url` is 'x'; expected a web address such as https://"),
    ("CLIENT", "address_form: usted", "`clients.north.address_form` is 'usted'; expected one of: formal, informal"),
    (
        "CLIENT",
        'senders: "@north.example"',
        "`clients.north.senders` is '@north.example'; expected a list, even for one: [\"@north.example\"]",
    ),
    (
        "CLIENT",
        "senders: [north.example]",
        "`clients.north.senders[1]` is 'north.example'; expected an address, or a whole domain",
    ),
    (
        "CLIENT",
        "senders: ['@gmail.com']",
        "@gmail.com is a public mail provider: anyone can write from it; expected the client's",
    ),
    ("CLIENT", "senders: ['@Outlook.COM']", "@outlook.com is a public mail provider"),
    ("CLIENT", "senders: ['@vidal.example']", "`clients.north.senders[1]` is @vidal.example, which is the practice's own"),
    ("CLIENT", "senders: [pedidos+x@vidal.example]", "which is the practice's own; expected an address of the client's"),
    ("CLIENT", "code: OTHER", "`code` stands here twice (first on line 18); expected it once"),
    (
        "CLIENT",
        "contact: ann@north.example",
        "`clients.north.contact` is not a key that is known here; expected one of: address",
    ),
    ("CLIENT", "tax_id: !!int 12", "a tag (a word that starts with !) is not read; expected the value itself"),
    ("CLIENT", "tax_id: &x 12", "an anchor or alias (& or *) stands here; expected the value itself"),
    ("CLIENT", "? [a, b]", "a list or a mapping stands where a key should; expected `key: value`"),
    # What is no YAML.
    ("CLIENT", "rate 60", "the colon after the key is missing, or the space behind it; expected `key: value`"),
    ("CLIENT", "rate:60", "the colon after the key is missing, or the space behind it; expected `key: value`"),
    ("CLIENT", "tax_id: VAT: 12", "a second colon stands in this line; expected quotes around a value"),
    (
        "CLIENT",
        "senders: [@north.example]",
        "a value starts with a sign that needs quotes here; expected for example",
    ),
    (
        "CLIENT",
        "senders: [a@north.example",
        "a bracket that opens here is not closed, or a comma is missing; expected {key: value",
    ),
    ("CLIENT", "brand: {colour: #112233}", "a bracket that opens here is not closed"),
    ("CLIENT", 'tax_id: "12', "a quote is opened here and never closed"),
    ("CLIENT", 'tax_id: "C:\\quarter"', "a backslash stands between double quotes; expected single quotes, or two backslashes"),
    ("CLIENT", "tax_id: *12", "a value starts with * here; expected quotes"),
    ("CLIENT", 'tax_id: "12" VAT', "this line does not fit the ones above it"),
    ("CLIENT", "tax_id: 12\x0c", "a control character stands here"),
    ("CLIENT", "- rate", "this line does not fit the ones above it"),
    ("TOP", "---", "a second document begins here"),
    ("TOP", "<<<<<<< HEAD", "two versions stand here side by side (a merge conflict); expected one of them, without the marks"),
]


@pytest.mark.parametrize(("place", "written", "expected"), ADDED, ids=[written for _place, written, _expected in ADDED])
def test_a_mistake_is_one_line_that_says_where_what_and_what_is_expected(place: str, written: str, expected: str) -> None:
    lines = said_about(FILE.replace(f"# {place}\n", f"{written}\n"))
    assert lines == [lines[0]], "one mistake, one line"
    assert lines[0].startswith(f"clients.yml:{LINE_OF[place]}: "), lines[0]
    assert expected in lines[0]
    assert not re.search(r"pydantic|Input should|type=|ctx|validator", lines[0])


# What stands in the file, what is written instead, the line, and what is said.
REPLACED = [
    ("practice:", "practise:", 1, "`practise` is not a key that is known here; did you mean `practice`?"),
    ("practice:", "Practice:", 1, "did you mean `practice`?"),
    ("practice:", "practice", 1, "the colon after the key is missing"),
    ("  host: imap.vidal.example", "  hosts: imap.vidal.example", 11, "did you mean `host`?"),
    ("  host: imap.vidal.example", "  host:", 11, "`mailbox.host` is empty; expected one value"),
    ("  host: imap.vidal.example", "  host: https://imap.vidal.example", 11, "expected a server's name such as imap."),
    ("  address: pedidos", "  address: Clara <pedidos@vidal.example> #", 10, "expected an e-mail address such as"),
    ("  language: es", "  language: ES", 5, "`practice.language` is 'ES'; expected a language"),
    ("  name: Clara Vidal", "    name: Clara Vidal", 3, "does not fit the ones above it"),
    ("  name: Clara Vidal", "\tname: Clara Vidal", 2, "this line is indented with a tab; expected spaces"),
    ("    code: NORTH", "  \tcode: NORTH", 18, "this line is indented with a tab; expected spaces"),
    ("    code: NORTH", "      code: NORTH", 19, "does not fit the ones above it"),
    ("    code: NORTH", "    code: north", 18, "expected 2 to 8 capital letters or digits, a letter first, such as ACME"),
    ("    code: SOUTH", "    code: NORTH", 23, "the code NORTH is already north's; expected a code of this client's own"),
    ("    code: NORTH\n", "", 17, "`clients.north.code` is missing"),
    ("  north:", "  North:", 17, "the key `clients.North` cannot be read; expected a key of small letters"),
    ('["@south.example"]', '["@north.example"]\n  west: {code: WEST, name: W, senders: ["@NORTH.example"]}', 26,
     "@north.example is already south's; expected a domain that belongs to one client"),
    ("contacts: [{name: Ann Lee, email: ann@north.example}]", "contacts: ann@north.example", 20,
     "`clients.north.contacts` is 'ann@north.example'; expected a list, even for one: [{name: …, email: …}]"),
    ("contacts: [{name: Ann Lee, email: ann@north.example}]", "contacts: [ann@north.example]", 20,
     "`clients.north.contacts[1]` is 'ann@north.example'; expected keys with values, such as {name: …, email: …}"),
    ("contacts: [{name: Ann Lee, email: ann@north.example}]", "contacts:", 20, "`clients.north.contacts` is empty; expected"),
    ("contacts: [{name: Ann Lee, email: ann@north.example}]", "contacts: []", 20, "has nobody who writes; expected at least"),
    ("contacts: [{name: Ann Lee, email: ann@north.example}]", "contcts: [{name: Ann Lee, email: ann@north.example}]", 20,
     "did you mean `contacts`?"),
    ("email: ann@north.example", "emial: ann@north.example", 20, "`clients.north.contacts[1].emial` is not a key"),
    ("email: ann@north.example", "email: ann@north", 20, "`clients.north.contacts[1].email` is 'ann@north'; expected an"),
    ("email: ann@north.example", "email: clara@vidal.example", 20, "which is the practice's own"),
    ("email: ann@north.example", "email: ann@north.example, invoices: maybe", 20, "is 'maybe'; expected yes or no"),
    ('    senders: ["@south.example"]\n', "", 22, "`clients.south` has nobody who writes; expected at least one of `contacts`"),
    ('senders: ["@south.example"]', 'senders: ["@south.example"]\n    since: 2026-05-01\n    ended: 2026-04-01', 27,
     "`clients.south.ended` is 2026-04-01, before `since` (2026-05-01); expected that day or a later one"),
    ("  password: {env: VIDAL_IMAP}", "", 9, "`mailbox.password` is missing"),
    ("  password: {env: VIDAL_IMAP}", "  password:", 13, "nothing is written here; expected where the secret is kept"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("stands", "written", "line", "expected"), REPLACED, ids=[row[1] or f"no {row[0]}" for row in REPLACED]
)
def test_a_wrong_key_or_value_is_one_line_too(stands: str, written: str, line: int, expected: str) -> None:
    lines = said_about(FILE.replace(stands, written, 1))
    assert lines == [lines[0]], "one mistake, one line"
    assert lines[0].startswith(f"clients.yml:{line}: "), lines[0]
    assert expected in lines[0]


@pytest.mark.parametrize("text", ["[]\n", "- practice\n", "hello\n", "practice\n"])
def test_a_file_that_is_no_mapping_is_one_line(text: str) -> None:
    (said,) = said_about(text)
    assert "stands here; expected keys with values, such as {practice: …, mailbox: …}" in said


def test_an_alias_is_refused_where_it_stands_and_its_value_is_not_missed() -> None:
    text = FILE.replace('senders: ["@south.example"]', 'senders: &them ["@south.example"]').replace(
        "# SECOND", "address: *them"
    )
    (said,) = said_about(text)
    assert said.startswith(f"clients.yml:{LINE_OF['SECOND']}: an anchor or alias")


def test_aliases_that_multiply_do_not(recwarn: pytest.WarningsRecorder) -> None:
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert len(said_about(laughs)) < 400
    assert not recwarn.list


def test_very_deep_nesting_is_a_line_and_no_traceback() -> None:
    assert len(said_about(FILE + "x: " + "[" * 5000)) == 1
    assert any("nested too deeply" in line for line in said_about(FILE + "x: " + "[" * 60 + "]" * 60))


def test_twelve_different_mistakes_are_twelve_lines_with_their_numbers() -> None:
    text = (
        FILE.replace("language: es", "language: spanish")
        .replace("timezone: Europe/Madrid", "timezone: Madrid")
        .replace("# PRACTICE", "hours: 9-5")
        .replace("password: {env: VIDAL_IMAP}", f"password: {HIDDEN}")
        .replace("# MAILBOX", "port: imap\n  security: none\n  colour: red")
        .replace("# TOP", "packages: {p: {name: P, service: s}}")
        .replace("    # CLIENT", "    rate: a lot\n    rate: less\n    senders: ['@gmail.com']")
        .replace("code: SOUTH", "code: NORTH")
        .replace("    # SECOND", "    retainer: {hours: twenty}\n    since: 2026-02-30")
    )
    lines = said_about(text)
    assert [int(line.split(":")[1]) for line in lines] == [5, 6, 8, 13, 14, 15, 16, 17, 23, 24, 25, 27, 30, 31]
    assert HIDDEN not in "\n".join(lines)


def test_twenty_five_mistakes_are_twenty_five_lines() -> None:
    text, expected = FILE, []
    of_clients = [written for place, written, said in ADDED if place == "CLIENT" and said.startswith("`clients.north.")]
    for number, written in enumerate(of_clients[:25]):
        text += f"  more-{number}:\n    code: M{number}\n    name: More\n    contacts: [{{name: A, email: a@m.example}}]\n"
        text += f"    {written}\n"
        expected.append(text.count("\n"))
    assert len(expected) == 25
    assert [int(line.split(":")[1]) for line in said_about(text)] == expected


def test_several_mistakes_on_one_line_are_all_told() -> None:
    lines = said_about(
        FILE.replace("# SECOND", "x: y").replace(
            'senders: ["@south.example"]',
            "digest: {day: friday, at: noon}\n    senders: ['@gmail.com', '@vidal.example', nobody]",
        )
    )
    assert len(lines) == 6
