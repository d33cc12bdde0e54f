"""What can go wrong with a message, and what the program does: a test for each row that is decided when mail is read or filed.

docs/threats.md has the rows, and says where those of pages, servers and sent mail are shown.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest
from mail_line import FAIL, PASS, attached, mail, multipart

from recado.cli.root import recado
from recado.errors import FileError
from recado.model.message import Kind, Verified
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from mail_line import Line

TRUSTED = "Authentication-Results: mx.marta.example; dmarc=pass header.from=acme.example"


# ---- From forged as a client's ----


@pytest.mark.parametrize(
    ("head", "verified"),
    [
        ("Received: from somewhere\n", Verified.NONE),
        (f"{FAIL.format(domain='acme.example')}\n{TRUSTED}\n", Verified.FAIL),
        (f"Authentication-Results: mx.evil.example; dmarc=pass header.from=acme.example\n{TRUSTED}\n", Verified.NONE),
        ("Authentication-Results: mx.marta.example; dkim=pass header.d=evil.example\n", Verified.FAIL),
        ("Authentication-Results: mx.marta.example; spf=pass smtp.mailfrom=x@evil.example; dmarc=fail\n", Verified.FAIL),
        (f"{TRUSTED}\n", Verified.PASS),
    ],
    ids=["no header", "forged below the real one", "a second, higher one", "misaligned DKIM", "misaligned SPF", "genuine"],
)
def test_a_forged_from_is_believed_only_as_far_as_the_trusted_server_vouches(line: Line, head: str, verified: Verified) -> None:
    line.arrives(head + mail(checked=""))
    (message,) = line.messages()
    assert message.verified is verified


def test_a_header_forged_inside_the_message_is_no_header(line: Line) -> None:
    line.arrives(mail(f"{TRUSTED}\n\nPay to another account.", checked=""))
    assert line.messages()[0].verified is Verified.NONE


# ---- A forger publishes on the client's own portal ----


def test_mail_that_fails_is_withheld_from_the_portal_as_a_new_task_and_as_a_reply_until_the_va_accepts_it(line: Line) -> None:
    line.arrives(mail(message_id="<genuine@acme.example>", subject="Genuine"))
    forged = attached("zzfilezz.pdf", "zzcontentzz")
    text = "Content-Type: text/plain\n\nzztextzz: our bank account has changed."
    line.arrives(multipart(text, forged, checked=FAIL, subject="zztitlezz", message_id="<2@acme.example>"))
    answer = {"checked": FAIL, "subject": "Re: Genuine", "head": "In-Reply-To: <genuine@acme.example>\n"}
    line.arrives(multipart(text, forged, message_id="<3@acme.example>", **answer))
    assert [outcome.became for outcome in line.outcomes] == ["request", "request", "reply"]
    for word in (b"zztextzz", b"zztitlezz", b"zzfilezz", b"zzcontentzz"):
        assert word not in line.built()
    for message in line.messages():
        if message.is_withheld:
            arguments = ["message", "accept", message.id, "--workspace", str(line.workspace.root)]
            recado.main(arguments, standalone_mode=False)
    built = line.built()
    for word in (b"zztextzz", b"zztitlezz", b"zzfilezz"):
        assert word in built


def test_a_withheld_reply_neither_reopens_what_is_done_nor_counts_as_an_answer(line: Line) -> None:
    line.arrives(mail(subject="Genuine"))
    recado.main(["task", "done", "ACME-1", "--workspace", str(line.workspace.root)], standalone_mode=False)
    outcome = line.arrives(
        mail(
            "Please do it again.",
            checked=FAIL,
            subject="Re: Genuine",
            message_id="<2@x>",
            head="In-Reply-To: <1@acme.example>\n",
        )
    )
    assert outcome.is_withheld
    assert not outcome.is_reopened


# ---- Reply-To, several From, replays ----


def test_reply_to_set_to_a_clients_address_says_nothing_of_who_wrote(line: Line) -> None:
    outcome = line.arrives(mail(sender="who@evil.example", head="Reply-To: jane@acme.example\n"))
    assert (outcome.became, outcome.why.partition(":")[0]) == ("quarantine", "unknown-sender")


@pytest.mark.parametrize(
    "sender",
    [
        "jane@acme.example\nFrom: who@evil.example",
        "jane@acme.example, who@evil.example",
        '"jane@acme.example" <who@evil.example>',
        "<jane@acme.example>who@evil.example",
        "jane@acme.example <who@evil.example> <jane@acme.example>",
        "=?utf-8?q?jane=40acme=2Eexample?= <who@evil.example>",
        "undisclosed-recipients:;",
        "",
    ],
)
def test_a_from_that_names_several_or_pretends_is_never_filed_as_the_clients(line: Line, sender: str) -> None:
    assert line.arrives(mail(sender=sender)).became == "quarantine"
    assert line.messages() == []


@pytest.mark.parametrize(
    "repeated", ["Subject: Pay me", "Message-ID: <other@x>", "To: all@x", "Date: Mon, 1 Jan 2024 00:00:00 +0000"]
)
def test_a_signed_mail_replayed_with_a_second_header_is_flagged_and_never_pass(line: Line, repeated: str) -> None:
    line.arrives(f"{TRUSTED}\n{repeated}\n" + mail(checked=""))
    (message,) = line.messages()
    assert message.verified is Verified.NONE
    assert "repeated-header" in message.flags


def test_a_signature_that_covers_only_the_beginning_of_the_body_is_not_believed(line: Line) -> None:
    signature = "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=s; l=20; h=from; bh=x; b=x\n"
    vouched = "Authentication-Results: mx.marta.example; dkim=pass header.d=acme.example"
    line.arrives(mail(checked=vouched, head=signature))
    assert line.messages()[0].verified is not Verified.PASS


# ---- Another's mail suppressed; another client's thread ----


@pytest.mark.parametrize("is_forged_first", [True, False])
def test_nobodys_mail_is_suppressed_by_sending_its_message_id_first(line: Line, *, is_forged_first: bool) -> None:
    genuine = mail("The genuine one.")
    forged = mail("The forged one.", sender="anyone@acme.example", checked=FAIL)
    first, second = (forged, genuine) if is_forged_first else (genuine, forged)
    assert line.arrives(first).became == "request"
    assert line.arrives(second).became == "request"
    assert "reused-message-id" in line.messages()[1].flags
    assert {message.text for message in line.messages()} == {"The genuine one.", "The forged one."}
    assert line.arrives(first).became == line.arrives(second).became == "repeat"


@pytest.mark.parametrize(
    "pointing",
    [{"head": "In-Reply-To: <1@acme.example>\n"}, {"subject": "Re: [ACME-1] December posts"}],
    ids=["by id", "by ref"],
)
def test_a_client_who_answers_with_anothers_ref_gets_a_task_of_their_own(line: Line, pointing: dict[str, str]) -> None:
    line.arrives(mail())
    outcome = line.arrives(mail("Beta's words.", sender="bob@beta.example", message_id="<2@beta.example>", **pointing))
    assert (outcome.client, outcome.where) == ("beta", "BETA-1")
    (message,) = line.messages("beta")
    assert "other-client's-ref" in message.flags
    assert "Beta's words." not in line.text_of("acme")


# ---- Markup, keys, files of others' choosing ----


@pytest.mark.parametrize(
    "subject",
    [
        "<img src=x onerror=alert(1)>",
        "</title><script>alert(1)</script>",
        "=?utf-8?q?a=0Atemplate:_evil.html?=",
        "{{ 7*7 }} {% x %}",
    ],
)
def test_a_title_with_markup_or_front_matter_keys_is_text_on_every_page(line: Line, subject: str) -> None:
    line.arrives(mail(subject=subject))
    (task,) = (line.workspace.client("acme").tasks).glob("*.md")
    keys = re.findall(r"^([a-z]+):", task.read_text(encoding="utf-8").split("\n---\n")[0], re.MULTILINE)
    assert set(keys) <= {"ref", "title", "status", "important", "urgent", "received", "requester", "message"}
    built = line.built()
    assert b"<img src=x" not in built
    assert b"<script>alert" not in built
    assert b"49" not in re.findall(rb"<h1[^>]*>(.*?)</h1>", built)


@pytest.mark.parametrize(
    "text",
    [
        '--8<-- "private.txt"',
        "{% include 'private.txt' %}",
        "{{ open('private.txt').read() }}",
        "!!python/name:os.system",
        "![](private.txt)",
    ],
)
def test_text_that_would_include_a_file_or_run_a_template_is_only_text(line: Line, text: str) -> None:
    (line.workspace.root / "private.txt").write_text("zzprivatezz", encoding="utf-8")
    line.arrives(mail(text, subject=text))
    assert len(line.messages()) == 1
    assert b"zzprivatezz" not in line.built()


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "/etc/passwd",
        "..\\..\\x",
        "a\x00b.pdf",
        "CON.txt",
        "x" * 400 + ".pdf",
        "\u202egnp.exe.pdf",
        ".htaccess",
        "a/b",
    ],
)
def test_an_attachments_name_leads_nowhere_but_into_its_messages_files(line: Line, name: str) -> None:
    before = set(line.workspace.root.parent.iterdir())
    encoded = f"=?utf-8?b?{base64.b64encode(name.encode()).decode()}?="
    line.arrives(multipart("Content-Type: text/plain\n\nHere.", attached(encoded, "kept")))
    (message,) = line.messages()
    (kept,) = message.attachments
    (folder,) = (path for path in line.workspace.client("acme").tasks.iterdir() if path.is_dir())
    assert (folder / "files" / kept).read_text().strip() == "kept"
    assert kept.startswith(message.id)
    assert len(kept.encode()) < 200
    assert not re.search(r"[/\\\x00-\x1f\u202a-\u202e]", kept)
    assert set(line.workspace.root.parent.iterdir()) == before


def test_two_files_whose_names_differ_in_case_alone_are_two_files(line: Line) -> None:
    line.arrives(multipart("Content-Type: text/plain\n\nHere.", attached("Plan.pdf", "one"), attached("plan.PDF", "two")))
    (message,) = line.messages()
    assert len({name.casefold() for name in message.attachments}) == 2


@pytest.mark.parametrize(
    "name", ["invoice.exe", "invoice.pdf.scr", "run.bat", "macro.vbs", "x.js", "shortcut.lnk", "setup.MSI"]
)
def test_a_program_goes_to_the_quarantine_and_onto_no_portal(line: Line, name: str) -> None:
    outcome = line.arrives(multipart("Content-Type: text/plain\n\nOpen it.", attached(name)))
    assert (outcome.became, outcome.why.partition(":")[0]) == ("quarantine", "executable")


# ---- What a mail says, however broken ----


@pytest.mark.parametrize(
    "charset", ["utf-7", "unicode_escape", "raw_unicode_escape", "utf-16", "idna", "rot13", "hex", "x-unknown"]
)
def test_no_charset_smuggles_a_script(line: Line, charset: str) -> None:
    texts = [
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
        "<fpevcg>nyreg(1)",
    ]
    kind = f"text/html; charset={charset}"
    line.arrives(mail("<p>Hello</p>" + "".join(texts), content_type=kind))
    assert len(line.messages()) == 1
    assert b"<script>alert" not in line.built()


@pytest.mark.parametrize(
    "raw",
    [
        mail("caf\u00e9", content_type="text/plain; charset=x-unknown"),
        mail("caf\u00e9").encode("utf-8").replace(b"caf\xc3\xa9", b"caf\xe9"),
        mail("not base64 !!!", head="Content-Transfer-Encoding: base64\n"),
        mail("=ZZ broken =\n=4", head="Content-Transfer-Encoding: quoted-printable\n"),
        mail("one\rtwo\rthree").encode(),
        mail("nul \x00 here"),
        mail().replace("Date: ", "X-Date: "),
        mail().replace("Message-ID: ", "X-ID: "),
        mail(head="Date: Mon, 1 Jan 2024 00:00:00 +0000\n"),
        mail(head="Message-ID: <second@x>\n"),
        multipart("Content-Type: text/plain\n\nNever closed").replace("--cut--", ""),
        mail(subject="ma\u00f1ana").encode("latin-1", "replace"),
    ],
    ids=[
        "charset",
        "bytes",
        "base64",
        "qp",
        "bare CR",
        "NUL",
        "no date",
        "no id",
        "two dates",
        "two ids",
        "unclosed",
        "raw header",
    ],
)
def test_a_broken_mail_is_filed_readable_and_raises_nothing(line: Line, raw: str | bytes) -> None:
    assert line.arrives(raw).became == "request"
    (message,) = line.messages()
    assert message.text or message.attachments
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", message.text)
    assert line.arrives(raw).became == "repeat"


# ---- Machines that write; secrets; line ends; what comes inside ----


@pytest.mark.parametrize(
    "mark",
    ["Auto-Submitted: auto-replied", "Return-Path: <>", "Precedence: auto_reply", "X-Autoreply: yes"],
)
def test_an_automatic_answer_is_a_note_in_its_thread_and_never_a_task(line: Line, mark: str) -> None:
    line.arrives(mail())
    outside = line.arrives(mail("I am away.", message_id="<2@x>", head=f"{mark}\n"))
    assert (outside.became, outside.why.partition(":")[0]) == ("quarantine", "automatic")
    inside = line.arrives(mail("I am away.", message_id="<3@x>", head=f"{mark}\nIn-Reply-To: <1@acme.example>\n"))
    assert (inside.became, inside.where) == ("note", "ACME-1")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("The password is: Tr0ub4dor&3", "Tr0ub4dor&3"),
        ("La contrase\u00f1a es: Girasol-77", "Girasol-77"),
        ("Mot de passe : Lavande_88", "Lavande_88"),
        ("My card is 4111 1111 1111 1111, please pay.", "4111 1111 1111 1111"),
    ],
)
def test_a_password_or_a_card_number_is_flagged_to_the_va_and_masked_on_the_portal(line: Line, text: str, secret: str) -> None:
    line.arrives(mail(text))
    (message,) = line.messages()
    assert "secret-masked" in message.flags
    assert secret.encode() not in line.built()


def test_a_line_end_hidden_in_a_name_or_a_subject_is_gone_after_decoding(line: Line) -> None:
    line.arrives(mail(sender="=?utf-8?q?hi=0D=0ABcc:_v=40x?= <jane@acme.example>", subject="=?utf-8?b?YQ0KQmNjOiB2QHg=?="))
    (message,) = line.messages()
    assert "\n" not in message.sender.name + message.subject
    assert "\r" not in message.sender.name + message.subject


def test_an_invitation_shows_its_title_and_its_date(line: Line) -> None:
    event = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z\n"
        "SUMMARY:Planning\nLOCATION:Room 4\nORGANIZER;CN=Jane Doe:mailto:jane@acme.example\nEND:VEVENT\nEND:VCALENDAR"
    )
    line.arrives(multipart("Content-Type: text/plain\n\nSee you.", f"Content-Type: text/calendar; method=REQUEST\n\n{event}"))
    (message,) = line.messages()
    assert all(word in message.text for word in ("Planning", "2026", "Room 4", "Jane Doe"))


def test_an_attached_message_is_kept_as_a_file_and_named_in_the_text(line: Line) -> None:
    inner = "From: Bob <bob@else.example>\nSubject: The old thread\nMessage-ID: <inner@x>\n\nzzinnerzz"
    line.arrives(multipart("Content-Type: text/plain\n\nSee below.", f"Content-Type: message/rfc822\n\n{inner}"))
    (message,) = line.messages()
    assert [name.endswith(".eml") for name in message.attachments] == [True]
    assert message.text.startswith("See below.")
    assert "The old thread" in message.text


def test_what_the_va_forwards_counts_as_from_the_original_sender_and_is_marked(line: Line) -> None:
    text = (
        "zzhersz: she pays late.\n\n---------- Forwarded message ---------\nFrom: Jane Doe <jane@acme.example>\n"
        "Date: Mon, Nov 23, 2026 at 9:00 AM\nSubject: A new logo\nTo: <marta@marta.example>\n\nWe need a logo.\n"
    )
    outcome = line.arrives(mail(text, sender="Marta Ruiz <marta@marta.example>", subject="Fwd: A new logo", checked=PASS))
    assert (outcome.became, outcome.client) == ("request", "acme")
    (message,) = line.messages()
    assert message.sender.email == "jane@acme.example"
    assert message.kind is Kind.REQUEST
    assert message.verified is not Verified.PASS
    assert "forwarded" in message.flags
    assert message.text == "We need a logo."
    assert b"zzhersz" not in line.built()
    (note,) = line.workspace.client("acme").tasks.glob("*/private.md")
    assert note.read_text(encoding="utf-8") == "zzhersz: she pays late.\n"


def test_a_link_that_leads_out_of_the_clients_folder_is_not_followed(line: Line) -> None:
    line.arrives(mail())
    line.arrives(mail(sender="bob@beta.example", message_id="<b@x>"))
    client = line.workspace.client("acme")
    (thread,) = (path for path in client.tasks.iterdir() if path.is_dir())
    theirs = Workspace(line.workspace.root).client("beta").tasks
    (their_thread,) = (path for path in theirs.iterdir() if path.is_dir())
    thread.rename(client.root / "aside")
    thread.symlink_to(their_thread)
    line.intake.look_again()
    line.arrives(
        mail("For Acme.", message_id="<2@x>", subject="Re: [ACME-1] December posts", head="In-Reply-To: <1@acme.example>\n")
    )
    assert "For Acme." not in line.text_of("beta")


def test_a_withheld_mail_brings_nobody_into_its_thread_until_the_va_accepts_it(line: Line) -> None:
    line.arrives(mail(subject="Genuine"))
    answer = {"subject": "Re: Genuine", "head": "In-Reply-To: <1@acme.example>\nCc: mallory@evil.example\n"}
    line.arrives(mail("Mallory helps.", checked=FAIL, message_id="<2@x>", **answer))
    third = {"sender": "mallory@evil.example", "subject": "Re: Genuine", "head": "In-Reply-To: <1@acme.example>\n"}
    assert line.arrives(mail("Here I am.", message_id="<3@x>", **third)).became == "quarantine"
    (withheld,) = (message for message in line.messages() if message.is_withheld)
    recado.main(["message", "accept", withheld.id, "--workspace", str(line.workspace.root)], standalone_mode=False)
    assert line.arrives(mail("Here I am again.", message_id="<4@x>", **third)).became == "reply"


@pytest.mark.parametrize(
    "first",
    [
        mail(head="Auto-Submitted: auto-generated\n"),
        mail(checked=FAIL),
        mail(checked=FAIL, content_type="application/pdf"),
        mail(checked="Authentication-Results: mx.marta.example; dmarc=temperror header.from=acme.example"),
    ],
    ids=["marked as a machine's", "one that fails", "said to be a file", "a fault of the name server"],
)
def test_nobodys_mail_is_suppressed_by_a_copy_of_it_that_is_set_aside(line: Line, first: str) -> None:
    line.arrives(first)
    genuine = mail()
    line.arrives(genuine)
    shown = [message for message in line.messages() if not message.is_withheld]
    assert [message.text for message in shown] == ["Please write them."]
    assert list(line.workspace.quarantine.glob("*.eml")) == []
    assert line.arrives(genuine).became == "repeat"


def test_a_copy_of_a_mail_is_filed_once_only_and_a_failing_one_changes_nothing(line: Line) -> None:
    line.arrives(mail())
    for copy in (mail(head="Auto-Submitted: auto-generated\n"), mail(checked=FAIL), mail(checked=""), mail()):
        assert line.arrives(copy).became == "repeat"
    assert len(line.messages()) == 1


def test_a_withheld_mail_takes_no_thread_apart_and_gives_it_no_subject(line: Line) -> None:
    line.arrives(mail("Please write them."))
    line.arrives(mail("Another text.", checked=FAIL, subject="Other"))  # the same Message-ID
    answer = {"head": "In-Reply-To: <1@acme.example>\n"}
    line.arrives(mail("p", checked=FAIL, subject="p", message_id="<3@x>", **answer))
    outcome = line.arrives(mail("Mine.", subject="Re: December posts", message_id="<4@acme.example>", **answer))
    assert outcome.where == "ACME-1"
    press = line.arrives(mail("Lisbon.", subject="Press trip to Lisbon", message_id="<5@acme.example>", **answer))
    assert press.became == "request"


def test_a_third_party_brings_nobody_else_into_a_thread(line: Line) -> None:
    line.arrives(mail(head="Cc: pat@partner.example\n"))
    answer = {"subject": "Re: December posts", "head": "In-Reply-To: <1@acme.example>\nCc: eve@evil.example\n"}
    assert line.arrives(mail("I can.", sender="pat@partner.example", message_id="<2@p>", **answer)).became == "reply"
    assert line.arrives(mail("Hello!", sender="eve@evil.example", message_id="<3@e>", **answer)).became == "quarantine"
    line.intake.look_again()
    assert line.arrives(mail("Hello?", sender="eve@evil.example", message_id="<4@e>", **answer)).became == "quarantine"


def test_two_mails_of_the_same_words_without_date_and_id_are_two(line: Line) -> None:
    form = mail("Call me.").replace("Message-ID: <1@acme.example>\n", "").replace("Date: ", "X-Date: ")
    assert [line.arrives(form).where, line.arrives(form).where] == ["ACME-1", "ACME-2"]


@pytest.mark.parametrize("day", ["9999-12-31", "0026-11-28", "2026-02-30", "2026-11-28"])
def test_what_a_mail_says_in_the_forms_lines_never_spoils_a_task(line: Line, day: str) -> None:
    line.arrives(mail(f"By: {day}\nImportance: urgent\n\nPlease.", checked=FAIL))
    assert b"</html>" in line.built()


def test_an_attachment_is_not_written_through_a_folder_that_is_a_link(line: Line) -> None:
    line.arrives(mail())
    (thread,) = (path for path in line.workspace.client("acme").tasks.iterdir() if path.is_dir())
    elsewhere = line.workspace.root / "elsewhere"
    elsewhere.mkdir()
    (thread / "files").symlink_to(elsewhere)
    answer = {"subject": "Re: December posts", "head": "In-Reply-To: <1@acme.example>\n", "message_id": "<2@x>"}
    with pytest.raises(FileError, match="this folder is a link"):
        line.arrives(multipart("Content-Type: text/plain\n\nHere.", attached("a.pdf"), **answer))
    assert list(elsewhere.iterdir()) == []
