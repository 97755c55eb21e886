"""Records that may be one person, for somebody to look at. Nothing is merged by itself."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from lms.people.merge_models import SaidDifferent
from lms.people.models import Person

# What is alike, and how much it says: two who share a name are often two.
ALIKE = """
WITH reach AS MATERIALIZED (
    SELECT id, search_name, split_part(lower(email), '@', 1) AS local,
        replace(split_part(split_part(lower(email), '@', 1), '+', 1), '.', '')
            || '@' || split_part(lower(email), '@', 2) AS mailbox
    FROM people_person WHERE id IN ({reach})
), pairs AS (
    SELECT one.id AS one, other.id AS other FROM reach one
    JOIN reach other ON other.search_name = one.search_name AND other.id > one.id
    WHERE one.search_name <> ''
    UNION
    SELECT one.id, other.id FROM reach one
    JOIN reach other ON other.mailbox = one.mailbox AND other.id > one.id
), judged AS (
    SELECT pairs.one, pairs.other,
        one.mailbox = other.mailbox AS mailbox,
        EXISTS (
            SELECT 1 FROM people_employment here
            JOIN people_employment there ON there.organization_id = here.organization_id
            WHERE here.person_id IN (
                SELECT id FROM people_person his
                WHERE his.id = pairs.one OR his.canonical_person_id = pairs.one
            ) AND there.person_id IN (
                SELECT id FROM people_person hers
                WHERE hers.id = pairs.other OR hers.canonical_person_id = pairs.other
            )
        ) AS employer,
        one.local = other.local AS local,
        one.local IS NULL OR other.local IS NULL AS nameless
    FROM pairs JOIN reach one ON one.id = pairs.one JOIN reach other ON other.id = pairs.other
)
SELECT one, other, COALESCE(mailbox, false), employer, COALESCE(local, false), nameless
FROM judged
WHERE (COALESCE(mailbox, false) OR employer OR COALESCE(local, false) OR nameless)
    AND {aside} EXISTS (
        SELECT 1 FROM people_saiddifferent said
        WHERE said.first_id = judged.one AND said.second_id = judged.other
    )
ORDER BY 3 DESC, 4 DESC, 5 DESC, one, other
LIMIT %s OFFSET %s
"""


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person, the older first, and what is alike."""

    one: Person
    other: Person
    same_mailbox: bool
    same_employer: bool
    similar_address: bool
    without_address: bool


def pairs_among(
    people: "QuerySet[Person]", *, limit: int, offset: int = 0, set_aside: bool = False
) -> list[Pair]:
    """Pairs among `people` (canonical rows), the likeliest first; two queries.

    Alike are: an address that differs in case, dots or what follows a plus sign only; or the same
    name, accents and case aside, with one employer, with the same words before the @, or with no
    address on one of the two. `set_aside`: those that somebody said are two people, instead.
    """
    try:
        reach, values = people.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    sql = ALIKE.replace("{reach}", reach).replace("{aside}", "" if set_aside else "NOT")
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, limit, offset])
        found = cursor.fetchall()
    rows = Person.objects.in_bulk({pk for one, other, *_alike in found for pk in (one, other)})
    return [Pair(rows[one], rows[other], *alike) for one, other, *alike in found]


def said_different(one: Person, other: Person) -> SaidDifferent | None:
    """Who said that these two are two people, if somebody did."""
    first, second = sorted((one.pk, other.pk))
    return SaidDifferent.objects.filter(first=first, second=second).select_related("actor").first()
