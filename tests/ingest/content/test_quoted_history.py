"""What they wrote, set apart from the history and the signature, as real mail programs write them."""

from __future__ import annotations

import pytest

from ingest.content.html_reply import read_html
from ingest.content.reply import read_plain, split_reply

OUTLOOK = {
    "en": "From: Marta <m@marta.example>\nSent: Monday, 2 November 2026 10:00\nTo: Jane\nSubject: Posts",
    "es": "De: Marta <m@marta.example>\nEnviado el: lunes, 2 de noviembre de 2026 10:00\nPara: Jane\nAsunto: Posts",
    "pt": "De: Marta <m@marta.example>\nEnviada em: segunda-feira, 2 de novembro de 2026 10:00\nPara: Jane\nAssunto: Posts",
    "fr": "De : Marta <m@marta.example>\nEnvoyé : lundi 2 novembre 2026 10:00\nÀ : Jane\nObjet : Posts",
    "de": "Von: Marta <m@marta.example>\nGesendet: Montag, 2. November 2026 10:00\nAn: Jane\nBetreff: Posts",
    "it": "Da: Marta <m@marta.example>\nInviato: lunedì 2 novembre 2026 10:00\nA: Jane\nOggetto: Posts",
    "nl": "Van: Marta <m@marta.example>\nVerzonden: maandag 2 november 2026 10:00\nAan: Jane\nOnderwerp: Posts",
}
ATTRIBUTION = {
    "en": "On Mon, 2 Nov 2026 at 10:00, Marta <m@marta.example> wrote:",
    "en wrapped": "On Mon, 2 Nov 2026 at 10:00, Marta\n<m@marta.example> wrote:",
    "en Apple": "On 2 Nov 2026, at 10:00, Marta wrote:",
    "es": "El lun, 2 nov 2026 a las 10:00, Marta (<m@marta.example>) escribió:",
    "es Apple": "El 2 nov 2026, a las 10:00, Marta <m@marta.example> escribió:",
    "pt": "Em seg., 2 de nov. de 2026 às 10:00, Marta <m@marta.example> escreveu:",
    "fr": "Le lun. 2 nov. 2026 à 10:00, Marta <m@marta.example> a\nécrit :",
    "de": "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Marta <m@marta.example>:",
    "it": "Il giorno lun 2 nov 2026 alle ore 10:00 Marta <m@marta.example> ha\nscritto:",
    "nl": "Op ma 2 nov 2026 om 10:00 schreef Marta <m@marta.example>:",
    "ru": '02.11.2026 10:00 пользователь "Marta" <\nm@marta.example> написал:',
    "any": "2026-11-02 10:00 GMT+01:00 Marta <m@marta.example>:",
}


@pytest.mark.parametrize("language", OUTLOOK)
def test_outlooks_header_block_begins_the_history(language: str) -> None:
    reply = split_reply(f"Yes, please.\n\nJane\n\n{OUTLOOK[language]}\n\nShall I?\n")
    assert reply.written == "Yes, please.\n\nJane"
    assert reply.quoted == f"{OUTLOOK[language]}\n\nShall I?"


@pytest.mark.parametrize("language", ATTRIBUTION)
def test_the_line_that_announces_a_quotation_goes_with_it(language: str) -> None:
    reply = split_reply(f"Yes, please.\n\n{ATTRIBUTION[language]}\n\n> Shall I?\n> Marta\n")
    assert reply.written == "Yes, please."
    assert reply.quoted == f"{ATTRIBUTION[language]}\n\n> Shall I?\n> Marta"


