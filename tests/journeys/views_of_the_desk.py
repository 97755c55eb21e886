"""Who gets into the desk (test_every_view)."""

from tests.journeys.views_roles import ALL

OF_THE_DESK = {
    "desk:overview": "ca",
    "desk:disagreements": "ca",
    "desk:outage": "ca",
    "desk_facilities:queue": "ca",
    "desk_facilities:claim": "",  # no such claim
    "desk_facilities:file": "",
    "desk_facilities:doubles": "a",
    "desk_facilities:pair": "",  # no such facilities
    "desk_facilities:undo_merge": ALL,  # only takes a POST
    "desk_facilities:letter": ALL,  # only takes a POST
    "desk_facilities:letters": ALL,
    "desk:undelivered": "ca",
    "desk_sources:list": "ca",
    "desk_sources:looked": ALL,  # only takes a POST
    "desk_mail:bounces": "ca",
    "desk_mail:works_again": ALL,  # only takes a POST
    "desk_mailing:lists": "ca",
    "desk_mailing:list": "ca",
    "desk_mailing:close": "ca",
    "desk_mailing:file": "ca",
    "desk_mailing:import": "ca",
    "desk_mailing:import_look": "",  # no file waits
    "desk_mailing:write": "ca",
    "desk_mailing:sent": "",
    "desk_reports:courses": "ca",
    "desk_reports:course": "ca",
    "desk_reports:questions": "ca",
    "desk_reports:question": "ca",
    "desk_reports:table": "ca",
    "desk_sessions:list": "ca",
    "desk_sessions:new": "ca",
    "desk_sessions:survey": "ca",
    "desk_sessions:survey_remove": ALL,  # only takes a POST
    "desk_sessions:many": "ca",
    "desk_sessions:requests": "ca",
    "desk_sessions:series": "ca",
    "desk_sessions:wishes": "ca",
    "desk_sessions:door": "ca",
    "desk_sessions:walk_in": "ca",
    "desk_sessions:sheet": "ca",
    "desk_sessions:figures": "ca",
    "desk_sessions:figures_file": "ca",
    "desk_sessions:message": "ca",
    "desk_sessions:roster_xlsx": "ca",
    "desk_sessions:roster_pdf": "ca",
    "desk_sessions:poster": "ca",
    "desk_sessions:wish": "ca",
    "desk_sessions:series_copy": "ca",
    "desk_sessions:announce": ALL,  # only takes a POST
    "desk_sessions:announce_series": ALL,  # only takes a POST
    "desk_sessions:questions": "ca",
    "desk_sessions:retire": ALL,  # only takes a POST
    "desk_sessions:answers": "ca",
    "desk_sessions:needs": "c",  # not even the administrator: nothing is arranged there
    "desk_sessions:session": "ca",
    "desk_sessions:roster_csv": "ca",
    "desk_sessions:time": "ca",
    "desk_sessions:details": "ca",
    "desk_sessions:cancel": "ca",
    "desk_sessions:webex": ALL,  # only takes a POST
    "desk_sessions:webex_remove": "ca",
    "desk_sessions:register_people": "ca",
    "desk_sessions:speakers": "ca",
    "desk_sessions:recording": ALL,  # only takes a POST
    "desk_sessions:speaker": "ca",
    "desk_sessions:offer": "",  # nobody waits here
    "desk_sessions:remove": "",
    "desk_people:search": "ca",
    "desk_redaction:find": "",  # privacy officers alone, not even administrators
    "desk_redaction:row": "",
    "desk_people:person": "ca",
    "desk_people:duplicates": "ca",
    "desk_people:pair": "ca",
    "desk_people:names": "ca",
    "desk_people:why": "a",  # the city's coordinator has no business with the state's course
    "desk_people:same": "ca",
    "desk_people:part": "",  # nothing was merged
    "desk_people:ask_again": ALL,  # only takes a POST
    "desk_people:holds": "ca",
    "desk_people:hold_end": "",  # no such hold
    "desk_people:enter": "ca",
    "desk_people:take_back": "",  # that certificate was not entered by hand
    "desk_learning:course": "a",  # the state's course; the city's coordinator is no business of it
    "desk_learning:void": "",  # no such try
    "desk_learning:outage": "",
    "desk_learning:extra_time": "ca",
    "desk_learning:end_extra_time": ALL,  # only takes a POST
    "desk_proofs:queue": "ca",
    "desk_proofs:proof": "",  # no such proof
    "desk_proofs:file": "",  # no such proof
    "desk_surveys:list": "ca",
    "desk_surveys:survey": "",  # nobody has answered one
    "desk_surveys:csv": "",
    "desk_surveys:remove": ALL,  # only takes a POST
    "desk_records:overview": "ca",
    "desk_records:upload": "ca",
    "desk_records:batch": "",  # no such file
    "desk_records:columns": "",
    "desk_records:start": ALL,  # only takes a POST
    "desk_records:again": ALL,  # only takes a POST
    "desk_records:undo": "",  # no such file
    "desk_records:rows_csv": "",
    "desk_records:people": "",
    "desk_records:titles": "",
    "desk_records:export": "ca",
    "desk_records:file": "",  # nothing was sent
    "desk_certificates:again": "ca",
    "desk_certificates:session": ALL,  # only takes a POST
    "desk_certificates:batch": "",  # nothing was asked for
    "desk_certificates:paper": "",
    "desk_credit:overview": "ca",
    "desk_credit:provider": "ca",
    "desk_credit:training": "ca",
    "desk_credit:provider_back": "",  # nothing is confirmed here
    "desk_credit:training_back": "",
    "desk_programs:list": "ca",
    "desk_programs:new": "a",  # the state's office, of which nobody here is coordinator
    "desk_programs:program": "",  # no such program
    "desk_programs:withdraw": "",
    "desk_documents:list": "ca",
    "desk_documents:document": "",  # no such document
    "desk_documents:csv": "",  # no such document
    "desk_access:queue": "ca",
    "desk_access:request": "",  # no such request
    "desk_access:training": "",  # open to everybody
    "desk_attendance:overview": "ca",
    "desk_attendance:upload": "ca",
    "desk_attendance:apply": "ca",
    "desk_attendance:rows": "ca",
    "desk_attendance:fetch": ALL,  # only takes a POST
    "desk_attendance:file": "",  # no report has the number asked for
    "desk_attendance:read_again": ALL,  # only takes a POST
    "desk_attendance:remove": "",  # no such report
    "desk_attendance:person": "",  # no such report
}
