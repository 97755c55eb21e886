"""Words of a roster's cells: yes and no, languages, job titles, names, and rows that are nobody."""

import re

from django.conf import settings

from lms.people.enums import Post
from lms.people.fields import fold

_YES = {
    "y",
    "yes",
    "x",
    "true",
    "t",
    "1",
    "si",
    "s",
    "oui",
    "o",
    "wi",
    "tak",
    "da",
    "yes,",
    "✓",
    "✔",
    "checked",
}
_NO = {"n", "no", "false", "f", "0", "non", "nie", "niet", "none", "never", "-"}
_LANGUAGES = {
    "en": "english ingles anglais",
    "es": "spanish espanol espagnol castellano",
    "zh-hans": "chinese mandarin cantonese simplified zh",
    "ru": "russian",
    "bn": "bengali bangla",
    "ht": "haitian creole kreyol",
    "ko": "korean",
    "ar": "arabic",
    "ur": "urdu",
    "fr": "french francais",
    "pl": "polish polski",
    "it": "italian italiano",
    "yi": "yiddish",
}
# Words of job titles, the more telling ones first.
_POSTS: tuple[tuple[Post, str], ...] = (
    (Post.NIGHT_AUDIT, "night audit"),
    (Post.CONCIERGE, "concierge|guest relation"),
    (Post.FRONT_DESK, "front desk|front office|reception|guest service|desk agent|reservation"),
    (Post.BELL, "bell|door|porter|valet|baggage|luggage"),
    (Post.SECURITY, "security|guard|loss prevention"),
    (Post.HOUSEKEEPING, ("housekeep|room attendant|houseman|houseperson|laundry|linen|cleaner|"
     "turndown|maid|camarera|limpieza")),
    (Post.FOOD_AND_BEVERAGE, ("cook|chef|kitchen|server|waiter|waitress|bartender|banquet|food|"
     "beverage|restaurant|dishwash|steward|busser|host|barista|breakfast")),
    (Post.MAINTENANCE, "maintenance|engineer|electric|plumb|painter|ground|mantenimiento"),
    (Post.MANAGEMENT, "general manager|gm|assistant manager|director|manager on duty|manager"),
    (Post.OFFICE, ("sales|account|hr|human resources|payroll|office|admin|marketing|revenue|"
     "purchas|it support|finance")),
)  # fmt: skip
_NOBODY = re.compile(
    r"(grand )?(sub)?totals?( .*)?|sum|count|page \d+( of \d+)?|printed.*|end of (list|report)|"
    r"total employees.*|prepared by.*|confidential.*"
)


def yes_or_no(text: str) -> bool | None:
    """What an answer says; None for a blank or a word we do not know."""
    word = fold(text).strip(" .")
    if word in _YES:
        return True
    return False if word in _NO else None


def language_of(text: str) -> str | None:
    """The code of a language by its name or code; None where we do not have it."""
    word = fold(text)
    codes = dict(settings.ALL_LANGUAGES)
    if word in codes:
        return word
    by_own_name = {fold(name): code for code, name in settings.ALL_LANGUAGES}
    if word in by_own_name:
        return by_own_name[word]
    parts = set(re.findall(r"\w+", word))
    return next((code for code, names in _LANGUAGES.items() if parts & set(names.split())), None)


def post_of(title: str) -> Post:
    """The post a job title most likely means; a person looks at it before it is used."""
    text = fold(title)
    if "sales" in text:
        return Post.OFFICE
    for post, words in _POSTS:
        if any(re.search(rf"\b{word}", text) for word in words.split("|")):
            return post
    return Post.OTHER


def split_name(text: str) -> tuple[str, str]:
    """First and last name, letter for letter as written: "Li, Wei" and "Wei Li" are the same.

    Without a comma the first word is the first name, so that both together read as written.
    """
    last, comma, first = text.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _space, last = text.strip().partition(" ")
    return first, last.strip()


def looks_like_name(text: str) -> bool:
    """Whether a cell can be a name: it has a letter, and nothing a program or formula begins with.

    Letters are not judged: names come in every script.
    """
    return (
        any(character.isalpha() for character in text)
        and not text.startswith(("=", "+", "@"))
        and not re.search(r"[<>{}\\|]|\d{3,}|://", text)
    )


def is_nobody(cells: list[str]) -> bool:
    """A row of totals, a page's foot: what lists have above and below, and is no person.

    Ask only of rows without a day of hire: Sum and Page are family names too.
    """
    filled = [fold(cell) for cell in cells if cell]
    return any(_NOBODY.fullmatch(cell) for cell in filled) and len(filled) <= 4