@pytest.mark.parametrize("language", [key for key in ATTRIBUTION if key not in {"ru", "any"}])
def test_an_announced_history_needs_no_quote_marks(language: str) -> None:
    reply = split_reply(f"Yes, please.\n\n{ATTRIBUTION[language]}\n\nShall I?\nMarta\n")
    assert reply.written == "Yes, please."
    assert reply.quoted.endswith("Shall I?\nMarta")


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "-----Mensaje original-----",
        "-------- Mensagem original --------",
        "-----Message d'origine-----",
        "-----Ursprüngliche Nachricht-----",
        "-----Messaggio originale-----",
        "-----Oorspronkelijk bericht-----",
        "---- On Mon, 02 Nov 2026 10:00:00 +0100 m@marta.example wrote ----",
        "---- El lun, 02 nov 2026 10:00:00 +0100 m@marta.example escribió ----",
    ],
)
def test_a_separator_begins_the_history(line: str) -> None:
    reply = split_reply(f"Sí.\n\n{line}\nDe: Marta\n¿Lo hago?")
    assert (reply.written, reply.quoted) == ("Sí.", f"{line}\nDe: Marta\n¿Lo hago?")


def test_a_rule_above_the_header_block_goes_with_it() -> None:
    reply = split_reply(f"Yes.\n\n________________________________\n{OUTLOOK['en']}\n\nShall I?")
    assert reply.written == "Yes."


def test_answers_between_quoted_lines_stay_whole() -> None:
    text = "On Mon, 2 Nov 2026 at 10:00, Marta wrote:\n> One?\nYes.\n> Two?\nNo."
    assert split_reply(text).written == text
    before = "Hello,\n\n> One?\nYes.\n\n> Two?\nNo."
    assert split_reply(before).written == before


def test_answers_between_quoted_lines_leave_the_long_history_below_out() -> None:
    reply = split_reply(f"> One?\nYes.\n> Two?\nNo.\n\n{OUTLOOK['en']}\n\nOld")
    assert reply.written == "> One?\nYes.\n> Two?\nNo."
    assert reply.quoted.endswith("Old")


def test_an_answer_below_the_quotation_is_what_they_wrote() -> None:
    reply = split_reply("On 2/11/2026 10:00, Marta wrote:\n> Shall I?\n\nYes, please.")
    assert reply.written == "Yes, please."
    assert reply.quoted == "On 2/11/2026 10:00, Marta wrote:\n> Shall I?"


def test_a_signature_below_the_quotation_does_not_make_it_an_answer() -> None:
    reply = split_reply("Yes.\n\n> Shall I?\n\n-- \nJane")
    assert (reply.written, reply.quoted.strip()) == ("Yes.", "> Shall I?\n\n-- \nJane")


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("Yes.\n\n-- \nJane\nAcme", "Jane\nAcme"),
        ("Yes.\n\nSent from my iPhone", "Sent from my iPhone"),
        ("Yes.\n\nEnviado desde mi iPhone", "Enviado desde mi iPhone"),
        ("Yes.\n\nEnviado do meu iPhone", "Enviado do meu iPhone"),
        ("Yes.\n\nEnvoyé de mon iPhone", "Envoyé de mon iPhone"),
        ("Yes.\n\nVon meinem iPhone gesendet", "Von meinem iPhone gesendet"),
        ("Yes.\n\nInviato da iPhone", "Inviato da iPhone"),
        ("Yes.\n\nVerstuurd vanaf mijn iPhone", "Verstuurd vanaf mijn iPhone"),
        ("Yes.\n\nObtener Outlook para iOS<https://aka.example/x>", "Obtener Outlook para iOS<https://aka.example/x>"),
    ],
)
def test_a_signature_is_set_apart(text: str, signature: str) -> None:
    reply = split_reply(text)
    assert (reply.written, reply.signature) == ("Yes.", signature)


