"""A mail as Apple Mail and the iPhone write it: plain or both, its history in `blockquote type="cite"` under one line."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from recado.demo.mails.calendar_words import month
from recado.demo.mails.letter import blocks, inline_html, is_list, plain, quoted_lines
from recado.demo.mails.mime import encoded_word, file_part, mailbox, message, multipart, text_part, token

if TYPE_CHECKING:
    from recado.demo.mails.letter import Earlier, Language, Letter
    from recado.demo.mails.mime import Encoding, Part

_BODY = "overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;"
_SENT_FROM = {"en": "Sent from my iPhone", "es": "Enviado desde mi iPhone"}


def message_id(key: str, domain: str) -> str:
    """Give the id Apple Mail would make up for a mail."""
    digits = token(key, 32).upper()
    return f"<{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-9{digits[17:20]}-{digits[20:]}@{domain}>"


def compose(letter: Letter, *, on_the_phone: bool = False, encoding: Encoding = "quoted-printable") -> bytes:
    """Write a letter as Apple Mail sends it: a plain one stays plain; a list, bold words or an answer bring HTML with them."""
    phone = f"\n\n{_SENT_FROM[letter.author.language]}" if on_the_phone else ""
    texts = _texts(letter, phone, encoding)
    is_rich = letter.answers is not None or letter.forwards is not None or "**" in letter.text or "\n- " in letter.text
    boundary = f"Apple-Mail=_{token(letter.key, 32).upper()}"
    text = multipart("alternative", boundary, texts) if is_rich else texts[0]
    files = [file_part(file.name, file.content_type, file.content) for file in letter.files]
    root = multipart("mixed", f"Apple-Mail=_{token(f'{letter.key}m', 32).upper()}", [text, *files]) if files else text
    program = "iPhone Mail (23B82)" if on_the_phone else "Apple Mail (2.3864.200.81)"
    version = "1.0 (1.0)" if on_the_phone else r"1.0 (Mac OS X Mail 16.0 \(3864.200.81\))"
    threading: tuple[tuple[str, str], ...] = ()
    if letter.answers:
        threading = (("In-Reply-To", letter.answers.message_id), ("References", " ".join(letter.answers.chain)))
    fields = (
        ("From", mailbox(letter.author.name, letter.author.address)),
        ("Mime-Version", version),
        ("Subject", encoded_word(letter.subject)),
        ("Message-Id", message_id(letter.key, letter.author.domain)),
        ("Date", format_datetime(letter.local)),
        *threading,
        ("To", f"Marta Ruiz <{letter.to}>" if letter.answers else letter.to),
        ("X-Mailer", program),
    )
    return message(fields, root)


def _texts(letter: Letter, phone: str, encoding: Encoding) -> list[Part]:
    written = plain(letter.text) + (f"\n\n{letter.signature}" if letter.signature else "") + phone
    html = _html(letter.text) + (f"<br>{_html(letter.signature)}" if letter.signature else "")
    html += f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{phone.strip()}</div>' if phone else ""
    if letter.answers:
        attribution = _attribution(letter.answers, letter.author.language)
        written += f"\n\n> {attribution}\n>\n{quoted_lines(letter.answers.text)}"
        html += (
            f'<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{escape(attribution, quote=False)}'
            f'</div><br class="Apple-interchange-newline"><div>{_html(letter.answers.text)}</div></blockquote></div><br>'
        )
    if letter.forwards:
        written += f"\n\n> Begin forwarded message:\n>\n{quoted_lines(_facts(letter.forwards))}"
        written += f"\n>\n{quoted_lines(letter.forwards.text)}"
        facts = "".join(f"<div>{escape(line, quote=False)}</div>" for line in _facts(letter.forwards).splitlines())
        html += (
            f'<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br class="Apple-interchange-newline">'
            f"{facts}<br><div>{_html(letter.forwards.text)}</div></blockquote></div><br>"
        )
    meta = '<meta http-equiv="content-type" content="text/html; charset=utf-8">'
    page = f'<html><head>{meta}</head><body style="{_BODY}">{html}</body></html>'
    return [text_part(f"{written}\n", "plain", "utf-8", encoding), text_part(page, "html", "utf-8", encoding)]


def _attribution(earlier: Earlier, language: Language) -> str:
    local = earlier.sent.astimezone(earlier.author.zone)
    day = f"{local.day} {month(local, language)[:3]} {local.year}"
    name, address = earlier.author.name, earlier.author.address
    if language == "es":
        return f"El {day}, a las {local:%H:%M}, {name} <{address}> escribió:"
    return f"On {day}, at {local:%H:%M}, {name} <{address}> wrote:"


def _facts(earlier: Earlier) -> str:
    local = earlier.sent.astimezone(earlier.author.zone)
    date = f"{local.day} {month(local, 'en')} {local.year} at {local:%H:%M:%S} GMT"
    return f"From: {earlier.author.name} <{earlier.author.address}>\nSubject: {earlier.subject}\nDate: {date}\nTo: {earlier.to}"


def _html(text: str) -> str:
    def block_html(block: list[str]) -> str:
        if is_list(block):
            return f'<ul class="MailOutline">{"".join(f"<li>{inline_html(line[2:])}</li>" for line in block)}</ul>'
        return "".join(f"<div>{inline_html(line)}</div>" for line in block)

    return "<div><br></div>".join(block_html(block) for block in blocks(text))
