"""What Casa Tomillo writes, a shop in Valencia: Gmail in Spanish with photos, an old webmail, a form of the online shop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recado.demo.mails import apple_mail, earlier, gmail, other_programs
from recado.demo.mails.letter import Author, Earlier, Letter, answer_to
from recado.demo.mails.posted import DemoMail, attached, post

if TYPE_CHECKING:
    from recado.demo.dates import Week

MADRID = ZoneInfo("Europe/Madrid")
_GMAIL = "mail-wm1-f54.google.example"
_OWN_SERVER = "smtp.casatomillo.example"
LUCIA = Author("Lucía Ferrer", "lucia@casatomillo.example", MADRID, "es", _GMAIL)
VICENT = Author("Vicent Ferrer", "vicent@casatomillo.example", MADRID, "es", _OWN_SERVER)
SHOP = Author("Casa Tomillo · Tienda", "tienda@casatomillo.example", MADRID, "es", _OWN_SERVER)
HOSTS = {"casatomillo.example": frozenset({_GMAIL, _OWN_SERVER})}

_FORM_PAGE = """<html><body><h2>Mensaje desde el panel de la tienda</h2>
<p><strong>De:</strong> Lucía (mostrador)</p>
<p>Marta, tres clientes distintos me han preguntado hoy lo mismo: si las macetas <em>aguantan fuera con hielo</em>. ¿Puedes
preparar una respuesta corta y ponerla en las preguntas frecuentes?</p>
<ul><li>Las esmaltadas, sí, hasta cinco bajo cero.</li><li>Las de barro crudo, no.</li><li>Los platos, mejor dentro.</li></ul>
<p>Gracias,<br>Lucía</p>
<p style="color:#999;font-size:11px">Este mensaje se ha enviado desde
<a href="https://tienda.casatomillo.example/panel">tienda.casatomillo.example</a></p></body></html>
"""


def mails(week: Week) -> tuple[DemoMail, ...]:
    """Give what they write in a week."""
    return (*_bowls(week), *_kiln(week), _frost(week), _reviews(week), _complaint(week), *_latest(week))


def _bowls(week: Week) -> tuple[DemoMail, ...]:
    asked = Letter(
        "fotos-cuencos",
        LUCIA,
        week.at(5, "19:48", MADRID),
        "Fotos de los cuencos nuevos",
        "Hola, Marta:\n\nHan salido del horno los cuencos nuevos y te mando la primera foto. ¿Los puedes poner en la "
        "tienda?\n\n"
        "- Cuenco grande, **24 €**\n- Cuenco mediano, **18 €**\n- Los tres apilados, **55 €**\n\nDe cada uno hay doce. El "
        "color de "
        "en medio se llama teja.\n\nUn abrazo,\nLucía",
        files=(attached("cuencos.jpg", "cuencos-apilados.jpg"),),
    )
    understood = answer_to(
        asked,
        gmail.message_id(asked.key),
        "cuencos-entendido",
        week.at(4, "09:35", MADRID),
        "Hola, Lucía. Tres fichas, con esos precios y doce de cada uno. ¿El precio lleva el IVA, y tienes una foto junto a "
        "algo "
        "que dé idea del tamaño?\n\nMarta",
    )
    answered = Letter(
        "fotos-cuencos-respuesta",
        LUCIA,
        week.at(4, "20:12", MADRID),
        "Re: Fotos de los cuencos nuevos",
        "Sí, con IVA. Al lado de una maceta se ve bien lo grandes que son; te mando las macetas solas y lo montas tú.",
        answers=understood,
        files=(attached("macetas-esmaltadas.jpg", "macetas para comparar tamaño.jpg"),),
    )
    return (
        post(asked, gmail.compose(asked), "A request from Gmail in Spanish, with a photo", "request", "tomillo"),
        post(
            answered,
            gmail.compose(answered),
            "An answer from Gmail in Spanish («escribió:»), with another photo; known from References alone",
            "reply",
            "tomillo",
        ),
    )


def _kiln(week: Week) -> tuple[DemoMail, DemoMail]:
    letter = Letter(
        "revision-horno",
        VICENT,
        week.at(4, "08:20", MADRID),
        "Revisión del horno: que no coincida con la campaña",
        "Marta, adjunto el presupuesto de la revisión del horno. Está bien de precio. Búscales un día de enero, que el "
        "horno tiene "
        "que estar frío y en diciembre no puedo pararlo ni una mañana. Y pregúntales si la sonda está en garantía, que es "
        "del año "
        "pasado.\n\nVicent",
        files=(attached("presupuesto-horno.pdf", "Presupuesto revisión horno.pdf"),),
    )
    first = post(
        letter, other_programs.webmail(letter), "Spanish in ISO-8859-1 from an old webmail, with a PDF", "request", "tomillo"
    )
    note = "The same mail once more, byte for byte: the webmail sent it twice"
    again = replace(first, key="revision-horno-otra-vez", sent=first.sent, note=note, expected="repeat")
    return first, again


def _frost(week: Week) -> DemoMail:
    letter = Letter(
        "macetas-helada",
        SHOP,
        week.at(3, "18:44", MADRID),
        "Nuevo mensaje del mostrador para Marta: respuesta para las preguntas frecuentes sobre si las macetas esmaltadas, "
        "las de "
        "barro crudo y los platos aguantan fuera de casa las noches de helada del interior",
        "",
    )
    return post(
        letter,
        other_programs.html_only(letter, _FORM_PAGE),
        "HTML alone, from the shop’s own form, with a very long subject in Spanish",
        "request",
        "tomillo",
    )


def _reviews(week: Week) -> DemoMail:
    letter = Letter(
        "resenas-respuesta",
        LUCIA,
        week.at(2, "21:05", MADRID),
        "Re: Respuestas a las reseñas de Google [TOM-28]",
        "A Carmen se la llevo yo, que vive dos portales más allá. De las otras, la de la vela que no olía: ofrécele la de "
        "romero, "
        "que esa sí que huele.\n\nLucía",
        answers=earlier.reviews(week),
    )
    return post(letter, gmail.compose(letter), "An answer from Gmail to a message of the practice", "reply", "tomillo")


def _complaint(week: Week) -> DemoMail:
    customer = Author("Remedios Pla", "remedios@correo.example", MADRID, "es", "")
    complaint = Earlier(
        "<CAremediospla0042@mail.correo.example>",
        customer,
        week.at(2, "12:31", MADRID),
        "La vela no ha llegado",
        "Buenos días:\n\nPedí una vela para el cumpleaños de mi hermana y ya ha pasado. El seguimiento dice «en reparto» "
        "desde hace "
        "cuatro días.\n\nRemedios",
        to=LUCIA.address,
    )
    letter = Letter(
        "vela-perdida",
        LUCIA,
        week.at(1, "09:12", MADRID),
        "Fwd: La vela no ha llegado",
        "Marta, ¿lo miras tú con la mensajería? Y mándale otra ya, aunque aparezca la primera. Qué rabia, pobre.",
        forwards=complaint,
    )
    return post(letter, gmail.compose(letter), "A customer’s complaint, forwarded from Gmail", "request", "tomillo")


def _latest(week: Week) -> tuple[DemoMail, ...]:
    mistaken = Letter(
        "ref-ajena",
        LUCIA,
        week.at(1, "13:20", MADRID),
        "Re: La página de inscripción [HALE-16]",
        "Hola, Marta. He copiado el número de un papel tuyo y no sé si es el bueno. Lo que quería pedirte es una página "
        "para "
        "apuntarse al taller de torno de los sábados: ocho plazas, tres horas, 45 €.\n\nLucía",
    )
    potter = Letter(
        "ceramista-telefono",
        VICENT,
        week.ago(130),
        "Re: Pedido a la ceramista de Manises [TOM-29]",
        "Me ha llamado a mí. Dice que 3,10 € el plato y que llegan antes de Reyes si se lo confirmas hoy. Adelante.",
        answers=earlier.potter(week),
    )
    window = Letter(
        "escaparate-navidad",
        LUCIA,
        week.ago(50),
        "Escaparate de Navidad",
        "Hola, Marta:\n\nTe mando las dos fotos para el escaparate. ¿Me haces un cartel pequeño para cada una, tamaño "
        "cuartilla, con "
        "el nombre y el precio? La vela, 18,50 €; la maceta grande, 34 €, y la pequeña, 21 €.\n\nSi puede estar para el "
        "viernes, lo "
        "monto el sábado temprano.\n\nUn abrazo,\nLucía",
        files=(attached("vela-romero.jpg"), attached("macetas-esmaltadas.jpg")),
        signature="Lucía Ferrer\nCasa Tomillo · Calle de la Nave 9, Valencia",
    )
    return (
        post(
            mistaken,
            gmail.compose(mistaken),
            "A mail that names another client’s ref: it becomes a request of her own",
            "request",
            "tomillo",
        ),
        post(
            potter,
            apple_mail.compose(potter, on_the_phone=True),
            "An answer from an iPhone in Spanish to a message of the practice",
            "reply",
            "tomillo",
        ),
        post(window, gmail.compose(window), "A request from Gmail with two photos", "request", "tomillo"),
    )