@pytest.mark.parametrize(
    "text",
    [
        "> only a quotation",
        "-- \nJane",
        "Sent from my iPhone",
        "On Mon, 2 Nov 2026 at 10:00, Marta wrote:\n> Shall I?",
        "The client wrote:\n\nplease send it.",
        "On the other hand, as I wrote:\n\nwe could wait.",
        "From: where? To: there.\n\nThat is the trip.",
        "De: 3 a 5.\nPara: todos.",
        "Please book it:\n\nFrom: Madrid\nTo: Paris\nDate: Monday 10:00\n\nThank you",
        "Sent the file. Date: tomorrow.",
        "Prices: 10:00\n\n- one\n- two",
        "Options:\n--\nA\n--\nB\n\nWhich?",
    ],
)
def test_what_is_no_history_or_all_there_is_stays_text(text: str) -> None:
    reply = split_reply(text)
    assert (reply.written, reply.quoted, reply.signature) == (text, "", "")


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "---------- Mensaje reenviado ---------",
        "-------- Mensagem encaminhada --------",
        "---------- Message transféré ----------",
        "---------- Weitergeleitete Nachricht ----------",
        "---------- Messaggio inoltrato ----------",
        "---------- Doorgestuurd bericht ----------",
    ],
)
def test_a_forwarded_text_is_the_text(mark: str) -> None:
    text = f"See below.\n\n{mark}\n{OUTLOOK['es']}\n\nThe news."
    reply = split_reply(text)
    assert reply.is_forward
    assert (reply.written, reply.quoted) == (text, "")


def test_a_forward_within_the_history_makes_no_forward() -> None:
    reply = split_reply(
        "Yes.\n\nOn 2 Nov 2026, at 10:00, Marta wrote:\n\n> a\n> b\n> c\n> ---------- Forwarded message ---------\n> x"
    )
    assert (reply.written, reply.is_forward) == ("Yes.", False)


HTML_HISTORY = {
    "gmail": '<div dir="ltr">Yes, please.</div><br><div class="gmail_quote '
    'gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, 2 Nov '
    '2026 at 10:00, Marta &lt;<a href="mailto:m@x.example">m@x.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" '
    'style="margin:0px 0px 0px 0.8ex;border-left:1px solid">Shall I?</blockquote></div>',
    "apple": '<html><body>Yes, please.<br><div><br><blockquote type="cite"><div>On 2 Nov 2026, at '
    "10:00, Marta &lt;m@x.example&gt; wrote:</div><br>"
    "<div>Shall I?</div></blockquote></div></body></html>",
    "thunderbird": '<p>Yes, please.</p><div class="moz-cite-prefix">El 2/11/26 a las 10:00, Marta '
    'escribió:<br></div><blockquote type="cite" '
    'cite="mid:x"><p>Shall I?</p></blockquote>',
    "outlook web": '<div>Yes, please.</div><div id="appendonsend"></div><hr style="width:98%"><div '
    'id="divRplyFwdMsg"><b>From:</b> Marta<br><b>Sent:</b> '
    "Monday<br><b>To:</b> Jane<br><b>Subject:</b> Posts</div><div>Shall I?<blockquote "
    "type=cite>older</blockquote>and this</div>",
    "outlook desktop": "<div class=WordSection1><p class=MsoNormal>Yes, "
    "please.<o:p></o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;"
    "padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>De:</b> Marta "
    "&lt;m@x.example&gt;<br><b>Enviado el:</b> lunes<br><b>Para:</b> Jane<br>"
    "<b>Asunto:</b> Posts</p></div></div><p class=MsoNormal>Shall I?</p></div>",
    "outlook without marks": "<p>Yes, please.</p><p><b>From:</b> Marta<br><b>Sent:</b> "
    "Monday<br><b>Subject:</b> Posts</p><p>Shall I?</p>",
    "yahoo": '<div>Yes, please.</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, '
    "November 2, 2026, Marta wrote:</div><div>Shall I?</div></div>",
    "proton": '<div>Yes, please.</div><div class="protonmail_quote">On Monday, Marta '
    'wrote:<br><blockquote class="protonmail_quote" type="cite">Shall I?'
    "</blockquote></div>",
    "zimbra": "<div>Yes, please.</div><hr id='zwchr'><div><b>From: </b>Marta<br>Shall I?</div>",
    "gmx": '<div>Yes, please.</div><div name="quote" style="margin:10px 5px;border-left:2px '
    'solid"><div><b>Gesendet:</b> Montag</div><div>Shall I?</div></div>',
    "outlook web, a rule alone": "<div>Yes, please.</div><hr tabindex='-1'><div id='x_divRplyFwdMsg'><b>De:</b> Marta<br>"
    "<b>Enviado:</b> lunes<br><b>Para:</b> Jane<br><b>Asunto:</b> Posts</div><div>Shall I?</div>",
    "new outlook": "<p>Yes, please.</p><hr><p><b>From: </b>Marta &lt;m@x.example&gt;<br><b>Date: </b>Monday, 2 November 2026 "
    "at 10:00<br><b>To: </b>Jane<br><b>Subject: </b>Posts</p><p>Shall I?</p>",
    "roundcube": "<p>Yes, please.</p><p id='reply-intro'>El 2026-11-02 10:00, Marta escribió:</p><blockquote type='cite'>"
    "Shall I?</blockquote>",
    "front": "<div>Yes, please.</div><blockquote type='cite' class='front-blockquote'>On Nov 2, 2026, at 10:00 AM, Marta wrote:"
    "<br>Shall I?</blockquote>",
    "typed marks": "<div>Yes, please.<br><br>&gt; Subject: Posts<br>&gt; Shall I?<br></div>",
}


