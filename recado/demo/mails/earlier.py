"""Messages of the demo practice that its clients answer by mail: as they stand in portal_src, with the ids they have there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from recado.demo.mails.letter import MARTA, Earlier

if TYPE_CHECKING:
    from recado.demo.dates import Week


def melbourne(week: Week) -> Earlier:
    """Give the question of STHR-54, the travel to the Melbourne shoot: who drives."""
    text = (
        "Hi both,\n\nHeld. The lights go as two extra bags, A$60 each way. One thing I could not find: is Bodhi on your "
        "insurance "
        "for hire cars, or does Priya drive?\n\nMarta"
    )
    sent = week.moved(datetime(2026, 11, 20, 9, 22, 34, tzinfo=UTC))
    subject = "Re: Travel to the Melbourne shoot [STHR-54]"
    return Earlier("<melbourne.54@marta.example>", MARTA, sent, subject, text, to="jane@southerly.example")


def enrolment(week: Week) -> Earlier:
    """Give the question of HALE-16, the enrolment page of the January cohort: whether it is good."""
    text = (
        "Dear Imogen,\n\nThe page is ready, and I have enrolled and refunded myself twice to try it. When you are happy "
        "with the "
        "words I open it on Monday at nine. Would you look especially at the sentence about the two kept places?\n\nMarta"
    )
    sent = week.moved(datetime(2026, 11, 20, 11, 57, 1, tzinfo=UTC))
    subject = "Re: January cohort: enrolment page [HALE-16]"
    return Earlier("<enrolment.16@marta.example>", MARTA, sent, subject, text, to="imogen@halecoaching.example")


def alumni(week: Week) -> Earlier:
    """Give the question of HALE-19, the reminders for the alumni evening: whose words stand on top."""
    text = (
        "Dear Imogen,\n\nTwo reminders, the second an hour before. I have written “if you still have it” after the letter; "
        "people "
        "lose things. Would you like a word from you at the top, or mine alone?\n\nMarta"
    )
    sent = week.moved(datetime(2026, 11, 20, 8, 44, 20, tzinfo=UTC))
    subject = "Re: Reminders for the alumni evening [HALE-19]"
    return Earlier("<alumni.19@marta.example>", MARTA, sent, subject, text, to="imogen@halecoaching.example")


def reviews(week: Week) -> Earlier:
    """Give the question of TOM-28, the answers to the reviews: who writes to Carmen."""
    text = (
        "Lucía, van nueve. Una, la de Carmen, no es una reseña: pide la factura de una caja de velas. ¿Le escribes tú o se "
        "la "
        "mando yo?"
    )
    sent = week.moved(datetime(2026, 11, 20, 12, 5, 10, tzinfo=UTC))
    subject = "Re: Respuestas a las reseñas de Google [TOM-28]"
    return Earlier("<resenas.28@marta.example>", MARTA, sent, subject, text, to="lucia@casatomillo.example")


def potter(week: Week) -> Earlier:
    """Give the last word on TOM-29, the order to the potter in Manises: her quote is awaited."""
    text = (
        "Hola, Vicent. Le he escrito a Amparo con la muestra de color. Espero su presupuesto; si hoy no llega, mañana la llamo."
    )
    sent = week.moved(datetime(2026, 11, 20, 12, 22, 46, tzinfo=UTC))
    subject = "Re: Pedido a la ceramista de Manises [TOM-29]"
    return Earlier("<manises.29@marta.example>", MARTA, sent, subject, text, to="vicent@casatomillo.example")
