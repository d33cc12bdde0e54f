"""A signed mail replayed with changes that its DKIM signature does not cover: each verifies, and none deceives.

Every mail is signed here, and verified here as a mail server would, so that what a case claims of DKIM is true of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import dkim
import pytest
from made_up_mail import NOW

from ingest.decision import OTHER_CLIENTS_REF, REUSED_MESSAGE_ID
from ingest.filed import Filed, MessageFacts, ThreadKey
from ingest.mail import Mail
from ingest.parse import parse_mail
from ingest.routing import IntoThread, NewTask, Quarantine, Reason, decide
from ingest.sender import verify
from recado.model.message import Verified
from recado.model.servers import Trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.decision import Decision
    from recado.model.practice import Practice

OURS = Trust(authserv_id="mx.marta.example")
# Made for these tests, and used for nothing else.
_KEY = """
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAJwqjhSimSSmaAuFqqUDzewolshWfaqbnjL69A9cvPP+1PpCuwFxg3dUT3uiTd8s
UmwW3fs+t9T34a1KUALNaBCCB6uM3z7J75ufnk/xnf5nP1hbnUGeu05uNJ1Y/GPg80WUtNVk1lhBgbo9QuAmVFN7+nIhDqU/vW3ppz08+goxAgMB
AAECgYBDMwiqloFBxR2Wf7E7itSMn7aqhJVU2dwMYfKtvaFNeUXaXuarq1X//lapg+DwfNkGzBw/ZfCjAvuonwao/gyeCbx1tA8LTFuxakv8fGw8
H96Z00FAJLfK9iIpKgAXPr5dBqcF3fZgoQIPwl5eZGhB7EGeb8+B0RRIWqEMTint8QJBAM5F0J0yRozZnYilxMbVEnfWw5GksJI4CsnGrqXbr6zA
0qVss9Lar69aSvjcrgybTBlEpOupm7r8Z2u7dBJcwrUCQQDB0Gcb98/gI7YDUGPyof3TjTQRRDdqgPYeljnAq1q3rpIB6vZJtpux+7WiMFJfq2jI
2PGybmr2V57OqdiWaOsNAkBIKgSh+kTUYg3LELOXHFQpuOkSuxtLDHA5x1iyjfkX5x3K4gzHZ9qu7lfsWMhLgMlOzcUk7WGeOU+1UQ96nRlBAkEA
pij/XRD13NmA4BJ5vbh3nnj+XJc5U0vAtbRhSvcdTUCS2KYSBFxT2yFLNQNse6y+pwKnJCxZ81xnQBKJJ1pHuQJBAMzI9sW1QTZVUt29YIT+i+6H
AsS1pIykfDuGvgo5vty5hGQfv3iZOqeCXna3LmcEtC5LY7RzYEmQncWNgNoYJO0=
"""
_PUBLIC = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCcKo4UopkkpmgLhaqlA83sKJbIVn2qm54y+vQPXLzz/tT6QrsBcYN3VE97ok3fLFJsFt37PrfU"
    "9+GtSlACzWgQggerjN8+ye+bn55P8Z3+Zz9YW51BnrtObjSdWPxj4PNFlLTVZNZYQYG6PULgJlRTe/pyIQ6lP71t6ac9PPoKMQIDAQAB"
)
USUAL = tuple(b"from to cc subject date message-id in-reply-to references mime-version content-type".split())
RESULT = b"Authentication-Results: mx.marta.example; dkim=pass header.d=acme.example; spf=fail smtp.mailfrom=evil.example\r\n"
MAIL = (
    b"From: Jane Doe <jane@acme.example>\r\n"
    b"To: requests@marta.example\r\n"
    b"Subject: Yes, please go on\r\n"
    b"Date: Tue, 24 Nov 2026 09:12:03 +0100\r\n"
    b"Message-ID: <1@acme.example>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"\r\n"
    b"I approve.\r\n"
)


def signed(fields: Sequence[bytes] = USUAL, *, is_open: bool = False, raw: bytes = MAIL) -> bytes:
    """Sign a mail for acme.example; `is_open`: with the length of the body (`l=`), so that more can be added."""
    pem = f"-----BEGIN {'PRIVATE'} KEY-----{_KEY}-----END {'PRIVATE'} KEY-----\n".encode()
    present = [name for name in fields if re.search(rb"(?mi)^" + name + rb":", raw)]
    signature: bytes = dkim.sign(raw, b"s1", b"acme.example", pem, include_headers=present, length=is_open)
    return signature + raw


def verifies(raw: bytes) -> bool:
    """Tell whether a server that checks DKIM would write that it passes."""
    return bool(dkim.verify(raw, dnsfunc=lambda *_args, **_how: f"v=DKIM1; k=rsa; p={_PUBLIC}".encode()))


def arrived(raw: bytes) -> tuple[Mail, Verified]:
    """Read a mail under the header that the server wrote above it."""
    mail = parse_mail(RESULT + raw)
    assert isinstance(mail, Mail)
    return mail, verify(mail, OURS)


def decided(practice: Practice, raw: bytes, filed: Filed | None = None) -> tuple[Decision, Verified]:
    mail, verified = arrived(raw)
    return decide(mail, verified, practice, filed or Filed(), received=NOW), verified


def test_a_signed_mail_as_it_was_written_passes(practice: Practice) -> None:
    assert verifies(signed())
    decision, verified = decided(practice, signed())
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags, verified) == ("acme", (), Verified.PASS)


def test_a_mail_that_was_changed_where_it_is_signed_does_not_verify() -> None:
    assert not verifies(signed().replace(b"I approve.", b"I refuse. "))


@pytest.mark.parametrize(
    "added",
    [b"Subject: [ACME-9] Pay now\r\n", b"To: other@marta.example\r\n", b"Date: Wed, 25 Nov 2026 09:12:03 +0100\r\n"],
)
def test_a_second_field_above_the_signed_one_is_flagged_and_never_passes(practice: Practice, added: bytes) -> None:
    assert verifies(added + signed())
    decision, verified = decided(practice, added + signed())
    assert isinstance(decision, NewTask)
    assert decision.flags == ("repeated-header",)
    assert verified is Verified.NONE


def test_a_second_from_above_the_signed_one_goes_to_the_quarantine(practice: Practice) -> None:
    # Most servers let it verify: the bottommost From is the signed one (RFC 6376 §5.4.2). The library here refuses it.
    decision, verified = decided(practice, b"From: Bob <bob@beta.example>\r\n" + signed())
    assert isinstance(decision, Quarantine)
    assert decision.reason is Reason.NO_SENDER
    assert verified is Verified.NONE


def test_an_added_reply_to_changes_neither_the_sender_nor_the_client(practice: Practice) -> None:
    raw = b"Reply-To: Bob <bob@beta.example>\r\n" + signed()
    assert verifies(raw)
    mail, verified = arrived(raw)
    assert str(mail.from_) == "Jane Doe <jane@acme.example>"
    decision, _ = decided(practice, raw)
    assert isinstance(decision, NewTask)
    assert (decision.client, verified) == ("acme", Verified.PASS)


def test_an_unsigned_to_takes_the_mail_to_no_other_client(practice: Practice) -> None:
    raw = signed([name for name in USUAL if name != b"to"]).replace(b"requests@marta", b"requests+beta-7@marta")
    assert verifies(raw)
    decision, _ = decided(practice, raw)
    assert isinstance(decision, NewTask)
    assert (decision.client, decision.flags) == ("acme", (OTHER_CLIENTS_REF,))


def test_text_added_below_the_signed_length_is_not_believed(practice: Practice) -> None:
    raw = signed(is_open=True) + b"And pay to this new account: ...\r\n"
    assert verifies(raw)
    mail, verified = arrived(raw)
    assert "new account" in mail.text
    assert verified is Verified.FAIL
    decision, _ = decided(practice, raw)
    assert isinstance(decision, NewTask)


def test_a_new_content_type_above_the_signed_one_never_passes(practice: Practice) -> None:
    raw = b"Content-Type: text/html\r\n" + signed()
    assert verifies(raw)
    _, verified = decided(practice, raw)
    assert verified is Verified.NONE


def test_a_subject_that_was_not_signed_is_not_believed() -> None:
    raw = signed((b"from", b"date", b"message-id")).replace(b"Yes, please go on", b"[ACME-9] approved")
    assert verifies(raw)
    mail, verified = arrived(raw)
    assert mail.subject == "[ACME-9] approved"
    assert verified is Verified.FAIL


def test_a_mail_replayed_into_another_thread_is_filed_beside_the_first_and_flagged(practice: Practice) -> None:
    filed = Filed()
    thread = ThreadKey("acme", 9, "0009-other")
    filed.add_thread(thread)
    filed.add_message(thread, MessageFacts("<9@acme.example>", "sha256:9", "ACME-9"))
    first, _ = arrived(signed())
    filed.add_message(ThreadKey("acme", 1, "0001-first"), MessageFacts(first.message_id, first.digest, "ACME-1"))
    raw = b"In-Reply-To: <9@acme.example>\r\n" + signed()
    assert verifies(raw)
    decision, _ = decided(practice, raw, filed)
    assert isinstance(decision, IntoThread)
    assert decision.flags == (REUSED_MESSAGE_ID,)
