"""Does an answer only say thanks? Then what is done stays done. In the languages of the product; in doubt, it says more."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_WORDS: Final = 16
_MOST_LETTERS: Final = 400
_WORD: Final = re.compile(r"[^\W\d_]+", re.UNICODE)
# What may stand around the words and says nothing: no question mark, digit, address, link or picture.
_SAYS_NOTHING: Final = frozenset(" \n\t.,;:!¡-–—'’\"()…*_~\\")
_GLAD: Final = frozenset("👍❤♥🙏😊🙂😀😃😄👏🎉🙌💐🌷🌹🌺🌸🥰😍👌✅☺")

# The words that thank; then those that may stand beside them without asking, correcting or adding anything. None that denies,
# limits, asks or names a thing ("not", "but", "only", "when", "please"). Without accents, as they are compared.
_THANKING: Final = {
    "es": "gracias agradecido agradecida agradezco agradecemos agradecidos agradecidas",
    "en": "thanks thank thx thnx ty cheers appreciated appreciate thankyou",
    "pt": "obrigado obrigada obg brigado brigada agradeco agradecemos agradecido agradecida",
    "fr": "merci mercis remercie remercions",
    "de": "danke dank vielendank dankeschon bedanke bedanken danken",
    "it": "grazie ringrazio ringraziamo",
    "nl": "bedankt dank dankjewel dankuwel dankje thanks",
}
_BESIDE: Final = {
    "es": (
        "muchas muchisimas mil por todo tu su la el ayuda trabajo buen gran excelente perfecto perfecta genial estupendo"
        " estupenda fantastico maravilloso muy mucho bien de nuevo otra vez hola buenas buenos dias tardes saludos un saludo"
        " abrazo cordial cordiales recibido vale ok okey rapidez respuesta querida querido estimada estimado y a ti usted"
        " vosotros os te le les lo feliz dia fin semana"
    ),
    "en": (
        "you so much very a lot ever many again for everything all your the help quick fast great perfect good nice work job"
        " wonderful excellent awesome brilliant lovely amazing fantastic really best regards kind warm hi hello dear hey ok"
        " okay got it received well done response answer and i we this looks have day weekend"
    ),
    "pt": (
        "muito muitissimo por tudo pela pelo sua seu a o ajuda trabalho bom boa otimo otima excelente perfeito perfeita"
        " maravilha maravilhoso ola oi bom dia tarde noite abraco abracos cumprimentos atenciosamente recebido ok rapidez"
        " resposta novamente de nada e voce te lhe cara caro"
    ),
    "fr": (
        "beaucoup mille grand bien encore pour tout votre ton ta l la le aide travail parfait super genial excellent"
        " excellente tres bonjour bonsoir salut cordialement bien a vous toi bonne journee soiree recu ok d accord rapidite"
        " reponse chere cher et te je nous"
    ),
    "de": (
        "vielen herzlichen besten lieben tausend schonen schon sehr fur alles die deine ihre das hilfe arbeit super toll"
        " perfekt prima klasse wunderbar grossartig gut hallo liebe lieber grusse gruss viele mit freundlichen mfg lg vg"
        " erhalten ok okay schnelle antwort nochmal nochmals noch mal und dir ihnen euch ich wir mich uns bei tag wochenende"
        " schones"
    ),
    "it": (
        "mille molte tante infinite per tutto il la tuo suo tua sua l aiuto lavoro ottimo ottima perfetto perfetta"
        " fantastico bravissima bravissimo benissimo bene molto ciao salve buongiorno buonasera buona giornata serata saluti"
        " cordiali un saluto ricevuto ok ancora di cuore e ti la vi cara caro gentilissima gentilissimo"
    ),
    "nl": (
        "hartelijk heel veel erg voor alles je jouw uw de het hulp werk goed mooi top super perfect prima geweldig"
        " fantastisch hallo hoi beste groet groeten met vriendelijke mvg ontvangen ok oke snelle antwoord reactie nogmaals en"
        " u wel fijne dag weekend fijn"
    ),
}
_VOCABULARY: Final = tuple(
    (frozenset(words.split()), frozenset(f"{words} {_BESIDE[language]}".split())) for language, words in _THANKING.items()
)


def is_only_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Tell whether a text is nothing but thanks in one language, or a glad sign; `names` may stand in it (to or by whom)."""
    if len(text) > _MOST_LETTERS:
        return False
    plain = _without_accents(text)
    words = _WORD.findall(plain)
    rest = _WORD.sub("", plain)
    if len(words) > _MOST_WORDS or not _is_plain(rest):
        return False
    if not words:
        return not _GLAD.isdisjoint(rest)
    known = {part for name in names for part in _WORD.findall(_without_accents(name))}
    said = set(words) - known
    return any(said <= beside and said & thanking for thanking, beside in _VOCABULARY)


def _is_plain(rest: str) -> bool:
    """Tell whether what stands between the words says nothing: punctuation, and glad signs with their colours and variants."""
    return all(
        sign in _SAYS_NOTHING or sign in _GLAD or unicodedata.category(sign) in {"Sk", "Mn"} or sign == "\u200d"
        for sign in rest
    )


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
