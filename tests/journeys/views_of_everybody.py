"""Who gets into all other views of ours (test_every_view)."""

from tests.journeys.views_roles import ALL, AND_WORKERS, SIGNED_IN

OF_EVERYBODY = {
    "healthz": ALL,
    "media": "",  # no picture lies at the address asked for
    "readyz": ALL,
    "language": AND_WORKERS,
    "account_profile": SIGNED_IN,
    "account_login": ALL,
    "account_login_password": ALL,
    "account_login_passkey": ALL,
    "account_confirm_login_code": SIGNED_IN,  # led on: already signed in
    "account_signup": ALL,
    "account_email_verification_sent": SIGNED_IN,  # led on: no code waits
    "calendars:personal": "",
    "calendars:training": ALL,
    "calendars:series": ALL,
    "certificates:verify": ALL,
    "certificates:verified": ALL,
    "certificates:file": ALL,
    "certificates:document": "l",
    "certificates:document_of_completion": "l",
    "my:learning": SIGNED_IN,
    "my:names": SIGNED_IN,
    "my:why": "l",
    "my:join": SIGNED_IN,  # led back: no other record's address was proved
    "my:transcript": SIGNED_IN,
    "notices:reminders": SIGNED_IN,
    "notices:by_link": "",  # a forged link
    "my:transcript_pdf": SIGNED_IN,
    "my:data": SIGNED_IN,
    "my:data_file": SIGNED_IN,  # led to its page: nobody signed in a short while ago
    "my:data_again": ALL,  # only takes a POST
    "my:transcript_csv": SIGNED_IN,
    "my:hours_csv": SIGNED_IN,
    "wagtailusers_users:index": "a",
    "wagtailusers_users:index_results": "a",
    "wagtailusers_users:add": "a",
    "wagtailusers_users:edit": "a",
    "wagtailusers_users:delete": "ca",  # both are led back: nobody is deleted
    "trial_mails": ALL,
    "trial_mail": ALL,
    "trial_mail_calendar": "",  # the mail asked for carries no calendar
    "styleguide": ALL,
    "agency:home": "ia",
    "agency:overview": "ia",
    "agency:everything": "ia",
    "agency:assign": "ia",
    "agency:people": "ia",
    "agency:add": "ia",
    "agency:person": "ia",
    "agency:leaving": "ia",
    "agency:undo": ALL,  # only takes a POST
    "agency:training": "ia",
    "agency:table": "ia",
    "agency:withdraw": ALL,  # only takes a POST
    "agency:again": ALL,  # only takes a POST
    "agency:enrol": ALL,  # only takes a POST
    "agency:dates": "ia",
    "access:door": SIGNED_IN,
    "access:ask": ALL,  # only takes a POST
    "access:code": ALL,  # only takes a POST
    "access:take_back": ALL,  # only takes a POST
    "access:word": "",  # nobody signed this link
    "courses:start": SIGNED_IN,  # this course needs an account
    "courses:claim": SIGNED_IN + "g",  # who is signed in is led on
    "courses:take_along": SIGNED_IN,
    "courses:start_over": ALL,  # without a guest's work: led to the trainings
    "courses:proof": "",  # nobody here has sent one
    "courses:plan": SIGNED_IN,
    "courses:plan_part": SIGNED_IN,
    "courses:outline": "l",
    "courses:step": "l",
    "courses:answers": ALL,  # only takes a POST
    "courses_under_way": "ca",
    "courses:time": ALL,  # only takes a POST
    "courses:own_word": SIGNED_IN + "g",  # only takes a POST
    "courses:file": "l",
    "lesson_file": "a",  # of the state's office, whose course it is
    "events:session": ALL,
    "events:register": ALL,
    "events:after_code": SIGNED_IN,  # without a code: led to the session
    "events:registered": SIGNED_IN,  # without a seat: led to the session
    "events:survey": "",  # a token of nobody's
    "events:by_mail": ALL,
    "events:by_mail_after_code": SIGNED_IN,
    "events:mailing_stop": ALL,  # whoever has the mail
    "events:series_register": SIGNED_IN,
    "events:series_paper": ALL,
    "events:poster": "",  # a forged link
    "events:door": "",  # a forged link
    "events:check_in": "",  # nobody here has a seat
    "events:wish": ALL,
    "events:wished": ALL,
    "events:answers": "l",  # asked for a seat
    "events:cancel": "l",
    "events:join": "",  # nobody here has a seat
    "events:session_file": ALL,
    "events:offer": "l",  # led to the session: nothing is offered
    "events:seat_offer": "",
    "events:seat_cancel": "",
    "calendars:webex_hook": ALL,  # only takes a POST
    "events:my_calendar": SIGNED_IN,
    "events:recording": "",  # that session is to come
    "events:material": "lcia",  # those with a seat in that session, and its office
    "events:speaker_photo": ALL,  # allowed
    "events:speaking_invitation": "",  # a forged link
    "events:speaking": SIGNED_IN,
    "events:speaking_about": "",  # the trainer's alone, as the rest of these
    "events:speaking_photo": "",
    "events:speaking_session": "",
    "events:speaking_leave": "",
    "events:speaking_consent": "",
    "events:speaking_material": "",
    "events:speaking_proof": "",
    "courses:image": "",  # no try at a test here
    "help": AND_WORKERS,
    "faq": ALL,
    "resources": ALL,
}
