"""A mail as Outlook writes it: Word's HTML, and over what it quotes a block of From, Sent, To and Subject, no `>` anywhere."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from recado.demo.mails.calendar_words import month, twelve_hours, weekday
from recado.demo.mails.letter import blocks, inline_html, is_list, plain
from recado.demo.mails.mime import encoded_word, file_part, mailbox, message, multipart, text_part, token

if TYPE_CHECKING:
    from recado.demo.mails.letter import Author, Earlier, Letter
    from recado.demo.mails.mime import Part

_HEAD = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">\n<head>\n'
    '<meta http-equiv="Content-Type" content="text/html; charset=us-ascii">\n'
    '<meta name="Generator" content="Microsoft Word 15 (filtered medium)">\n<style><!--\n'
    "@font-face\n\t{font-family:Calibri;\n\tpanose-1:2 15 5 2 2 2 4 3 2 4;}\n"
    'p.MsoNormal, li.MsoNormal, div.MsoNormal\n\t{margin:0cm;\n\tfont-size:11.0pt;\n\tfont-family:"Calibri",sans-serif;}\n'
    "--></style>\n</head>\n"
)
_BLANK = '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n'
_WEB_RULE = '<hr style="display:inline-block;width:98%" tabindex="-1">'


def message_id(key: str) -> str:
    """Give the id Exchange Online would make up for a mail."""
    server = f"SY4PR01MB{token(key, 4).upper()}"
    return f"<{server}{token(f'{key}a', 16).upper()}@{server}.ausprd01.prod.outlook.com>"


def compose(letter: Letter, *, on_the_web: bool = False) -> bytes:
    """Write a letter as Outlook sends it: the program on the desk (Word's HTML), or the one in the browser."""
    seed = token(letter.key, 12)
    text = multipart("alternative", f"_000_{seed}{letter.author.domain}_", _texts(letter, on_the_web=on_the_web))
    files = [file_part(file.name, file.content_type, file.content) for file in letter.files]
    root = multipart("mixed", f"_004_{seed}{letter.author.domain}_", [text, *files]) if files else text
    topic = letter.subject.removeprefix("RE: ").removeprefix("Re: ")
    fields = [
        ("From", mailbox(letter.author.name, letter.author.address)),
        ("To", f"Marta Ruiz <{letter.to}>" if letter.answers else f'"{letter.to}" <{letter.to}>'),
        ("Subject", encoded_word(letter.subject)),
        ("Thread-Topic", encoded_word(topic)),
        ("Thread-Index", f"AQH{token(topic, 26)}=="),
        ("Date", format_datetime(letter.sent)),
        ("Message-ID", message_id(letter.key)),
    ]
    if letter.answers:
        fields += [("References", " ".join(letter.answers.chain)), ("In-Reply-To", letter.answers.message_id)]
    fields += [
        ("Accept-Language", "en-AU, en-US"),
        ("Content-Language", "en-AU"),
        ("X-MS-Has-Attach", "yes" if files else ""),
        ("X-MS-TNEF-Correlator", ""),
        ("MIME-Version", "1.0"),
    ]
    return message(tuple(fields), root)


def _texts(letter: Letter, *, on_the_web: bool) -> list[Part]:
    written, html = plain(letter.text), _html(letter.text)
    if letter.signature:
        written += f"\n\n{letter.signature}"
        html += _BLANK + _html(letter.signature)
    if letter.answers:
        rule = f"\n{'_' * 32}" if on_the_web else ""
        facts = _facts(letter.answers, letter.author)
        heading = "\n".join(f"{name}: {value}" for name, value in facts)
        written += f"\n{rule}\n{heading}\n\n{plain(letter.answers.text)}"
        shown = "<br>\n".join(f"<b>{name}:</b> {escape(value, quote=False)}" for name, value in facts)
        html += (_web_quote if on_the_web else _desk_quote)(shown) + _html(letter.answers.text)
    opening = '<body lang="EN-AU" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">\n<div class="WordSection1">\n'
    page = f"{_HEAD}{opening}{html}</div>\n</body>\n</html>\n"
    return [
        text_part(f"{written}\n", "plain", "Windows-1252", "quoted-printable"),
        text_part(page, "html", "Windows-1252", "quoted-printable"),
    ]


def _facts(earlier: Earlier, reader: Author) -> list[tuple[str, str]]:
    """Give the four facts; the time is on the reader's clock, as Outlook has it."""
    local = earlier.sent.astimezone(reader.zone)
    sent = f"{weekday(local, 'en')}, {local.day} {month(local, 'en')} {local.year} {twelve_hours(local)}"
    return [
        ("From", f"{earlier.author.name} <{earlier.author.address}>"),
        ("Sent", sent),
        ("To", earlier.to),
        ("Subject", earlier.subject),
    ]


def _desk_quote(facts: str) -> str:
    return (
        f'{_BLANK}<div>\n<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">\n'
        f'<p class="MsoNormal"><span lang="EN-US">{facts}<o:p></o:p></span></p>\n</div>\n</div>\n{_BLANK}'
    )


def _web_quote(facts: str) -> str:
    return (
        f'<div id="appendonsend"></div>\n{_WEB_RULE}\n<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" '
        f'style="font-size:11pt" color="#000000">{facts}</font>\n<div>&nbsp;</div>\n</div>\n'
    )


def _html(text: str) -> str:
    def block_html(block: list[str]) -> str:
        if is_list(block):
            points = "".join(f'<li class="MsoListParagraph">{inline_html(line[2:])}<o:p></o:p></li>\n' for line in block)
            return f'<ul style="margin-top:0cm" type="disc">\n{points}</ul>\n'
        return "".join(f'<p class="MsoNormal">{inline_html(line)}<o:p></o:p></p>\n' for line in block)

    return _BLANK.join(block_html(block) for block in blocks(text))
