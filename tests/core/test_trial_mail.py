"""The trial's mail is read on a page; production has no such page."""

import importlib

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.paginator import Paginator
from django.test import Client, override_settings
from django.urls import Resolver404, clear_url_caches, resolve
from pytest_django import DjangoAssertNumQueries

import lms.urls
from lms.core.models import TrialMail
from lms.core.trial_mail import Link, TrialMailBackend, links_of

pytestmark = pytest.mark.django_db
INVITATION = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def send(to: str, subject: str = "Your code", html: str = "", calendar: str = "") -> TrialMail:
    """Send one mail by the road the trial uses."""
    message = EmailMultiAlternatives(
        subject, "Type 123-456 <b>now</b>\nhttps://example.org/a", to=[to]
    )
    if html:
        message.attach_alternative(html, "text/html")
    if calendar:
        message.attach_alternative(calendar, "text/calendar; method=REQUEST")
    TrialMailBackend().send_messages([message])
    return TrialMail.objects.latest("pk")


def test_mails_are_listed_newest_first_and_by_address(client: Client) -> None:
    send("ana@example.org", "First")
    send("binh@example.org", "Second")

    everything = client.get("/dev/mail/").content.decode()
    hers = client.get("/dev/mail/", {"to": " ANA@example.org "}).content.decode()

    assert everything.index("Second") < everything.index("First")
    assert "First" in hers
    assert "Second" not in hers


def test_list_says_when_there_is_no_mail(client: Client) -> None:
    assert "No mail yet" in client.get("/dev/mail/").content.decode()
    page = client.get("/dev/mail/", {"to": "nobody@example.org"}).content.decode()
    assert "No mail to this address" in page


def test_list_costs_the_same_however_long_it_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    send("ana@example.org")
    with django_assert_num_queries(2):
        client.get("/dev/mail/")
    send("ana@example.org")
    send("binh@example.org")
    with django_assert_num_queries(2):
        page = client.get("/dev/mail/").context["page"]
    assert isinstance(page.paginator, Paginator)
    assert page.paginator.count == 3


def test_mail_shows_its_text_and_links_but_never_its_html(client: Client) -> None:
    html = (
        '<p style="color:red">Hi <script>alert(1)</script>'
        '<a href="https://example.org/join">Join <b>now</b></a>'
        '<a href="javascript:alert(2)">bad</a></p>'
    )
    mail = send("ana@example.org", html=html)

    page = client.get(f"/dev/mail/{mail.pk}/").content.decode()

    assert "Type 123-456 &lt;b&gt;now&lt;/b&gt;" in page
    assert '<a href="https://example.org/a" rel="nofollow">' in page
    assert '<a href="https://example.org/join">Join now</a>' in page
    assert "alert(" not in page
    assert "color:red" not in page
    assert "iframe" not in page


def test_links_of_html_are_those_that_lead_to_pages() -> None:
    html = (
        '<a href="https://example.org/a"> One\n two </a><a name="x">no</a><a href="http://b/"></a>'
    )

    assert links_of(html) == [
        Link("https://example.org/a", "One two"),
        Link("http://b/", "http://b/"),
    ]
    assert links_of("") == []


def test_invitation_can_be_downloaded(client: Client) -> None:
    mail = send("ana@example.org", calendar=INVITATION)
    plain = send("ana@example.org")

    page = client.get(f"/dev/mail/{mail.pk}/").content.decode()
    response = client.get(f"/dev/mail/{mail.pk}/invite.ics")

    assert f'href="/dev/mail/{mail.pk}/invite.ics"' in page
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert response.content.decode() == INVITATION
    assert "invite.ics" not in client.get(f"/dev/mail/{plain.pk}/").content.decode()
    assert client.get(f"/dev/mail/{plain.pk}/invite.ics").status_code == 404


def test_production_has_no_such_page() -> None:
    try:
        with override_settings(TRIAL=False):
            importlib.reload(lms.urls)
            clear_url_caches()
            assert all("dev/" not in str(entry.pattern) for entry in lms.urls.urlpatterns)
            with pytest.raises(Resolver404):
                resolve("/dev/mail/", urlconf=tuple(lms.urls.urlpatterns[:-1]))
    finally:
        importlib.reload(lms.urls)
        clear_url_caches()
    assert resolve("/dev/mail/").url_name == "trial_mails"
