"""Events: live trainings, sessions, registrations, calendars, attendance."""

from django.apps import AppConfig
from wagtail.signals import page_published


class EventsConfig(AppConfig):
    name = "events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from events import personal_data, report_personal_data, speaker_personal_data  # noqa: PLC0415 - models are not there before
        from events.series_models import SeriesPage  # noqa: PLC0415
        from events.services import announcing, messages, news, reminders, webex_hooks  # noqa: PLC0415
        from lms.core import outbox  # noqa: PLC0415

        outbox.register_handler(messages.KIND, messages.spread)
        outbox.register_handler(news.KIND, news.tell_everyone)
        outbox.register_handler(reminders.KIND, reminders.remind_everyone)
        outbox.register_handler(webex_hooks.KIND, webex_hooks.fetch_ended)
        page_published.connect(announcing.when_published, sender=SeriesPage)
        personal_data.announce()
        report_personal_data.announce()
        speaker_personal_data.announce()
