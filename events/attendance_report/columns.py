"""What the columns of an attendance report are called, by year, kind of meeting and language."""

import re
from enum import Enum

from lms.people.fields import fold


class Column(Enum):
    """A column that says something to us; durations do not (they are rounded up row by row)."""

    MEETING = "meeting"
    START = "start"
    END = "end"
    NAME = "name"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    ROLE = "role"
    EMAIL = "email"
    JOIN = "join"
    LEAVE = "leave"
    CONNECTION = "connection"
    ROOM = "room"


# Folded (lower case, no accents, no punctuation): English, Brazilian Portuguese, Spanish.
_NAMES: dict[Column, tuple[str, ...]] = {
    Column.MEETING: (
        "meeting name", "event name", "webinar name", "meeting title",
        "nome da reuniao", "nome do evento", "nome do webinar",
        "nombre de la reunion", "nombre del evento", "nombre del seminario web",
    ),
    Column.START: (
        "meeting start time", "event start time", "webinar start time", "meeting start",
        "data de inicio da reuniao", "hora de inicio da reuniao",
        "data de inicio do evento", "hora de inicio do evento",
        "hora de inicio de la reunion", "fecha de inicio de la reunion",
        "hora de inicio del evento", "fecha de inicio del evento",
    ),
    Column.END: (
        "meeting end time", "event end time", "webinar end time", "meeting end",
        "data de termino da reuniao", "hora de termino da reuniao",
        "data de termino do evento", "hora de termino do evento",
        "hora de finalizacion de la reunion", "fecha de finalizacion de la reunion",
        "hora de finalizacion del evento", "fecha de finalizacion del evento",
    ),
    Column.NAME: (
        "display name", "attendee name", "participant name", "user name",
        "nome de exibicao", "nome para exibicao", "nome do convidado", "nome do participante",
        "nombre para mostrar", "nombre en pantalla", "nombre visible", "nombre del asistente",
        "nombre del participante", "nombre del invitado",
    ),
    Column.FIRST_NAME: ("first name", "primeiro nome", "primer nombre", "nombre de pila"),
    Column.LAST_NAME: ("last name", "surname", "sobrenome", "ultimo nome", "apellido", "apellidos"),
    Column.ROLE: ("role", "attendee role", "participant role", "funcao", "rol", "funcion"),
    Column.EMAIL: (
        "attendee email", "participant email", "email", "email address", "e mail",
        "e mail do convidado", "e mail do participante", "email do convidado",
        "email do participante", "correo electronico", "correo electronico del asistente",
        "correo electronico del participante", "correo electronico del invitado",
    ),
    Column.JOIN: (
        "join time", "joined time", "joined", "hora da entrada", "hora de entrada",
        "horario de entrada", "hora de ingreso", "hora de union", "hora de incorporacion",
        "hora en que se unio",
    ),
    Column.LEAVE: (
        "leave time", "left time", "left", "hora da saida", "hora de saida", "horario de saida",
        "hora de salida", "hora de abandono",
    ),
    Column.CONNECTION: (
        "connection type", "connection", "tipo de conexao", "tipo de conexion",
    ),
    Column.ROOM: ("session name", "nome da sessao", "nombre de la sesion"),
}  # fmt: skip
_BY_NAME = {name: column for column, names in _NAMES.items() for name in names}
# A person's whole name where there is no other column for it, else the first name.
_EITHER_NAME = {"name", "nome", "nombre"}

_DAY_FIRST = {"hora da saida", "hora de saida", "horario de saida", "hora de salida",
              "hora de abandono"}  # fmt: skip
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_NO_WORD = re.compile(r"[^\w]+")

_MAIN_ROOM = {"main session", "sessao principal", "sesion principal"}
_HOST = {"host", "meeting host", "anfitriao", "anfitrion", "organizador", "organizadora"}
_TELEPHONE = {"phone", "telephone", "pstn", "telefone", "telefono"}


def plain(text: str) -> str:
    """A heading's or a word's form for comparing: no accents, case, brackets or punctuation."""
    return " ".join(_NO_WORD.sub(" ", fold(_IN_BRACKETS.sub(" ", text))).split())


def columns_of(heading: list[str]) -> dict[Column, int]:
    """Which cell of a record is which column; of two columns with one meaning, the first."""
    found: dict[Column, int] = {}
    either: int | None = None
    for place, cell in enumerate(heading):
        name = plain(cell.strip().strip("\ufeff"))
        column = _BY_NAME.get(name)
        if column:
            found.setdefault(column, place)
        elif name in _EITHER_NAME and either is None:
            either = place
    if either is not None:
        found.setdefault(Column.FIRST_NAME if Column.NAME in found else Column.NAME, either)
    return found


def writes_day_first(heading: list[str]) -> bool:
    """Whether people of the heading's language write the day before the month."""
    return any(plain(cell) in _DAY_FIRST for cell in heading)


def is_breakout(room: str) -> bool:
    """Whether the room's name is that of a breakout room; any name but the main room's is."""
    return bool(plain(room)) and plain(room) not in _MAIN_ROOM


def is_host(role: str) -> bool:
    """Whether the role is the host's; a co-host or panelist takes part like others."""
    return plain(role) in _HOST


def is_telephone(connection: str) -> bool:
    """Whether somebody dialled in."""
    return bool(set(plain(connection).split()) & _TELEPHONE)
