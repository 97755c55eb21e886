"""Asking for addresses as several people do, and taking access away."""

from django.test import Client

from lms.people.models import Person
from lms.trainings.access_models import AccessGrant
from lms.trainings.services import access as access_services

# The restricted training's title, which outsiders meet nowhere.
SECRET = "Advanced casework"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def answer(client: Client, path: str) -> int:
    """The status; a file is read to its end, and so closed."""
    response = client.get(path)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def answers(clients: list[Client], path: str) -> list[int]:
    return [answer(client, path) for client in clients]


def let_go(person: Person) -> None:
    """The person's access has ended."""
    for grant in AccessGrant.objects.of(person):
        access_services.end_grant(grant=grant, actor=grant.granted_by)
