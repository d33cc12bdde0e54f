"""A mail as Gmail writes it: both kinds of text, the quoted history in `gmail_quote`, attribution in the writer's language."""

from __future__ import annotations

import textwrap
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from recado.demo.mails.calendar_words import month, twelve_hours, weekday
from recado.demo.mails.letter import blocks, inline_html, is_list, plain, quoted_lines
from recado.demo.mails.mime import encoded_word, file_part, mailbox, message, multipart, text_part, token

if TYPE_CHECKING:
    from recado.demo.mails.letter import Earlier, Language, Letter
    from recado.demo.mails.mime import Part

_QUOTE = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"
_BLANK = "<div><br></div>"


def message_id(key: str) -> str:
    """Give the id Gmail would make up for a mail."""
    return f"<CA{token(key, 2)}F{token(f'{key}a', 9)}+{token(f'{key}b', 22)}@mail.gmail.com>"


def compose(letter: Letter) -> bytes:
    """Write a letter as Gmail sends it."""
    seed = token(letter.key, 12)
    text = multipart("alternative", f"000000000000{seed}", _texts(letter))
    files = [file_part(file.name, file.content_type, file.content) for file in letter.files]
    root = multipart("mixed", f"000000000001{seed}", [text, *files]) if files else text
    threading = _threading(letter.answers)
    fields = (
        ("MIME-Version", "1.0"),
        *threading,
        ("From", mailbox(letter.author.name, letter.author.address)),
        ("Date", format_datetime(letter.local)),
        ("Message-ID", message_id(letter.key)),
        ("Subject", encoded_word(letter.subject)),
        ("To", f"Marta Ruiz <{letter.to}>" if letter.answers else letter.to),
    )
    return message(fields, root)


def _threading(earlier: Earlier | None) -> tuple[tuple[str, str], ...]:
    if earlier is None:
        return ()
    return ("References", " ".join(earlier.chain)), ("In-Reply-To", earlier.message_id)


def _texts(letter: Letter) -> list[Part]:
    written = "\n\n".join(part for part in (plain(letter.text), letter.signature and f"-- \n{letter.signature}") if part)
    html = f'<div dir="ltr">{_html(letter.text)}</div>'
    if letter.signature:
        lines = "<br>".join(letter.signature.splitlines())
        html += '<br><span class="gmail_signature_prefix">-- </span><br>'
        html += f'<div dir="ltr" class="gmail_signature">{lines}</div>'
    if letter.answers:
        attribution = _attribution(letter.answers, letter.author.language)
        written += f"\n\n{textwrap.fill(attribution, 78)}\n\n{quoted_lines(letter.answers.text)}"
        html += _quote(letter.answers, attribution)
    if letter.forwards:
        written += f"\n\n{_forwarded(letter.forwards, letter.author.language)}\n\n{letter.forwards.text}"
        html += _forwarded_html(letter.forwards, letter.author.language)
    return [
        text_part(f"{written}\n", "plain", "UTF-8", "7bit" if written.isascii() else "quoted-printable"),
        text_part(f"{html}\n", "html", "UTF-8", "quoted-printable"),
    ]


def _attribution(earlier: Earlier, language: Language) -> str:
    local = earlier.sent.astimezone(earlier.author.zone)
    name, address = earlier.author.name, earlier.author.address
    if language == "es":
        day = f"{weekday(local, 'es')[:3]}, {local.day} {month(local, 'es')[:3]} {local.year}"
        return f"El {day} a las {local.hour}:{local:%M}, {name} (<{address}>) escribió:"
    day = f"{weekday(local, 'en')[:3]}, {month(local, 'en')[:3]} {local.day}, {local.year}"
    return f"On {day} at {twelve_hours(local)} {name} <{address}> wrote:"


def _quote(earlier: Earlier, attribution: str) -> str:
    address = earlier.author.address
    shown = escape(attribution, quote=False).replace(address, f'<a href="mailto:{address}">{address}</a>')
    return (
        f'<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{shown}<br></div>'
        f'<blockquote class="gmail_quote" style="{_QUOTE}">{_html(earlier.text)}</blockquote></div>'
    )


def _forwarded(earlier: Earlier, language: Language) -> str:
    local = earlier.sent.astimezone(earlier.author.zone)
    if language == "es":
        date = f"{weekday(local, 'es')[:3]}, {local.day} {month(local, 'es')[:3]} {local.year} a las {local.hour}:{local:%M}"
        sender = "De"
    else:
        date = f"{weekday(local, 'en')[:3]}, {month(local, 'en')[:3]} {local.day}, {local.year} at {twelve_hours(local)}"
        sender = "From"
    return (
        f"---------- Forwarded message ---------\n{sender}: {earlier.author.name} <{earlier.author.address}>\n"
        f"Date: {date}\nSubject: {earlier.subject}\nTo: <{earlier.to}>"
    )


def _forwarded_html(earlier: Earlier, language: Language) -> str:
    lines = "<br>".join(escape(line, quote=False) for line in _forwarded(earlier, language).splitlines())
    return (
        f'<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{lines}<br></div><br><br>'
        f'<div dir="ltr">{_html(earlier.text)}</div></div>'
    )


def _html(text: str) -> str:
    def block_html(block: list[str]) -> str:
        if is_list(block):
            return f"<ul>{''.join(f'<li>{inline_html(line[2:])}</li>' for line in block)}</ul>"
        return "".join(f"<div>{inline_html(line)}</div>" for line in block)

    return _BLANK.join(block_html(block) for block in blocks(text))