@pytest.mark.parametrize("program", HTML_HISTORY)
def test_history_in_html_is_cut_on_the_tree(program: str) -> None:
    written = read_html(HTML_HISTORY[program])
    assert written.text == "Yes, please."
    assert "Shall I?" in written.quoted


def test_a_rule_of_their_own_stays_in_the_text() -> None:
    assert read_html("<p>One</p><hr><p>Two</p>").text == "One\n\n---\n\nTwo"


def test_structure_survives_on_both_sides_of_the_cut() -> None:
    written = read_html(
        "<div><p>Please:</p><ul><li>One</li><li><b>Two</b></li></ul></div><div "
        'class="gmail_quote">On 2 Nov 2026 at 10:00, Marta wrote:<blockquote '
        'class="gmail_quote"><ul><li>Old</li></ul></blockquote></div>'
    )
    assert written.text == "Please:\n\n- One\n- **Two**"
    assert written.quoted == "On 2 Nov 2026 at 10:00, Marta wrote:\n\n> - Old"


def test_answers_between_quotations_in_html_stay_whole() -> None:
    written = read_html(
        '<div class="gmail_quote"><div class="gmail_attr">On Monday, Marta wrote:</div><blockquote '
        'class="gmail_quote">One?</blockquote><div>Yes.</div>'
        '<blockquote class="gmail_quote">Two?</blockquote><div>No.</div></div>'
    )
    assert written.text == "On Monday, Marta wrote:\n\n> One?\n\nYes.\n\n> Two?\n\nNo."
    assert written.quoted == ""


def test_what_a_person_only_indented_is_no_history() -> None:
    assert read_html("<p>See:</p><blockquote style='margin-left:40px'>Indented</blockquote>").text == "See:\n\n> Indented"


def test_a_signature_in_html_is_set_apart() -> None:
    written = read_html(
        '<div>Yes.</div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div '
        'class="gmail_signature"><b>Jane</b><br>Acme</div>'
        '<br><div class="gmail_quote">On Monday 10:00, Marta wrote:<blockquote class="gmail_quote">x</blockquote></div>'
    )
    assert (written.text, written.signature) == ("Yes.", "**Jane**  \nAcme")


def test_a_gmail_forward_is_text() -> None:
    html = (
        '<div>See below.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded '
        "message ---------<br>De: <b>Bo</b><br>"
        "Subject: News<br></div><br><p>The news.</p></div>"
    )
    written = read_html(html)
    assert written.is_forward
    assert written.text.endswith("The news.")
    assert written.quoted == ""


def test_plain_history_keeps_its_marks_as_markdown() -> None:
    written = read_plain("Yes.\n\nOn 2 Nov 2026, at 10:00, Marta wrote:\n> One\n>> Two\n")
    assert written.quoted == "On 2 Nov 2026, at 10:00, Marta wrote:\n\n> One\n>\n> > Two"
