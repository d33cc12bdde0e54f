"""What the demo's mailbag promises: enough mail, of every kind, in order, and each one as its note says."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.demo.dates import ANCHOR, Week
from recado.demo.mailbag import AUTHORISED_HOSTS, DemoMail, mailbag
from recado.demo.mails import earlier
from recado.resources import demo_practice

NOW = ANCHOR + timedelta(hours=3)
BAG = mailbag(NOW)
BY_KEY = {mail.key: mail for mail in BAG}


def read(mail: DemoMail) -> EmailMessage:
    message = email.message_from_bytes(mail.raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def files(message: EmailMessage) -> list[tuple[str, bytes]]:
    return [(part.get_content_type(), part.get_content()) for part in message.iter_attachments()]


def test_there_is_a_week_of_mail_and_most_of_it_is_work() -> None:
    counts = Counter(mail.expected for mail in BAG)
    assert len(BAG) >= 26
    assert counts["quarantine"] == 3
    assert counts["note"] == counts["repeat"] == 1
    assert counts["request"] >= 14
    assert counts["reply"] >= 7


def test_all_three_clients_write() -> None:
    assert {mail.client for mail in BAG} == {"southerly", "hale", "tomillo", None}


def test_the_mails_are_in_the_order_in_which_they_were_sent() -> None:
    assert [mail.sent for mail in BAG] == sorted(mail.sent for mail in BAG)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (timezones=)
@settings(max_examples=25)
def test_whenever_it_is_the_mail_is_of_the_six_days_before(now: datetime) -> None:
    for mail in mailbag(now):
        assert timedelta(0) < now - mail.sent < timedelta(days=6)


def test_the_same_now_gives_the_same_bytes() -> None:
    assert mailbag(NOW) == BAG


@pytest.mark.parametrize("mail", BAG, ids=lambda mail: mail.key)
def test_each_mail_is_well_formed_but_for_the_one_that_must_not_be(mail: DemoMail) -> None:
    message = read(mail)
    assert not [defect for part in message.walk() for defect in part.defects]
    assert len(message.get_all("from", [])) == (2 if mail.key == "two-senders" else 1)
    assert parsedate_to_datetime(str(message["date"])) == mail.sent
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", mail.raw)
    assert max(len(line) for line in mail.raw.split(b"\r\n")) <= 998


def test_message_ids_are_unique_but_for_the_repeat() -> None:
    counts = Counter(str(read(mail)["message-id"]).strip() for mail in BAG)
    assert [count for count in counts.values() if count > 1] == [2]
    assert BY_KEY["revision-horno"].raw == BY_KEY["revision-horno-otra-vez"].raw


def test_photos_weigh_what_photos_weigh_and_pdfs_are_pdfs() -> None:
    attached = [file for mail in BAG for file in files(read(mail))]
    photos = [content for kind, content in attached if kind == "image/jpeg"]
    pdfs = [content for kind, content in attached if kind == "application/pdf"]
    assert len(photos) >= 3
    assert all(len(photo) >= 100_000 and photo.startswith(b"\xff\xd8\xff") for photo in photos)
    assert len(pdfs) >= 2
    assert all(pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-32:] for pdf in pdfs)


def test_the_kinds_of_text_and_encoding_are_all_there() -> None:
    parts = [part for mail in BAG for part in read(mail).walk() if part.get_content_maintype() == "text"]
    encodings = {str(part["content-transfer-encoding"]) for part in parts}
    assert encodings >= {"7bit", "8bit", "quoted-printable", "base64"}
    assert {str(part.get_param("charset")).lower() for part in parts} >= {"utf-8", "iso-8859-1", "windows-1252"}
    assert {part.get_content_subtype() for part in parts} == {"plain", "html", "calendar"}
    assert any(part.get_param("format") == "flowed" for part in parts)
    alone = [mail.key for mail in BAG if read(mail).get_content_type() == "text/html"]
    assert {"retouching-quotes", "macetas-helada"} <= set(alone)


def test_the_invitation_can_be_read_as_a_calendar() -> None:
    from icalendar import Calendar  # noqa: PLC0415 (only here)

    part = next(part for part in read(BY_KEY["planning-call"]).walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    assert event["summary"] == "Planning the spring"
    assert event.decoded("dtstart") > NOW


@pytest.mark.parametrize(
    ("key", "marks"),
    [
        ("fotos-cuencos-respuesta", ('class="gmail_quote', "escribió:")),
        ("kingfisher-answer", ('id="appendonsend"', 'id="divRplyFwdMsg"', "<b>Sent:</b>")),
        ("melbourne-driver", ("border-top:solid #E1E1E1 1.0pt", "<b>From:</b>")),
        ("letter-to-schools-answer", ('<blockquote type="cite">', "wrote:")),
        ("ceramista-telefono", ('<blockquote type="cite">', "escribió:", "Enviado desde mi iPhone")),
        ("edinburgh-forward", ("Begin forwarded message:",)),
        ("vela-perdida", ("---------- Forwarded message ---------", "De: Remedios Pla")),
    ],
)
def test_history_is_quoted_as_the_mail_program_does(key: str, marks: tuple[str, ...]) -> None:
    body = read(BY_KEY[key]).get_body(("html",))
    assert body is not None
    html = body.get_content()
    assert all(mark in html for mark in marks)


def test_answers_within_the_mailbag_carry_the_request_they_answer_in_their_references() -> None:
    for asked, answered in (
        ("kingfisher-research", "kingfisher-answer"),
        ("fotos-cuencos", "fotos-cuencos-respuesta"),
        ("letter-to-schools", "letter-to-schools-answer"),
    ):
        message_id = str(read(BY_KEY[asked])["message-id"]).strip()
        answer = read(BY_KEY[answered])
        assert message_id in str(answer["references"])
        assert message_id not in str(answer["in-reply-to"])
        assert BY_KEY[asked].sent < BY_KEY[answered].sent


@pytest.mark.parametrize(
    ("key", "question", "client"),
    [
        ("melbourne-driver", earlier.melbourne, "southerly"),
        ("enrolment-words", earlier.enrolment, "hale"),
        ("imogen-away", earlier.alumni, "hale"),
        ("resenas-respuesta", earlier.reviews, "tomillo"),
        ("ceramista-telefono", earlier.potter, "tomillo"),
    ],
)
def test_answers_to_the_practice_quote_what_really_stands_there(key: str, question: object, client: str) -> None:
    assert callable(question)
    asked = question(Week(ANCHOR))
    stored = [
        path.read_text(encoding="utf-8")
        for path in (demo_practice() / "portal_src" / client / "tasks").glob("*/*.md")
        if f"message_id: {asked.message_id}\n" in path.read_text(encoding="utf-8")
    ]
    assert len(stored) == 1
    head, _, body = stored[0].removeprefix("---\n").partition("\n---\n")
    assert body.strip() == asked.text
    assert f"date: {asked.sent:%Y-%m-%dT%H:%M:%SZ}" in head
    assert str(read(BY_KEY[key])["in-reply-to"]).strip() == asked.message_id


@given(st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (timezones=)
@settings(max_examples=25)
def test_nobody_answers_a_message_before_it_was_sent(now: datetime) -> None:
    sent = {mail.key: mail.sent for mail in mailbag(now)}
    week = Week(now)
    assert sent["melbourne-driver"] > earlier.melbourne(week).sent
    assert sent["enrolment-words"] > earlier.enrolment(week).sent
    assert sent["imogen-away"] > earlier.alumni(week).sent
    assert sent["resenas-respuesta"] > earlier.reviews(week).sent
    assert sent["ceramista-telefono"] > earlier.potter(week).sent


def test_one_answer_is_known_by_its_subject_alone_and_one_names_another_clients_task() -> None:
    alone, mistaken = read(BY_KEY["survey-scope"]), read(BY_KEY["ref-ajena"])
    assert "[STHR-58]" in str(alone["subject"])
    assert alone["in-reply-to"] is alone["references"] is None
    assert "[HALE-16]" in str(mistaken["subject"])
    assert BY_KEY["ref-ajena"].client == "tomillo"


def test_honest_senders_come_from_hosts_of_their_domain_and_the_pretender_does_not() -> None:
    for mail in BAG:
        domain = mail.envelope_from.partition("@")[2]
        if domain:
            assert (mail.helo in AUTHORISED_HOSTS[domain]) is (mail.verified == "pass")
    assert BY_KEY["pretender"].verified == "fail"


def test_the_data_the_mail_needs_travels_in_the_package() -> None:
    folder = Path(earlier.__file__).parent / "files"
    assert {path.suffix for path in folder.iterdir()} == {".jpg", ".pdf"}
