"""Events: live trainings, sessions, registrations, calendars, attendance."""

from django.apps import AppConfig
from wagtail.signals import page_published


class EventsConfig(AppConfig):
    name = "events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from events import (  # noqa: PLC0415 - models are not there before
            free_texts,
            mailing_personal_data,
            personal_data,
            replay,
            report_personal_data,
            speaker_personal_data,
        )
        from events.series_models import SeriesPage  # noqa: PLC0415 - models are not there before
        from events.services import (  # noqa: PLC0415
            announcing,
            mailing_sending,
            messages,
            news,
            reminders,
            webex_hooks,
        )
        from lms.core import outbox  # noqa: PLC0415

        outbox.register_handler(mailing_sending.KIND, mailing_sending.spread)
        outbox.register_handler(mailing_sending.LETTER, mailing_sending.deliver_letter)
        outbox.register_handler(messages.KIND, messages.spread)
        outbox.register_handler(news.KIND, news.tell_everyone)
        outbox.register_handler(reminders.KIND, reminders.remind_everyone)
        outbox.register_handler(webex_hooks.KIND, webex_hooks.fetch_ended)
        page_published.connect(announcing.when_published, sender=SeriesPage)
        mailing_personal_data.announce()
        personal_data.announce()
        free_texts.announce()
        replay.announce()
        report_personal_data.announce()
        speaker_personal_data.announce()
